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
  /// The lineage of an asset among edges, such as those that were recorded in a run.
  ///
  /// - Parameters:
  ///   - key: The asset.
  ///   - edges: All edges there are.
  ///   - graph: What is known of the kinds and the order of the assets today; others come last.
  ///   - upstream: Whether to follow its inputs.
  ///   - downstream: Whether to follow its readers.
  ///   - depth: How many steps to follow; `nil` for all.
  package init(
    of key: AssetKey, among edges: [Edge], in graph: AssetGraph, upstream: Bool, downstream: Bool,
    depth: Int?
  ) {
    let inputs = Dictionary(grouping: edges, by: \.to).mapValues { $0.map(\.from) }
    let readers = Dictionary(grouping: edges, by: \.from).mapValues { $0.map(\.to) }
    let above = upstream ? Self.reach(from: key, depth: depth) { inputs[$0] ?? [] } : []
    let below = downstream ? Self.reach(from: key, depth: depth) { readers[$0] ?? [] } : []
    let sides = [above.union([key]), below.union([key])]
    let all = above.union(below).union([key])
    let position = Dictionary(
      uniqueKeysWithValues: graph.order.enumerated().map { ($0.element, $0.offset) })
    let order = all.sorted { left, right in
      (position[left] ?? .max, left) < (position[right] ?? .max, right)
    }
    self.init(
      asset: key, showsUpstream: upstream, showsDownstream: downstream,
      upstream: order.filter(above.contains), downstream: order.filter(below.contains),
      edges: edges.filter { edge in
        sides.contains { $0.contains(edge.from) && $0.contains(edge.to) }
      }.sorted { left, right in
        (position[left.to] ?? .max, left.to, left.from)
          < (position[right.to] ?? .max, right.to, right.from)
      },
      kinds: Dictionary(
        uniqueKeysWithValues: all.compactMap { key in graph[key].map { (key, $0.kind) } }))
  }

  private static func reach(
    from start: AssetKey, depth: Int?, along next: (AssetKey) -> [AssetKey]
  ) -> Set<AssetKey> {
    var reached: Set<AssetKey> = [start]
    var frontier = [start]
    var steps = 0
    while !frontier.isEmpty, depth.map({ steps < $0 }) ?? true {
      frontier = frontier.flatMap(next).filter { reached.insert($0).inserted }
      steps += 1
    }
    return reached.subtracting([start])
  }

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
    let edges = graph.order.flatMap { reader in
      (graph[reader]?.inputs ?? []).map {
        Edge(from: $0.key, to: reader, consumes: $0.consumption)
      }
    }
    self.init(
      of: graph[key]?.key ?? key, among: edges, in: graph, upstream: upstream,
      downstream: downstream, depth: depth)
  }
}
