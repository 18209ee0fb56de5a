import AssetSQL
import Testing

/// The tables that a query reads, with their schemas, in the order of the text.
func tables(in sql: String, _ dialect: SQLDialect = .sqlite) throws -> [String] {
  try analyze(sql, dialect: dialect).tables.map { table in
    [table.catalog, table.schema, table.name].compactMap { $0 }.joined(separator: ".")
  }
}

/// What counts as reading a table.
///
/// The cases were compared with SQLite 3.40.1: dropping a table makes the engine refuse the query
/// exactly when the table is listed.
@Suite struct TableReferenceTests {
  @Test(arguments: [
    ("select * from a", ["a"]),
    ("select 1", []),
    ("values (1), (2)", []),
    ("select * from a, b as x, c y", ["a", "b", "c"]),
    ("select * from a join b on a.id = b.id join c using (id, k)", ["a", "b", "c"]),
    ("select * from a natural join b cross join c left outer join d using (id)", "a b c d".words),
    ("select * from a full outer join b on 1 inner join c right join d", "a b c d".words),
    ("select * from a join b on (a.id, a.k) = (b.id, b.k), c", ["a", "b", "c"]),
    ("select * from a join b on coalesce(a.id, b.id) in (1, 2) and 1 where 1", ["a", "b"]),
    ("select * from a x, a y", ["a", "a"]),
    ("select * from (a)", ["a"]),
    ("select * from ((a))", ["a"]),
    ("select * from (a, b) join c", ["a", "b", "c"]),
    ("select * from (a join b using (k)), c", ["a", "b", "c"]),
    ("select * from a join (b join c) on 1", ["a", "b", "c"]),
    ("select * from ((a join b) join (c cross join d))", ["a", "b", "c", "d"]),
    ("select * from (select * from a) x join c", ["a", "c"]),
    ("select * from ((select id from a) x join b)", ["a", "b"]),
    ("select * from (values (1), (2)), b", ["b"]),
    ("select * from a indexed by i, b", ["a", "b"]),
    ("select * from a not indexed, b", ["a", "b"]),
    ("select * from a as x indexed by i join b", ["a", "b"]),
  ])
  func `from and join read tables`(sql: String, expected: [String]) throws {
    #expect(try tables(in: sql) == expected)
  }

  @Test(arguments: [
    ("select (select max(id) from b) from a", ["b", "a"]),
    ("select * from a where exists (select 1 from b where b.id = a.id)", ["a", "b"]),
    ("select * from a where id in (select id from b)", ["a", "b"]),
    ("select * from a where id not in (values (1), ((select 1 from b)))", ["a", "b"]),
    ("select coalesce((select 1 from b), (select 2 from c)) from a", ["b", "c", "a"]),
    ("select case when id then 1 else (select 1 from b) end from a", ["b", "a"]),
    ("select row_number() over (partition by (select 1 from b) order by id) from a", ["b", "a"]),
    ("select count(*) filter (where id in (select id from b)) from a", ["b", "a"]),
    ("select * from a join b on a.id in (select id from c), d", ["a", "b", "c", "d"]),
    ("select * from a order by (select 1 from b) limit (select 1 from c)", ["a", "b", "c"]),
    ("select k from a group by k having count(*) > (select 1 from b)", ["a", "b"]),
    ("select * from a, (select * from b, (select * from c))", ["a", "b", "c"]),
    ("select * from json_each((select v from a)), b", ["a", "b"]),
    ("values (1), ((select 1 from a))", ["a"]),
  ])
  func `subqueries read tables wherever they stand`(sql: String, expected: [String]) throws {
    #expect(try tables(in: sql) == expected)
  }

  @Test(arguments: [
    ("select id from a union select id from b", ["a", "b"]),
    ("select id from a union all select id from b except select id from c", ["a", "b", "c"]),
    ("values (1) union select id from a intersect values (2)", ["a"]),
    ("select * from (select 1 union select id from a), b", ["a", "b"]),
    ("select id from a union select id from b order by 1, 2 limit 1, 2", ["a", "b"]),
  ])
  func `set operations read the tables of both sides`(sql: String, expected: [String]) throws {
    #expect(try tables(in: sql) == expected)
  }

