package import AssetCore

/// What can be the matter with a file of rows; the wording is in `Diagnostics.swift`.
///
/// It holds names and places, never a value of a row.
package enum RowFileError: DiagnosableError, Hashable {
  /// The system does not let the file be read, in its words.
  case unreadable(file: String, reason: String)
  /// The system does not let the file be written, in its words.
  case unwritable(file: String, reason: String)
  /// What is in a folder has a name that is no text; its bytes beyond ASCII are written as `\xFF`.
  case nameNotUTF8(String, in: String)
  /// The second look at the file found other content than the first.
  case changedWhileRead(file: String)
  /// Where the header should be there is nothing, or nothing but line ends.
  case noHeader(file: String)
  /// A JSON Lines file has no key in any object, and no columns are declared.
  case noObjects(file: String)
  /// The text breaks a rule at the place.
  case broken(Place, SyntaxRule)
  /// A line of a JSON Lines file is not JSON from the place on.
  case notJSON(Place, expected: JSONExpectation)
  /// A row is longer than is ever read into memory.
  case rowTooLong(Place, limit: Int)
  /// A row has another number of fields than the header.
  case raggedRow(Place, fields: Int, header: Int)
  /// A column, counted from 1, has an empty name.
  case unnamedColumn(Place, number: Int)
  /// Two columns have one name, compared without case.
  case repeatedColumn(Place, name: String, earlier: String)
  /// An object has one key twice.
  case repeatedKey(Place, key: String)
  /// Two files that are to make one table have different headers.
  case differentHeader(FileHeader, first: FileHeader)
  /// Types are declared for columns that the file does not have.
  case unknownColumns([String], file: FileHeader)
  /// A value is not of the type that its column is declared with.
  case notOfType(Place, column: String, ColumnType)
}

/// The names of a file's columns, in order.
package struct FileHeader: Hashable, Sendable {
  /// The path of the file, as it is shown.
  package var file: String
  package var columns: [String]

  package init(file: String, columns: [String]) {
    self.file = file
    self.columns = columns
  }
}

/// A rule that text, and CSV above all, has to keep.
package enum SyntaxRule: Hashable, Sendable {
  case utf8, noZeroByte
  case quoteIsClosed, nothingAfterQuote, noQuoteInside, lineFeedAfterReturn
}

/// What would have to stand at a place for its line to be a JSON object.
package enum JSONExpectation: Hashable, Sendable {
  case object, key, colon, commaOrBrace, commaOrBracket, value, digit, endOfLine
  case closingQuote, escape, surrogatePair, escapedControl
  case depth(atMost: Int)
}
