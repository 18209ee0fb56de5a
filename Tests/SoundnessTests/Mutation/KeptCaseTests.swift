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

    init(_ sql: String, on tables: String..., mustConsume: [String] = []) {
      description = sql
      self.tables = tables
      self.mustConsume = mustConsume
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
  ]

  @Test(arguments: kept)
  func `what was missed once is consumed`(kept: Kept) throws {
    let columns = kept.columns
    let reading = readQuery(kept.description, dialect: .sqlite) { columns[$0] }

    #expect(reading.unreadable == nil)
    #expect(reading.problems == [])
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
      let trial = Trial(
        schema: RandomSchema(tables: tables), query: Fragment(.query, kept.description),
        seed: random.next())
      #expect(trial.outcome(of: subject).finding == nil, "seed \(RandomRun.seed)")
    }
  }
}
