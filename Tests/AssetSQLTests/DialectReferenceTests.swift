import AssetSQL
import Testing

/// What other databases than SQLite read as tables, after their documentation.
@Suite struct DialectReferenceTests {
  @Test(arguments: [
    ("select * from db.public.a, only b, only (c)", ["db.public.a", "b", "c"]),
    ("select * from a, lateral (select * from b where b.id = a.id), lateral f(a.id)", ["a", "b"]),
    ("select * from rows from (f(1), g(2)) as t(x, y), a", ["a"]),
    ("select * from f(1) with ordinality as t(x, n), a", ["a"]),
    ("select * from f(1) as t(a int, b text) join c on true", ["c"]),
    ("select * from a tablesample system (10), b", ["a", "b"]),
    ("select x as from from a", ["a"]),
    ("select position('x' in y), overlay(x placing y from 1 for 2) from a", ["a"]),
    ("select percentile_cont(0.5) within group (order by x) from a, b", ["a", "b"]),
    ("select array[1, (select x from a)], x[1:2] from b", ["a", "b"]),
    ("select * from b where y = any(array(select z from c))", ["b", "c"]),
    ("select * from a where b in (c) group by grouping sets ((d, e), f)", ["a"]),
    ("select * from ((select 1 from a) union (select 2 from b)) x", ["a", "b"]),
    ("(select 1 from a) union all (select 2 from b) order by 1", ["a", "b"]),
    ("((select 1 from a))", ["a"]),
    ("table a", ["a"]),
    ("select * from (table a) x, b", ["a", "b"]),
    ("select $$ from a $$, $x$ from b $x$ from c", ["c"]),
    ("select 'x' from a fetch first 2 rows only", ["a"]),
  ])
  func `postgresql`(sql: String, expected: [String]) throws {
    #expect(try tables(in: sql, .postgresql) == expected)
  }

  @Test(arguments: [
    ("from a", ["a"]),
    ("from a select id, k where k in (from b)", ["a", "b"]),
    ("from a, b join c using (id) select trim(from x)", ["a", "b", "c"]),
    ("select * from 'data/*.parquet', a", ["data/*.parquet", "a"]),
    ("select * exclude (b, c) replace (d as e) from a", ["a"]),
    ("select {'a': b, 'c': (select 1 from x)} from a", ["x", "a"]),
    ("select [y for y in z if y > 1] from a", ["a"]),
    ("select id from a union all by name select id from b", ["a", "b"]),
    ("select * from a asof join b on a.t >= b.t, c positional join d", "a b c d".words),
    ("select * from x: a, b", ["a", "b"]),
    ("select * from read_csv('x.csv'), a", ["a"]),
    ("from (pivot a on k using sum(v)) x, b", ["a", "b"]),
    ("with x as (from a) from x", ["a"]),
    ("select a, b, from c group by all", ["c"]),
  ])
  func `duckdb`(sql: String, expected: [String]) throws {
    #expect(try tables(in: sql, .duckdb) == expected)
  }

  @Test(arguments: [
    ("select * from `db`.a lateral view explode(m) e as k, v where k", ["db.a"]),
    ("select \"from b\", 'it\\'s from c' from a", ["a"]),
    ("select * from values (1, 'x'), (2, 'y') as t(n, s), a", ["a"]),
    ("select * from a cluster by b, c", ["a"]),
    ("select * except (b) from a", ["a"]),
    ("select * from 2024_orders", ["2024_orders"]),
    ("select * from a left semi join b on a.id = b.id, c left anti join d", "a b c d".words),
  ])
  func `spark`(sql: String, expected: [String]) throws {
    #expect(try tables(in: sql, .spark) == expected)
  }

  @Test(arguments: [
    ("from a", SQLDialect.sqlite, SQLError.notAQuery(found: "from", offset: 0)),
    ("table a", .sqlite, .notAQuery(found: "table", offset: 0)),
    ("select id into b from a", .postgresql, .notAQuery(found: "into", offset: 10)),
    (
      "with x as (delete from a returning *) select * from x", .postgresql,
      .notAQuery(found: "delete", offset: 11)
    ),
    ("select [1)", .duckdb, .unbalanced(")", offset: 9)),
    ("select {1", .duckdb, .unbalanced("{", offset: 7)),
  ])
  func `what one dialect takes for a query, another refuses`(
    sql: String, dialect: SQLDialect, error: SQLError
  ) {
    #expect(throws: error) { try analyze(sql, dialect: dialect) }
  }
}

extension String {
  /// The parts between spaces.
  fileprivate var words: [String] { split(separator: " ").map(String.init) }
}
