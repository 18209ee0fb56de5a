import AssetSQL
import Testing

/// What a query's text alone tells of the columns that it gives.
@Suite struct ResultColumnsTests {
  @Test(
    arguments: [
      (
        "select id, o.total, count(*), 1 + 1 as two from orders o",
        ["id", "total", "count(*)", "two"]
      ),
      ("with a as (select 1 as x, 2 as y) select * from a", ["x", "y"]),
      ("with a(p, q) as (select 1 as x, 2 as y) select a.*, 3 from a", ["p", "q", "3"]),
      ("select \"a b\", [c d] from t union all select 1, 2", ["a b", "c d"]),
      ("values (1, 2)", ["column1", "column2"]),
    ])
  func `names that the text tells`(query: String, names: [String]) {
    #expect(resultColumns(of: query, dialect: .sqlite) == ResultColumns(names: names))
  }

  @Test(arguments: [
    "select a, a collate nocase from t", "select :a", "select * from t", "select a, t.* from t",
    "select * from (select * from t)",
  ])
  func `names that a table decides`(query: String) {
    #expect(resultColumns(of: query, dialect: .sqlite) == ResultColumns())
  }

  @Test(
    arguments: [
      ("select a, b as A from t", "A", 7, 15), ("select t.a, u.a from t, u", "a", 9, 14),
      ("select *, 1 as a, 2 as a from t", "a", 15, 23),
    ])
  func `a name that is given twice`(query: String, name: String, first: Int, second: Int) {
    #expect(
      resultColumns(of: query, dialect: .sqlite).repeated
        == ResultColumns.Repeated(name: name, first: first, second: second))
  }

  @Test func `a place where the analysis stops`() {
    #expect(resultColumns(of: "select a from t where", dialect: .sqlite).stop == 21)
  }
}
