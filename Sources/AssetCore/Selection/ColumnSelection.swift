extension Selection.Term {
  /// The patterns of the asset and of the column in `col:ASSET.COLUMN`.
  var columnParts: (asset: Substring, column: Substring)? {
    guard let dot = pattern.firstIndex(of: ".") else { return nil }
    let parts = (asset: pattern[..<dot], column: pattern[pattern.index(after: dot)...])
    return parts.asset.isEmpty || parts.column.isEmpty ? nil : parts
  }

  /// The assets that have the column, and those that are reached from it.
  func keys(
    in graph: AssetGraph, columns: ProjectColumns?
  ) throws(SelectionError) -> Set<AssetKey> {
    guard let parts = columnParts, let columns else { return [] }
    let assets = graph.order.filter { matches(String(parts.asset), $0.name) }
    guard !assets.isEmpty else {
      let nearest = nearestName(to: String(parts.asset), in: graph.order.map(\.name))
      throw .namesNothing(word, nearest: nearest.map { "col:\($0).\(parts.column)" })
    }
    let matched = assets.flatMap { key in
      columns.names(of: key).names.filter { matches(String(parts.column), $0) }
        .map { AssetColumn(key, $0) }
    }
    guard !matched.isEmpty else {
      throw .unknownColumn(
        String(parts.column), of: assets[0],
        nearest: nearestName(to: String(parts.column), in: columns.names(of: assets[0]).names))
    }
    var selected: Set<AssetKey> = []
    for column in matched {
      selected.insert(column.asset)
      if upstream != .none {
        selected.formUnion(columns.upstream(of: column, depth: upstream.depth).assets)
      }
      if downstream != .none {
        selected.formUnion(columns.downstream(of: column, depth: downstream.depth).assets)
      }
      if withReadersInputs {
        let readers = columns.downstream(of: column).assets
        selected.formUnion(graph.closure(of: readers.union([column.asset])))
      }
    }
    return Set(selected.compactMap { graph[$0]?.key })
  }
}
