import GRDBSQLite

/// The hash of one value: two lanes of 64 bits that share no constants.
struct CellHash {
  var a: UInt64
  var b: UInt64
}

/// Hashes of values and rows, after wyhash's multiply-and-fold (Wang Yi, 2019), in two independent
/// lanes.
///
/// The hash guards against accident, not against an attacker. It is part of the digest format
/// `rows1`: a change of any constant is a new format. Values are tagged by type, so that `1`, `1.0`,
/// `'1'`, `x'31'` and null are five values; texts are hashed by their UTF-8 bytes and length.
enum RowHash {
  private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db, 0x8ebc_6af0_9c88_c6e3,
    0x5899_65cc_7537_4cc3, 0x1d8e_4e27_c47d_124f, 0xeb44_acca_b455_d165
  )

  @inline(__always)
  private static func fold(_ x: UInt64, _ y: UInt64) -> UInt64 {
    let product = x.multipliedFullWidth(by: y)
    return product.high ^ product.low
  }

  /// The hash of a value that a statement holds, which is counted by the way.
  @inline(__always)
  static func cell(_ value: OpaquePointer?, _ tally: inout ColumnTally) -> CellHash {
    switch sqlite3_value_type(value) {
    case SQLITE_INTEGER:
      let number = sqlite3_value_int64(value)
      tally.numbers &+= 1
      tally.total += Double(number)
      return word(UInt64(bitPattern: number), tag: 1)
    case SQLITE_FLOAT:
      let number = sqlite3_value_double(value)
      tally.numbers &+= 1
      tally.total += number
      return word(number.bitPattern, tag: 2)
    case SQLITE_TEXT:
      let bytes = UnsafeRawPointer(sqlite3_value_text(value))
      return hash(bytes, count: Int(sqlite3_value_bytes(value)), tag: 3)
    case SQLITE_BLOB:
      return hash(sqlite3_value_blob(value), count: Int(sqlite3_value_bytes(value)), tag: 4)
    default:
      tally.nulls &+= 1
      return word(0, tag: 5)
    }
  }

  @inline(__always)
  private static func word(_ bits: UInt64, tag: UInt64) -> CellHash {
    CellHash(
      a: fold(bits ^ primes.0, primes.1 &+ tag &* primes.4) ^ tag,
      b: fold(bits ^ primes.2, primes.3 &+ tag &* primes.5) ^ tag)
  }

  @inline(__always)
  private static func hash(_ bytes: UnsafeRawPointer?, count: Int, tag: UInt64) -> CellHash {
    var hash = word(UInt64(count), tag: tag)
    guard let bytes else { return hash }
    let rest = count & 7
    for offset in stride(from: 0, to: count &- rest, by: 8) {
      let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      add(UInt64(littleEndian: word), to: &hash)
    }
    if rest > 0 { add(tail(bytes, count: count, rest: rest), to: &hash) }
    return hash
  }

  /// The last one to seven bytes as a number in which the first of them counts most.
  @inline(__always)
  private static func tail(_ bytes: UnsafeRawPointer, count: Int, rest: Int) -> UInt64 {
    if count >= 8 {
      let last = bytes.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
      return UInt64(bigEndian: last) & ((1 &<< UInt64(8 &* rest)) &- 1)
    }
    if count >= 4 {
      let first = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
      let last = UInt32(
        bigEndian: bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
      let bits = UInt64(8 &* (count &- 4))
      return UInt64(first) &<< bits | UInt64(last) & ((1 &<< bits) &- 1)
    }
    var tail: UInt64 = 0
    for offset in 0..<count {
      tail = tail &<< 8 | UInt64(bytes.load(fromByteOffset: offset, as: UInt8.self))
    }
    return tail
  }

  @inline(__always)
  private static func add(_ word: UInt64, to hash: inout CellHash) {
    hash.a = fold(hash.a ^ word, primes.1) &+ primes.4
    hash.b = fold(hash.b ^ (word << 29 | word >> 35), primes.3) &+ primes.5
  }

  /// The hash of a row: of its cells in order.
  @inline(__always)
  static func row(
    _ cells: UnsafePointer<CellHash>, _ columns: UnsafeBufferPointer<Int>
  ) -> UInt128 {
    var a = primes.0
    var b = primes.2
    for column in columns {
      let cell = cells[column]
      a = fold(a ^ cell.a, primes.1) &+ primes.5
      b = fold(b ^ cell.b, primes.3) &+ primes.4
    }
    let high = fold(a ^ primes.2, primes.5)
    let low = fold(b ^ primes.0, primes.4)
    return UInt128(high) << 64 | UInt128(low ^ (a << 32 | a >> 32))
  }
}
