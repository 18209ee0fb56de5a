package import AssetCore

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
    return StatusReport(
      project: project.name,
      entries: entries.filter { $0.counts || $0.freshness != nil },
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
