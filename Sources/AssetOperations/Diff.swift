package import AssetCore
import AssetExecution
import AssetState
import AssetWarehouse

/// What to compare.
package struct DiffRequest: Sendable {
  package var asset: String
  /// The run whose publish it is about; `nil` for the last one.
  package var run: String?
  /// The columns to pair rows by; none for those that the asset declares.
  package var key: [String]
  /// How many rows of each kind to show at most.
  package var limit: Int

  package init(asset: String, run: String? = nil, key: [String] = [], limit: Int) {
    self.asset = asset
    self.run = run
    self.key = key
    self.limit = limit
  }
}

extension Workspace {
  /// What the last publish of an asset changed, or that of a run.
  ///
  /// Rows are compared as long as those before and those after are kept.
  ///
  /// - Parameter request: What to compare.
  /// - Throws: A ``DiffError`` or an ``OperationError`` for what is not there.
  /// - Returns: What was found.
  package func diff(_ request: DiffRequest) async throws -> DiffReport {
    let asset = try asset(named: request.asset)
    guard !asset.isSource else { throw DiffError.source(asset.key) }
    guard asset.partitions == nil else { throw DiffError.partitions(asset.key) }
    _ = try await Observer(workspace: self).recall()
    let (before, after, isRollback) = try materializations(of: asset.key, request.run)
    var diff = AssetDiff(of: asset, before: before, after: after)
    if !isRollback { diff.merged = after.product.changes }
    if diff.needsRows(of: asset) {
      let mask = SecretMask(project.secrets)
      diff = try await warehouse.read(with: []) { [diff] reading in
        try diff.comparingRows(of: asset, by: request.key, request.limit, in: reading, mask)
      }
    }
    return DiffReport(project: project.name, entries: [diff])
  }

  /// What a publish put in the place of what.
  private func materializations(
    of key: AssetKey, _ run: String?
  ) throws -> (before: Materialization?, after: Materialization, isRollback: Bool) {
    var publishings = try state.publishings(of: key, limit: run == nil ? 2 : 1_000_000)
    // A rollback that assetctl did not live to record.
    if let last = try state.history()[key]?.last, last.id != publishings.first?.materialization {
      publishings.insert(
        Publishing(materialization: last.id, run: last.run, at: now(), isRollback: true), at: 0)
    }
    var place = publishings.startIndex
    if let run {
      let id = try self.run(named: run).id
      guard let found = publishings.firstIndex(where: { $0.run == id }) else {
        throw DiffError.notPublished(key, run: id)
      }
      place = found
    }
    guard publishings.indices.contains(place),
      let after = try state.materialization(publishings[place].materialization)
    else { throw DiffError.neverMaterialized(key) }
    let before = try publishings.dropFirst(place + 1).first.flatMap {
      try state.materialization($0.materialization)
    }
    return (before, after, publishings[place].isRollback)
  }
}

extension AssetDiff {
  /// Whether its rows are to be compared.
  func needsRows(of asset: Asset) -> Bool {
    isDifferent && before != nil && asset.isTable
  }

  /// Adds what is otherwise in the rows, if both tables are there.
  ///
  /// - Parameters:
  ///   - asset: The asset.
  ///   - key: The columns to pair rows by; none for those that the asset declares.
  ///   - limit: How many rows of each kind to show at most.
  ///   - reading: What answers the queries.
  ///   - mask: Hides secrets in the rows.
  /// - Throws: A ``DiffError`` for a key that is not there, and what the warehouse refuses.
  /// - Returns: The difference with the rows, or with what stands in the way.
  func comparingRows(
    of asset: Asset, by key: [String], _ limit: Int, in reading: any TableReading,
    _ mask: SecretMask
  ) throws -> AssetDiff {
    var diff = self
    guard asset.materialized != .view else {
      diff.obstacle = .view
      return diff
    }
    let versions = try reading.versions(of: asset.key)
    func table(of record: Materialization?) -> String? {
      guard let record else { return nil }
      let version =
        versions.first { $0.publication.materialization == record.id }
        ?? versions.first { $0.digest == record.product.digest }
      return version?.table
    }
    guard let old = table(of: before), let new = table(of: after), old != new else {
      diff.obstacle = .notKept
      return diff
    }
    let (from, to) = (
      try ComparedTable(old, in: reading), try ComparedTable(new, in: reading)
    )
    for name in key {
      for columns in [from.columns, to.columns]
      where !columns.contains(where: { $0.lowercased() == name.lowercased() }) {
        throw DiffError.unknownKey(
          name, of: asset.key, nearest: nearestName(to: name, in: columns))
      }
    }
    let queries = DiffQueries(
      from: from, to: to, key: key.isEmpty ? asset.rowKey(checked: after?.product.checks) : key,
      in: reading)
    var rows = try queries.compare(limit: limit)
    rows.sample = rows.sample.masking(
      asset.columns.filter(\.isSensitive).map(\.name), key: rows.key
    ).mapping(mask.masked)
    diff.rows = rows
    return diff
  }
}

/// What can be wrong with a request to compare.
package enum DiffError: DiagnosableError, Equatable {
  case source(AssetKey)
  case partitions(AssetKey)
  case neverMaterialized(AssetKey)
  case notPublished(AssetKey, run: String)
  case unknownKey(String, of: AssetKey, nearest: String?)

  package var diagnostics: [Diagnostic] {
    switch self {
    case .source(let key):
      [
        Diagnostic(
          "`\(key)` is a source, which others write",
          hint: "see what changed of it for a reader with `assetctl why READER`")
      ]
    case .partitions(let key):
      [
        Diagnostic(
          "`\(key)` is made by partitions, of which no earlier rows are kept",
          hint: "see what makes partitions stale with `assetctl status \(key)`")
      ]
    case .neverMaterialized(let key):
      [
        Diagnostic(
          "`\(key)` was never materialized, so nothing has changed yet",
          hint: "make it with `assetctl materialize \(key)`")
      ]
    case .notPublished(let key, let run):
      [
        Diagnostic(
          "the run `\(run)` published nothing of `\(key)`",
          hint: "see the runs that did with `assetctl show \(key)`")
      ]
    case .unknownKey(let name, let key, let nearest):
      [
        Diagnostic(
          "`\(name)` is not a column of `\(key)` both before and after",
          hint: nearest.map { "did you mean `\($0)`?" }
            ?? "see its columns with `assetctl show \(key)`")
      ]
    }
  }
}
