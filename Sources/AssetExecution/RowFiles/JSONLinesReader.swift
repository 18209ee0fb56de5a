import AssetCore
import AssetWarehouse

/// The objects of JSON Lines files that make one table.
struct JSONLinesObjects {
  /// The members of the current object, in order; valid until `next()`.
  private(set) var members: [JSONMember] = []
  /// The window, at the line of the current object.
  private(set) var window: FileWindow

  private let limits: ReadingLimits
  private var rest: ArraySlice<RowFile>
  private var lineLength = 0

  init(_ files: [RowFile], limits: ReadingLimits) throws {
    precondition(!files.isEmpty, "a table of rows needs a file")
    self.limits = limits
    rest = files.dropFirst()
    window = try FileWindow(files[0], limits: limits)
  }

  /// Goes to the next object; lines of nothing but white space are passed over.
  ///
  /// - Returns: Whether there is one.
  mutating func next() throws -> Bool {
    while true {
      window.advance(by: lineLength, lines: lineLength > 0 ? 1 : 0)
      lineLength = 0
      guard let end = try findLineEnd() else {
        guard let file = rest.popFirst() else { return false }
        window = try FileWindow(file, limits: limits)
        continue
      }
      if try parse(upTo: end) { return true }
    }
  }

  /// The bytes of a part of the current line.
  func bytes(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: window.bytes + range.lowerBound, count: range.count)
  }

  /// Gives the content of a string, with its escapes replaced, for as long as `body` runs.
  func withString<Result>(
    _ range: Range<Int>, isEscaped: Bool, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    guard isEscaped else { return try body(bytes(range)) }
    return try jsonStringContent(bytes(range)).withUnsafeBufferPointer(body)
  }

  func key(of member: JSONMember) -> String {
    withString(member.key, isEscaped: member.isKeyEscaped) { String(decoding: $0, as: UTF8.self) }
  }

  func place(at offset: Int) -> Place { window.place(at: offset) }

  /// The length of the line without its line feed; `nil` at the end of the file.
  private mutating func findLineEnd() throws -> Int? {
    var at = 0
    while true {
      let seen = UnsafeBufferPointer(start: window.bytes, count: window.count)
      if let end = seen[at...].firstIndex(of: .lineFeed) {
        lineLength = end + 1
        return end
      }
      at = window.count
      guard try !window.more() else { continue }
      lineLength = at
      return at > 0 ? at : nil
    }
  }

  private mutating func parse(upTo end: Int) throws -> Bool {
    let line = bytes(0..<end)
    var union: UInt8 = 0
    for byte in line { union |= byte }
    if union >= 0x80 { try window.checkUTF8(upTo: end) }
    var parser = JSONObjectParser(line)
    do {
      return try parser.parse(into: &members)
    } catch {
      throw RowFileError.notJSON(window.place(at: error.offset), expected: error.expected)
    }
  }
}

/// Reads JSON Lines files as one table, row by row, after a look at all of them for the columns.
///
/// `true` and `false` are the integers 1 and 0. A nested value is the text that it has in the file,
/// white space included. Numbers that are no integers of 64 bits are double-precision ones, except where
/// that would lose a digit, which makes the column text.
final class JSONLinesReader: RowSource {
  let columns: [Column]

  private let table: JSONTable
  private let types: [(type: ColumnType, isDeclared: Bool)]
  private var objects: JSONLinesObjects

  init(_ files: [RowFile], declared: DeclaredTypes, limits: ReadingLimits) throws {
    var looked = try JSONLinesObjects(files, limits: limits)
    table = try JSONTable(readingAll: &looked)
    if table.names.isEmpty {
      guard !declared.columns.isEmpty else {
        throw RowFileError.noObjects(file: files[0].shownPath)
      }
      types = []
      columns = declared.columns
    } else {
      let declared = try declared.types(
        for: FileHeader(file: files[0].shownPath, columns: table.names))
      types = zip(declared, table.evidence).map { ($0 ?? $1.type, $0 != nil) }
      columns = zip(table.names, types).map { Column($0, type: $1.type.rawValue) }
    }
    objects = try JSONLinesObjects(files, limits: limits)
  }

  func next() throws -> [Value]? {
    guard try objects.next() else { return nil }
    let objects = objects
    var row = [Value](repeating: .null, count: columns.count)
    var guess = 0
    for member in objects.members {
      guard let index = table.position(of: member, in: objects, guess: guess),
        index < types.count
      else { throw RowFileError.changedWhileRead(file: objects.window.file.shownPath) }
      guess = index + 1
      guard let value = objects.value(of: member, as: types[index].type) else {
        throw mismatch(of: member, at: index)
      }
      row[index] = value
    }
    return row
  }

  private func mismatch(of member: JSONMember, at index: Int) -> RowFileError {
    guard types[index].isDeclared else {
      return .changedWhileRead(file: objects.window.file.shownPath)
    }
    let start = member.value.lowerBound - (member.kind == .string ? 1 : 0)
    return .notOfType(objects.place(at: start), column: columns[index].name, types[index].type)
  }
}
