import AssetTestSupport
import Testing

/// `keep:` and `assetctl rollback`: earlier versions of tables.
@Suite struct RollbackTests {
  private func makeProject(keep: String = "keep: 2") throws -> TemporaryProject {
    try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/orders.csv": "id,amount\n1,10\n",
      "assets/paid.sql":
        "/* @asset\n\(keep)\nindexes: [[amount], [id, amount]]\n*/\nselect id, amount from orders",
      "assets/total.sql": "select sum(amount) as total from paid",
      "assets/shown.sql": "/* @asset\nmaterialized: view */\nselect amount from paid",
    ])
  }

  /// Materializes with one amount after the other.
  private func materialize(_ project: TemporaryProject, _ amounts: Int...) async throws {
    for amount in amounts {
      try project.write("assets/orders.csv", "id,amount\n1,\(amount)\n")
      let run = try await project.assetctl("materialize")
      #expect(run.exitCode == 0, "\(run.output)")
    }
  }

  private func amount(_ project: TemporaryProject) async throws -> JSONValue {
    try await project.sqlite("select amount from paid")[0][0]
  }

  private func versionTables(_ project: TemporaryProject) async throws -> Int {
    try await project.sqlite(
      "select name from sqlite_schema where name like 'assetctl!_version!_%' escape '!' and type = 'table'"
    ).count
  }

  @Test func `versions of a history stay when another table takes its name`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/s.yml":
        "sources:\n  - {name: events, database: app.sqlite, table: events}\n",
      "assets/t.sql":
        "/* @asset\nmaterialized: snapshot\nunique_key: id\nkeep: 2\n*/\nselect id, v from events",
    ])
    try await project.sqlite("create table events as select 1 as id, 1 as v", in: "app.sqlite")
    for _ in 1...4 {
      #expect(try await project.assetctl("materialize").exitCode == 0)
      try await project.sqlite("update events set v = v + 1", in: "app.sqlite")
    }
    let versions = "select name from sqlite_master where name like 'assetctl_version_t%' order by 1"
    let kept = try await project.sqlite(versions)

    try await project.sqlite("drop table t")
    try project.write("assets/t.sql", "select 1 as a")
    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 0, "\(run.output)")
    #expect(kept.count == 2)
    #expect(try await project.sqlite(versions) == kept)
  }

  @Test func `the version before is published with its own record`() async throws {
    let project = try makeProject()
    try await materialize(project, 10, 20)

    let rollback = try await project.assetctl("rollback", "paid")

    #expect(
      rollback
        == CommandResult(
          exitCode: 0,
          output: """
            paid is as the run <run> made it at <time>: 1 row, 1 before the rollback
            it is stale: `orders` changed in `amount`; the next `assetctl materialize` makes it \
            anew

            """))
    #expect(try await amount(project) == 10)
    #expect(try await project.sqlite("select amount from shown") == [[10]])
    let status = try await project.assetctl("status", "--format", "json")
    #expect(
      try status.assets("status") == [
        "orders": "fresh", "paid": "stale", "total": "waiting", "shown": "waiting",
      ])
    #expect(try status.causes["paid"] == ["input_changed orders"])
    let indexes = try await project.sqlite(
      "select name from sqlite_schema where type = 'index' and tbl_name = 'paid' and sql is not null"
    )
    #expect(indexes.count == 2)

    try await project.assetctl("materialize", "paid")
    #expect(try await amount(project) == 20)
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `readers are judged by what is published`() async throws {
    let project = try makeProject()
    try await materialize(project, 10, 20)
    try await project.assetctl("rollback", "paid")

    let run = try await project.assetctl("materialize", "total", "--only", "--format", "json")

    #expect(try run.assets("outcome")["total"] == "materialized")
    #expect(try await project.sqlite("select total from total") == [[10]])
  }

  @Test func `twice goes further back, and --to goes anywhere`() async throws {
    let project = try makeProject()
    try await materialize(project, 10, 20, 30)
    for expected in [20, 10] {
      #expect(try await project.assetctl("rollback", "paid").exitCode == 0)
      #expect(try await amount(project) == .number(Double(expected)))
    }

    let further = try await project.assetctl("rollback", "paid")
    #expect(
      further
        == CommandResult(
          exitCode: 64,
          errors: """
            error: there is no version of `paid` from before what is published, as `keep: 2` keeps no more

            hint: newer ones are kept: see them with `assetctl rollback paid --list`, and publish one \
            with `--to RUN`

            """))
    let list = try await project.assetctl("rollback", "paid", "--list")
    #expect(
      list.output == """
        RUN  MADE  ROWS  CONTENT
        <run>  <time>  1 row  <digest>  kept
        <run>  <time>  1 row  <digest>  kept
        <run>  <time>  1 row  <digest>  published

        """)
  }

  @Test func `what was rolled away from can be had back`() async throws {
    let project = try makeProject(keep: "keep: 1")
    try await materialize(project, 10, 20)
    try await project.assetctl("rollback", "paid")
    let back = try await project.startShell(
      """
      run=$("$0" rollback paid --list | sed -n 2p | cut -d' ' -f1) && "$0" rollback paid --to "$run"
      """
    ).result()

    #expect(back.exitCode == 0, "\(back.errors)")
    #expect(try await amount(project) == 20)
    #expect(try await project.assetctl("status", "paid").exitCode == 0)
  }

  @Test func `a materialization after a rollback comes after it`() async throws {
    let project = try makeProject(keep: "keep: 3")
    try await materialize(project, 10, 20)
    try await project.assetctl("rollback", "paid")
    try await materialize(project, 30)

    try await project.assetctl("rollback", "paid")
    #expect(try await amount(project) == 10)
    try await project.assetctl("rollback", "paid")
    #expect(try await amount(project) == 20)
  }

  @Test func `runs, show and diff tell of a rollback`() async throws {
    let project = try makeProject()
    try await materialize(project, 10, 20)
    try await project.assetctl("rollback", "paid")

    let runs = try await project.assetctl("runs", "--format", "json").json["runs"][0]
    #expect(runs["command"] == "rollback paid")
    #expect(runs["outcome"] == "succeeded")
    #expect(runs["assets"][0]["outcome"] == "rolled_back")
    #expect(try await project.assetctl("runs").output.contains("1 rolled back"))
    let show = try await project.assetctl("show", "paid", "--format", "json").json
    #expect(
      show["materializations"].elements.map { $0["is_published"] } == [false, true])
    let diff = try await project.assetctl("diff", "paid", "--key", "id", "--format", "json").json
    #expect(
      diff["assets"][0]["rows"]["sample"]["changed"] == [
        ["key": [1], "cells": [["column": "amount", "before": 20, "after": 10]]]
      ])
    let last = try await project.assetctl(
      "diff", "paid", "--run", "last", "--key", "id", "--format", "json"
    ).json
    #expect(last["assets"] == diff["assets"])
  }

  @Test func `just so many versions are kept, each with other rows`() async throws {
    let project = try makeProject()
    try await materialize(project, 10, 20, 30, 40, 50)
    #expect(try await versionTables(project) == 2)
    try await project.assetctl("materialize", "paid", "--force")
    #expect(try await versionTables(project) == 2)

    try project.edit("assets/paid.sql", "keep: 2", to: "keep: 1")
    try await materialize(project, 60)
    #expect(try await versionTables(project) == 1)
    try project.edit("assets/paid.sql", "keep: 1", to: "")
    try await materialize(project, 70)
    #expect(try await versionTables(project) == 0)
    #expect(try await project.sqlite("select count(*) from assetctl_version") == [[0]])
  }

  @Test func `a table that was edited by hand is kept as it was`() async throws {
    let project = try makeProject()
    try await materialize(project, 10)
    try await project.sqlite("update paid set amount = 99")
    try await project.assetctl("materialize")
    #expect(try await amount(project) == 10)

    let rollback = try await project.assetctl("rollback", "paid")

    #expect(rollback.exitCode == 0, "\(rollback.errors)")
    #expect(try await amount(project) == 99)
    #expect(
      try await project.assetctl("status", "paid", "--format", "json").causes["paid"]
        == ["output_altered"])
  }

  @Test func `seeds and tables of programs have versions too`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\ndefaults: {keep: 1}",
      "assets/rows.csv": "id\n1\n",
      "assets/made.sh": "# @asset\n# kind: table\nprintf 'id\\n1\\n' > \"$ASSETCTL_OUTPUT\"\n",
      "assets/file.sh": "# @asset\n# outputs: [build/a]\necho > \"$ASSETCTL_OUTPUT\"\n",
      "assets/seen.sql": "/* @asset\nmaterialized: view */\nselect id from rows",
      "assets/strict.sql":
        "/* @asset\ncontract: enforced\ncolumns: {id: integer}\n*/\nselect id from rows",
    ])
    try await project.assetctl("materialize")
    try project.write("assets/rows.csv", "id\n2\n")
    try project.edit("assets/made.sh", "n1", to: "n2")
    try await project.assetctl("materialize")

    for name in ["rows", "made", "strict"] {
      #expect(try await project.assetctl("rollback", name).exitCode == 0)
      #expect(try await project.sqlite("select id from \(name)") == [[1]])
    }
    #expect(
      try await project.sqlite("select sql like '%strict' from sqlite_schema where name = 'strict'")
        == [[1]])
    let view = try await project.assetctl("rollback", "seen")
    let file = try await project.assetctl("rollback", "file")
    #expect([view.exitCode, file.exitCode] == [64, 64])
    #expect(view.errors.contains("`seen` is a view, which has no versions"))
    #expect(file.errors.contains("`file` is files, and only tables have versions"))
  }

  @Test func `without versions it says how to have some`() async throws {
    let project = try makeProject(keep: "")
    try await materialize(project, 10, 20)

    let rollback = try await project.assetctl("rollback", "paid")

    #expect(
      rollback
        == CommandResult(
          exitCode: 64,
          errors: """
            error: no earlier version of `paid` is kept

            hint: with `keep: 1` among its settings each materialization keeps the version before it, \
            from the next one on

            """))
  }

  @Test func `keep is for tables`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/seen.sql": "/* @asset\nmaterialized: view\nkeep: 1\n*/\nselect 1 as id",
      "assets/file.sh": "# @asset\n# outputs: [build/a]\n# keep: 1\n",
      "assets/none.sql": "/* @asset\nkeep: some\n*/\nselect 1 as id",
    ])

    let list = try await project.assetctl("list")

    #expect(list.exitCode == 2)
    #expect(
      list.errors == """
        assets/file.sh:3:3: error: `keep` is for tables, and this asset is files

        hint: remove it

        assets/none.sql:2:7: error: `keep` must be a whole number, 0 or more

        assets/seen.sql:3:1: error: `materialized: view` and `keep` exclude each other

        hint: keep one of them

        """)
  }

  @Test func `clean removes the versions of what is no longer declared`() async throws {
    let project = try makeProject()
    try await materialize(project, 10, 20)
    for name in ["paid", "total", "shown"] { try project.remove("assets/\(name).sql") }

    #expect(try await project.assetctl("clean", "--dry-run").exitCode == 0)
    #expect(try await versionTables(project) == 1)
    #expect(try await project.assetctl("clean").exitCode == 0)

    #expect(try await versionTables(project) == 0)
    #expect(try await project.sqlite("select count(*) from assetctl_version") == [[0]])
  }
}
