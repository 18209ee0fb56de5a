import AssetSQL

extension CorpusQuery {
  /// Items, conditions, grouping, ordering.
  static let selects: [CorpusQuery] = [
    Self("select a from t", reads: "t(a)"),
    Self("select t.a, b as x from t", reads: "t(a, b)"),
    Self("select a + b * 2 from t where c > 0", reads: "t(a, b, c)"),
    Self("select T.A from t", reads: "t(a)"),
    Self("select a b from t", reads: "t(a)"),
    Self("select x.a from t as x where x.b = 1", reads: "t(a, b)"),
    Self("select x.a from t x where b = 1", reads: "t(a, b)"),
    Self("select 1 from t", reads: "t()"),
    Self("select 1", reads: ""),
    Self("values (1), (2)", reads: ""),
    Self("select 'b' as x from t", reads: "t()"),
    Self("select count(*) from t", reads: "t()"),
    Self("select count(*) from t where a = 1", reads: "t(a)"),
    Self("select count(a) from t", reads: "t(a)"),
    Self("select count(distinct a) from t", reads: "t(a)"),
    Self("select * from t", reads: "t(*)"),
    Self("select *, a from t", reads: "t(*)"),
    Self("select t.* from t, u", reads: "t(*) u()"),
    Self("select x.* from t as x", reads: "t(*)"),
    Self("select distinct a from t", reads: "t(a)"),
    Self("select all a from t", reads: "t(a)"),
    // Which rows are left is open, and may change with anything in the table.
    Self("select a from t limit 2", reads: "t(*)"),
    Self("select a from t limit 2 offset 1", reads: "t(*)"),

    // The order of the result is not part of a table; which rows are left is.
    Self("select a from t order by b", reads: "t(a)"),
    Self("select a from t order by b limit 3", reads: "t(a, b)"),
    Self("select a from t order by b desc nulls last limit 3", reads: "t(a, b)"),
    Self("select a from t order by b offset 3", reads: "t(a, b)", in: .notSQLite),
    Self(
      "select a from t order by b fetch first 3 rows only", reads: "t(a, b)",
      in: .postgresqlAndDuckDB),
    Self(
      "select a from t order by b offset 1 rows fetch next row with ties", reads: "t(a, b)",
      in: [.postgresql]),
    Self("select a from t order by 1 limit 1", reads: "t(a)"),
    Self("select a from t order by lower(b), c limit 1", reads: "t(a, b, c)"),
    Self("select a as x from t order by x limit 1", reads: "t(a)"),
    Self("select a as b from t order by b limit 1", reads: "t(a)"),
    Self("select a as b from t order by t.b limit 1", reads: "t(a, b)"),
    Self(
      "select a as b from t order by b + 1 limit 1", reads: "t(a, b)",
      in: [.sqlite, .postgresql]),

    // Where an alias is seen.
    Self("select a as b from t where b > 0", reads: "t(a, b)"),
    Self(
      "select a as z from t where z > 0", reads: "t(a)", unknown: "t(a, z)", in: [.sqlite, .duckdb]),
    Self(
      "select a as b, count(*) from t group by b", reads: "t(a, b)", in: [.sqlite, .postgresql]),
    Self("select a as z, count(*) from t group by z", reads: "t(a)", unknown: "t(a, z)"),
    Self(
      "select a as z, z + 1 as y from t", reads: "t(a)", unknown: "t(a, z)", in: [.duckdb, .spark]),

    Self("select a, b, count(*) from t group by 1, 2", reads: "t(a, b)"),
    Self("select count(*) from t group by a", reads: "t(a)"),
    Self("select a, sum(b) from t group by a having max(c) > 1", reads: "t(a, b, c)"),
    Self("select sum(a) filter (where b > 1) from t", reads: "t(a, b)"),
    Self("select a, b, sum(c) from t group by rollup (a, b)", reads: "t(a, b, c)", in: .notSQLite),
    Self("select a, sum(c) from t group by cube (a, b)", reads: "t(a, b, c)", in: .notSQLite),
    Self(
      "select sum(c), grouping(a) from t group by grouping sets ((a), (a, b), ())",
      reads: "t(a, b, c)", in: .notSQLite),
    Self("select a, sum(b) from t group by all", reads: "t(a, b)", in: [.duckdb]),
    Self(
      "select distinct on (a) b from t order by a, c", reads: "t(a, b, c)", in: .postgresqlAndDuckDB
    ),

    Self("select case a when 1 then b else c end from t", reads: "t(a, b, c)"),
    Self("select case when a > 1 then b when c is null then 1 end from t", reads: "t(a, b, c)"),
    Self("select cast(a as integer), cast(b as decimal(10, 2)) from t", reads: "t(a, b)"),
    Self(
      "select a::integer, b::numeric(10, 2)[] from t", reads: "t(a, b)", in: .postgresqlAndDuckDB),
    Self("select a from t where b between 1 and c", reads: "t(a, b, c)"),
    Self("select a from t where b not between 1 and 2 and c", reads: "t(a, b, c)"),
    Self("select a from t where b in (1, c)", reads: "t(a, b, c)"),
    Self("select a like 'x%' escape b from t", reads: "t(a, b)"),
    Self("select a not in (1, 2), b is not null from t", reads: "t(a, b)"),
    Self(
      "select a isnull, b notnull from t", reads: "t(a, b)", in: [.sqlite, .postgresql, .duckdb]),
    Self("select a is distinct from b from t", reads: "t(a, b)"),
    Self("select coalesce(a, 0) or b and not c from t", reads: "t(a, b, c)"),
    Self("select (a, b) = (1, c) from t", reads: "t(a, b, c)"),
    Self("select f(a, b), some_schema.f(c) from t", reads: "t(a, b, c)"),
    Self("select current_date, a from t", reads: "t(a)"),
    Self("select - a, + b, ~ c from t", reads: "t(a, b, c)"),
    Self("select a || b || 'c' from t", reads: "t(a, b)"),
    Self(
      "select a collate nocase from t order by b collate binary limit 1", reads: "t(a, b)",
      in: [.sqlite]),
    Self("select a glob 'x*', b regexp c from t", reads: "t(a, b, c)", in: [.sqlite]),
    Self("select iif(a > 0, b, c) from t", reads: "t(a, b, c)", in: [.sqlite]),
    Self("select a -> 'x' ->> 'b' from t", reads: "t(a)", in: [.sqlite, .postgresql, .duckdb]),
    Self("select a <=> b from t", reads: "t(a, b)", in: [.spark]),
    Self(
      "select a at time zone 'UTC', b collate \"C\" from t", reads: "t(a, b)", in: [.postgresql]),
    Self("select interval '1 day' + a from t", reads: "t(a)", in: .notSQLite),
    Self("select interval 1 day + a from t", reads: "t(a)", in: [.duckdb, .spark]),
    Self(
      "select date '2020-01-01', timestamp '2020-01-01 00:00:00' from t", reads: "t()",
      in: .notSQLite),
    Self("select extract(year from a) from t", reads: "t(a)", in: .notSQLite),
    Self(
      "select position('x' in a), substring(a from 1 for b) from t", reads: "t(a, b)",
      in: .notSQLite),
    Self(
      "select trim(both b from a), overlay(a placing b from 1 for c) from t", reads: "t(a, b, c)",
      in: [.postgresql, .spark]),
    Self("select a[1], b[1:2] from t", reads: "t(a, b)", in: .postgresqlAndDuckDB),
    Self("select array[a, b] from t", reads: "t(a, b)", in: .postgresqlAndDuckDB),
    Self("select [a, b], {'c': a} from t", reads: "t(a, b)", in: [.duckdb]),
    Self(
      "select list_transform(a, x -> x + b) from t", reads: "t(a, b)", unknown: "t(a, b, x)",
      in: [.duckdb]),
    Self(
      "select transform(a, (x, i) -> x + b) from t", reads: "t(a, b)", unknown: "t(a, b, i, x)",
      in: [.spark]),
    Self("select a.x.y from t", reads: "t(a)", in: [.duckdb, .spark]),
    Self("select (a).x from t", reads: "t(a)", in: .postgresqlAndDuckDB),
    Self("select t from t", reads: "t(*)", in: .postgresqlAndDuckDB),
    Self("select count(t) from t", reads: "t(*)", in: .postgresqlAndDuckDB),
    Self("select a from t for update", reads: "t(a)", in: [.postgresql]),
    Self("table t", reads: "t(*)", in: .notSQLite),
    Self("from t", reads: "t(*)", in: [.duckdb]),
    Self("from t select a where b > 0", reads: "t(a, b)", in: [.duckdb]),
    Self("select * exclude (c) from t", reads: "t(*)", in: [.duckdb]),
    Self("select * except (c) from t", reads: "t(*)", in: [.spark]),
    Self("select * replace (a + 1 as a) from t", reads: "t(*)", in: [.duckdb]),
    Self("select t.* exclude (c) from t", reads: "t(*)", in: [.duckdb]),
    Self("select columns('a.*') from t", reads: "t(*)", in: [.duckdb]),
  ]

