/// What depends on what in a query, as a graph that all answers are read from.
///
/// There is a node for the values of each column of each query, one for the rows of each query (how
/// many there are and which), and one for each column of a table. An edge leads from what is made
/// to what it is made of. What can be reached from the outermost query is what it consumes; what is
/// reached by edges of values alone is where a value comes from.
struct ColumnGraph {
  /// What a node stands for.
  enum Node: Hashable {
    /// Something within the query.
    case inner
    /// The values of a table's column, by its place among the table's items.
    case column(table: Int, item: Int)
    /// How many rows a table has.
    case rows(table: Int)
    /// All of a table, and why.
    case whole(table: Int, WholeReason)
  }

  private(set) var nodes: [Node] = []
  private var values: [[Int]] = []
  private var conditions: [[Int]] = []
  private var known: [Node: Int] = [:]
  private var marks: [Int] = []
  private var walks = 0

  mutating func inner() -> Int { add(.inner) }

  /// The node of something of a table; always the same one.
  mutating func node(_ node: Node) -> Int {
    if let index = known[node] { return index }
    let index = add(node)
    known[node] = index
    return index
  }

  /// Adds a node that only the caller knows of.
  mutating func add(_ node: Node) -> Int {
    nodes.append(node)
    values.append([])
    conditions.append([])
    return nodes.count - 1
  }

  mutating func connect(_ node: Int, to other: Int, as role: Expression.Role) {
    switch role {
    case .value: values[node].append(other)
    case .condition: conditions[node].append(other)
    }
  }

  /// All nodes that can be reached, the first ones included; in no particular order.
  mutating func reach(from starts: [Int]) -> [Int] {
    walk(from: starts) { graph, node, stack in
      stack += graph.values[node]
      stack += graph.conditions[node]
    }
  }

  /// The nodes that a node's value comes from, and the first of those that decide which rows count.
  mutating func origins(of node: Int) -> (values: [Int], decisive: [Int]) {
    let values = walk(from: [node]) { graph, node, stack in stack += graph.values[node] }
    return (values, values.flatMap { conditions[$0] })
  }

  private mutating func walk(
    from starts: [Int], _ next: (borrowing ColumnGraph, Int, inout [Int]) -> Void
  ) -> [Int] {
    // Each walk has a mark of its own, so that nothing has to be wiped between two.
    if marks.count < nodes.count {
      marks += [Int](repeating: 0, count: nodes.count - marks.count)
    }
    walks += 1
    var reached: [Int] = []
    var stack = starts
    while let node = stack.popLast() {
      guard marks[node] != walks else { continue }
      marks[node] = walks
      reached.append(node)
      next(self, node, &stack)
    }
    return reached
  }
}

/// Why a query consumes the whole of a table.
enum WholeReason: Hashable {
  case star
  case naturalJoin
  case positions
  case unorderedLimit
  case sample
  case rowIdentifier(String)
  case rowReference
  case starPattern
  case namesDifferInCase

  /// The reason in words, to follow "because".
  var words: String {
    switch self {
    case .star: "`*` takes all its columns"
    case .naturalJoin: "a natural join compares all columns that have the same name"
    case .positions: "columns that `*` stands for are matched by their position"
    case .unorderedLimit: "a `limit` without `order by` may take any rows"
    case .sample: "a sample may take any rows"
    case .rowIdentifier(let name): "`\(name)` is no column of it"
    case .rowReference: "its name stands for whole rows"
    case .starPattern: "a pattern chooses among its columns"
    case .namesDifferInCase: "names of its columns differ in case alone"
    }
  }
}
