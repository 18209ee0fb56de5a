/// What an asset is made from and what is made from it.
package struct LineageReport: Equatable, Sendable {
  /// One reading of one asset by another.
  package struct Edge: Equatable, Sendable {
    package var from: AssetKey
    package var to: AssetKey
    package var consumes: Consumption

    package init(from: AssetKey, to: AssetKey, consumes: Consumption) {
      self.from = from
      self.to = to
      self.consumes = consumes
    }
  }

  package var asset: AssetKey
  /// Whether upstream and downstream were asked for; what was not is empty.
  package var showsUpstream: Bool
  package var showsDownstream: Bool
  /// Topologically sorted.
  package var upstream: [AssetKey]
  package var downstream: [AssetKey]
  /// The edges among the asset and what is upstream and downstream of it.
  package var edges: [Edge]
  package var kinds: [AssetKey: AssetKind]

  package init(
    asset: AssetKey, showsUpstream: Bool, showsDownstream: Bool, upstream: [AssetKey],
    downstream: [AssetKey], edges: [Edge], kinds: [AssetKey: AssetKind]
  ) {
    self.asset = asset
    self.showsUpstream = showsUpstream
    self.showsDownstream = showsDownstream
    self.upstream = upstream
    self.downstream = downstream
    self.edges = edges
    self.kinds = kinds
  }
}

extension LineageReport {
  /// The lineage of an asset in a graph.
  ///
  /// - Parameters:
  ///   - key: The asset.
  ///   - graph: The graph that holds it.
  ///   - upstream: Whether to follow its inputs.
  ///   - downstream: Whether to follow its readers.
  ///   - depth: How many steps to follow; `nil` for all.
  package init(
    of key: AssetKey, in graph: AssetGraph, upstream: Bool, downstream: Bool, depth: Int?
  ) {
    let above = upstream ? graph.upstream(of: key, depth: depth) : []
    let below = downstream ? graph.downstream(of: key, depth: depth) : []
    // An edge belongs to the side on which both of its ends are.
    let sides = [above.union([key]), below.union([key])]
    let edges = graph.order.flatMap { reader in
      (graph[reader]?.inputs ?? []).sorted { $0.key < $1.key }.compactMap { input -> Edge? in
        let isShown = sides.contains { $0.contains(reader) && $0.contains(input.key) }
        return isShown
          ? Edge(from: input.key, to: reader, consumes: input.consumption) : nil
      }
    }
    let all = above.union(below).union([key])
    self.init(
      asset: graph[key]?.key ?? key, showsUpstream: upstream, showsDownstream: downstream,
      upstream: graph.order.filter(above.contains), downstream: graph.order.filter(below.contains),
      edges: edges,
      kinds: Dictionary(
        uniqueKeysWithValues: all.compactMap { key in graph[key].map { (key, $0.kind) } }))
  }
}
