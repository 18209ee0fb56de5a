import AssetCore
import AssetSQL
import AssetTestSupport
import Testing

/// Queries on which an analysis was wrong once, as simple as the search could make them.
@Suite struct KeptCaseTests {
  /// A query with columns that it has to consume.
  struct Kept: CustomStringConvertible, Sendable {
    var description: String
    /// The tables as `name(column, …)`.
    var tables: [String]
    /// Columns as `table.column`; a whole table contains all of its columns.
    var mustConsume: [String]
    /// Columns that only have to be there or not.
    var mustGuard: [String]
    /// Tables of which the analysis is not told the columns.
    var unknown: Set<AssetKey>

    init(
      _ sql: String, on tables: String..., mustConsume: [String] = [], mustGuard: [String] = [],
      unknown: String...
    ) {
      description = sql
      self.tables = tables
      self.mustConsume = mustConsume
      self.mustGuard = mustGuard
      self.unknown = Set(unknown.map { AssetKey(trusted: $0) })
    }

    /// The columns of the tables.
    var columns: [AssetKey: [String]] {
      Dictionary(
        uniqueKeysWithValues: tables.map { table in
          let parts = table.split(separator: "(")
          return (
            AssetKey(trusted: String(parts[0])),
            parts[1].dropLast().split(separator: ", ").map(String.init)
          )
        })
    }
  }

  static let kept: [Kept] = [
    // `in` a table is of all its columns, so that another one makes it another query.
    Kept("select a from t where b in one", on: "t(a, b)", "one(z)", mustConsume: ["one.z", "t.b"]),
    // `min` chooses the row whose values the columns beside it have, even if itself is not used.
    Kept(
      "with y as (select min(x), c from t) select c from y", on: "t(x, c)",
      mustConsume: ["t.x", "t.c"]),
    Kept(
      "select c from (select max(x) as m, c from t group by k)", on: "t(x, c, k)",
      mustConsume: ["t.x", "t.c", "t.k"]),
    Kept(
      "select c from t group by k having max(x) is not null", on: "t(x, c, k)",
      mustConsume: ["t.x", "t.c", "t.k"]),
    Kept(
      "select c from t group by k order by max(x)", on: "t(x, c, k)",
      mustConsume: ["t.x", "t.c", "t.k"]),
    Kept("select 1 from t where 1 not in (a)", on: "t(a)", mustConsume: ["t.a"]),
    // Two tables of one name are told apart by their columns, which the first may have or not.
    Kept(
      "select x.c from k x right join o x using (a)", on: "k(a)", "o(c, a)",
      mustConsume: ["o.c", "o.a", "k.a"], unknown: "k"),
    Kept(
      "select 1 from json_each(json_array(1, 1)) s, t as s where s.c", on: "t(c)",
      mustConsume: ["t.c"]),
    // SQLite takes strings for the names of tables.
    Kept("select a from t where 't'.b > 6", on: "t(a, b)", mustConsume: ["t.a", "t.b"]),
    Kept("select 't'.a from 't'", on: "t(a, b)", mustConsume: ["t.a"]),
    Kept("select 't'.* from 't'", on: "t(a, b)", mustConsume: ["t.a", "t.b"]),
    // An aggregate belongs to the query whose columns it is of.
    Kept(
      "select id from (select id, (select max(t.b)) as m from t)", on: "t(id, b)",
      mustConsume: ["t.id", "t.b"]),
    Kept(
      "select a from t group by id order by (select min(t.b))", on: "t(a, id, b)",
      mustConsume: ["t.a", "t.id", "t.b"]),
    Kept(
      "select id from (select id, 5 in (select max(t.b) from u) as q from t)", on: "t(id, b)",
      "u(d)", mustConsume: ["t.id", "t.b"]),
    // A word that filters elsewhere is a name in SQLite.
    Kept(
      "select a from t qualify join u using (id)", on: "t(id, a)", "u(id, d)",
      mustConsume: ["t.a", "t.id", "u.id"]),
    // What a window sorts by is the order in which further out values are put together.
    Kept(
      "select group_concat(a) as s from (select a, rank() over (order by b) as r from t)",
      on: "t(a, b)", mustConsume: ["t.a", "t.b"]),
    Kept(
      "select group_concat(a) as s from (select a, rank() over w as r from t window w as (order by b))",
      on: "t(a, b)", mustConsume: ["t.a", "t.b"]),
    // A star may come to give a column of the name by which rows are ordered.
    Kept(
      "with w as (select *, 1 as q from t order by q limit 2) select a from w", on: "t(a, b)",
      mustConsume: ["t.a"], mustGuard: ["t.q"]),
  ]

  @Test(arguments: kept)
  func `what was missed once is consumed`(kept: Kept) throws {
    let columns = kept.columns
    let reading = readQuery(kept.description, dialect: .sqlite) { table in
      kept.unknown.contains(table) ? nil : columns[table]
    }

    #expect(reading.unreadable == nil)
    #expect(reading.problems == [])
    for column in kept.mustGuard {
      let parts = column.split(separator: ".").map(String.init)
      let consumption = try #require(reading.inputs[AssetKey(trusted: parts[0])]?.consumption)
      if case .columns(_, let names) = consumption { #expect(names.contains(parts[1])) }
    }
    for column in kept.mustConsume {
      let parts = column.split(separator: ".").map(String.init)
      let consumption = try #require(reading.inputs[AssetKey(trusted: parts[0])]?.consumption)
      if case .columns(let columns, _) = consumption { #expect(columns.contains(parts[1])) }
    }
  }

  @Test(arguments: kept)
  func `what was wrong once is right with all kinds of values`(kept: Kept) {
    var random = SeededRandom(seed: RandomRun.seed)
    for _ in 0..<20 {
      let tables = kept.columns.sorted { $0.key < $1.key }.map { key, columns in
        RandomSchema.Table(
          name: key.name, columns: columns, types: columns.map { _ in "" },
          rows: (0..<4).map { _ in columns.map { _ in random.pick(RandomSchema.values) } })
      }
      var trial = Trial(
        schema: RandomSchema(tables: tables), query: Fragment(.query, kept.description),
        seed: random.next())
      trial.unknown = kept.unknown
      #expect(trial.outcome(of: subject).finding == nil, "seed \(RandomRun.seed)")
    }
  }
}
