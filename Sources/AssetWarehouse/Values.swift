package import AssetCore

/// One value of a row, in the five kinds that every warehouse can hold.
///
/// Values of different kinds are never equal: `.integer(1)`, `.real(1)` and `.text("1")` are three
/// values. Reals are compared as IEEE 754 says, so a `.real` that is not a number equals nothing.
package enum Value: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
}

/// A column of a table: its name and the type that it was declared with.
package struct Column: Hashable, Sendable, Codable {
  /// The name as the database writes it; databases compare it without case.
  package var name: String
  /// The declared type as the database knows it, in lower case; `nil` if there is none.
  package var type: String?

  package init(_ name: String, type: String? = nil) {
    self.name = name
    self.type = type
  }
}

extension Cell {
  /// The value as reports show it.
  package init(_ value: Value) {
    switch value {
    case .null: self = .null
    case .integer(let number): self = .integer(number)
    case .real(let number): self = .real(number)
    case .text(let text): self = .text(text)
    case .blob(let bytes):
      self = .blob(bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
    }
  }
}
