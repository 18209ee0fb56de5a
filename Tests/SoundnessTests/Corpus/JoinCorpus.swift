import AssetSQL

extension CorpusQuery {
  /// Joins and other things to select from.
  static let joins: [CorpusQuery] = [
    Self(
      "select t.b, d from t join u on t.a = u.a", reads: "t(a, b) u(a, d)",
      unknown: "t(a, b, d) u(a, d)"),
    Self(
      "select b, d from t join u using (a)", reads: "t(a, b) u(a, d)",
      unknown: "t(a, b, d) u(a, b, d)"),
    Self("select a from t join u using (a)", reads: "t(a) u(a)"),
    Self("select 1 from t join u using (a)", reads: "t(a) u(a)"),
    Self("select count(*) from t left join u using (a)", reads: "t(a) u(a)"),
    Self("select a from t full join u using (a)", reads: "t(a) u(a)"),
    Self("select u.a from t right join u using (a)", reads: "t(a) u(a)"),
    Self("select t.b from t natural join u", reads: "t(*) u(*)"),
    Self("select 1 from t natural left join u", reads: "t(*) u(*)"),
    Self("select t.b from t left join u on t.a = u.a", reads: "t(a, b) u(a)"),
    Self("select t.b from t left outer join u on t.a = u.a", reads: "t(a, b) u(a)"),
    Self("select t.b from t full outer join u on t.a = u.a", reads: "t(a, b) u(a)"),
    Self("select t.b from t cross join u", reads: "t(b) u()"),
    Self("select t.b from t, u", reads: "t(b) u()"),
    Self("select b from t, u where d = 1", reads: "t(b) u(d)", unknown: "t(b, d) u(b, d)"),
    Self(
      "select t.c from t join u on t.a = u.a join w on w.b = t.b",
      reads: "t(a, b, c) u(a) w(b)"),
    Self(
      "select e from t join u using (a) join w using (b)", reads: "t(a, b) u(a) w(b, e)",
      unknown: "t(a, b, e) u(a, b, e) w(b, e)"),
    Self("select x.b, y.b from t x join t y on x.a = y.c", reads: "t(a, b, c)"),
    Self(
      "select t.b from (t join u using (a))", reads: "t(a, b) u(a)",
      in: [.sqlite, .postgresql, .duckdb]),
    Self(
      "select t.b from t join (u join w on u.d = w.k) on t.a = u.a",
      reads: "t(a, b) u(a, d) w(k)"),
    Self(
      "select t.b from t join u join w on u.d = w.k on t.a = u.a",
      reads: "t(a, b) u(a, d) w(k)", in: .notSQLite),
    Self("select t.* from t join u using (a)", reads: "t(*) u(a)"),
    Self("select * from t join u using (a)", reads: "t(*) u(*)"),
    Self(
      "select t.b, s.d from t, lateral (select d from u where u.a = t.a) s",
      reads: "t(a, b) u(a, d)", unknown: "t(a, b, d) u(a, d)", in: .notSQLite),
    Self(
      "select t.b, s.m from t left join lateral (select max(u.d) as m from u where u.a = t.c) s on true",
      reads: "t(b, c) u(a, d)", in: .notSQLite),
    Self("select t.b from t left semi join u on t.a = u.a", reads: "t(a, b) u(a)", in: [.spark]),
    Self("select t.b from t left anti join u on t.a = u.a", reads: "t(a, b) u(a)", in: [.spark]),
    Self("select t.b from t semi join u using (a)", reads: "t(a, b) u(a)", in: [.duckdb]),
    Self("select t.b from t anti join u on t.a = u.a", reads: "t(a, b) u(a)", in: [.duckdb]),
    Self(
      "select t.b, u.d from t asof join u on t.a >= u.a", reads: "t(a, b) u(a, d)", in: [.duckdb]),
    Self("select t.b, u.d from t positional join u", reads: "t(b) u(d)", in: [.duckdb]),
    Self("select t.b from t inner join u on t.a = u.a and u.d > 1", reads: "t(a, b) u(a, d)"),

    // Functions, values and CTEs are no tables of the project.
    Self(
      "select value from t, json_each(t.b)", reads: "t(b)", unknown: "t(b, value)", in: [.sqlite]),
    Self("select j.value from t, json_each(t.b) as j", reads: "t(b)", in: [.sqlite]),
    Self("select g.n from generate_series(1, 3) as g(n)", reads: "", in: .postgresqlAndDuckDB),
    Self(
      "select t.a, g.n from t, generate_series(1, t.b) as g(n)", reads: "t(a, b)",
      in: .postgresqlAndDuckDB),
    Self("select z.x from t, unnest(t.b) as z(x)", reads: "t(b)", in: .postgresqlAndDuckDB),
    Self(
      "select s.x, t.b from t lateral view explode(c) s as x", reads: "t(b, c)", in: [.spark]),
    Self("select s.x from (values (1, 2)) as s(x, y)", reads: "", in: .notSQLite),
    Self("select column1 from (values (1, 2))", reads: "", in: [.sqlite]),
    Self(
      "select t.a from t, (values (1), (2)) as s(x) where t.b = s.x", reads: "t(a, b)",
      in: .notSQLite),
    Self("select a from only t", reads: "t(a)", in: [.postgresql]),
    Self("select a from t indexed by some_index where b = 1", reads: "t(a, b)", in: [.sqlite]),
    // Columns are named by their place, so that another order of columns is another query.
    Self("select x.q from t as x(p, q, r)", reads: "t(*)", in: .notSQLite),
  ]

