import AssetCore
import AssetWarehouse

/// The records of CSV files that make one table: all with the header of the first.
struct CSVRecords {
  /// The names of the columns, as they stand in the header.
  let header: [String]
  /// The scanner, at the current record.
  private(set) var scanner: CSVScanner

  private let format: CSVFormat
  private let limits: ReadingLimits
  private let firstFile: RowFile
  private var rest: ArraySlice<RowFile>

  init(_ files: [RowFile], format: CSVFormat, limits: ReadingLimits) throws {
    precondition(!files.isEmpty, "a table of rows needs a file")
    self.format = format
    self.limits = limits
    firstFile = files[0]
    rest = files.dropFirst()
    scanner = try CSVScanner(files[0], delimiter: format.delimiter, limits: limits)
    header = try scanner.nextHeader()
  }

  /// Goes to the next record, which has as many fields as the header.
  ///
  /// - Returns: Whether there is one.
  mutating func next() throws -> Bool {
    while try !scanner.next() {
      guard let file = rest.popFirst() else { return false }
      scanner = try CSVScanner(file, delimiter: format.delimiter, limits: limits)
      let further = try scanner.nextHeader()
      guard further == header else {
        throw RowFileError.differentHeader(
          FileHeader(file: file.shownPath, columns: further),
          first: FileHeader(file: firstFile.shownPath, columns: header))
      }
    }
    guard scanner.fields.count == header.count else {
      throw RowFileError.raggedRow(
        Place(file: scanner.window.file.shownPath, line: scanner.window.line),
        fields: scanner.fields.count, header: header.count)
    }
    return true
  }
}

extension CSVScanner {
  /// Reads the first record as names: each there, and no two alike but for case.
  fileprivate mutating func nextHeader() throws -> [String] {
    guard try next() else { throw RowFileError.noHeader(file: window.file.shownPath) }
    var names = ColumnNames()
    for field in fields {
      let name = withContent(of: field) { String(decoding: $0, as: UTF8.self) }
      try names.append(name, at: place(of: field))
    }
    return names.names
  }
}

/// Reads CSV files as one table, row by row.
///
/// A column's type is the declared one, or else what its values allow: integer, real or text; see
/// ``RowFiles``. A blank line is a row of one empty field: a null in a file of one column (unless
/// the empty field is no null word), and a ragged row in any other. Blank lines at the end count
/// for nothing.
final class CSVReader: RowSource {
  let columns: [Column]

  private let types: [(type: ColumnType, isDeclared: Bool)]
  private let nulls: NullWords
  private var records: CSVRecords

  init(
    _ files: [RowFile], format: CSVFormat, declared: DeclaredTypes, limits: ReadingLimits
  ) throws {
    let records = try CSVRecords(files, format: format, limits: limits)
    let nulls = NullWords(format.nulls)
    let declared = try declared.types(
      for: FileHeader(file: files[0].shownPath, columns: records.header))
    var inferred: [ColumnType] = []
    if declared.contains(nil) {
      var looked = try CSVRecords(files, format: format, limits: limits)
      inferred = try looked.inferTypes(nulls: nulls, skipping: declared.map { $0 != nil })
    }
    types = declared.enumerated().map { index, type in
      (type ?? inferred[index], type != nil)
    }
    columns = zip(records.header, types).map { Column($0, type: $1.type.rawValue) }
    self.nulls = nulls
    self.records = records
  }

  func next() throws -> [Value]? {
    guard try records.next() else { return nil }
    let scanner = records.scanner
    var row: [Value] = []
    row.reserveCapacity(types.count)
    for index in types.indices {
      let field = scanner.fields[index]
      let type = types[index].type
      let value: Value? = scanner.withContent(of: field) { content in
        if !(field.isQuoted && type.givesMeaningToQuotes), nulls.contains(content) { return .null }
        return type.value(of: content)
      }
      guard let value else { throw mismatch(at: index) }
      row.append(value)
    }
    return row
  }

  private func mismatch(at index: Int) -> RowFileError {
    let scanner = records.scanner
    guard types[index].isDeclared else {
      return .changedWhileRead(file: scanner.window.file.shownPath)
    }
    return .notOfType(
      scanner.place(of: scanner.fields[index]), column: columns[index].name, types[index].type)
  }
}

extension CSVRecords {
  /// Looks at the values of every column that is not skipped, as long as one is not yet plain text.
  fileprivate mutating func inferTypes(nulls: NullWords, skipping isKnown: [Bool]) throws
    -> [ColumnType]
  {
    var evidence = [ColumnEvidence](repeating: [], count: header.count)
    var open = evidence.indices.filter { !isKnown[$0] }
    while !open.isEmpty, try next() {
      var hasNewText = false
      for index in open {
        scanner.withContent(of: scanner.fields[index]) { content in
          guard !nulls.contains(content) else { return }
          evidence[index].note(text: content)
        }
        if evidence[index].contains(.text) { hasNewText = true }
      }
      if hasNewText { open.removeAll { evidence[$0].contains(.text) } }
    }
    return evidence.map(\.type)
  }
}
