/// A column of an asset, or an asset as a whole where its columns cannot be told apart.
package struct ColumnNode: Hashable, Sendable, Comparable {
  package var asset: AssetKey
  /// In lower case; `nil` for the whole.
  package var column: String?

  package init(_ asset: AssetKey) { self.asset = asset }

  package init(_ column: AssetColumn) {
    asset = column.asset
    self.column = column.column
  }

  package static func < (left: ColumnNode, right: ColumnNode) -> Bool {
    (left.asset, left.column ?? "") < (right.asset, right.column ?? "")
  }

  /// Whether the column is this one, or one of this asset.
  func covers(_ column: AssetColumn) -> Bool {
    column.asset == asset && (self.column == nil || column.column == self.column)
  }
}

/// What one column is made from, or what is made from it, followed to the end.
package struct ColumnTrace: Equatable, Sendable {
  package enum Role: Int, Hashable, Sendable, Comparable {
    /// A value is computed out of it.
    case value
    /// It decides which rows count.
    case influence

    package static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
  }

  /// One step from a node to a neighbour.
  struct Step: Equatable, Sendable {
    var node: ColumnNode
    var role: Role

    init(_ node: ColumnNode, _ role: Role) {
      self.node = node
      self.role = role
    }
  }

  /// Something that depends on something else.
  package struct Edge: Hashable, Sendable {
    /// What is read.
    package var from: ColumnNode
    /// What reads it.
    package var to: ColumnNode
    package var role: Role

    package init(from: ColumnNode, to: ColumnNode, role: Role) {
      self.from = from
      self.to = to
      self.role = role
    }
  }

  /// What was reached, without the start.
  package var nodes: Set<ColumnNode>
  /// What was followed: values before influences, and otherwise by name.
  package var edges: [Edge]

  package init(nodes: Set<ColumnNode>, edges: [Edge]) {
    self.nodes = nodes
    self.edges = edges
  }

  /// The assets that have something of what was reached.
  package var assets: Set<AssetKey> { Set(nodes.map(\.asset)) }
}

extension ProjectColumns {
  /// What a column is made from, and what that is made from, up to the sources.
  ///
  /// - Parameters:
  ///   - column: A column of one of the assets that the graph was made for.
  ///   - depth: How many steps to follow; `nil` for all.
  /// - Returns: Columns, and assets as wholes, with what leads to what.
  package func upstream(of column: AssetColumn, depth: Int? = nil) -> ColumnTrace {
    var search = Search(start: ColumnNode(column))
    search.run(depth: depth) { node, _ in
      sources(of: node).map { step in
        (step, ColumnTrace.Edge(from: step.node, to: node, role: step.role))
      }
    }
    return search.trace
  }

  /// What depends on a column, and what depends on that, down to the last readers.
  ///
  /// An asset is reached if a new value in the column can make it stale: it consumes the column, or
  /// one that was reached, or the number of rows where that may become another. A program, and what
  /// else gives no lineage, is reached as a whole.
  ///
  /// - Parameters:
  ///   - column: A column of one of the assets that the graph was made for.
  ///   - depth: How many steps to follow; `nil` for all.
  /// - Returns: Columns, and assets as wholes, with what leads to what.
  package func downstream(of column: AssetColumn, depth: Int? = nil) -> ColumnTrace {
    var search = Search(start: ColumnNode(column))
    search.run(depth: depth) { node, decidesRows in
      dependents(of: node, decidesRows: decidesRows).map { step in
        (step, ColumnTrace.Edge(from: node, to: step.node, role: step.role))
      }
    }
    return search.trace
  }

  /// A breadth-first search with a stack of its own.
  private struct Search {
    let start: ColumnNode
    /// What was reached, with whether an influence was passed on the way.
    private var reached: [ColumnNode: Bool]
    private var edges: Set<ColumnTrace.Edge> = []

    init(start: ColumnNode) {
      self.start = start
      reached = [start: false]
    }

    mutating func run(
      depth: Int?, along next: (ColumnNode, Bool) -> [(ColumnTrace.Step, ColumnTrace.Edge)]
    ) {
      var frontier = [(node: start, decidesRows: false)]
      var steps = 0
      while !frontier.isEmpty, depth.map({ steps < $0 }) ?? true {
        var further: [(node: ColumnNode, decidesRows: Bool)] = []
        for (node, decidesRows) in frontier {
          for (step, edge) in next(node, decidesRows) {
            edges.insert(edge)
            let influences =
              decidesRows || step.role == .influence || step.node.column == nil
            // What was reached by its values only is followed anew once its rows depend as well.
            if let known = reached[step.node], known || !influences { continue }
            reached[step.node] = influences
            further.append((step.node, influences))
          }
        }
        frontier = further
        steps += 1
      }
    }

    var trace: ColumnTrace {
      ColumnTrace(
        nodes: Set(reached.keys).subtracting([start]),
        edges: edges.sorted { ($0.role, $0.from, $0.to) < ($1.role, $1.from, $1.to) })
    }
  }
}
