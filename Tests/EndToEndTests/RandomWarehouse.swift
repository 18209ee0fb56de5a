import AssetTestSupport

/// A project whose sources show what assetctl itself writes: views that others made over its tables, over
/// what a quarantine keeps and over each other, and tables that a script fills.
///
/// An asset of it may fail at any time, and its queries are the oracle: what is fresh holds what its query
/// gives on the warehouse as it is.
struct RandomWarehouse {
  let project: TemporaryProject
  private(set) var log: [String] = []
  private var random: SeededRandom
  private var queries: [String: String] = [:]

  static let tables = ["base", "more", "guarded", "reader", "beside", "shown", "behind", "both"]

  init(seed: UInt64) async throws {
    random = SeededRandom(seed: seed)
    project = try TemporaryProject([
      "assetctl.yml": "project: random\n", ".assetctl/keep": "",
      "assets/sources.yml": """
      sources:
        - {name: base_view, table: base_view}
        - {name: kept_view, table: kept_view}
        - {name: script, table: script}
        - {name: high, table: high}

      """,
    ])
    try await project.sqlite(
      "create table script (id, n)", "insert into script values (1, 1), (2, 2)",
      "create view base_view as select 0 as id, 0 as n",
      "create view kept_view as select 0 as id, 0 as n",
      "create view high as select id, n from base_view where n > 2")
    try edit("seed")
    for table in Self.tables { try edit(table) }
  }

  /// The query of an asset, as the database takes it.
  func query(of table: String) -> String? { queries[table] }

  mutating func change() async throws {
    switch Int.random(in: 0..<16, using: &random) {
    case 0...2: try edit("seed")
    case 3...6: try edit(random.pick(Self.tables))
    case 7:
      let (id, n) = (number(), number())
      try await write("insert into script values (\(id), \(n))")
    case 8: try await write("delete from script where n > \(number())")
    case 9...10: try await remakeView()
    case 11: try await run("materialize", random.pick(Self.tables), "--only")
    case 12: try await run("materialize", "-j", "3")
    case 13: try await run("rollback", random.pick(["base", "more"]))
    case 14: try await run("clean")
    default: try await run("materialize", random.pick(Self.tables))
    }
  }

  mutating func run(_ words: String...) async throws {
    let result = try await project.assetctl(words)
    log.append("assetctl \(words.joined(separator: " ")): exit \(result.exitCode)")
  }

  private mutating func write(_ statement: String) async throws {
    log.append(statement)
    try await project.sqlite(statement)
  }

  /// Lets a view show something else; what it shows may not be there.
  private mutating func remakeView() async throws {
    let number = number()
    let (name, query) = random.pick([
      ("base_view", "select id, n from base where n > \(number)"),
      ("base_view", "select id, n + \(number) as n from more"),
      ("base_view", "select id, count(*) as n from script group by id"),
      ("kept_view", "select id, n from assetctl_quarantine_guarded"),
      ("kept_view", "select id, max(n) as n from guarded group by id"),
      ("high", "select id, n from base_view where n > \(number)"),
      ("high", "select id, n from kept_view"),
    ])
    log.append("\(name): \(query)")
    try await project.sqlite("drop view if exists \(name)", "create view \(name) as \(query)")
  }

  private mutating func number() -> Int { Int.random(in: 0...4, using: &random) }

  /// Writes a declaration anew.
  private mutating func edit(_ name: String) throws {
    let number = number()
    if name == "seed" {
      let rows = (0...2).map { _ in "\(self.number()),\(self.number())\n" }
      log.append("seed: \(rows)")
      return try project.write("assets/seed.csv", "id,n\n" + rows.joined())
    }
    let (settings, query): (String, String) =
      switch name {
      case "base": ("keep: 2", "select id, n + \(number) as n from seed")
      case "more": ("keep: 1", "select id, sum(n) as n from base where n > \(number) group by id")
      // What does not pass is kept in a table that a source may show.
      case "guarded":
        (
          "quarantine: true\nchecks: [{expression: n < \(number + 1)}]",
          "select id, n from seed where id <> \(number)"
        )
      case "reader": ("", "select id, n from base_view where n <> \(number)")
      case "beside":
        ("", "select k.id, s.n from kept_view k left join script s on s.id = k.id + \(number)")
      case "shown": ("materialized: view", "select id, n from high where id <> \(number)")
      case "behind": ("", "select count(*) as k, sum(n) as n from shown where n > \(number)")
      default:
        ("", "select b.id, g.n from base b left join high g on g.id = b.id where b.n > \(number)")
      }
    log.append("\(name): \(settings) \(query)")
    queries[name] = query
    try project.write("assets/\(name).sql", "/* @asset\n\(settings)\n*/\n\(query)\n")
  }
}
