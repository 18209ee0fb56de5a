package import AssetCore
package import AssetWarehouse

/// A file that holds rows, by where it is and how it is called in messages.
package struct RowFile: Hashable, Sendable {
  /// Where the system finds it: an absolute path.
  package var path: String
  /// How the user knows it: relative to the project's folder.
  package var shownPath: String
  /// The rows themselves, where these are a part of another file.
  var text: [UInt8]?
  /// The line of the shown file that the rows begin at.
  var firstLine = 1

  package init(path: String, shownPath: String) {
    self.path = path
    self.shownPath = shownPath
  }

  /// Makes a file of lines that stand in another one.
  package init(text: String, shownPath: String, line: Int) {
    self.init(path: "", shownPath: shownPath)
    self.text = Array(text.utf8)
    firstLine = line
  }
}

/// What a file of rows is written in.
package enum RowFileFormat: Hashable, Sendable {
  case csv
  /// One JSON object on each line.
  case jsonLines
}

/// The description of a table that stands in one or several files, which can be read any number of
/// times.
///
/// Rows come in the order of the files and of the lines in them. Reading holds one row and a part
/// of one file in memory, however long the files are.
///
/// **Columns.** CSV files must all have the same header. The columns of JSON Lines are the keys of
/// all objects of all files, in the order in which they first appear; a key that an object lacks is
/// null.
///
/// **Types.** A declared type is kept strictly: a value that is not of it is an error, and nulls
/// are always allowed. Other columns get the narrowest of `integer`, `real` and `text` that holds
/// every value without changing it, found by reading the files once more beforehand. A number that
/// is written with a plus sign, a needless zero in front (`007`) or more digits than 64 bits or a
/// double-precision number hold is text, and so are integers above 2⁵³ in a column that also has
/// fractions; a column of only nulls is text. In JSON Lines a column of only `true` and `false` is `boolean`.
///
/// ```swift
/// let airlines = RowFiles([file], types: ["carrier": .text])
/// var rows = try airlines.open()
/// while let row = try rows.next() { … }
/// ```
package struct RowFiles: Hashable, Sendable {
  package var files: [RowFile]
  /// How the files are written if they are CSV.
  package var csv: CSVFormat
  /// The declared types by column; names are compared without case.
  package var types: [String: ColumnType]
  /// What the files are written in; `nil` to see it from the first of them.
  ///
  /// It is JSON Lines if the name ends in `.jsonl` or `.ndjson`, or if the first character is `{`;
  /// else CSV. A name that ends in `.tsv` makes a comma in `csv` a tab.
  package var format: RowFileFormat?

  /// Describes a table in at least one file.
  package init(
    _ files: [RowFile], csv: CSVFormat = CSVFormat(), types: [String: ColumnType] = [:],
    format: RowFileFormat? = nil
  ) {
    precondition(!files.isEmpty, "a table of rows needs a file")
    self.files = files
    self.csv = csv
    self.types = types
    self.format = format
  }

  /// Opens the files, and reads them once if a column's type has to be inferred.
  ///
  /// - Returns: The rows; its columns all have a type, the raw value of a ``ColumnType``.
  /// - Throws: A ``RowFileError``; also later, while rows are read.
  package func open() throws -> any RowSource {
    try open(within: ReadingLimits())
  }

  func open(within limits: ReadingLimits) throws -> any RowSource {
    let declared = DeclaredTypes(types)
    switch try format ?? detectFormat(within: limits) {
    case .csv: return try CSVReader(files, format: delimited, declared: declared, limits: limits)
    case .jsonLines:
      return try JSONLinesReader(files, declared: declared, limits: limits)
    }
  }

  /// The names of the columns as far as the beginning of the first file tells: all of CSV's header,
  /// and the keys of the first object of JSON Lines.
  ///
  /// - Throws: A ``RowFileError``.
  /// - Returns: The names in order, and whether there can be no more.
  package func columnNames() throws -> (names: [String], isComplete: Bool) {
    let limits = ReadingLimits()
    let first = Array(files.prefix(1))
    switch try format ?? detectFormat(within: limits) {
    case .csv:
      return (try CSVRecords(first, format: delimited, limits: limits).header, true)
    case .jsonLines:
      var objects = try JSONLinesObjects(first, limits: limits)
      return (try objects.next() ? objects.members.map(objects.key) : [], false)
    }
  }

  /// The format of CSV files, with the tab that a name may stand for.
  private var delimited: CSVFormat {
    var csv = csv
    if csv.delimiter == UInt8(ascii: ","), hasName(endingIn: ".tsv") {
      csv.delimiter = UInt8(ascii: "\t")
    }
    return csv
  }

  private func hasName(endingIn ending: String) -> Bool {
    files[0].path.lowercased().hasSuffix(ending)
  }

  private func detectFormat(within limits: ReadingLimits) throws -> RowFileFormat {
    if hasName(endingIn: ".jsonl") || hasName(endingIn: ".ndjson") { return .jsonLines }
    let window = try FileWindow(files[0], limits: limits)
    var index = 0
    while try index < window.count || window.more() {
      let byte = window.bytes[index]
      if byte == UInt8(ascii: "{") { return .jsonLines }
      guard byte <= UInt8(ascii: " "), index < 4096 else { break }
      index += 1
    }
    return .csv
  }
}
