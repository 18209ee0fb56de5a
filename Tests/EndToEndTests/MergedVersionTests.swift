import AssetTestSupport
import Testing

/// Kept versions, rollbacks and diffs of tables that go on from the rows that they have.
@Suite(.timeLimit(.minutes(10))) struct MergedVersionTests {
  /// A project with an incremental table `latest` and a snapshot `history`, materialized once.
  private func project(keep: Int = 2, _ settings: String = "") async throws -> TemporaryProject {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\ndefaults: {keep: \(keep)}\n",
      "assets/sources.yml": "sources:\n  - name: events\n  - name: customers\n",
      "assets/latest.sql": """
      /* @asset
      materialized: incremental
      unique_key: id
      cursor: at
      indexes: [[kind]]
      \(settings)
      */
      select id, at, kind from events where :cursor is null or at > :cursor
      """,
      "assets/history.sql": """
      /* @asset
      materialized: snapshot
      unique_key: id
      hard_deletes: invalidate
      */
      select * from customers
      """,
    ])
    try project.write(".assetctl/keep", "")
    try await project.sqlite(
      "pragma journal_mode = wal", "create table events (id integer, at integer, kind text)",
      "insert into events values (1, 1, 'a'), (2, 2, 'b')",
      "create table customers (id integer, city text)",
      "insert into customers values (1, 'Oslo'), (2, 'Rome')")
    try await project.materialize()
    return project
  }

  /// The rows of the incremental table.
  private func latest(in project: TemporaryProject) async throws -> [[JSONValue]] {
    try await project.sqlite("select id, at, kind from latest order by id, at")
  }

  /// The versions of rows in a history, each with whether it has ended.
  private func history(in project: TemporaryProject) async throws -> [[JSONValue]] {
    try await project.sqlite(
      "select id, city, valid_to is not null from history order by id, valid_from")
  }

  /// The run that made what is published of an asset.
  private func run(of asset: String, in project: TemporaryProject) async throws -> String {
    let id = try await project.sqlite(
      "select materialization from assetctl_publication where asset = '\(asset)'")[0][0].text
    return String(id.prefix { $0 != "/" })
  }

  /// How the versions of an asset stand, the newest first: the number of rows, with a star for what is
  /// published.
  private func versions(of asset: String, in project: TemporaryProject) async throws -> [String] {
    try await project.assetctl("rollback", asset, "--list", "--format", "json").json["versions"]
      .elements.map { $0["rows"].text + ($0["is_published"] == true ? "*" : "") }
  }

  // MARK: - Incremental tables

  @Test func `a rolled back table brings in again what came since, once`() async throws {
    let project = try await project()
    try await project.sqlite("insert into events values (2, 3, 'c'), (3, 4, 'd')")
    try await project.materialize()
    try await project.sqlite("insert into events values (4, 5, 'e')")
    try await project.materialize()
    #expect(try await versions(of: "latest", in: project) == ["4*", "3", "2"])

    #expect(try await project.assetctl("rollback", "latest").exitCode == 0)
    let rollback = try await project.assetctl("rollback", "latest")

    #expect(
      rollback
        == CommandResult(
          exitCode: 0,
          output: """
            latest is as the run <run> made it at <time>: 2 rows, 3 before the rollback
            it is stale: rows were added to `events` ahead of the cursor 2; the next `assetctl \
            materialize` goes on from it

            """))
    #expect(try await latest(in: project) == [[1, 1, "a"], [2, 2, "b"]])
    #expect(try await project.assetctl("show", "latest").output.contains("at, now at 2\n"))
    #expect(try await project.assetctl("status").exitCode == 3)

    try await project.sqlite("insert into events values (5, 6, 'f')")
    let run = try await project.assetctl("materialize", "latest", "--format", "json")

    let asset = try run.json["assets"][0]
    #expect([asset["rows_added"], asset["rows_updated"]] == [3, 1])
    #expect(asset["causes"].elements.map { $0["full_refresh"] } == [false])
    let expected: [[JSONValue]] = [
      [1, 1, "a"], [2, 3, "c"], [3, 4, "d"], [4, 5, "e"], [5, 6, "f"],
    ]
    #expect(try await latest(in: project) == expected)
    #expect(try await project.assetctl("status").exitCode == 0)
    // As a build from nothing gives it, of the rows that have not been replaced.
    try await project.sqlite("delete from events where at = 2")
    #expect(
      try await project.assetctl("materialize", "latest", "--format", "json").assets("outcome")
        == ["latest": "unchanged"])
  }

  @Test func `what changed behind the restored cursor is not overlooked`() async throws {
    let project = try await project()
    try await project.sqlite("insert into events values (3, 4, 'd')")
    try await project.materialize()
    try await project.assetctl("rollback", "latest")
    try await project.sqlite("update events set kind = 'x' where id = 1")

    let status = try await project.assetctl("status", "latest", "--format", "json")
    try await project.materialize()

    #expect(
      try status.json["assets"][0]["causes"].elements.map { $0["full_refresh"] } == [true])
    #expect(try await latest(in: project) == [[1, 1, "x"], [2, 2, "b"], [3, 4, "d"]])
  }

  @Test func `versions are copies, and the published table stays`() async throws {
    let project = try await project(keep: 1)
    try await project.sqlite("create index mine on latest (at)")
    for number in 3...6 {
      try await project.sqlite("insert into events values (\(number), \(number), 'n')")
      try await project.materialize()
    }

    #expect(try await versions(of: "latest", in: project) == ["6*", "5"])
    let tables = try await project.sqlite(
      "select count(*) from sqlite_schema where type = 'table' and name like 'assetctl!_version!_%' escape '!'"
    )
    #expect(tables == [[1]])
    let indexes = try await project.sqlite(
      "select count(*) from sqlite_schema where type = 'index' and tbl_name = 'latest'")
    #expect(indexes == [[2]])
    try await project.assetctl("materialize", "latest", "--full-refresh")
    #expect(try await versions(of: "latest", in: project) == ["6*", "5"])
    #expect(try await project.assetctl("rollback", "latest").exitCode == 0)
    #expect(try await latest(in: project).count == 5)
  }

  @Test func `a check that fails leaves versions, rows and cursor as they were`() async throws {
    let project = try await project(
      keep: 1, "checks: [{accepted_values: {column: kind, values: [a, b, c]}}]\nquarantine: true")
    try await project.sqlite("insert into events values (3, 3, 'c')")
    try await project.materialize()
    try await project.sqlite("insert into events values (4, 4, 'no')")

    #expect(try await project.assetctl("materialize").exitCode == 1)

    #expect(try await versions(of: "latest", in: project) == ["3*", "2"])
    #expect(try await latest(in: project).count == 3)
    #expect(
      try await project.sqlite("select count(*) from assetctl_quarantine_latest") == [[4]])
    try await project.sqlite("update events set kind = 'a' where id = 4")
    try await project.materialize()
    #expect(try await versions(of: "latest", in: project) == ["4*", "3"])
    #expect(try await project.assetctl("rollback", "latest").exitCode == 0)
    #expect(try await latest(in: project) == [[1, 1, "a"], [2, 2, "b"], [3, 3, "c"]])
  }

  @Test func `a strict table stays one in its copies`() async throws {
    let project = try await project(
      keep: 1, "contract: enforced\ncolumns: {id: integer, at: integer, kind: text}")
    try await project.sqlite("insert into events values (3, 3, 'c')")
    try await project.materialize()

    #expect(try await project.assetctl("rollback", "latest").exitCode == 0)

    let strict = try await project.sqlite(
      "select name, strict from pragma_table_list where name like '%latest%' order by 1")
    #expect(strict == [["assetctl_version_latest_2", 1], ["latest", 1]])
    try await project.sqlite("insert into events values (4, 4, x'00')")
    let refused = try await project.assetctl("materialize", "latest")
    #expect(refused.exitCode == 1)
    try await project.sqlite("update events set kind = 'd' where id = 4")
    try await project.materialize()
    #expect(try await latest(in: project).count == 4)
  }

  // MARK: - Snapshots

  @Test func `a history is rolled back only to a named version, and loses nothing`() async throws {
    let project = try await project(keep: 1)
    let first = try await run(of: "history", in: project)
    try await project.sqlite("update customers set city = 'Bergen' where id = 1")
    try await project.materialize()
    let second = try await run(of: "history", in: project)

    let unnamed = try await project.assetctl("rollback", "history")
    let rollback = try await project.assetctl("rollback", "history", "--to", first)

    #expect(
      unnamed
        == CommandResult(
          exitCode: 64,
          errors: """
            error: `history` is a snapshot: a rollback takes back what it has recorded since, and \
            nothing can record that again

            hint: name the version with `--to RUN`, one of those that `assetctl rollback history --list` \
            tells; what is published now stays kept

            """))
    #expect(
      rollback
        == CommandResult(
          exitCode: 0,
          output: """
            history is as the run <run> made it at <time>: 2 rows, 3 before the rollback
            it is stale: `customers` changed in `city`; the next `assetctl materialize` goes on from it
            what it was before is kept: `assetctl rollback history --to <run>` brings it back

            """))
    #expect(try await history(in: project) == [[1, "Oslo", 0], [2, "Rome", 0]])

    // What only the other history tells stays, however often this one goes on.
    for city in ["Paris", "Nice", "Lyon"] {
      try await project.sqlite("update customers set city = '\(city)' where id = 1")
      try await project.materialize()
    }
    #expect(try await versions(of: "history", in: project) == ["5*", "4", "3"])
    try await project.assetctl("rollback", "history", "--to", second)
    #expect(
      try await history(in: project) == [[1, "Oslo", 1], [1, "Bergen", 0], [2, "Rome", 0]])
    try await project.materialize()
    #expect(
      try await history(in: project)
        == [[1, "Oslo", 1], [1, "Bergen", 1], [1, "Lyon", 0], [2, "Rome", 0]])
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `a version of a history goes once the present one holds all of it`() async throws {
    let project = try await project(keep: 1)
    let first = try await run(of: "history", in: project)
    for city in ["Bergen", "Paris", "Nice"] {
      try await project.sqlite("update customers set city = '\(city)' where id = 1")
      try await project.materialize()
      try await project.sqlite("delete from customers where id = 2")
    }
    #expect(try await versions(of: "history", in: project) == ["5*", "4"])
    let gone = try await project.assetctl("rollback", "history", "--to", first)
    #expect(gone.errors.contains("no version of `history` from a run `<run>` is kept"))

    // One that was taken back is held again once it is published again.
    let last = try await run(of: "history", in: project)
    let list = try await project.assetctl("rollback", "history", "--list", "--format", "json")
    let before = try list.json["versions"][1]["run"].text
    try await project.assetctl("rollback", "history", "--to", before)
    try await project.assetctl("rollback", "history", "--to", last)
    for city in ["Rome", "Bari"] {
      try await project.sqlite("update customers set city = '\(city)' where id = 1")
      try await project.materialize()
    }
    #expect(try await versions(of: "history", in: project) == ["7*", "6"])
  }

  @Test func `a history that was dropped comes back`() async throws {
    let project = try await project(keep: 1)
    try await project.sqlite("update customers set city = 'Bergen' where id = 1")
    try await project.materialize()
    try await project.sqlite("drop table history")

    #expect(try await project.assetctl("rollback", "history").exitCode == 0)

    #expect(try await history(in: project) == [[1, "Oslo", 0], [2, "Rome", 0]])
    try await project.materialize()
    #expect(
      try await history(in: project) == [[1, "Oslo", 1], [1, "Bergen", 0], [2, "Rome", 0]])
  }

  // MARK: - What changes

  @Test func `diff pairs rows by the declared key, of a history with their beginning`() async throws
  {
    let project = try await project()
    try await project.sqlite(
      "insert into events values (2, 3, 'c'), (3, 4, 'd')",
      "update customers set city = 'Bergen' where id = 1", "delete from customers where id = 2")
    try await project.materialize()

    let latest = try await project.assetctl("diff", "latest")
    let history = try await project.assetctl("diff", "history", "--format", "json").json

    #expect(
      latest.output == """
        latest  1 row added, 1 row changed, 1 as before
          now:  made <time> in the run <run>
          before:  made <time> in the run <run>
          paired by: id
          values changed in
            at  1 row
            kind  1 row
          changed
            id
            2  at: 2 → 3, kind: b → c
          added
            id  at  kind
            3  4  d

        """)
    let rows = history["assets"][0]["rows"]
    #expect(rows["key"] == ["id", "valid_from"])
    #expect([rows["added"], rows["changed"], rows["removed"], rows["same"]] == [1, 2, 0, 0])
    #expect(rows["changed_by_column"] == [["column": "valid_to", "rows": 2]])
    #expect(rows["sample"]["added"]["rows"][0][1] == "Bergen")
  }

  @Test func `without versions diff tells how many rows were brought in`() async throws {
    let project = try await project(keep: 0)
    try await project.sqlite(
      "insert into events values (2, 3, 'c'), (3, 4, 'd')",
      "update customers set city = 'Bergen' where id = 1")
    try await project.materialize()

    let latest = try await project.assetctl("diff", "latest")
    let history = try await project.assetctl("diff", "history", "--format", "json").json

    #expect(
      latest.output == """
        latest  3 rows, 2 before
          now:  made <time> in the run <run>
          before:  made <time> in the run <run>
          rows:  1 added, 1 updated
          columns with other values: id, at, kind

        hint: the rows before are not kept; `keep: 1` among the settings of `latest` keeps them from \
        the next materialization on

        """)
    let asset = history["assets"][0]
    #expect([asset["rows_added"], asset["rows_updated"], asset["rows_removed"]] == [1, 1, 0])
  }

  @Test func `a trial shows what would be brought in, and publishes nothing`() async throws {
    let project = try await project(keep: 0)
    try await project.sqlite(
      "insert into events values (2, 3, 'c'), (3, 4, 'd')",
      "update customers set city = 'Bergen' where id = 1")
    func everything() async throws -> [[JSONValue]] {
      try await project.sqlite(
        "select type, name, sql, '' from sqlite_schema union all select materialization, digest, object, '' from assetctl_publication union all select id, at, kind, '' from latest union all select * from history order by 1, 2, 3, 4"
      )
    }
    let before = try await everything()

    let trial = try await project.assetctl("materialize", "--dry-run", "--diff")

    #expect(trial.exitCode == 0, "\(trial.errors)")
    #expect(
      trial.output.contains(
        """
        latest  1 row added, 1 row changed, 1 as before
          before:  made <time> in the run <run>
          paired by: id
          values changed in
            at  1 row
            kind  1 row
          changed
            id
            2  at: 2 → 3, kind: b → c
          added
            id  at  kind
            3  4  d

        """), "\(trial.output)")
    #expect(trial.output.contains("history  1 row added, 1 row changed, 1 as before"))
    #expect(trial.output.contains("paired by: id, valid_from"))
    #expect(trial.output.hasSuffix("2 would change\nnothing was published\n"))
    #expect(try await everything() == before)
    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(try run.assets("outcome") == ["history": "materialized", "latest": "materialized"])
    // What would be built anew is tried out as that.
    try await project.sqlite(
      "update events set kind = 'x' where id = 1", "delete from events where at = 2")
    let json = try await project.assetctl(
      "materialize", "--dry-run", "--diff", "--format", "json"
    ).json
    #expect(json["assets"][0]["rows"]["changed"] == 1)
    #expect(json["assets"][0]["result"]["rows_added"] == nil)
  }

  @Test func `a trial reads other databases`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/sources.yml": """
      sources:
        - {name: orders, database: app.sqlite}
        - {name: returns, database: app.sqlite}
        - {name: rates, database: other.sqlite}
      """,
      "assets/a.sql": "select id, x from orders",
      "assets/b.sql": "select id, x from a union all select id, 0 from returns",
      "assets/c.sql": """
      /* @asset
      checks: [{relationships: {column: id, to: returns.id, where: x = 0}}]
      */
      select b.id, x from b cross join rates
      """,
    ])
    try await project.sqlite(
      "create table orders as select 1 as id, 5 as x", "create table returns as select 2 as id",
      in: "app.sqlite")
    try await project.sqlite("create table rates as select 1 as r", in: "other.sqlite")
    try await project.materialize()
    try await project.sqlite("update orders set x = 6", in: "app.sqlite")

    let trial = try await project.assetctl("materialize", "--dry-run", "--diff")

    #expect(trial.exitCode == 0, "\(trial)")
    #expect(trial.output.hasSuffix("3 would change\nnothing was published\n"), "\(trial)")
    #expect(try await project.sqlite("select x from a") == [[5]])
    try await project.materialize()
    #expect(try await project.sqlite("select id, x from c order by 1") == [[1, 6], [2, 0]])
  }
}

extension MergedVersionTests {
  @Test func `tables with partitions have no versions, and are tried out without a comparison`()
    async throws
  {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\ndefaults: {keep: 2}\n",
      "assets/sources.yml": "sources:\n  - name: events\n",
      "assets/kinds.sql": """
      /* @asset
      partitions: {column: kind, values: [a, b]}
      */
      select kind, count(*) as n from events where kind = :partition_key group by 1
      """,
      "assets/total.sql": "select sum(n) as n from kinds",
    ])
    try project.write(".assetctl/keep", "")
    try await project.sqlite(
      "pragma journal_mode = wal", "create table events (kind text)",
      "insert into events values ('a'), ('b')")
    try await project.materialize()
    try await project.sqlite("insert into events values ('b')")

    let trial = try await project.assetctl("materialize", "--dry-run", "--diff")
    let unchanged = try await project.sqlite("select n from total")
    try await project.materialize()

    #expect(trial.exitCode == 0, "\(trial)")
    #expect(trial.output.contains("1 materialized"), "\(trial)")
    #expect(trial.output.hasSuffix("2 would change\nnothing was published\n"), "\(trial)")
    #expect(unchanged == [[2]])
    #expect(try await project.sqlite("select n from total") == [[3]])
    let versions = try await project.sqlite(
      "select distinct asset from assetctl_version order by 1")
    #expect(versions == [["total"]])
    let answers = try await [
      project.assetctl("diff", "kinds"), project.assetctl("rollback", "kinds"),
    ]
    #expect(answers.map(\.exitCode) == [64, 64])
    #expect(answers[0].errors.contains("`kinds` is made by partitions, of which no earlier rows"))
    #expect(answers[1].errors.contains("`kinds` is made by partitions, of which no versions"))
    try project.edit("assets/kinds.sql", "partitions:", to: "keep: 1\npartitions:")
    #expect(
      try await project.assetctl("list").errors.contains(
        "assets/kinds.sql:2:1: error: `partitions` and `keep` exclude each other"))
  }
}

extension TemporaryProject {
  /// Materializes all, which has to succeed.
  fileprivate func materialize() async throws {
    let run = try await assetctl("materialize")
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
  }
}
