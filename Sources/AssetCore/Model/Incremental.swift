/// How an incremental table goes on from the rows that it has.
package struct IncrementalRule: Hashable, Sendable {
  /// What becomes of the rows that are there when new ones come.
  package enum Strategy: String, Sendable, CaseIterable {
    /// They stay; the new ones are added.
    case append
    /// The one of the same key is replaced.
    case upsert
    /// Those whose key is among the new ones are removed before these are added.
    case deleteInsert = "delete_insert"
  }

  /// What to do when the query gives other columns than the table has.
  package enum SchemaChange: String, Sendable, CaseIterable {
    case fail
    case appendColumns = "append_columns"
    case fullRefresh = "full_refresh"
  }

  package var strategy: Strategy
  /// The columns that tell a row from others; empty for `append`.
  package var uniqueKey: [String]
  /// Only of a table whose query reads the rows that it has there may be none.
  package var cursor: Cursor?
  package var onSchemaChange: SchemaChange

  package init(
    strategy: Strategy, uniqueKey: [String] = [], cursor: Cursor?,
    onSchemaChange: SchemaChange = .fullRefresh
  ) {
    self.strategy = strategy
    self.uniqueKey = uniqueKey
    self.cursor = cursor
    self.onSchemaChange = onSchemaChange
  }

  /// The column of an input whose values grow with each row that is added.
  package struct Cursor: Hashable, Sendable {
    /// The input; `nil` for the only one that has such a column.
    package var input: AssetKey?
    package var column: String

    package init(input: AssetKey? = nil, column: String) {
      self.input = input
      self.column = column
    }
  }
}

extension IncrementalRule.Cursor {
  /// The inputs that the cursor may be a column of; it has to be one.
  ///
  /// - Parameters:
  ///   - inputs: The inputs of the asset.
  ///   - columns: The names of an input's columns; `nil` if they are not known.
  /// - Returns: The inputs, by name.
  package func candidates(
    among inputs: [AssetKey], columns: (AssetKey) -> [String]?
  ) -> [AssetKey] {
    let name = column.caseFolded
    return inputs.filter { key in
      guard input == nil || input == key else { return false }
      guard let names = columns(key) else { return input == key || inputs.count == 1 }
      return names.contains { $0.caseFolded == name }
    }.sorted()
  }
}

/// How far an incremental table has read its input, recorded with what it was made from.
package struct CursorMark: Hashable, Sendable, Codable {
  package var input: AssetKey
  package var column: String
  /// The greatest value that the column had; `nil` if none had one that another run could go on from.
  package var value: VarValue?
  /// What of the rows is compared that were there then, and its digest: the columns that there were.
  package var consumption: Consumption
  package var digest: ContentDigest
  /// What is compared where columns are lost that the table keeps; `nil` if it keeps none.
  package var rest: Rest?

  /// What of the rows is compared that have lost columns: each of the others beside those that tell rows
  /// apart.
  package struct Rest: Hashable, Sendable, Codable {
    /// The columns that tell rows apart.
    package var key: [String]
    /// The digests by column.
    package var digests: [String: ContentDigest]

    /// - Parameters:
    ///   - key: The columns that tell rows apart.
    ///   - columns: All columns that there are.
    package init(key: [String], columns: [String]) {
      self.key = key.map(\.caseFolded).filter(columns.map(\.caseFolded).contains)
      digests = Dictionary(
        columns.map { ($0.caseFolded, ContentDigest(rawValue: "")) }, uniquingKeysWith: { $1 })
    }

    /// What is read of a column.
    package func consumption(of column: String) -> Consumption {
      Consumption(columns: key + [column])
    }
  }

  package init(
    input: AssetKey, column: String, value: VarValue?, consumption: Consumption,
    digest: ContentDigest
  ) {
    self.input = input
    self.column = column
    self.value = value
    self.consumption = consumption
    self.digest = digest
  }

  /// The rows of the input at and behind the cursor; `nil` if there is no value.
  package var behind: Consumption? { value.map { behind($0, consumption) } }

  private func behind(_ value: VarValue, _ consumption: Consumption) -> Consumption {
    .slice(
      RowSlice(column: column, lower: nil, upper: .init(value, isIncluded: true)), of: consumption)
  }

  /// All that is recorded of the rows that there were.
  package var recorded: Set<Consumption> {
    Set([consumption] + (rest?.digests.keys.map { rest?.consumption(of: $0) ?? .whole } ?? []))
  }

  /// Takes over what all rows hold now.
  package mutating func note(_ content: Content) {
    if let found = content[consumption] { digest = found }
    for name in rest?.digests.keys.sorted() ?? [] {
      guard let found = rest.flatMap({ content[$0.consumption(of: name)] }) else { continue }
      rest?.digests[name] = found
    }
  }

  /// All that has to be looked at to see whether the rows at and behind the cursor are what they were.
  package var compared: Set<Consumption> {
    guard let value else { return [] }
    return Set(recorded.map { behind(value, $0) })
  }

  /// Whether the rows at and behind the cursor are what they were, but for columns that are lost and stay
  /// in the table.
  package func isUnchanged(in content: Content) -> Bool {
    guard let value else { return false }
    if content[behind(value, consumption)] == digest { return true }
    guard let rest, let columns = content.details?.columns else { return false }
    let present = Set(columns.map(\.name.caseFolded))
    let kept = rest.digests.filter { present.contains($0.key) }
    return kept.count < rest.digests.count && present.isSuperset(of: rest.key)
      && kept.allSatisfy { name, digest in
        content[behind(value, rest.consumption(of: name))] == digest
      }
  }

  /// The rows of the input that have a value in the column at all, which are all of them if the digest is
  /// the same; of the others nobody knows whether they are new.
  package func placed(_ consumption: Consumption) -> Consumption {
    .slice(RowSlice(column: column, lower: nil, upper: nil), of: consumption)
  }
}

/// What is remembered of a table for its next materialization to go on from.
package enum Continuation: Hashable, Sendable, Codable {
  case cursor(CursorMark)
  /// Its own rows, which its query reads.
  case ownRows
  /// It holds versions of rows that nothing could give once more.
  case history
}

/// How many rows of a table that goes on were changed.
package struct RowChanges: Hashable, Sendable, Codable {
  package var added: Int
  /// Rows that others of the same key took the place of; of a snapshot, versions that ended.
  package var updated: Int
  package var removed: Int

  package init(added: Int = 0, updated: Int = 0, removed: Int = 0) {
    self.added = added
    self.updated = updated
    self.removed = removed
  }
}
