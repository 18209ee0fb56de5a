import AssetSQL
import Testing

/// Names in the queries of common table expressions that have the same name.
@Suite struct OwnNameTests {
  @Test(arguments: [
    "with orders as (select * from ^orders) select * from orders",
    "with Orders as (select * from ^oRDERS o) select * from orders",
    "with a as (select 1), orders as (select * from a join ^orders) select * from orders",
    "with t as (select * from (select 1 union select * from ^t)) select * from t",
    "with t as (with t as (select * from ^t) select * from t) select * from t",
    "select * from (with t as (select * from ^t) select * from t)",
    "with a as (select * from t), t as (select * from ^t) select * from a, t",
    "with t as (select * from ^t where id in (select id from ^t)) select * from t",
  ])
  func `mean the table where the query cannot be recursive`(marked: String) throws {
    let parts = marked.split(separator: "^").map(\.utf8.count)
    let offsets = parts.indices.dropFirst().map { parts[..<$0].reduce(0, +) }
    let sql = marked.filter { $0 != "^" }

    let analysis = try analyze(sql, dialect: .sqlite)

    #expect(analysis.ownNames == offsets)
    #expect(analysis.tables.map(\.offset) == offsets)
    #expect(render(sql, analysis: analysis) { _ in nil } == marked.replacing("^", with: "main."))
  }

  @Test(arguments: [
    "with t as (select 1 union all select * from t) select * from t",
    "with recursive t(n) as (values (1) union select n + 1 from t where n < 9) select n from t",
    "with t as (with u as (select 1) select * from u union select * from t) select * from t",
    "with t as (with t as (select 1) select * from t) select * from t",
    "with a as (select * from t), t as (select 1) select * from a",
    "select * from (with t as (select 1) select * from t), (with t as (select 2) select * from t)",
  ])
  func `mean what is declared where they may`(sql: String) throws {
    let analysis = try analyze(sql, dialect: .sqlite)

    #expect(analysis.ownNames == [])
    #expect(analysis.tables == [])
  }

  @Test func `need no schema where a name is known to later queries alone`() throws {
    let sql = "with orders as (select * from orders) select * from orders"

    let analysis = try analyze(sql, dialect: .duckdb)

    #expect(analysis.ownNames == [])
    #expect(analysis.tables.map(\.name) == ["orders"])
  }
}
