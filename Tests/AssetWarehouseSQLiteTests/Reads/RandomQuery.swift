import AssetTestSupport

/// Makes queries at random whose rows depend on nothing but the rows of the tables, in whatever order
/// these come.
struct RandomQuery {
  /// What stands in a `from`: its text, and the columns by their full names.
  private struct Source {
    var text: String
    var columns: [String]
  }

  private let tables: RandomTables
  private var random: SeededRandom
  /// The common table expressions, with their columns.
  private var expressions: [(name: String, columns: [String], query: String)] = []
  private var aliases = 0

  static func text(over tables: RandomTables, _ random: inout SeededRandom) -> String {
    var query = RandomQuery(tables: tables, random: SeededRandom(seed: random.next()))
    return query.text()
  }

  private init(tables: RandomTables, random: SeededRandom) {
    self.tables = tables
    self.random = random
  }

  private mutating func text() -> String {
    for number in 0..<Int.random(in: 0...2, using: &random) {
      let (query, columns) = select(depth: 1)
      expressions.append(("w\(number)", columns, query))
    }
    let main = select(depth: 2).text
    guard !expressions.isEmpty else { return main }
    let list = expressions.map { "\($0.name) as (\($0.query))" }.joined(separator: ", ")
    return "with \(list) \(main)"
  }

  /// A query, and the names of its columns.
  private mutating func select(
    depth: Int, outer: [String] = []
  ) -> (text: String, columns: [String]) {
    let source = joined(depth: depth)
    let visible = source.columns + outer
    var filter = ""
    if random.chance(2) { filter = " where " + condition(over: visible, depth: depth) }
    let form = Int.random(in: 0..<6, using: &random)
    switch form {
    case 0 where !source.text.contains("natural"):
      let names = unqualified(source.columns)
      // A name that is there twice could not be told apart outside.
      guard Set(names).count == names.count else { break }
      return ("select * from \(source.text)\(filter)", names)
    case 1: return grouped(source, filter)
    case 2: return compound(source, filter, depth)
    default: break
    }
    let items = (0..<Int.random(in: 1...3, using: &random)).map { _ in
      item(over: source.columns, visible)
    }
    let distinct = random.chance(4) ? "distinct " : ""
    var text = "select \(distinct)\(list(items)) from \(source.text)\(filter)"
    if random.chance(4) {
      let order = (1...items.count).map(String.init).joined(separator: ", ")
      text += " order by \(order)" + (random.chance(2) ? " limit 3" : "")
    }
    return (text, items.indices.map { "o\($0)" })
  }

  private func list(_ items: [String]) -> String {
    items.enumerated().map { "\($1) as o\($0)" }.joined(separator: ", ")
  }

  private func unqualified(_ columns: [String]) -> [String] {
    columns.map { String($0[($0.firstIndex(of: ".").map($0.index(after:)) ?? $0.startIndex)...]) }
  }

  private mutating func grouped(_ source: Source, _ filter: String) -> (String, [String]) {
    let keys = Array(
      source.columns.shuffled(using: &random).prefix(Int.random(in: 0...2, using: &random)))
    let items = keys + [aggregate(over: source.columns), aggregate(over: source.columns)]
    let grouping = keys.isEmpty ? "" : " group by \(keys.joined(separator: ", "))"
    let having =
      keys.isEmpty || !random.chance(3) ? "" : " having \(aggregate(over: source.columns)) > 1"
    return (
      "select \(list(items)) from \(source.text)\(filter)\(grouping)\(having)",
      items.indices.map { "o\($0)" }
    )
  }

  private mutating func compound(
    _ source: Source, _ filter: String, _ depth: Int
  ) -> (String, [String]) {
    let other = joined(depth: depth - 1)
    let width = Int.random(in: 1...2, using: &random)
    let left = (0..<width).map { _ in random.pick(source.columns) }
    let right = (0..<width).map { _ in random.pick(other.columns) }
    let word = random.pick(["union", "union all", "except", "intersect"])
    return (
      "select \(list(left)) from \(source.text)\(filter) \(word) "
        + "select \(right.joined(separator: ", ")) from \(other.text)",
      left.indices.map { "o\($0)" }
    )
  }

