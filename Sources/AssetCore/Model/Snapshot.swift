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
}
