/// The record of computing an asset and publishing it.
package struct Materialization: Hashable, Sendable, Codable {
  /// Unique among all materializations of all projects.
  package var id: String
  package var asset: AssetKey
  package var run: String
  package var finishedAt: Timestamp
  package var durationMilliseconds: Int64
  package var provenance: Provenance
  package var product: Product
  /// Where the columns came from, of a table that a query made; `nil` if it is not known.
  package var columnLineage: [ColumnLineage]?

  package init(
    id: String, asset: AssetKey, run: String, finishedAt: Timestamp, durationMilliseconds: Int64,
    provenance: Provenance, product: Product, columnLineage: [ColumnLineage]? = nil
  ) {
    self.id = id
    self.asset = asset
    self.run = run
    self.finishedAt = finishedAt
    self.durationMilliseconds = durationMilliseconds
    self.provenance = provenance
    self.product = product
    self.columnLineage = columnLineage
  }

  /// Under which consumptions what it read is compared with what is there now.
  package var compared: [InputName: Set<Consumption>] {
    var compared: [InputName: Set<Consumption>] = [:]
    compared.reserveCapacity(provenance.inputs.count)
    for name in provenance.inputs.keys { compared[name] = self.compared(name) }
    return compared
  }

  /// The same of one input, found without a look at the others.
  package func compared(_ name: InputName) -> Set<Consumption>? {
    guard let read = provenance.inputs[name]?.consumption else { return nil }
    guard let mark = product.cursor, mark.value != nil, name == .asset(mark.input) else {
      return [read]
    }
    return mark.compared.union([read, mark.placed(read)])
  }
}

/// What a materialization made, as it was when it was published.
package struct Product: Hashable, Sendable, Codable {
  /// The digest of all of it.
  package var digest: ContentDigest
  /// The number of rows of a table.
  package var rows: Int?
  /// The columns of a table, in order.
  package var columns: [ProducedColumn]?
  /// The digest of each published file, by path.
  package var files: [String: ContentDigest]?
  /// Numbers that the program reported, such as a model's error.
  package var metrics: [String: Double]?
  /// What else the program told of it.
  package var metadata: Metadata?
  /// What the checks of the candidate gave.
  package var checks: [CheckResult]?
  /// What was found of the values of the columns of a table, in the columns' order.
  package var summaries: [ColumnSummary]?
  /// What the next materialization goes on from, of a table that does.
  package var continuation: Continuation?
  /// What became of the rows that were there, of a table that went on from them.
  package var changes: RowChanges?

  package init(
    digest: ContentDigest, rows: Int? = nil, columns: [ProducedColumn]? = nil,
    files: [String: ContentDigest]? = nil, metrics: [String: Double]? = nil,
    metadata: Metadata? = nil, checks: [CheckResult]? = nil, summaries: [ColumnSummary]? = nil,
    continuation: Continuation? = nil, changes: RowChanges? = nil
  ) {
    self.digest = digest
    self.rows = rows
    self.columns = columns
    self.files = files
    self.metrics = metrics
    self.metadata = metadata
    self.checks = checks
    self.summaries = summaries
    self.continuation = continuation
    self.changes = changes
  }

  /// How far an incremental table has read its input.
  package var cursor: CursorMark? {
    if case .cursor(let mark) = continuation { mark } else { nil }
  }

  /// A column of a table by its name, whatever its case.
  package func column(_ name: String) -> ProducedColumn? {
    columns?.first { $0.name.caseFolded == name.caseFolded }
  }

  /// What was found of a column's values.
  package func summary(ofColumn name: String) -> ColumnSummary? {
    let name = name.caseFolded
    guard let index = columns?.firstIndex(where: { $0.name.caseFolded == name }),
      let summaries, summaries.indices.contains(index)
    else { return nil }
    return summaries[index]
  }
}

/// What a scan finds of a column's values by the way.
package struct ColumnSummary: Hashable, Sendable, Codable {
  /// How many are null.
  package var nulls: Int
  /// The mean of those that are numbers; `nil` if none is.
  package var mean: Double?
  /// A digest of the values in whatever order, which differs only if they do; `nil` if it was not kept.
  package var digest: String?

  package init(nulls: Int, mean: Double? = nil, digest: String? = nil) {
    self.nulls = nulls
    self.mean = mean
    self.digest = digest
  }

  /// The share of nulls; `nil` where there are no rows.
  package func nullShare(of rows: Int) -> Double? {
    rows > 0 ? Double(nulls) / Double(rows) : nil
  }
}

/// A column of a table as the warehouse has it.
package struct ProducedColumn: Hashable, Sendable, Codable {
  package var name: String
  /// The declared type in the warehouse's words; empty when it has none.
  package var type: String

  package init(name: String, type: String) {
    self.name = name
    self.type = type
  }
}

/// One try to materialize an asset.
package struct Attempt: Equatable, Sendable {
  package enum Outcome: String, Sendable, Codable {
    case materialized, unchanged, failed, cancelled
    /// A version that was kept was published again.
    case rolledBack = "rolled_back"
  }

  package var run: String
  package var startedAt: Timestamp
  /// `nil` when assetctl ended before the attempt did.
  package var outcome: Outcome?
  package var error: String?
  /// What it was, or would have been, made from.
  package var provenance: Provenance?

  package init(
    run: String, startedAt: Timestamp, outcome: Outcome?, error: String? = nil,
    provenance: Provenance? = nil
  ) {
    self.run = run
    self.startedAt = startedAt
    self.outcome = outcome
    self.error = error
    self.provenance = provenance
  }
}

/// What the store knows of one asset's past.
package struct AssetHistory: Equatable, Sendable {
  /// The materialization whose product is published.
  package var last: Materialization?
  package var lastAttempt: Attempt?

  package init(last: Materialization? = nil, lastAttempt: Attempt? = nil) {
    self.last = last
    self.lastAttempt = lastAttempt
  }
}
