import AssetTestSupport

/// Makes random queries that SQLite accepts more often than not.
///
/// It knows what is in scope, so that most names mean something, and forgets it now and then. The
/// names are few: aliases, columns, tables and `with` names are the same words on purpose.
struct QueryGenerator {
  /// Something that a query selects from.
  struct Source {
    var name: String
    /// The names of its columns; one that cannot be written is empty.
    var columns: [String]
  }

  /// A query and the names of its columns.
  struct Made {
    var query: Fragment
    var columns: [String]
  }

  var random: SeededRandom
  let tables: [Source]
  /// The names that `with` clauses declare here, the nearest last.
  var declared: [Source] = []
  /// What names may refer to, the nearest scope last.
  var scopes: [[Source]] = []
  /// The names of the `with` queries that are being made, which they should not select from.
  var unfinished: [String] = []
  /// How many more subqueries there may be.
  var budget: Int
  /// The column by which most conditions are to keep rows to a partition; `nil` for none.
  var partitionColumn: String?

  static let aliases = ["x", "y", "t1", "a", "u", "k", "Two words", "orders", "s"]
  static let literals = ["0", "1", "2", "'a'", "null", "1.5", "'A'"]

  init(seed: UInt64, schema: RandomSchema) {
    random = SeededRandom(seed: seed)
    tables = schema.tables.map { Source(name: $0.name, columns: $0.columns) }
    budget = random.pick([0, 1, 2, 2, 3, 5])
  }

  /// One query.
  mutating func query() -> Fragment { query(depth: 0, width: nil).query }

  /// A name as somebody might write it.
  mutating func written(_ name: String) -> String {
    let spelled = random.chance(6) ? random.pick([name.uppercased(), name.lowercased()]) : name
    if name.contains(" ") || name.lowercased() == "order" || random.chance(8) {
      return random.pick(["\"\(spelled)\"", "[\(spelled)]", "`\(spelled)`"])
    }
    return spelled
  }

  /// Makes a query with all that may stand around a `select`.
  ///
  /// - Parameters:
  ///   - depth: How deep inside of other queries it is.
  ///   - width: How many columns it must give; `nil` for any number.
  /// - Returns: The query and its columns.
  mutating func query(depth: Int, width: Int?) -> Made {
    let outerDeclared = declared
    defer { declared = outerDeclared }
    var pieces: [Fragment.Piece] = []
    if budget > 0, random.chance(depth == 0 ? 2 : 5) { pieces.append(.part(withClause(depth))) }
    let isCompound = random.chance(depth == 0 ? 5 : 7)
    let width = width ?? (isCompound ? Int.random(in: 1...3, using: &random) : nil)
    let first = operand(depth: depth, width: width)
    pieces.append(.part(first.operand))
    if isCompound {
      for _ in 0..<Int.random(in: 1...2, using: &random) {
        let name = random.pick([" union ", " union all ", " union all ", " intersect ", " except "])
        let next = operand(depth: depth, width: first.columns.count).operand
        pieces.append(
          .optional(
            Fragment(
              .other,
              [name == " union " ? .part(Fragment(.setOperator, name)) : .text(name), .part(next)]))
        )
      }
    }
    let isLimited = random.chance(5) && !first.isValues
    if random.chance(isLimited ? 1 : 4), !first.isValues {
      pieces.append(.optional(order(by: first, isCompound: isCompound)))
    }
    if isLimited {
      let offset = random.chance(4) ? " offset 1" : ""
      pieces.append(
        .optional(Fragment(.limit, " limit \(Int.random(in: 1...3, using: &random))" + offset)))
    }
    return Made(query: Fragment(.query, pieces), columns: first.columns)
  }

