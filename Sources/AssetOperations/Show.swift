package import AssetCore
import AssetState

extension Workspace {
  /// All that is known of an asset.
  ///
  /// - Parameters:
  ///   - name: Its name, or that of one of its partitions.
  ///   - limit: How many of its materializations to tell.
  /// - Throws: An ``OperationError`` if there is no such asset.
  /// - Returns: What is declared, what is the case, and what was.
  package func show(_ name: String, limit: Int) async throws -> ShowReport {
    let (asset, partition) = try subject(named: name)
    let key = partition?.key(in: asset.key) ?? asset.key
    var assessor = try await survey(of: [asset.key])
    assessor.assess(allOf: [asset.key])
    let last = assessor.last(of: key)
    let unusual = try unusualDurations(of: [key], in: assessor.history)
    var report = ShowReport(
      asset: assessor.graph[key] ?? asset, status: assessor.statuses[key] ?? .fresh,
      inputs: try await inputs(of: assessor.graph[key] ?? asset, since: last),
      readers: graph.readers(of: asset.key),
      materializations: try state.materializations(of: key, limit: limit),
      published: try last.flatMap { try state.materialization($0.id) },
      unusualDuration: unusual[key], logs: try state.logs(of: key),
      freshness: freshness(of: asset, by: assessor))
    report.failedAttempt = try state.failedAttempts(on: [key])[key]
    report.partitions = assessor.partitionsReport(of: key)
    if report.partitions != nil {
      report.materializations = try state.materializations(ofPartitionsOf: key, limit: limit)
      report.partitionChecks = try partitionChecks(of: asset, assessor.graph)
      report.publishedParts = Set(
        report.materializations.map(\.asset).compactMap { assessor.history[$0]?.last?.id })
    }
    return report
  }

  /// What the checks of an asset's partitions gave when those were made last, together.
  private func partitionChecks(of asset: Asset, _ graph: AssetGraph) throws -> [CheckResult] {
    let parts = graph.parts(of: asset.key)
    var checks = try state.checks(ofPartitionsOf: asset.key)
    for (key, attempt) in try state.failedAttempts(on: parts) where !attempt.checks.isEmpty {
      checks[key] = attempt.checks
    }
    return CheckResult.summing(
      parts.compactMap { key in
        checks[key].map { (name: key.partition ?? "", results: $0) }
      }, inOrderOf: asset.checks.map(\.name))
  }
}
