import AssetSQL

extension CorpusQuery {
  /// `with` clauses and derived tables.
  static let nested: [CorpusQuery] = [
    Self("with c as (select * from t) select a from c", reads: "t(a)"),
    Self("with c as (select t.* from t) select c.a from c", reads: "t(a)"),
    Self("with c as (select *, a + b as s from t) select c from c", reads: "t(c)", in: [.sqlite]),
    Self("with c as (select a, b from t) select a from c", reads: "t(a)"),
    Self("with c as (select a, b from t where c > 0) select a from c", reads: "t(a, c)"),
    Self("with c as (select a, b from t) select * from c", reads: "t(a, b)"),
    Self("with c as (select * from t) select * from c", reads: "t(*)"),
    Self("with c(x, y) as (select a, b from t) select y from c", reads: "t(b)"),
    Self("with c(x, y, z) as (select * from t) select y from c", reads: "t(*)"),
    Self("with c as (select distinct a, b from t) select a from c", reads: "t(a, b)"),
    Self("with c as (select distinct * from t) select a from c", reads: "t(*)"),
    Self(
      "with c as (select a, b from t union select a, d from u) select a from c",
      reads: "t(a, b) u(a, d)"),
    Self(
      "with c as (select a, b from t union all select a, d from u) select a from c",
      reads: "t(a) u(a)"),
    Self(
      "with c as (select a, b from t union all select d, a from u) select a from c",
      reads: "t(a) u(d)"),
    Self(
      "with c as (select a, b from t intersect select a, d from u) select a from c",
      reads: "t(a, b) u(a, d)"),
    Self(
      "with c as (select a, b from t except select a, d from u) select a from c",
      reads: "t(a, b) u(a, d)"),
    Self(
      "with c as (select a from t), e as (select a from c) select count(*) from e", reads: "t()"),
    Self("with c as (select a, b from t), e as (select * from c) select b from e", reads: "t(b)"),
    Self("with u as (select a from t) select a from u", reads: "t(a)"),
    Self("with t as (select a from u) select a from t", reads: "u(a)"),
    Self("with t as (select a from t) select a from t", reads: "t(a)", in: .notSQLite),
    Self(
      "with c as (select a from t) select c.a, s.d from (with c as (select d from u) select d from c) s, c",
      reads: "t(a) u(d)"),
    Self("with c as (select a from t) select d from u", reads: "t() u(d)"),
    Self(
      "with c as materialized (select a, b from t) select a from c", reads: "t(a)",
      in: [.sqlite, .postgresql, .duckdb]),
    Self(
      "with c as not materialized (select a, b from t) select a from c", reads: "t(a)",
      in: [.sqlite, .postgresql, .duckdb]),
    Self(
      "with c as (with e as (select a, b, c from t) select a, b from e) select b from c",
      reads: "t(b)"),
    Self(
      "with c as (select a, row_number() over (order by b) as n from t) select a from c",
      reads: "t(a)"),
    Self(
      "with c as (select a, row_number() over (order by b) as n from t) select a from c where n = 1",
      reads: "t(a, b)"),
    Self("with c as (select a, b from t order by c limit 5) select a from c", reads: "t(a, c)"),
    Self(
      "with c as (select a, sum(b) as s, max(c) as m from t group by a) select s from c",
      reads: "t(a, b)", in: .notSQLite),
    // In SQLite `max` may choose the row whose values the columns beside it have.
    Self(
      "with c as (select a, max(c) as m from t) select a from c", reads: "t(a, c)", in: [.sqlite]),
    Self("with c as (select max(c) as m, a from t) select m from c", reads: "t(c)", in: [.sqlite]),
    Self(
      "with recursive r(n, m) as (select 1, a from t union all select n + 1, m from r where n < 3) select m from r",
      reads: "t(a)"),
    Self(
      "with recursive r as (select a, b from t where c = 1 union all select t.a, t.b from t join r on t.b = r.a) select a from r",
      reads: "t(a, b, c)"),
    Self(
      "with recursive r(n) as (values (1) union all select n + 1 from r where n < 9) select t.a from t join r on t.b = r.n",
      reads: "t(a, b)", in: [.sqlite, .postgresql, .duckdb]),
    Self(
      "with c as (select a from t) select x.a, y.a from c as x join c as y on x.a = y.a",
      reads: "t(a)"),
    Self("with c as (select a, b from t) select c.* from c, u", reads: "t(a, b) u()"),
    Self("with c as (select * exclude (b) from t) select a from c", reads: "t(a)", in: [.duckdb]),
    Self(
      "with c as (select * replace (b as a) from t) select a from c", reads: "t(b)", in: [.duckdb]),

    Self("select x.a from (select a, b from t) x", reads: "t(a)"),
    Self("select a from (select * from t) s", reads: "t(a)"),
    Self("select s.a from (select s.* from (select * from t) s) s where s.b = 1", reads: "t(a, b)"),
    Self("select count(*) from (select a, b from t) s", reads: "t()"),
    Self("select count(*) from (select distinct a from t) s", reads: "t(a)"),
    Self("select count(*) from (select b from t group by b) s", reads: "t(b)"),
    Self("select count(*) from (select sum(a) from t) s", reads: "t()"),
    Self("select * from (select a, b from t) s", reads: "t(a, b)"),
    Self("select s.* from (select a from t) s, u", reads: "t(a) u()"),
    Self(
      "select s.a from (select a, b from t union all select a, d from u) s", reads: "t(a) u(a)"),
    Self(
      "select count(*) from (select a, b from t union select a, d from u) s",
      reads: "t(a, b) u(a, d)"),
    Self("select s.p from (select a, b from t) as s(p, q)", reads: "t(a)", in: .notSQLite),
    Self(
      "select s.b from (select t.b, u.d from t join u using (a)) s", reads: "t(a, b) u(a)",
      unknown: "t(a, b) u(a)"),
  ]

