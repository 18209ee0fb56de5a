package import AssetWarehouse

/// Writes a table as JSON Lines: an object for each row, with every column as a key, in their
/// order.
///
/// Nulls are written as `null`, so that all objects have the same keys. Reals are the shortest text
/// that gives the same number again, infinities `1e999` and `-1e999` (JSON has no word for them,
/// and readers take these for one), and what is not a number `null`; blobs are strings of
/// hexadecimal digits.
package final class JSONLinesWriter: RowSink {
  private let output: FileOutput
  /// What stands before the value of each column, such as `,"name":`.
  private let keys: [[UInt8]]
  private let isSynced: Bool

  /// Makes the file, or empties it.
  ///
  /// - Parameters:
  ///   - file: Where to write.
  ///   - columns: The keys, in the order of every object; no two alike.
  ///   - isSynced: Whether `finish` waits until the file is on the disk.
  /// - Throws: A ``RowFileError`` if the file cannot be made.
  package init(_ file: RowFile, columns: [String], isSynced: Bool = false) throws {
    output = try FileOutput(file)
    self.isSynced = isSynced
    keys = columns.enumerated().map { index, name in
      var name = name
      var key = Array((index == 0 ? "{" : ",").utf8)
      name.withUTF8 { Self.append($0, to: &key) }
      return key + [UInt8(ascii: ":")]
    }
  }

  package func write(_ row: [Value]) throws {
    precondition(row.count == keys.count, "a row has a value for each column")
    try output.append { buffer in
      for (key, value) in zip(keys, row) {
        buffer.append(contentsOf: key)
        Self.append(value, to: &buffer)
      }
      buffer.append(UInt8(ascii: "}"))
      buffer.append(.lineFeed)
    }
  }

  package func finish() throws {
    try output.finish(isSynced: isSynced)
  }

  private static func append(_ value: Value, to buffer: inout [UInt8]) {
    switch value {
    case .null: buffer.append(text: "null")
    case .integer(let integer): buffer.append(text: String(integer))
    case .real(let real) where real.isNaN: buffer.append(text: "null")
    case .real(let real) where real.isInfinite: buffer.append(text: real < 0 ? "-1e999" : "1e999")
    case .real(let real): buffer.append(text: real.description)
    case .text(var text): text.withUTF8 { append($0, to: &buffer) }
    case .blob(let bytes):
      buffer.append(.quote)
      buffer.append(hexadecimal: bytes)
      buffer.append(.quote)
    }
  }

  private static func append(_ text: UnsafeBufferPointer<UInt8>, to buffer: inout [UInt8]) {
    buffer.append(.quote)
    for byte in text {
      switch byte {
      case .quote, .backslash: buffer.append(contentsOf: [.backslash, byte])
      case .lineFeed: buffer.append(text: "\\n")
      case .carriageReturn: buffer.append(text: "\\r")
      case UInt8(ascii: "\t"): buffer.append(text: "\\t")
      case 0..<0x20:
        buffer.append(text: "\\u00")
        buffer.append(hexadecimal: [byte])
      default: buffer.append(byte)
      }
    }
    buffer.append(.quote)
  }
}
