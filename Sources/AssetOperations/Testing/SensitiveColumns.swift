import AssetCore

extension Workspace {
  /// The columns of assets whose values are not to be shown: those that are declared so, and those
  /// that queries compute out of them.
  func sensitiveColumns(of keys: Set<AssetKey>) async throws -> Set<AssetColumn> {
    let looked = graph.closure(of: keys)
    let declared = Set(
      graph.sortedAssets.filter { looked.contains($0.key) }.flatMap { asset in
        asset.columns.filter(\.isSensitive).map { AssetColumn(asset.key, $0.name) }
      })
    guard !declared.isEmpty else { return [] }
    let columns = try await projectColumns(of: keys)
    var sensitive = declared
    for key in keys {
      for name in columns.names(of: key).names {
        let column = AssetColumn(key, name)
        let trace = columns.upstream(of: column)
        if trace.values(from: ColumnNode(column)).contains(where: { node in
          declared.contains { $0.asset == node.asset && (node.column ?? $0.column) == $0.column }
        }) {
          sensitive.insert(column)
        }
      }
    }
    return sensitive
  }
}

extension ColumnTrace {
  /// What a node's values are computed out of, itself among them.
  fileprivate func values(from start: ColumnNode) -> Set<ColumnNode> {
    var origins: [ColumnNode: [ColumnNode]] = [:]
    for edge in edges where edge.role == .value { origins[edge.to, default: []].append(edge.from) }
    var reached: Set<ColumnNode> = [start]
    var pending = [start]
    while let next = pending.popLast() {
      for node in origins[next] ?? [] where reached.insert(node).inserted { pending.append(node) }
    }
    return reached
  }
}
