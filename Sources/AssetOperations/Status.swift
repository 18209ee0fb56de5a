package import AssetCore
import AssetState

extension Workspace {
  /// What is fresh, stale, waiting or failed among the selected assets, and why.
  ///
  /// Sources are among the entries when they cannot be looked at, and when they say how new their data
  /// is expected to be.
  ///
  /// - Parameter selection: The words of a selection; none for all assets.
  /// - Throws: A `SelectionError` for a word that cannot be read or names nothing.
  /// - Returns: The selected assets, inputs before readers.
  package func status(_ selection: [String]) async throws -> StatusReport {
    let selected = try await select(selection)
    var assessor =
      if let known = selected.assessor { known } else {
        try await survey(of: selected.keys)
      }
    assessor.assess(allOf: selected.keys)
    let entries = graph.order.filter(selected.keys.contains).compactMap { key in
      entry(of: key, by: assessor)
    }
    let unusual = try unusualDurations(of: selected.keys, in: assessor.history)
    return StatusReport(
      project: project.name,
      entries: entries.filter { $0.counts || $0.freshness != nil }.map { entry in
        var entry = entry
        entry.unusualDuration = unusual[entry.asset.key]
        return entry
      },
      undeclared: try undeclared(in: assessor.history))
  }

  private func entry(of key: AssetKey, by assessor: Assessor) -> StatusReport.Entry? {
    guard let asset = graph[key], let status = assessor.statuses[key] else { return nil }
    let last = assessor.last(of: key)
    var entry = StatusReport.Entry(
      asset: asset, status: status, lastMaterialized: last?.finishedAt, rows: last?.product.rows,
      durationMilliseconds: last?.durationMilliseconds,
      freshness: freshness(of: asset, by: assessor))
    entry.partitions = assessor.partitionsReport(of: key)
    if entry.partitions != nil { entry.rows = assessor.rows(of: key) }
    return entry
  }
}

extension Workspace {
  /// Those of the last materializations that took much longer than usual.
  func unusualDurations(
    of keys: Set<AssetKey>, in history: [AssetKey: AssetHistory]
  ) throws -> [AssetKey: UnusualDuration] {
    // Most are over in no time, and are not looked into.
    let long = history.compactMapValues(\.last).filter { key, last in
      last.durationMilliseconds > UnusualDuration.leastMilliseconds && keys.contains(key)
    }
    guard !long.isEmpty else { return [:] }
    let earlier = try state.earlierDurations(than: long, limit: UnusualDuration.window.most)
    return long.compactMapValues { last in
      UnusualDuration(last.durationMilliseconds, among: earlier[last.asset] ?? [])
    }
  }
}
