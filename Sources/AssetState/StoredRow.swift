import AssetCore
import GRDB

/// A row of the store holds what none of its writers has written, so that nothing of it is believed.
struct DamagedRecord: Error {
  /// The column with it.
  var column: String
}

/// A column of a row, by its place or by its name.
struct StoredColumn: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
  fileprivate enum Place { case index(Int), name(String) }
  fileprivate let place: Place

  init(integerLiteral index: Int) { place = .index(index) }
  init(stringLiteral name: String) { place = .name(name) }
}

/// Reads values as strictly as they were written: of another type, out of all bounds or of no known name,
/// a value is a damaged one. Nothing else reads the rows of the store.
extension Row {
  func text(_ column: StoredColumn) throws -> String {
    try known(textIfAny(column), column)
  }

  func textIfAny(_ column: StoredColumn) throws -> String? {
    switch storage(column) {
    case .string(let text): text
    case .null: nil
    default: throw damage(column)
    }
  }

  func bytes(_ column: StoredColumn) throws -> [UInt8] {
    guard case .blob(let data) = storage(column) else { throw damage(column) }
    return Array(data)
  }

  func integer(_ column: StoredColumn) throws -> Int64 {
    try known(integerIfAny(column), column)
  }

  /// A number, or how many milliseconds something took; none is so large that sums could not be made of
  /// it.
  func integerIfAny(_ column: StoredColumn) throws -> Int64? {
    switch storage(column) {
    case .int64(let number) where abs(number.clamped) < 1 << 53: number
    case .null: nil
    default: throw damage(column)
    }
  }

  func count(_ column: StoredColumn) throws -> Int { try known(countIfAny(column), column) }

  func countIfAny(_ column: StoredColumn) throws -> Int? {
    guard let number = try integerIfAny(column) else { return nil }
    guard number >= 0 else { throw damage(column) }
    return Int(number)
  }

  func flag(_ column: StoredColumn) throws -> Bool {
    switch storage(column) {
    case .int64(0): false
    case .int64(1): true
    default: throw damage(column)
    }
  }

  func time(_ column: StoredColumn) throws -> Timestamp { try known(timeIfAny(column), column) }

  func timeIfAny(_ column: StoredColumn) throws -> Timestamp? {
    guard let number = try integerIfAny(column) else { return nil }
    // From the year 1 to 9999.
    guard (-62_135_596_800_000..<253_402_300_800_000).contains(number) else {
      throw damage(column)
    }
    return Timestamp(milliseconds: number)
  }

  func key(_ column: StoredColumn) throws -> AssetKey {
    let key = AssetKey(trusted: try text(column))
    guard AssetKey(key.asset.name) != nil else { throw damage(column) }
    return key
  }

  /// The name of a run, which is also that of its folder.
  func run(_ column: StoredColumn) throws -> String {
    let name = try text(column)
    let isName = name.utf8.allSatisfy { byte in
      byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        || byte < 0x80 && Character(Unicode.Scalar(byte)).isLetterOrNumber
    }
    guard isName, !name.isEmpty else { throw damage(column) }
    return name
  }

  func outcomeIfAny(_ column: StoredColumn) throws -> Attempt.Outcome? {
    guard let text = try textIfAny(column) else { return nil }
    guard let outcome = Attempt.Outcome(rawValue: text) else { throw damage(column) }
    return outcome
  }

  func decoded<T: Decodable>(_ column: StoredColumn, as type: T.Type = T.self) throws -> T {
    try known(decodedIfAny(column), column)
  }

  /// A value that is kept as JSON.
  func decodedIfAny<T: Decodable>(_ column: StoredColumn, as type: T.Type = T.self) throws -> T? {
    guard let text = try textIfAny(column) else { return nil }
    do {
      return try fromJSON(text)
    } catch {
      throw damage(column)
    }
  }

  /// A text in JSON that is decoded when somebody asks for it, if ever; that it is one is known from now on.
  func jsonIfAny(_ column: StoredColumn, isValid: StoredColumn) throws -> String? {
    guard let text = try textIfAny(column) else { return nil }
    guard try flag(isValid) else { throw damage(column) }
    return text
  }

  func damage(_ column: StoredColumn) -> DamagedRecord {
    switch column.place {
    case .index(let index): DamagedRecord(column: Array(columnNames)[index])
    case .name(let name): DamagedRecord(column: name)
    }
  }

  private func known<T>(_ value: T?, _ column: StoredColumn) throws -> T {
    guard let value else { throw damage(column) }
    return value
  }

  private func storage(_ column: StoredColumn) -> DatabaseValue.Storage {
    switch column.place {
    case .index(let index): (self[index] as DatabaseValue).storage
    case .name(let name): (self[name] as DatabaseValue?)?.storage ?? .null
    }
  }
}

extension Int64 {
  /// The number, such that it has an absolute value.
  fileprivate var clamped: Int64 { Swift.max(self, -.max) }
}

extension Character {
  fileprivate var isLetterOrNumber: Bool { isLetter || isNumber }
}