  private mutating func order(by operand: Operand, isCompound: Bool) -> Fragment {
    let terms = (0..<Int.random(in: 1...2, using: &random)).map { _ -> Fragment in
      let direction = random.pick(["", " desc", " asc", " nulls last", " collate nocase"])
      if random.chance(3) || (isCompound && operand.columns.isEmpty) {
        let width = max(1, operand.columns.count)
        return Fragment("\(Int.random(in: 1...width, using: &random))", .text(direction))
      }
      let named = operand.columns.filter { !$0.isEmpty }
      if isCompound || random.chance(3), let name = named.randomElement(using: &random) {
        return Fragment(.text(written(name)), .text(direction))
      }
      scopes.append(operand.sources)
      defer { scopes.removeLast() }
      let term = operand.isAggregate ? aggregate(depth: 2) : expression(depth: 2)
      return Fragment(.part(term), .text(direction))
    }
    return Fragment(.order, [" order by ", .list(terms, separator: ", ", atLeast: 1)])
  }

  private mutating func withClause(_ depth: Int) -> Fragment {
    var parts: [Fragment] = []
    var declaredHere: Set<String> = []
    let isRecursive = random.chance(4)
    for _ in 0..<Int.random(in: 1...3, using: &random) where budget > 0 {
      budget -= 1
      let name = random.pick(Self.aliases + ["cte", "t", "base"])
      guard !declaredHere.contains(name.lowercased()) else { continue }
      declaredHere.insert(name.lowercased())
      unfinished.append(name)
      defer { unfinished.removeLast() }
      if isRecursive, random.chance(2) {
        parts.append(recursiveTable(name))
        continue
      }
      let made = inNoScope { $0.query(depth: depth + 1, width: nil) }
      var head: Fragment.Piece = .text(written(name))
      var columns = made.columns
      if random.chance(3), !columns.isEmpty {
        columns = columns.indices.map { index in
          index < 5 ? ["p", "a", "k", "x", "q"][index] : "c\(index)"
        }
        head = .text(written(name) + "(" + columns.joined(separator: ", ") + ")")
      }
      let hint = random.pick(["", "", "", "materialized ", "not materialized "])
      parts.append(
        Fragment(.other, [head, " as \(hint)(", .part(made.query), ")"]))
      declared.append(Source(name: name, columns: columns))
    }
    guard !parts.isEmpty else { return Fragment(.other, "") }
    return Fragment(
      .withClause,
      [
        .text(isRecursive ? "with recursive " : "with "),
        .list(parts, separator: ", ", atLeast: 1), " ",
      ])
  }

  /// A table that counts on and takes along a value of some table.
  private mutating func recursiveTable(_ name: String) -> Fragment {
    let table = random.pick(selectable)
    let start = table.columns.first { !$0.isEmpty } ?? "1"
    let all = random.pick([" union ", " union all "])
    let own = Source(name: name, columns: ["n", "m"])
    scopes.append([
      Source(name: "r", columns: ["n", "m"]), Source(name: "z", columns: table.columns),
    ])
    let value = expression(depth: 2)
    let filter = predicate(depth: 2)
    scopes.removeLast()
    declared.append(own)
    return Fragment(
      .other,
      [
        .text("\(written(name))(n, m) as (select 1, \(written(start)) from \(written(table.name))"),
        .text("\(all)select r.n + 1, "), .part(value),
        .text(" from \(written(name)) as r join \(written(table.name)) as z where r.n < 3"),
        .optional(Fragment(.filter, [" and ", .part(filter)])), ")",
      ])
  }

  /// The tables that are not hidden behind a `with` query that is being made.
  var selectable: [Source] {
    let hidden = Set(unfinished.map { $0.lowercased() })
    let free = tables.filter { !hidden.contains($0.name.lowercased()) }
    return free.isEmpty || hidden.isEmpty ? tables : free
  }

  /// Makes something that sees no names of the queries around it.
  mutating func inNoScope<T>(_ make: (inout QueryGenerator) -> T) -> T {
    let outer = scopes
    scopes = []
    defer { scopes = outer }
    return make(&self)
  }
}