  /// Queries inside of expressions.
  static let subqueries: [CorpusQuery] = [
    Self("select a, (select max(d) from u) from t", reads: "t(a) u(d)", unknown: "t(a, d) u(d)"),
    Self("select (select count(*) from u where u.a = t.a) from t", reads: "t(a) u(a)"),
    Self(
      "select a from t where exists (select 1 from u where u.a = t.a)", reads: "t(a) u(a)"),
    Self(
      "select a from t where exists (select * from u where u.a = t.b)", reads: "t(a, b) u(a)"),
    Self("select a from t where not exists (select u.d from u)", reads: "t(a) u()"),
    Self(
      "select a from t where b in (select d from u)", reads: "t(a, b) u(d)",
      unknown: "t(a, b, d) u(d)"),
    Self(
      "select a from t where (a, b) in (select u.a, u.d from u)", reads: "t(a, b) u(a, d)"),
    Self(
      "select b from t where a = (select max(u.a) from u where d = c)",
      reads: "t(a, b, c) u(a, d)", unknown: "t(a, b, c, d) u(a, c, d)"),
    Self(
      "select b from t where exists (select 1 from u where d = (select max(k) from w where e = c))",
      reads: "t(b, c) u(d) w(e, k)", unknown: "t(b, c, d, e, k) u(c, d, e, k) w(c, e, k)"),
    Self(
      "select a from t where b > all (select u.d from u)", reads: "t(a, b) u(d)",
      in: .postgresqlAndDuckDB),
    Self(
      "select a from t where b = any (select u.d from u)", reads: "t(a, b) u(d)",
      in: .postgresqlAndDuckDB),
    Self("select array(select d from u)", reads: "u(d)", in: .postgresqlAndDuckDB),
    Self("select a from t where b in one", reads: "t(a, b) one(*)", in: [.sqlite]),
    Self("select case when exists (select 1 from u) then a end from t", reads: "t(a) u()"),
    Self(
      "select a from t order by (select max(u.d) from u where u.a = t.b) limit 1",
      reads: "t(a, b) u(a, d)"),
    Self(
      "select a from t limit (select max(d) from u)", reads: "t(*) u(d)",
      in: .postgresqlAndDuckDB + [.sqlite]),
    Self(
      "select a from t group by a having count(*) > (select min(u.d) from u)",
      reads: "t(a) u(d)"),
    Self("select (select t.b) from t", reads: "t(b)"),
    Self(
      "select t.a from t join u on t.a = (select max(w.k) from w where w.b = u.d)",
      reads: "t(a) u(d) w(b, k)"),
    Self("select sum((select max(w.e) from w where w.b = t.b)) from t", reads: "t(b) w(b, e)"),
    Self(
      "select a from t where b = (with c as (select u.d from u) select max(d) from c)",
      reads: "t(a, b) u(d)"),
  ]
}
