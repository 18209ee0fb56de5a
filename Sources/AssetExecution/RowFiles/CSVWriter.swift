package import AssetWarehouse

/// Writes a table as CSV: a header, then a line for each row, all ended by LF.
///
/// Fields are quoted only where they have to be. A null is the format's null word, which with the
/// usual format is nothing at all, and the empty string is `""`; a text that reads like a null word
/// is quoted, so that ``RowFiles`` tells the two apart. Reals are the shortest text that gives the
/// same number again, infinities `inf` and `-inf`, and what is not a number a null; blobs are
/// hexadecimal.
///
/// In a table of one column a null is `""` too, since many programs take an empty line for nothing.
package final class CSVWriter: RowSink {
  private let output: FileOutput
  private let delimiter: UInt8
  private let nulls: NullWords
  private let null: [UInt8]
  private let width: Int
  private let isSynced: Bool

  /// Makes the file, or empties it, and writes the header.
  ///
  /// - Parameters:
  ///   - file: Where to write.
  ///   - columns: The names for the header; every row has a value for each.
  ///   - format: The delimiter, and the null words.
  ///   - isSynced: Whether `finish` waits until the file is on the disk.
  /// - Throws: A ``RowFileError`` if the file cannot be made.
  package init(
    _ file: RowFile, columns: [String], format: CSVFormat = CSVFormat(), isSynced: Bool = false
  ) throws {
    output = try FileOutput(file)
    delimiter = format.delimiter
    nulls = NullWords(format.nulls)
    let word = format.nulls.contains("") ? "" : format.nulls.first ?? ""
    null = Array((word.isEmpty && columns.count == 1 ? "\"\"" : word).utf8)
    width = columns.count
    self.isSynced = isSynced
    try write(columns.map(Value.text))
  }

  package func write(_ row: [Value]) throws {
    precondition(row.count == width, "a row has a value for each column")
    try output.append { buffer in
      for (index, value) in row.enumerated() {
        if index > 0 { buffer.append(delimiter) }
        append(value, to: &buffer)
      }
      buffer.append(.lineFeed)
    }
  }

  package func finish() throws {
    try output.finish(isSynced: isSynced)
  }

  private func append(_ value: Value, to buffer: inout [UInt8]) {
    switch value {
    case .null: buffer.append(contentsOf: null)
    case .integer(let integer): buffer.append(text: String(integer))
    case .real(let real) where real.isNaN: buffer.append(contentsOf: null)
    case .real(let real): buffer.append(text: real.description)
    case .text(var text): text.withUTF8 { append($0, to: &buffer) }
    case .blob(let bytes) where bytes.isEmpty: buffer.append(text: "\"\"")
    case .blob(let bytes): buffer.append(hexadecimal: bytes)
    }
  }

  private func append(_ text: UnsafeBufferPointer<UInt8>, to buffer: inout [UInt8]) {
    let isSpecial = text.contains {
      $0 == delimiter || $0 == .quote || $0 == .lineFeed || $0 == .carriageReturn
    }
    guard isSpecial || text.isEmpty || nulls.contains(text) else {
      buffer.append(contentsOf: text)
      return
    }
    buffer.append(.quote)
    for byte in text {
      if byte == .quote { buffer.append(.quote) }
      buffer.append(byte)
    }
    buffer.append(.quote)
  }
}