  /// Set operations and windows.
  static let setsAndWindows: [CorpusQuery] = [
    Self("select a from t union select d from u", reads: "t(a) u(d)"),
    Self("select a from t union all select d from u order by 1", reads: "t(a) u(d)"),
    Self("select a from t union all select d from u order by a limit 1", reads: "t(a) u(d)"),
    Self(
      "select a from t except select d from u intersect select k from w", reads: "t(a) u(d) w(k)"),
    Self("(select a from t) union (select d from u)", reads: "t(a) u(d)", in: .notSQLite),
    Self(
      "(select a from t order by b limit 1) union all (select d from u)", reads: "t(a, b) u(d)",
      in: .notSQLite),
    Self("select a from t union distinct select d from u", reads: "t(a) u(d)", in: .notSQLite),
    Self(
      "select a, b from t intersect all select a, d from u", reads: "t(a, b) u(a, d)",
      in: .notSQLite),
    Self("select a from t minus select d from u", reads: "t(a) u(d)", in: [.spark]),
    Self("select * from t union all select * from w", reads: "t(*) w(*)"),
    Self("select a from t union all by name select a from u", reads: "t(a) u(a)", in: [.duckdb]),
    Self("values (1) union all select a from t", reads: "t(a)"),
    Self("select a from t union values (1)", reads: "t(a)"),

    Self("select a, row_number() over (partition by b order by c) from t", reads: "t(a, b, c)"),
    Self("select row_number() over () from t", reads: "t()"),
    Self("select sum(a) over w from t window w as (partition by b)", reads: "t(a, b)"),
    Self(
      "select sum(a) over (w order by c) from t window w as (partition by b)", reads: "t(a, b, c)"),
    Self(
      "select a, lag(b, 1, c) over (order by a rows between 1 preceding and current row) from t",
      reads: "t(a, b, c)"),
    Self("select sum(a) filter (where b > 0) over (order by c) from t", reads: "t(a, b, c)"),
    Self(
      "select nth_value(a, 2) over (order by b groups between 1 preceding and unbounded following exclude ties) from t",
      reads: "t(a, b)", in: [.sqlite, .postgresql, .duckdb]),
    Self(
      "select percentile_cont(0.5) within group (order by b) from t", reads: "t(b)", in: .notSQLite),
    Self("select array_agg(a order by b) from t", reads: "t(a, b)", in: .postgresqlAndDuckDB),
    Self(
      "select string_agg(distinct a, ',' order by a) from t", reads: "t(a)",
      in: .postgresqlAndDuckDB),
    Self("select group_concat(a, b) from t", reads: "t(a, b)", in: [.sqlite]),
    Self(
      "select a from t qualify row_number() over (partition by b order by c) = 1",
      reads: "t(a, b, c)", in: [.duckdb, .spark]),
    Self(
      "select first_value(a) ignore nulls over (order by b) from t", reads: "t(a, b)", in: [.spark]),
  ]

  static let all: [CorpusQuery] = selects + words + joins + subqueries + nested + setsAndWindows
}
