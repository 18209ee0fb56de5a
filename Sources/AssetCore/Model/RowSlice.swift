/// Those rows of a table whose value in a column lies in a range, as the database compares values.
///
/// Rows with null in the column are in no slice.
package struct RowSlice: Hashable, Sendable, Codable {
  /// The column, in lower case.
  package var column: String
  /// Where the range begins; `nil` if nowhere.
  package var lower: Bound?
  /// Where it ends; `nil` if nowhere.
  package var upper: Bound?

  /// An end of a range.
  package struct Bound: Hashable, Sendable, Codable {
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
    if let lower, lower == upper, lower.isIncluded { return "\(column) = \(literal(lower.value))" }
    let parts = [
      lower.map { "\(column) \($0.isIncluded ? ">=" : ">") \(literal($0.value))" },
      upper.map { "\(column) \($0.isIncluded ? "<=" : "<") \(literal($0.value))" },
    ].compactMap { $0 }
    return parts.isEmpty ? "\(column) is not null" : parts.joined(separator: " and ")
  }

  var sortKey: [String] {
    [column]
      + [lower, upper].map { bound in
        bound.map { "\($0.value.canonicalText) \($0.isIncluded)" } ?? ""
      }
  }
}
