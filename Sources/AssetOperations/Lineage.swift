package import AssetCore
import AssetState

/// What to show of a lineage.
package struct LineageRequest: Sendable {
  /// An asset, or one of its columns: `ASSET` or `ASSET.COLUMN`.
  package var name: String
  /// Whether to follow inputs.
  package var upstream: Bool
  /// Whether to follow readers.
  package var downstream: Bool
  /// How many steps to follow; `nil` for all.
  package var depth: Int?
  /// Whether the columns of all assets are wanted.
  package var showsColumns: Bool
  /// The run after which it is asked for, as `logs` takes it; `nil` for the declarations.
  package var run: String?

  package init(
    _ name: String, upstream: Bool = true, downstream: Bool = true, depth: Int? = nil,
    showsColumns: Bool = false, run: String? = nil
  ) {
    self.name = name
    self.upstream = upstream
    self.downstream = downstream
    self.depth = depth
    self.showsColumns = showsColumns
    self.run = run
  }
}

extension Workspace {
  /// What an asset or a column is made from and what is made from it.
  ///
  /// - Parameter request: What to show.
  /// - Throws: An ``OperationError`` or a ``ColumnError`` for what is not there.
  /// - Returns: The assets, the edges between them, and their columns.
  package func lineage(_ request: LineageRequest) async throws -> LineageReport {
    let named = try assetAndColumn(named: request.name)
    let key = named.asset.key
    if let run = request.run {
      guard !request.showsColumns, named.column == nil else { throw ColumnError.recordedColumns }
      return try lineage(of: key, request, after: run)
    }
    let columns = try await projectColumns(of: graph.downstream(of: key).union([key]))
    guard let column = named.column else {
      return LineageReport(
        of: key, in: columns, upstream: request.upstream, downstream: request.downstream,
        depth: request.depth, showsColumns: request.showsColumns)
    }
    try verify(column, of: named.asset, in: columns)
    return LineageReport(
      ofColumn: AssetColumn(key, column), in: columns, upstream: request.upstream,
      downstream: request.downstream, depth: request.depth)
  }

  /// What all assets and sources are made from.
  package func wholeLineage() async throws -> GraphReport {
    let columns = try await projectColumns(of: Set(graph.order))
    return GraphReport(
      assets: graph.sortedAssets.map { .init(key: $0.key, kind: $0.kind) },
      edges: graph.order.flatMap { key in
        LineageReport(
          of: key, in: columns, upstream: true, downstream: false, depth: 1, showsColumns: false
        ).edges.filter { $0.to == key }
      })
  }

  private func verify(_ column: String, of asset: Asset, in columns: ProjectColumns) throws {
    let known = columns.names(of: asset.key)
    guard !known.names.contains(where: { $0.caseFolded == column.caseFolded }) else { return }
    guard !known.names.isEmpty else {
      throw ColumnError.noColumnsKnown(asset.key, isTable: asset.tableName != nil)
    }
    guard known.isComplete else {
      throw ColumnError.columnNotKnown(column, of: asset.key, known: known.names)
    }
    throw ColumnError.unknownColumn(
      column, of: asset.key, nearest: nearestName(to: column, in: known.names))
  }

  private func lineage(
    of key: AssetKey, _ request: LineageRequest, after run: String
  ) throws -> LineageReport {
    // Partitions read of an input what their asset does, each some of its rows.
    var consumed: [[AssetKey]: Consumption] = [:]
    for (input, asset, consumption) in try state.lineage(after: self.run(named: run).id) {
      let pair = [graph[input]?.key ?? input, graph[asset.asset]?.key ?? asset.asset]
      consumed[pair] = consumption.withFilterColumns.columnsOnly.union(consumed[pair])
    }
    let edges = consumed.map { pair, consumption in
      LineageReport.Edge(from: pair[0], to: pair[1], consumes: consumption.columnsOnly)
    }
    return LineageReport(
      of: key, among: edges, in: graph, upstream: request.upstream,
      downstream: request.downstream, depth: request.depth)
  }
}
