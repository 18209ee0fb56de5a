extension LineageReport {
  /// The lineage of an asset as the project declares it.
  ///
  /// - Parameters:
  ///   - key: The asset.
  ///   - graph: The columns of the asset and of all that is upstream and downstream of it.
  ///   - upstream: Whether to follow its inputs.
  ///   - downstream: Whether to follow its readers.
  ///   - depth: How many steps to follow; `nil` for all.
  ///   - showsColumns: Whether the columns of all assets are asked for, too.
  package init(
    of key: AssetKey, in graph: ProjectColumns, upstream: Bool, downstream: Bool, depth: Int?,
    showsColumns: Bool = false
  ) {
    let edges = graph.assets.order.flatMap { reader in
      let asset = graph.assets[reader]
      return ((asset?.inputs.map(\.key) ?? []) + (asset?.fileWriters ?? []))
        .map { graph.edge(from: $0, to: reader) }
    }
    self.init(
      of: graph.assets[key]?.key ?? key, among: edges, in: graph.assets, upstream: upstream,
      downstream: downstream, depth: depth)
    let shown = self.upstream + [asset] + self.downstream
    columns = (showsColumns ? shown : [asset]).flatMap(graph.facts)
    guard showsColumns else { return }
    let pairs = Set(self.edges.map { [$0.from, $0.to] })
    columnMap = ColumnMap(
      nodes: Set(shown.flatMap(graph.nodes)), order: shown, of: graph,
      edges: shown.flatMap(graph.nodes).flatMap { node in
        graph.sources(of: node).map { ColumnTrace.Edge(from: $0.node, to: node, role: $0.role) }
      }.filter { pairs.contains([$0.from.asset, $0.to.asset]) })
  }

  /// The lineage of a column: what it is made from up to the sources, and what depends on it down to
  /// the last readers.
  ///
  /// - Parameters:
  ///   - column: A column.
  ///   - graph: The columns of its asset and of all that is upstream and downstream of it.
  ///   - upstream: Whether to follow what it is made from.
  ///   - downstream: Whether to follow what depends on it.
  ///   - depth: How many steps to follow; `nil` for all.
  package init(
    ofColumn column: AssetColumn, in graph: ProjectColumns, upstream: Bool, downstream: Bool,
    depth: Int?
  ) {
    let none = ColumnTrace(nodes: [], edges: [])
    let above = upstream ? graph.upstream(of: column, depth: depth) : none
    let below = downstream ? graph.downstream(of: column, depth: depth) : none
    let start = graph.assets[column.asset]?.key ?? column.asset
    let assets = above.assets.union(below.assets).union([start])
    let order = graph.assets.order.filter(assets.contains)
    let nodes = above.nodes.union(below.nodes).union([ColumnNode(column)])
    let pairs = Set((above.edges + below.edges).map { [$0.from.asset, $0.to.asset] })
    self.init(
      asset: start, column: column.column, showsUpstream: upstream, showsDownstream: downstream,
      upstream: order.filter(above.assets.contains),
      downstream: order.filter(below.assets.contains),
      edges: order.flatMap { reader in
        graph.assets.inputs(of: reader).filter { pairs.contains([$0, reader]) }
          .map { graph.edge(from: $0, to: reader) }
      },
      kinds: Dictionary(
        uniqueKeysWithValues: order.compactMap { key in graph.assets[key].map { (key, $0.kind) } }),
      columns: order.flatMap(graph.facts).filter { nodes.contains(ColumnNode($0.column)) },
      columnMap: ColumnMap(nodes: nodes, order: order, of: graph, edges: above.edges + below.edges))
  }
}

extension LineageReport.ColumnMap {
  /// Puts nodes in order, with those that the edges need besides.
  fileprivate init(
    nodes: Set<ColumnNode>, order: [AssetKey], of graph: ProjectColumns, edges: [ColumnTrace.Edge]
  ) {
    let linked = Set(edges.flatMap { [$0.from, $0.to] })
    let byAsset = Dictionary(grouping: nodes.union(linked), by: \.asset)
    self.init(
      nodes: order.flatMap { key in
        let own = graph.nodes(of: key).filter { byAsset[key]?.contains($0) ?? false }
        return own + (byAsset[key] ?? []).filter { !own.contains($0) }.sorted()
      },
      edges: Set(edges).sorted { ($0.role, $0.from, $0.to) < ($1.role, $1.from, $1.to) })
  }
}

extension ProjectColumns {
  /// The edge between an asset and one of its inputs.
  fileprivate func edge(from input: AssetKey, to reader: AssetKey) -> LineageReport.Edge {
    LineageReport.Edge(
      from: input, to: reader,
      consumes: self.input(input, of: reader).consumption.withFilterColumns.columnsOnly)
  }

  /// An asset's columns with what is known of them.
  fileprivate func facts(of key: AssetKey) -> [LineageReport.Column] {
    names(of: key).names.map { name in
      let column = columns(of: key)?.first { $0.name == name }
      return LineageReport.Column(
        AssetColumn(key, name), from: column?.from ?? [],
        influencedBy: column?.influencedBy ?? [])
    }
  }

  /// An asset's columns, or itself if none are known.
  fileprivate func nodes(of key: AssetKey) -> [ColumnNode] {
    let names = names(of: key).names
    return names.isEmpty
      ? [ColumnNode(key)] : names.map { ColumnNode(AssetColumn(key, $0)) }
  }
}
