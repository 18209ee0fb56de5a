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

  /// An edge, and the one before it from the same node; together they are lists without lists.
  private struct Edge {
    var target: Int
    var previous: Int
  }

  private(set) var nodes: [Node] = []
  private var edges: [Edge] = []
  /// The last edge of each node for values and for conditions; -1 if there is none.
  private var values: [Int] = []
  private var conditions: [Int] = []
  private var known: [Node: Int] = [:]
  private var marks: [Int] = []
  private var walks = 0

  /// - Parameter capacity: About how many nodes there will be.
  init(capacity: Int) {
    nodes.reserveCapacity(capacity)
    values.reserveCapacity(capacity)
    conditions.reserveCapacity(capacity)
    edges.reserveCapacity(2 * capacity)
  }

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
    values.append(-1)
    conditions.append(-1)
    return nodes.count - 1
  }

  mutating func connect(_ node: Int, to other: Int, as role: Expression.Role) {
    switch role {
    case .value:
      edges.append(Edge(target: other, previous: values[node]))
      values[node] = edges.count - 1
    case .condition:
      edges.append(Edge(target: other, previous: conditions[node]))
      conditions[node] = edges.count - 1
    }
  }

  /// All nodes that can be reached, the first ones included; in no particular order.
  mutating func reach(from starts: [Int]) -> [Int] {
    begin()
    var reached: [Int] = []
    reached.reserveCapacity(nodes.count)
    for start in starts { visit(start, &reached) }
    var next = 0
    while next < reached.count {
      follow(values[reached[next]], &reached)
      follow(conditions[reached[next]], &reached)
      next += 1
    }
    return reached
  }

  /// Finds what a node is made of.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - origins: Becomes the nodes that its value comes from.
  ///   - decisive: Becomes the first of the nodes that decide which rows count.
  mutating func trace(_ node: Int, _ origins: inout [Int], _ decisive: inout [Int]) {
    begin()
    origins.removeAll(keepingCapacity: true)
    visit(node, &origins)
    var next = 0
    while next < origins.count {
      follow(values[origins[next]], &origins)
      next += 1
    }
    begin()
    decisive.removeAll(keepingCapacity: true)
    for node in origins { follow(conditions[node], &decisive) }
  }

  /// Begins a walk; each has a mark of its own, so that nothing has to be wiped between two.
  private mutating func begin() {
    if marks.count < nodes.count {
      marks += repeatElement(0, count: nodes.count - marks.count)
    }
    walks += 1
  }

  /// Adds a node that this walk has not come to yet.
  private mutating func visit(_ node: Int, _ reached: inout [Int]) {
    guard marks[node] != walks else { return }
    marks[node] = walks
    reached.append(node)
  }

  /// Visits the targets of a list of edges.
  private mutating func follow(_ last: Int, _ reached: inout [Int]) {
    var next = last
    while next >= 0 {
      visit(edges[next].target, &reached)
      next = edges[next].previous
    }
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
