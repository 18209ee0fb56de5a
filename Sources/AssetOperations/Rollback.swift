package import AssetCore
import AssetState
import AssetWarehouse

extension Workspace {
  /// The versions of a table that can be published again, and the one that is published.
  ///
  /// - Parameter name: The asset.
  /// - Throws: A ``RollbackError`` for what is no table.
  /// - Returns: The versions, the newest first.
  package func versions(of name: String) async throws -> VersionsReport {
    let asset = try versionedAsset(named: name)
    return VersionsReport(asset: asset.key, versions: try await versions(of: asset))
  }

  /// Publishes a kept version of a table again, with the record that it was published with.
  ///
  /// What is published until then becomes a kept version. Afterwards the asset is judged by the record of
  /// what is published now, so that it is stale if that was made from something else.
  ///
  /// - Parameters:
  ///   - name: The asset.
  ///   - run: The run that made the version, or the beginning of its name; `nil` for the version before.
  ///   - waiting: Is told who holds the project's lock, if somebody does.
  /// - Throws: A ``RollbackError`` for what is no table or has no such version; then nothing changed.
  /// - Returns: What was done.
  package func rollback(
    _ name: String, to run: String?, waiting: (String) -> Void
  ) async throws -> RollbackReport {
    let asset = try versionedAsset(named: name)
    let started = now()
    let id = Self.runID(at: started)
    let lock = try await ProjectLock.acquire(in: folder, holder: id, waiting: waiting)
    defer { withExtendedLifetime(lock) {} }

    let writes = try await OwnWrites(in: self)
    _ = try await Observer(workspace: self).recall()
    let versions = try await versions(of: asset)
    let version = try choose(run, of: versions, asset.key).materialization
    let command = ["rollback", asset.key.name] + (run.map { ["--to", $0] } ?? [])
    try state.beginRun(
      id, command: command.joined(separator: " "), at: started, assets: graph.sortedAssets)
    do {
      try await warehouse.restore(
        asset.key, materialization: version.id, indexes: asset.indexes)
    } catch {
      try? state.endRun(id, outcome: RunReport.Outcome.failed.rawValue, at: now())
      throw error
    }
    try state.recordRollback(to: version, run: id, times: (started, now()))
    try state.endRun(id, outcome: RunReport.Outcome.succeeded.rawValue, at: now())
    await writes.settle([asset.key])
    let status = try await status(of: asset.key)
    await warehouse.close()
    return RollbackReport(
      asset: asset.key, run: id, from: versions.first(where: \.isPublished)?.materialization,
      to: version, status: status)
  }

  private func status(of key: AssetKey) async throws -> AssetStatus {
    var assessor = try await survey(of: [key], inOwnRun: true)
    let looked = graph.closure(of: [key])
    for key in graph.order where looked.contains(key) { assessor.assess(key) }
    return assessor.statuses[key] ?? .fresh
  }

  private func versions(of asset: Asset) async throws -> [VersionsReport.Version] {
    let key = asset.key
    let versions = try await warehouse.read(with: []) { try $0.versions(of: key) }
    // What a newer assetctl recorded cannot be judged.
    return versions.compactMap { version in
      (try? fromJSON(version.publication.record)).map {
        VersionsReport.Version($0, isPublished: version.isPublished)
      }
    }
  }

  private func choose(
    _ run: String?, of versions: [VersionsReport.Version], _ key: AssetKey
  ) throws -> VersionsReport.Version {
    guard let run else {
      if versions.contains(where: { $0.isPublished && $0.isHistory }) {
        throw RollbackError.history(key)
      }
      // Without a published table all that is kept is older.
      let older = versions.firstIndex(where: \.isPublished).map { versions[($0 + 1)...] }
      guard let version = (older ?? versions[...]).first else {
        throw RollbackError.noVersion(
          key, newer: versions.count(where: { !$0.isPublished }),
          kept: graph[key]?.policy.keptVersions ?? 0)
      }
      return version
    }
    guard let version = versions.first(where: { $0.materialization.run.hasPrefix(run) }) else {
      throw RollbackError.noSuchVersion(key, run: run)
    }
    guard !version.isPublished else { throw RollbackError.published(key, run: run) }
    return version
  }

  private func versionedAsset(named name: String) throws -> Asset {
    let asset = try asset(named: name)
    if asset.isSource { throw RollbackError.source(asset.key) }
    if asset.partitions != nil { throw RollbackError.partitions(asset.key) }
    if asset.materialized == .view { throw RollbackError.view(asset.key) }
    guard asset.isTable else { throw RollbackError.files(asset.key) }
    return asset
  }
}

extension Asset {
  /// The columns of each index of its table.
  fileprivate var indexes: [[String]] {
    if case .query(let query) = recipe { query.indexes } else { [] }
  }
}

/// What can be wrong with a request to publish an earlier version.
package enum RollbackError: DiagnosableError, Equatable {
  case source(AssetKey)
  case view(AssetKey)
  case partitions(AssetKey)
  case files(AssetKey)
  /// The history of a snapshot, which is only rolled back to a version that is named.
  case history(AssetKey)
  /// There is none before what is published; so many are newer, and so many are to be kept.
  case noVersion(AssetKey, newer: Int, kept: Int)
  case noSuchVersion(AssetKey, run: String)
  case published(AssetKey, run: String)

  package var diagnostics: [Diagnostic] {
    switch self {
    case .source(let key):
      [Diagnostic("`\(key)` is a source, which others write", hint: "roll back a table of yours")]
    case .partitions(let key):
      [
        Diagnostic(
          "`\(key)` is made by partitions, of which no versions are kept",
          hint: "restore its definition or its inputs, and materialize the partitions again "
            + "with `--partition`")
      ]
    case .view(let key):
      [
        Diagnostic(
          "`\(key)` is a view, which has no versions: it shows what its inputs hold",
          hint: "roll back an input, or make it a table with `materialized: table`")
      ]
    case .files(let key):
      [
        Diagnostic(
          "`\(key)` is files, and only tables have versions",
          hint: "restore the files of its definition, then materialize it again")
      ]
    case .history(let key):
      [
        Diagnostic(
          "`\(key)` is a snapshot: a rollback takes back what it has recorded since, and nothing "
            + "can record that again",
          hint:
            "name the version with `--to RUN`, one of those that `assetctl rollback \(key) --list` "
            + "tells; what is published now stays kept")
      ]
    case .noVersion(let key, let newer, let kept) where newer > 0:
      [
        Diagnostic(
          "there is no version of `\(key)` from before what is published"
            + (newer < kept ? "" : ", as `keep: \(kept)` keeps no more"),
          hint: "newer ones are kept: see them with `assetctl rollback \(key) --list`, "
            + "and publish one with `--to RUN`")
      ]
    case .noVersion(let key, _, kept: 0):
      [
        Diagnostic(
          "no earlier version of `\(key)` is kept",
          hint:
            "with `keep: 1` among its settings each materialization keeps the version before it, "
            + "from the next one on")
      ]
    case .noVersion(let key, _, _):
      [
        Diagnostic(
          "no earlier version of `\(key)` is kept yet",
          hint: "the next materialization that changes its rows keeps the present ones")
      ]
    case .noSuchVersion(let key, let run):
      [
        Diagnostic(
          "no version of `\(key)` from a run `\(run)` is kept",
          hint: "see those that are with `assetctl rollback \(key) --list`")
      ]
    case .published(let key, let run):
      [
        Diagnostic(
          "what the run `\(run)` made of `\(key)` is what is published",
          hint: "see the other versions with `assetctl rollback \(key) --list`")
      ]
    }
  }
}
