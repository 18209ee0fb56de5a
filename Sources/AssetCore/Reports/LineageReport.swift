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

  /// A column with where its values come from.
  package struct Column: Equatable, Sendable {
    package var column: AssetColumn
    /// Its value is computed out of these; of a column that a program makes, it may be.
    package var from: [AssetColumn]
    /// These decide which rows count.
    package var influencedBy: [AssetColumn]

    package init(
      _ column: AssetColumn, from: [AssetColumn] = [], influencedBy: [AssetColumn] = []
    ) {
      self.column = column
      self.from = from
      self.influencedBy = influencedBy
    }
  }

  /// The lineage of columns as it is shown: what there is, and what depends on what.
  package struct ColumnMap: Equatable, Sendable {
    /// Columns in the order of their assets and tables; an asset whose columns are not known, as a
    /// whole.
    package var nodes: [ColumnNode]
    /// Values before influences.
    package var edges: [ColumnTrace.Edge]

    package init(nodes: [ColumnNode], edges: [ColumnTrace.Edge]) {
      self.nodes = nodes
      self.edges = edges
    }
  }

  package var asset: AssetKey
  /// The column that was asked for, in lower case; `nil` if the whole asset was.
  package var column: String?
  /// Whether upstream and downstream were asked for; what was not is empty.
  package var showsUpstream: Bool
  package var showsDownstream: Bool
  /// Topologically sorted.
  package var upstream: [AssetKey]
  package var downstream: [AssetKey]
  /// The edges among the asset and what is upstream and downstream of it.
  package var edges: [Edge]
  package var kinds: [AssetKey: AssetKind]
  /// The asset's own columns; if columns were asked for, those of all assets that are shown, or those
  /// on the way of the one column.
  package var columns: [Column]
  /// `nil` if columns were not asked for.
  package var columnMap: ColumnMap?

  package init(
    asset: AssetKey, column: String? = nil, showsUpstream: Bool, showsDownstream: Bool,
    upstream: [AssetKey], downstream: [AssetKey], edges: [Edge], kinds: [AssetKey: AssetKind],
    columns: [Column] = [], columnMap: ColumnMap? = nil
  ) {
    self.asset = asset
    self.column = column
    self.columns = columns
    self.columnMap = columnMap
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
}
