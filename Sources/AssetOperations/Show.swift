package import AssetCore
import AssetState

extension Workspace {
  /// All that is known of an asset.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - limit: How many of its materializations to tell.
  /// - Throws: An ``OperationError`` if there is no such asset.
  /// - Returns: What is declared, what is the case, and what was.
  package func show(_ name: String, limit: Int) async throws -> ShowReport {
    let asset = try asset(named: name)
    var assessor = try await survey(of: [asset.key])
    assessor.assess(allOf: [asset.key])
    let last = assessor.history[asset.key]?.last
    let unusual = try unusualDurations(of: [asset.key], in: assessor.history)
    return ShowReport(
      asset: assessor.graph[asset.key] ?? asset, status: assessor.statuses[asset.key] ?? .fresh,
      inputs: try await inputs(of: asset, since: last),
      readers: graph.readers(of: asset.key),
      materializations: try state.materializations(of: asset.key, limit: limit),
      published: try last.flatMap { try state.materialization($0.id) },
      unusualDuration: unusual[asset.key], logs: try state.logs(of: asset.key),
      freshness: freshness(of: asset, by: assessor))
  }
}
