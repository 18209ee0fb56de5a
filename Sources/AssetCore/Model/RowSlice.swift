/// Those rows of a table whose value in a column lies in a range, as the database compares values.
///
/// Rows with null in the column are in no slice.
package struct RowSlice: Hashable, Sendable {
  /// The column, in lower case.
  package var column: String
  /// Where the range begins; `nil` if nowhere.
  package var lower: Bound?
  /// Where it ends; `nil` if nowhere.
  package var upper: Bound?

  /// An end of a range.
  package struct Bound: Hashable, Sendable {
    package var value: VarValue
    /// Whether the value itself is within.
    package var isIncluded: Bool

    package init(_ value: VarValue, isIncluded: Bool) {
      self.value = value
      self.isIncluded = isIncluded
    }
  }

  package init(column: String, lower: Bound?, upper: Bound?) {
    self.column = column.caseFolded
    self.lower = lower
    self.upper = upper
  }

  /// The rows with one value in the column.
  package init(column: String, equals value: VarValue) {
    self.init(
      column: column, lower: Bound(value, isIncluded: true), upper: Bound(value, isIncluded: true))
  }

  /// A condition that holds for just these rows.
  ///
  /// - Parameters:
  ///   - column: The column as the database is to read it.
  ///   - literal: Writes a value as a literal.
  /// - Returns: The condition; one that holds for all values but null if the range has no ends.
  package func condition(on column: String, literal: (VarValue) -> String) -> String {
    let parts = ends.map { "\(column) \($0.comparison) \(literal($0.value))" }
    return parts.isEmpty ? "\(column) is not null" : parts.joined(separator: " and ")
  }

  var sortKey: [String] {
    [column]
      + [lower, upper].map { bound in
        bound.map { "\($0.value.canonicalText) \($0.isIncluded)" } ?? ""
      }
  }
}

/// In JSON: the column, and then for each end of the range how values are compared with it, and the end:
/// `["day", ">=", "2024-01-01", "<", "2024-01-02"]`, `["region", "=", "EU"]`.
extension RowSlice: Codable {
  package init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    self.init(column: try container.decode(String.self), lower: nil, upper: nil)
    while !container.isAtEnd {
      let comparison = try container.decode(String.self)
      let value: VarValue =
        if let text = try? container.decode(String.self) {
          .text(text)
        } else if let number = try? container.decode(Int64.self) {
          .integer(number)
        } else {
          try container.decode(VarValue.self)
        }
      guard bound(by: comparison, value) else {
        throw DecodingError.dataCorruptedError(
          in: container, debugDescription: "`\(comparison)` compares nothing")
      }
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(column)
    for (comparison, value) in ends {
      try container.encode(comparison)
      switch value {
      case .text(let text): try container.encode(text)
      case .integer(let number): try container.encode(number)
      case .null, .boolean, .real: try container.encode(value)
      }
    }
  }

  /// The ends of the range, each with how values are compared with it.
  package var ends: [(comparison: String, value: VarValue)] {
    if let lower, lower == upper, lower.isIncluded { return [("=", lower.value)] }
    return [
      lower.map { ($0.isIncluded ? ">=" : ">", $0.value) },
      upper.map { ($0.isIncluded ? "<=" : "<", $0.value) },
    ].compactMap { $0 }
  }

  /// Sets the end, or both, that a comparison tells.
  ///
  /// - Returns: Whether it tells one.
  package mutating func bound(by comparison: String, _ value: VarValue) -> Bool {
    switch comparison {
    case "=":
      lower = Bound(value, isIncluded: true)
      upper = lower
    case ">=", ">": lower = Bound(value, isIncluded: comparison == ">=")
    case "<=", "<": upper = Bound(value, isIncluded: comparison == "<=")
    default: return false
    }
    return true
  }
}
