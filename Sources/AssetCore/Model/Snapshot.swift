/// How the versions of rows are told apart that a snapshot keeps.
package struct SnapshotRule: Hashable, Sendable {
  /// What makes a row another version of the one with the same key.
  package enum Comparison: Hashable, Sendable {
    /// Another value in any column.
    case allColumns
    /// Another value in one of these.
    case columns([String])
    /// A greater value in this one.
    case updatedAt(String)
  }

  package var uniqueKey: [String]
  package var comparison: Comparison
  /// Whether the version of a row ends that the query no longer gives.
  package var endsDeleted: Bool

  package init(uniqueKey: [String], comparison: Comparison = .allColumns, endsDeleted: Bool = false)
  {
    self.uniqueKey = uniqueKey
    self.comparison = comparison
    self.endsDeleted = endsDeleted
  }

  /// The column with the beginning of a version.
  package static let validFrom = "valid_from"
  /// The column with its end, which is null as long as it is the present one.
  package static let validTo = "valid_to"

  /// Whether a column is one of these two.
  package static func adds(_ column: String) -> Bool {
    [validFrom, validTo].contains(column.caseFolded)
  }

  /// The columns of the snapshot of a query.
  ///
  /// - Parameter columns: Those that the query gives.
  /// - Returns: The same, and the two with the times of versions, which change whenever anything does.
  func columns(beside columns: [ColumnLineage]) -> [ColumnLineage] {
    var times: [AssetColumn] = []
    if case .updatedAt(let name) = comparison {
      times = columns.first { $0.name.caseFolded == name.caseFolded }?.from ?? []
    }
    let all = Set(columns.flatMap { $0.from + $0.influencedBy }).sorted()
    return columns
      + [Self.validFrom, Self.validTo].map {
        ColumnLineage(name: $0, from: times, influencedBy: all)
      }
  }
}