  private mutating func joined(depth: Int) -> Source {
    var source = single(depth: depth)
    for _ in 0..<(depth > 0 ? Int.random(in: 0...2, using: &random) : 0) {
      let other = single(depth: depth - 1)
      let shared = Set(unqualified(source.columns)).intersection(unqualified(other.columns))
        .sorted()
      let kind = random.pick(["join", "left join"])
      let unique = shared.filter { name in
        unqualified(source.columns).filter { $0 == name }.count == 1
      }
      switch Int.random(in: 0..<4, using: &random) {
      case 0 where unique.count == shared.count:
        source.text += " natural \(kind) \(other.text)"
      case 1 where !unique.isEmpty:
        source.text += " \(kind) \(other.text) using (\(random.pick(unique)))"
      case 2: source.text += ", \(other.text)"
      default:
        let match = "\(random.pick(source.columns)) = \(random.pick(other.columns))"
        source.text += " \(kind) \(other.text) on \(match)"
      }
      source.columns += other.columns
    }
    return source
  }

  private mutating func single(depth: Int) -> Source {
    aliases += 1
    let alias = "s\(aliases)"
    if depth > 0, random.chance(4) {
      let (text, columns) = select(depth: depth - 1)
      return Source(text: "(\(text)) as \(alias)", columns: columns.map { "\(alias).\($0)" })
    }
    if !expressions.isEmpty, random.chance(3) {
      let expression = random.pick(expressions)
      return Source(
        text: "\(expression.name) as \(alias)",
        columns: expression.columns.map { "\(alias).\($0)" })
    }
    let table = random.pick(tables.tables)
    return Source(
      text: "\(table.name) as \(alias)", columns: table.columns.map { "\(alias).\($0)" })
  }

  private mutating func item(over columns: [String], _ visible: [String]) -> String {
    let one = random.pick(columns)
    let other = random.pick(visible)
    return switch Int.random(in: 0..<9, using: &random) {
    case 0: "\(one) || coalesce(\(other), '')"
    case 1: "case when \(one) > \(other) then \(random.pick(columns)) end"
    case 2: "sum(\(one)) over (partition by \(random.pick(columns)))"
    case 3: "rank() over (order by \(one))"
    case 4: "count(*) over (partition by \(one))"
    case 5:
      // In the order of all that is selected, so that ties are alike.
      "row_number() over (order by \(columns.joined(separator: ", ")))"
    default: one
    }
  }

  private mutating func aggregate(over columns: [String]) -> String {
    let column = random.pick(columns)
    return random.pick([
      "count(*)", "count(\(column))", "count(distinct \(column))", "sum(\(column))",
      "max(\(column))", "min(\(column))",
    ])
  }

  private mutating func condition(over columns: [String], depth: Int) -> String {
    let column = random.pick(columns)
    switch Int.random(in: 0..<(depth > 0 ? 8 : 4), using: &random) {
    case 0: return "\(column) is not null"
    case 1: return "\(column) = \(RandomTables.value(&random))"
    case 2: return "\(column) > \(random.pick(columns)) or \(random.pick(columns)) < 2"
    case 4: return "\(column) in (select \(one(in: joined(depth: depth - 1))))"
    case 5: return "\(column) > (select max(\(maximum(in: joined(depth: depth - 1))))"
    case 6:
      return "exists (\(select(depth: depth - 1, outer: columns).text))"
    default: return "\(column) <> \(random.pick(columns))"
    }
  }

  private mutating func one(in source: Source) -> String {
    "\(random.pick(source.columns)) from \(source.text)"
  }

  private mutating func maximum(in source: Source) -> String {
    "\(random.pick(source.columns))) from \(source.text)"
  }
}
