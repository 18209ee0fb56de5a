import AssetSQL
import Testing

@Suite struct CommonTableExpressionTests {
  /// All of these were compared with SQLite 3.40.1.
  @Test(arguments: [
    ("with x as (select id from a) select * from x", ["a"]),
    ("with x(n) as not materialized (select id from a) select n from x", ["a"]),
    ("with x as materialized (select 1 from a), y as (select * from x, b) select 1", ["a", "b"]),
    ("with x as (select * from y), y as (select id from a) select * from x", ["a"]),
    ("with a as (select * from b), b as (select 1) select * from a", []),
    ("with x as (select 1 union all select n + 1 from x where n < 3) select * from x", []),
    ("with recursive x as (select * from b), b as (select id from a) select * from x", ["a"]),
    ("with recursive as (select id from a) select * from recursive", ["a"]),
    ("with with as (select id from a) select * from with", ["a"]),
    ("with 'q' as (select id from a) select * from q", ["a"]),
    ("with Q as (select id from a) select * from \"q\", Q", ["a"]),
    ("with a as (select id from b) select * from main.a, a", ["b", "main.a"]),
    ("with x as (select 1) select * from a union select * from x order by 1", ["a"]),
    ("with x as (values (1)) values (2) union select * from x", []),
    ("select * from a where id in (with a as (select 1) select * from a)", ["a"]),
    ("select * from (with a as (select id from b) select * from a), a", ["b", "a"]),
    ("with x as (with a as (select 1 as id) select * from a) select * from x, a", ["a"]),
    (
      """
      with x as (select 1 as id)
      select (with x as (select id from a) select max(id) from x), (select max(id) from x) from x
      """, ["a"]
    ),
    ("with x as (select (select max(id) from y)), y as (select id from c) select * from x", ["c"]),
    ("with x as (select 1 from a) select exists (select * from x, c)", ["a", "c"]),
  ])
  func `a name of a with clause hides a table where sqlite says so`(
    sql: String, expected: [String]
  ) throws {
    #expect(try tables(in: sql) == expected)
  }

  @Test(arguments: [
    ("with x as (select * from y), y as (select 1) select * from x, y", ["y"]),
    ("with a as (select * from a) select * from a", ["a"]),
    ("with recursive a as (select 1 union all select * from a) select * from a", []),
    ("with recursive x as (select * from y), y as (select 1) select * from x", []),
    ("with a as (select 1) select * from A, \"a\", \"A\"", ["A"]),
    ("with \"A\" as (select 1) select * from A, \"A\"", ["A"]),
    ("(with a as (select 1) select * from a) union select * from a", ["a"]),
  ])
  func `in postgresql it does so for later queries, and by the case of quoted names`(
    sql: String, expected: [String]
  ) throws {
    #expect(try tables(in: sql, .postgresql) == expected)
  }

  @Test func `duckdb compares quoted names without case`() throws {
    let query = "with a as (select * from a) select * from \"A\""

    #expect(try tables(in: query, .duckdb) == ["a"])
  }

  @Test(arguments: [
    ("with", SQLError.malformedWith(found: nil, offset: 4)),
    ("with x", .malformedWith(found: nil, offset: 6)),
    ("with x as", .malformedWith(found: nil, offset: 9)),
    ("with select 1", .malformedWith(found: "select", offset: 5)),
    ("with x (select 1) select 1", .malformedWith(found: "select", offset: 18)),
    ("with x as select 1", .malformedWith(found: "select", offset: 10)),
    ("with x as (select 1), select 1", .malformedWith(found: "select", offset: 22)),
    ("with (select 1)", .malformedWith(found: "(", offset: 5)),
    ("with x as (select 1), (select 1)", .malformedWith(found: "(", offset: 22)),
    ("with x, y as (select 1) select 1", .malformedWith(found: ",", offset: 6)),
    ("with 1 as (select 1) select 1", .malformedWith(found: "1", offset: 5)),
    ("with x; select 1", .malformedWith(found: ";", offset: 6)),
    ("select (with x as)", .malformedWith(found: ")", offset: 17)),
    ("with x as (select 1)", .notAQuery(found: nil, offset: 20)),
    ("with x as ()", .notAQuery(found: ")", offset: 11)),
    ("with x as (a join b) select 1", .notAQuery(found: "a", offset: 11)),
    ("with x as (select 1) y as (select 2) select 1", .notAQuery(found: "y", offset: 21)),
    ("with x as (select 1) 'y'", .notAQuery(found: "'y'", offset: 21)),
    ("with x as (select 1); select 1", .notAQuery(found: ";", offset: 20)),
  ])
  func `a with clause is names with queries and then a query`(sql: String, error: SQLError) {
    #expect(throws: error) { try analyze(sql, dialect: .sqlite) }
  }
}
