import GRDBSQLite

/// The declared types with which SQLite would hold some values of a column as other ones (datatype3, 3.1
/// and 3.4 in its documentation).
struct LossyTypes: OptionSet {
  let rawValue: UInt8

  /// Text, which makes texts of numbers.
  static let text = Self(rawValue: 1)
  /// Integer and numeric, which make numbers of texts that look like some, and integers of whole reals.
  static let number = Self(rawValue: 2)
  /// Real, which makes reals of integers, and of texts that look like numbers.
  static let real = Self(rawValue: 4)
  /// No type, but that there was a value at all.
  static let value = Self(rawValue: 8)

  /// What a declared type can be lossy as; nothing if it holds every value as it is.
  init(declared type: String) {
    let type = type.uppercased()
    if type.contains("INT") {
      self = .number
    } else if ["CHAR", "CLOB", "TEXT"].contains(where: type.contains) {
      self = .text
    } else if type.isEmpty || type.contains("BLOB") || type == "ANY" {
      self = []
    } else {
      self = ["REAL", "FLOA", "DOUB"].contains(where: type.contains) ? .real : .number
    }
  }

  init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The type, if it holds all values as they are, or else none.
  func kept(_ type: String) -> String { isDisjoint(with: Self(declared: type)) ? type : "" }

  /// Takes note of a value, as far as it is asked for.
  @inline(__always)
  mutating func note(_ value: OpaquePointer?, asking wanted: LossyTypes) {
    switch sqlite3_value_type(value) {
    case SQLITE_INTEGER: formUnion([.text, .real, .value])
    case SQLITE_FLOAT:
      formUnion([.text, .value])
      let number = sqlite3_value_double(value)
      if number.rounded(.towardZero) == number, abs(number) <= 0x1p63 { insert(.number) }
    case SQLITE_TEXT:
      insert(.value)
      let numbers: LossyTypes = [.number, .real]
      guard !wanted.isDisjoint(with: numbers), !isSuperset(of: numbers), looksLikeNumber(value)
      else { return }
      formUnion(numbers)
    case SQLITE_BLOB: insert(.value)
    default: break
    }
  }
}

/// Whether SQLite would make a number of a text.
private func looksLikeNumber(_ value: OpaquePointer?) -> Bool {
  guard let bytes = sqlite3_value_text(value) else { return false }
  for index in 0..<Int(sqlite3_value_bytes(value)) {
    switch bytes[index] {
    case 0x09...0x0D, 0x20: continue
    case 0x30...0x39, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      // SQLite's own judgement changes the value that it is asked about.
      let copy = sqlite3_value_dup(value)
      defer { sqlite3_value_free(copy) }
      return sqlite3_value_numeric_type(copy) != SQLITE_TEXT
    default: return false
    }
  }
  return false
}
