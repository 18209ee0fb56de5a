import AssetCore

/// A table that a query names, with all names that were looked for in it.
struct BoundTable {
  /// A name in the table.
  struct Item {
    var key: String
    /// The name as the table spells it; `nil` if it has no such column, as far as is known.
    var name: String?
    /// The node of the column, once there is one.
    var node: Int?
    var isLookedUp = false
  }

  let key: AssetKey
  let name: String
  /// Whether its columns are known.
  let isKnown: Bool
  /// How many of the items are its columns, in order.
  let columnCount: Int
  private(set) var items: [Item]
  private let index: Int
  private var positions: [String: Int]

  init(
    _ key: AssetKey, named name: String, columns: [String]?, index: Int, _ dialect: SQLDialect
  ) {
    self.key = key
    self.name = name
    self.index = index
    isKnown = columns != nil
    items = (columns ?? []).map { Item(key: dialect.key(of: $0, isQuoted: true), name: $0) }
    columnCount = items.count
    positions = Dictionary(items.enumerated().map { ($1.key, $0) }) { first, _ in first }
  }

  /// Whether two of its columns are one when case does not count at all.
  var hasCollidingNames: Bool {
    isKnown && Set(columnKeys.map(\.caseFolded)).count < columnCount
  }

  /// The keys of its columns, in order; none if they are not known.
  var columnKeys: some Sequence<String> { items[..<columnCount].lazy.map(\.key) }

  /// A column's name as the table spells it.
  func spelling(of key: String) -> String? { positions[key].flatMap { items[$0].name } }

  /// Notes that a name was looked for.
  ///
  /// - Parameter key: The key of the name.
  /// - Returns: Its position among the items.
  @discardableResult
  mutating func lookUp(_ key: String) -> Int {
    let position = positions[key] ?? items.count
    if position == items.count {
      items.append(Item(key: key))
      positions[key] = position
    }
    items[position].isLookedUp = true
    return position
  }

  /// The node of a column, which is made if need be.
  mutating func node(at position: Int, in graph: inout ColumnGraph) -> Int {
    if let node = items[position].node { return node }
    let node = graph.add(.column(table: index, item: position))
    items[position].node = node
    return node
  }
}
