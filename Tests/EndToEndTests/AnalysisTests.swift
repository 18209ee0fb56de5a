import AssetTestSupport
import Testing

/// What a query reads of sources that others change: no name of it is lost, and nothing else counts.
@Suite struct AnalysisTests {
  private func project(_ query: String, _ setup: String) async throws -> TemporaryProject {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\nwarehouse: sqlite:w.sqlite\n",
      "assets/s.yml": "sources: [{name: t}, {name: u}]\n", "assets/out.sql": query + "\n",
    ])
    for statement in setup.split(separator: ";") {
      try await project.sqlite(String(statement), in: "w.sqlite")
    }
    return project
  }

  private static let setup = """
    create table t(k, a, no, leading, j); create table u(k, b);
    insert into t values (1, 2, 10, 'x', '[1]'), (2, 1, 20, 'y', '[2]'); insert into u values (1, 3)
    """

  @Test(
    arguments: [
      ("select k, row_number() over (order by no) as n from t", "update t set no = 30 - no"),
      ("select sum(k) over (partition by no) as n from t", "update t set no = 1"),
      ("select trim(leading) as n from t", "update t set leading = 'z'"),
      ("select trim(a, leading) as n from t", "update t set leading = 2"),
      // Names that mean something else later.
      ("select x.a from t as x, u as x", "alter table u add column a"),
      ("select x.a from t as x join (select * from u) as x", "alter table u add column a"),
      ("select true as n from t", "alter table t add column true default 7"),
      ("select key from t, json_each(j)", "alter table t add column key"),
    ])
  func `the reader is not fresh after`(query: String, change: String) async throws {
    let project = try await project(query, Self.setup)
    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 0, "\(run.output + run.errors)")
    #expect(try await project.assetctl("status").exitCode == 0)

    try await project.sqlite(change, in: "w.sqlite")

    #expect(try await project.assetctl("status").exitCode == 3)
  }

  @Test(
    arguments: [
      ("with unused as (select * from u) select k from t", "update u set b = 0"),
      ("with c as (select b from u), d as (select * from c) select k from t", "delete from u"),
      ("select key, value as n from t, json_each(j)", "update t set a = 0"),
    ])
  func `the reader is fresh after`(query: String, change: String) async throws {
    let project = try await project(query, Self.setup)
    #expect(try await project.assetctl("materialize").exitCode == 0)

    try await project.sqlite(change, in: "w.sqlite")

    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test(
    arguments: [
      "select name from pragma_table_info('u')", "select pageno from dbstat('main')",
      "select k from t where k in pragma_user_version()",
      "select k from t where exists (select 1 from main.pragma_table_info('u'))",
    ])
  func `what tells of the database itself is refused`(query: String) async throws {
    let project = try await project(query, Self.setup)

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 2)
    #expect(run.errors.contains("which no file declares"), "\(run.errors)")
  }

  @Test func `an index that the database goes through is no lost name`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: t\n", "assets/raw.csv": "a,b,c\n1,2,3\n1,3,4\n",
      "assets/t.sql": "/* @asset\nindexes: [[a, b]]\n*/\nselect a, b, c from raw",
      "assets/u.csv": "a,n\n1,x\n",
      "assets/r.sql":
        "select t.a, u.n, count(*) as k, sum(c) as c from t left join u on u.a = t.a group by t.a, u.n",
      "assets/s.sql": "select c from t where a = 1",
    ])
    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 0)
    #expect(!(run.output + run.errors).contains("warning"), "\(run.output)")
    let status = try await project.assetctl("status", "-v").output
    #expect(status.contains("`t`: a, c"), "\(status)")
    #expect(!status.contains("missed"))
  }

  @Test func `a table that is called is an input`() async throws {
    let project = try await project(
      "select w from u('one')",
      "create table t(k); create virtual table u using fts5(w); insert into u values ('one'), ('two')"
    )
    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 0, "\(run.output + run.errors)")
    #expect(try await project.assetctl("status").exitCode == 0)

    try await project.sqlite("insert into u values ('one more')", in: "w.sqlite")

    #expect(try await project.assetctl("status").exitCode == 3)
  }

  @Test func `stars that double are refused`() async throws {
    let doubled = (1...12).map { "c\($0) as (select * from c\($0 - 1) as a, c\($0 - 1) as b)" }
    let project = try await project(
      "with c0 as (select * from t), \(doubled.joined(separator: ", ")) select count(*) as n from c12",
      Self.setup)

    #expect(try await project.assetctl("plan").exitCode == 0)
    #expect(try await project.assetctl("materialize").exitCode == 1)
  }
}
