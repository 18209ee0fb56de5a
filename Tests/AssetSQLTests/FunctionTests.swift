import AssetSQL
import Testing

private func functions(in sql: String, _ dialect: SQLDialect = .sqlite) throws -> [String] {
  try analyze(sql, dialect: dialect).functions.map(\.name)
}

private func reasons(in sql: String, _ dialect: SQLDialect = .sqlite) throws -> [VolatileReason] {
  try analyze(sql, dialect: dialect).volatileReasons
}

@Suite struct FunctionTests {
  @Test(arguments: [
    ("select Sum(a), count(*), max ( b ) from t", ["sum", "count", "max"]),
    ("select abs(round(a, 2)) from json_each('[]')", ["abs", "round", "json_each"]),
    ("select * from a where id in generate_series(1, 3)", ["generate_series"]),
    ("select \"Count\"(*), left(a), 2 * abs(d) from t", ["count", "left", "abs"]),
    ("select replace(a, b, c), main.f(a), g (b) from t", ["replace", "f", "g"]),
    ("select current_date, a.current_time, b as current_timestamp from t", ["current_date"]),
    ("select \"current_date\" from t", []),
    ("select a in (1), not (a), a and (b), case when (a) then (b) else (c) end from t", []),
    ("select cast(a as decimal(10, 2)), exists (select 1) from t as u", []),
    ("select sum(a) filter (where b) over (order by c) from t", ["sum"]),
    ("select sum(d) over w from t window w as (order by e)", ["sum"]),
    ("with x(a, b) as (values (1, 2)) select a from x join y using (a) group by (a)", []),
    ("select a between (1) and (2), a like ('x'), a || (b) from t", []),
  ])
  func `calls are listed and what only looks like one is not`(
    sql: String, expected: [String]
  ) throws {
    #expect(try functions(in: sql) == expected)
  }

  @Test(arguments: [
    ("select pg_catalog.lower(a)::numeric(10, 2) from f(1) as t(a, b)", ["lower", "f"]),
    ("select extract(year from x), now() from t x(a)", ["extract", "now"]),
    ("select localtime, current_timestamp", ["localtime", "current_timestamp"]),
  ])
  func `postgresql's types and column lists are no calls`(sql: String, expected: [String]) throws {
    #expect(try functions(in: sql, .postgresql) == expected)
  }

  @Test func `a call knows where its name begins`() throws {
    #expect(
      try analyze("select 'ü', main.f(1)", dialect: .duckdb).functions == [
        FunctionReference(name: "f", offset: 13)
      ])
  }
}

@Suite struct VolatilityTests {
  @Test(arguments: [
    ("select random()", [VolatileReason.random(function: "random", offset: 7)]),
    ("select RandomBlob(4)", [.random(function: "randomblob", offset: 7)]),
    (
      "select uuid(), gen_random_uuid()",
      [.random(function: "uuid", offset: 7), .random(function: "gen_random_uuid", offset: 15)]
    ),
    ("select now()", [.clock(function: "now", offset: 7)]),
    ("select current_timestamp", [.clock(function: "current_timestamp", offset: 7)]),
    ("select changes()", [.connectionState(function: "changes", offset: 7)]),
    ("select last_insert_rowid()", [.connectionState(function: "last_insert_rowid", offset: 7)]),
    ("select a from t order by random()", [.random(function: "random", offset: 25)]),
    ("select random from t", []),
    ("select 'random()', \"now\" -- now()", []),
  ])
  func `functions that differ from call to call are reasons`(
    sql: String, expected: [VolatileReason]
  ) throws {
    #expect(try reasons(in: sql) == expected)
  }

  @Test(arguments: [
    "date('now')", "datetime('NOW', '-1 day')", "time()", "julianday()", "unixepoch('now')",
    "strftime('%Y')", "strftime('%Y', 'now')", "strftime('%Y', \"now\", 'utc')", "strftime()",
    "date( /* today */ )",
  ])
  func `a time function that is asked for now reads the clock`(call: String) throws {
    let name = String(call.prefix { $0 != "(" })

    #expect(try reasons(in: "select \(call)") == [.clock(function: name, offset: 7)])
  }

  @Test(arguments: [
    "date(day)", "datetime('2026-01-01')", "strftime('now', day)", "date(:day)", "date",
    "strftime('%Y', day, 'start of month')", "length('now')", "date((select 'now' is a from t))",
  ])
  func `a time function of a given time does not`(call: String) throws {
    #expect(try reasons(in: "select \(call)") == [])
  }

  @Test(arguments: [
    ("select * from a limit 5", [16]),
    ("select * from a order by id limit 5", []),
    ("select * from (select * from a limit 1) order by id", [31]),
    ("select * from (select * from a order by id limit 1)", []),
    ("select * from (select * from a order by id) limit 1", [44]),
    ("select sum(x) over (order by y) from a limit 1", [39]),
    ("select 1 union select 2 order by 1 limit 1", []),
    ("select 1 in (select 2 limit 1), (values (1) limit 1)", [22, 44]),
    ("with x as (select * from a limit 2) select * from x order by 1", [27]),
    ("select t.limit from (select 1 as 'limit') t", []),
  ])
  func `a limit needs an order of its own query`(sql: String, offsets: [Int]) throws {
    #expect(try reasons(in: sql) == offsets.map { .unorderedLimit(offset: $0) })
  }

  @Test(arguments: [
    ("select * from a tablesample system (1)", [VolatileReason.sample(offset: 16)]),
    ("select * from a fetch first row only", [.unorderedLimit(offset: 16)]),
    (
      "select {'a': random()}, [now()] from a using sample 5",
      [
        .random(function: "random", offset: 13), .clock(function: "now", offset: 25),
        .sample(offset: 45),
      ]
    ),
  ])
  func `duckdb's samples are reasons, in the order of the text`(
    sql: String, expected: [VolatileReason]
  ) throws {
    #expect(try reasons(in: sql, .duckdb) == expected)
  }
}
