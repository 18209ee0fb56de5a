package import AssetCore
import AssetState

extension Workspace {
  /// What an asset is made from and what is made from it.
  ///
  /// - Parameters:
  ///   - name: The asset's name.
  ///   - upstream: Whether to follow inputs.
  ///   - downstream: Whether to follow readers.
  ///   - depth: How many steps to follow; `nil` for all.
  ///   - run: The run after which it is asked for, as `logs` takes it; `nil` for the declarations.
  /// - Throws: An ``OperationError`` if there is no such asset.
  /// - Returns: The assets and the edges between them.
  package func lineage(
    of name: String, upstream: Bool, downstream: Bool, depth: Int?, run: String? = nil
  ) throws -> LineageReport {
    let key = try asset(named: name).key
    guard let run else {
      return LineageReport(
        of: key, in: graph, upstream: upstream, downstream: downstream, depth: depth)
    }
    let edges = try state.lineage(after: self.run(named: run).id).map { input, asset, consumption in
      LineageReport.Edge(
        from: graph[input]?.key ?? input, to: graph[asset]?.key ?? asset, consumes: consumption)
    }
    return LineageReport(
      of: key, among: edges, in: graph, upstream: upstream, downstream: downstream, depth: depth)
  }
}
