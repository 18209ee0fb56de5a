import AssetCore

/// A table that a query names, with all names that were looked for in it.
struct BoundTable {
  /// A name in the table.
  struct Item {
    var key: Word
    /// The name as the table spells it; `nil` if it has no such column, as far as is known.
    var name: Word?
    /// The node of the column, once there is one.
    var node: Int?
    var isLookedUp = false
  }

  let key: AssetKey
  /// Whether its columns are known.
  let isKnown: Bool
  /// How many of the items are its columns, in order.
  let columnCount: Int
  /// Whether two of its columns are one when case does not count at all.
  let hasCollidingNames: Bool
  private(set) var items: [Item]
  private let index: Int
  private var positions: WordMap<Int>

  init(
    _ key: AssetKey, columns: [String]?, index: Int, _ dialect: SQLDialect,
    _ words: inout WordTable
  ) {
    self.key = key
    self.index = index
    isKnown = columns != nil
    columnCount = columns?.count ?? 0
    items = []
    items.reserveCapacity(columnCount + 2)
    positions = WordMap(minimumCapacity: columnCount)
    var hasCollidingNames = false
    var isFolded = true
    for column in columns ?? [] {
      let name = words.word(column)
      let key = dialect.key(of: name, isQuoted: true, in: words)
      if positions[key] == nil {
        positions.set(key, to: items.count)
      } else {
        hasCollidingNames = true
      }
      items.append(Item(key: key, name: name))
      isFolded = isFolded && words.isFolded(key)
    }
    // Keys that are in lower case collide only if they are equal.
    self.hasCollidingNames =
      hasCollidingNames || !isFolded && Set(columns?.map(\.caseFolded) ?? []).count < columnCount
  }

  /// A column's name as the table spells it.
  func spelling(of key: Word) -> Word? { positions[key].flatMap { items[$0].name } }

  /// Notes that a name was looked for.
  ///
  /// - Parameter key: The key of the name.
  /// - Returns: Its position among the items.
  @discardableResult
  mutating func lookUp(_ key: Word) -> Int {
    let position = positions[key] ?? items.count
    if position == items.count {
      items.append(Item(key: key))
      positions.set(key, to: position)
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
