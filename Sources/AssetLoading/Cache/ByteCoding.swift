/// Writes values one after the other, without names or types; ``ByteReader`` reads them in the same
/// order.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ number: Int) {
    withUnsafeBytes(of: Int64(number).littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  mutating func write(_ text: String) {
    write(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func write<T>(_ value: T?, _ body: (inout ByteWriter, T) -> Void) {
    write(value != nil)
    if let value { body(&self, value) }
  }

  mutating func write<T>(_ values: [T], _ body: (inout ByteWriter, T) -> Void) {
    write(values.count)
    for value in values { body(&self, value) }
  }
}

/// Reads what a ``ByteWriter`` wrote.
struct ByteReader {
  /// The bytes are not what the writer of this version writes.
  struct Mismatch: Error {}

  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func integer() throws(Mismatch) -> Int {
    guard bytes.count - position >= 8 else { throw Mismatch() }
    let number = bytes.withUnsafeBytes {
      Int64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: Int64.self))
    }
    position += 8
    return Int(number)
  }

  mutating func flag() throws(Mismatch) -> Bool {
    guard position < bytes.count else { throw Mismatch() }
    defer { position += 1 }
    return bytes[position] == 1
  }

  mutating func text() throws(Mismatch) -> String {
    let count = try integer()
    guard count >= 0, count <= bytes.count - position else { throw Mismatch() }
    defer { position += count }
    return String(decoding: bytes[position..<position + count], as: UTF8.self)
  }

  mutating func optional<T>(
    _ body: (inout ByteReader) throws(Mismatch) -> T
  ) throws(Mismatch) -> T? {
    try flag() ? body(&self) : nil
  }

  mutating func array<T>(
    _ body: (inout ByteReader) throws(Mismatch) -> T
  ) throws(Mismatch) -> [T] {
    let count = try integer()
    guard count >= 0, count <= bytes.count else { throw Mismatch() }
    var values: [T] = []
    for _ in 0..<count { values.append(try body(&self)) }
    return values
  }

  /// A value of an enumeration, by its raw text.
  mutating func raw<T: RawRepresentable>() throws(Mismatch) -> T where T.RawValue == String {
    guard let value = T(rawValue: try text()) else { throw Mismatch() }
    return value
  }
}