  /// Quotes, comments, parameters.
  static let words: [CorpusQuery] = [
    Self("select \"a\", [b], `c` from t", reads: "t(a, b, c)", in: [.sqlite]),
    Self("select \"a\" from \"t\"", reads: "t(a)", in: [.sqlite, .postgresql, .duckdb]),
    Self("select \"a\", `b` from t", reads: "t(b)", in: [.spark]),
    Self("select a as \"b\", 'c' as 'b' from t", reads: "t(a)", in: [.sqlite]),
    Self("select a /* b */ -- c\n from t", reads: "t(a)"),
    Self("select a /* x /* b */ c */ from t", reads: "t(a)", in: .notSQLite),
    Self("select 'it''s b', a from t", reads: "t(a)"),
    Self("select x'00ff', a from t", reads: "t(a)"),
    Self("select $$b from u$$, a, $x$ $$ c $x$ from t", reads: "t(a)", in: .postgresqlAndDuckDB),
    Self("select e'it\\'s b', a from t", reads: "t(a)", in: .postgresqlAndDuckDB),
    Self("select 'it\\'s b', a from t", reads: "t(a)", in: [.spark]),
    Self("select a from t where b = :b and c > :c", reads: "t(a, b, c)"),
    Self("select a from t where b = $1", reads: "t(a, b)", in: .postgresqlAndDuckDB),
    Self("select a from t where b = ? or b = ?2", reads: "t(a, b)", in: [.sqlite]),
    Self("select a from t where b = @c or b = $c", reads: "t(a, b)", in: [.sqlite]),
    Self("select a from t;", reads: "t(a)"),
    Self("SELECT A FROM T WHERE B IS NULL", reads: "t(a, b)"),
    Self("select 1e3, .5, 0x1F, a from t", reads: "t(a)", in: [.sqlite]),
  ]
}
