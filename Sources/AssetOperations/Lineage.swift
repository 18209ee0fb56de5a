package import AssetCore

extension Workspace {
  /// What an asset is made from and what is made from it.
  ///
  /// - Parameters:
  ///   - name: The asset's name.
  ///   - upstream: Whether to follow inputs.
  ///   - downstream: Whether to follow readers.
  ///   - depth: How many steps to follow; `nil` for all.
  /// - Throws: An ``OperationError`` if there is no such asset.
  /// - Returns: The assets and the edges between them.
  package func lineage(
    of name: String, upstream: Bool, downstream: Bool, depth: Int?
  ) throws -> LineageReport {
    LineageReport(
      of: try asset(named: name).key, in: graph, upstream: upstream, downstream: downstream,
      depth: depth)
  }
}