  @Test(arguments: [
    ("select id in b from a", ["b", "a"]),
    ("select * from a where id not in main.b and k in 'c'", ["a", "main.b", "c"]),
    ("select * from a join b on a.id in \"c\", d", ["a", "b", "c", "d"]),
    ("select * from a where id in json_each('[1]')", ["a"]),
    ("select * from a where id in ()", ["a"]),
    ("with b as (select 1) select 1 in b, 1 in main.b", ["main.b"]),
  ])
  func `sqlite reads the table behind in`(sql: String, expected: [String]) throws {
    #expect(try tables(in: sql) == expected)
  }

  @Test(arguments: [
    ("select \"a\".\"id\" from \"a\"", ["a"]),
    ("select * from main.a, main . \"b\", [temp].`c`", ["main.a", "main.b", "temp.c"]),
    ("select * from 'a', [b c], `d`, \"from\"", ["a", "b c", "d", "from"]),
    ("select * from Größe", ["Größe"]),
    ("select * from offset, window, left, replace, by", "offset window left replace by".words),
    ("SELECT * FROM Orders", ["Orders"]),
  ])
  func `names keep their case and lose their quotes`(sql: String, expected: [String]) throws {
    #expect(try tables(in: sql) == expected)
  }

  @Test(arguments: [
    ("select '-- from b', \"from b\", 'from b' from a -- from b", ["a"]),
    ("select /* from b */ * from /* b, */ a", ["a"]),
    ("select id is distinct from k, id is not distinct from k from a", ["a"]),
    ("select distinct id from a where id is not distinct from k", ["a"]),
    ("select extract(year from x), trim(leading 'x' from y) from a", ["a"]),
    ("select substring(x from 1 for 2), trim(both from y) from a", ["a"]),
    ("select b.c, d, x.from_ from a", ["a"]),
    ("select c as b, d \"e\" from a as b", ["a"]),
    ("select sum(id) over (order by b, c rows between 1 preceding and current row) from a", ["a"]),
    ("select sum(id) over w from a window w as (order by id), v as (order by k)", ["a"]),
    ("select * from a where b in (c, d) group by b, c having d order by e, f limit 1, 2", ["a"]),
    ("select * from a window, b", ["a", "b"]),
    ("select * from a as with, b", ["a", "b"]),
    ("select with, over, by from a", ["a"]),
    ("select cast(x as varchar(10)), x'00' from a", ["a"]),
    ("select * from json_each('[1]'), JSON_TREE(x), generate_series(1, 2), a", ["a"]),
  ])
  func `what only looks like a table is none`(sql: String, expected: [String]) throws {
    #expect(try tables(in: sql) == expected)
  }

  @Test(arguments: [
    ("select * from pragma_table_info('b'), a", ["pragma_table_info", "a"]),
    ("select * from a where x in pragma_page_count()", ["a", "pragma_page_count"]),
    ("select * from a join main.dbstat('main') using (x)", ["a", "main.dbstat"]),
    ("with c as (select * from words('one')) select * from c", ["words"]),
  ])
  func `a table that is called is one`(sql: String, expected: [String]) throws {
    #expect(try tables(in: sql) == expected)
  }

  @Test func `a reference knows its parts and its place`() throws {
    let query = "select * from main.\"Daily \"\"raw\"\"\", 'x', y"

    #expect(
      try analyze(query, dialect: .sqlite).tables == [
        TableReference("Daily \"raw\"", schema: "main", isQuoted: true, range: 14..<34),
        TableReference("x", isQuoted: true, range: 36..<39),
        TableReference("y", range: 41..<42),
      ])
  }
}

extension String {
  /// The parts between spaces.
  fileprivate var words: [String] { split(separator: " ").map(String.init) }
}
