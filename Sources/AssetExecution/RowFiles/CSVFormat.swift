package import AssetCore

/// How a CSV file is written, beyond what RFC 4180 fixes.
///
/// A quoted field of a text or blob column is never null: `""` is the empty string and `"NA"` is
/// two letters. In a column of any other type quotes mean nothing, as a null word could not be a
/// value there: a file that quotes every field may leave a number out as `""`.
package struct CSVFormat: Hashable, Sendable {
  /// The byte between two fields: ASCII, and none of quote, line feed, carriage return and zero.
  package var delimiter: UInt8
  /// The fields that stand for null, compared exactly; the empty one is what most files use.
  package var nulls: [String]

  package init(delimiter: UInt8 = UInt8(ascii: ","), nulls: [String] = [""]) {
    precondition(
      Self.canDelimit(delimiter), "a delimiter is one ASCII byte that means nothing else")
    self.delimiter = delimiter
    self.nulls = nulls
  }

  /// Reads a delimiter as a user writes it: one ASCII character, or `\t` and `tab` for a tab.
  ///
  /// - Returns: The byte, or `nil` if the text is not one character that can stand between fields.
  package static func delimiter(_ text: String) -> UInt8? {
    if text == "\\t" || text == "tab" { return UInt8(ascii: "\t") }
    guard let byte = text.utf8.first, text.utf8.count == 1, canDelimit(byte) else { return nil }
    return byte
  }

  /// Reads the format that an asset declares.
  ///
  /// - Returns: The format, or `nil` if the delimiter is none.
  package init?(_ declared: RowFormat) {
    guard let delimiter = Self.delimiter(declared.delimiter) else { return nil }
    self.init(delimiter: delimiter, nulls: declared.nulls)
  }

  private static func canDelimit(_ byte: UInt8) -> Bool {
    byte < 0x80 && byte != 0 && byte != .quote && byte != .lineFeed && byte != .carriageReturn
  }
}

/// The null words of a format in the form that fields are compared with.
struct NullWords {
  private let hasEmpty: Bool
  private let words: [[UInt8]]

  init(_ nulls: [String]) {
    hasEmpty = nulls.contains("")
    words = nulls.filter { !$0.isEmpty }.map { Array($0.utf8) }
  }

  func contains(_ field: UnsafeBufferPointer<UInt8>) -> Bool {
    guard !field.isEmpty else { return hasEmpty }
    guard !words.isEmpty else { return false }
    return words.contains { $0.withUnsafeBufferPointer { $0.holdsSame(as: field) } }
  }
}

extension ColumnType {
  /// Whether a null word in quotes is a value of the type.
  var givesMeaningToQuotes: Bool { self == .text || self == .blob }
}

extension UnsafeBufferPointer<UInt8> {
  func holdsSame(as other: Self) -> Bool {
    guard count == other.count else { return false }
    for index in 0..<count where self[index] != other[index] { return false }
    return true
  }
}

extension UInt8 {
  static let quote = UInt8(ascii: "\"")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let backslash = UInt8(ascii: "\\")

  var isDigit: Bool { self &- 0x30 < 10 }
}
