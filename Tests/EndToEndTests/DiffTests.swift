import AssetTestSupport
import Testing

/// `assetctl diff`: what the last publish changed.
@Suite struct DiffTests {
  private func makeProject(keep: String = "keep: 1\n") throws -> TemporaryProject {
    try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/orders.csv": "id,day,amount,email\n1,mon,10,a@x\n2,mon,20,b@x\n3,tue,30,c@x\n",
      "assets/paid.sql": """
      /* @asset
      \(keep)columns: {email: {sensitive: true}}
      checks: [{unique: id}]
      indexes: [[day]]
      */
      select id, day, amount, email from orders
      """,
    ])
  }

  @Test func `rows are paired by the columns of a unique check`() async throws {
    let project = try makeProject()
    try await project.assetctl("materialize")
    try project.write(
      "assets/orders.csv", "id,day,amount,email\n1,mon,11,a@x\n2,mon,20,z@x\n4,wed,40,d@x\n")
    try await project.assetctl("materialize")

    let diff = try await project.assetctl("diff", "paid")

    #expect(
      diff
        == CommandResult(
          exitCode: 0,
          output: """
            paid  1 row added, 1 row removed, 2 rows changed, none as before
              now:  made <time> in the run <run>
              before:  made <time> in the run <run>
              paired by: id
              values changed in
                amount  1 row
                email  1 row
              changed
                id
                1  amount: 10 → 11
                2  email: ••• → •••
              added
                id  day  amount  email
                4  wed  40  •••
              removed
                id  day  amount  email
                3  tue  30  •••

            """))
    let changed = try await project.assetctl("diff", "paid", "--exit-code", "-q")
    #expect(changed == CommandResult(exitCode: 1))
  }

  @Test func `without kept versions it says what is known, and how to know more`() async throws {
    let project = try makeProject(keep: "")
    try await project.assetctl("materialize")
    try project.write("assets/orders.csv", "id,day,amount,email\n1,mon,11,a@x\n2,mon,20,b@x\n")
    try await project.assetctl("materialize")

    let diff = try await project.assetctl("diff", "paid")

    #expect(
      diff.output == """
        paid  2 rows, 3 before
          now:  made <time> in the run <run>
          before:  made <time> in the run <run>
          columns with other values: id, day, amount, email

        hint: the rows before are not kept; `keep: 1` among the settings of `paid` keeps them from the \
        next materialization on

        """)
    #expect(diff.exitCode == 0)
  }

  @Test func `columns that came, went or have another type are told`() async throws {
    let project = try makeProject()
    try await project.assetctl("materialize")
    try project.write(
      "assets/paid.sql",
      """
      /* @asset
      keep: 1
      columns: {amount: {type: text}}
      */
      select id, amount, day || '!' as note from orders
      """)
    try await project.assetctl("materialize")

    let diff = try await project.assetctl("diff", "paid", "--key", "ID", "--format", "json").json
    let entry = diff["assets"][0]

    #expect(
      entry["columns"] == [
        ["column": "day", "change": "removed", "type_before": "text"],
        ["column": "email", "change": "removed", "type_before": "text"],
        [
          "column": "amount", "change": "retyped", "type_before": "int", "type_after": "text",
        ],
        ["column": "note", "change": "added", "type_after": ""],
      ])
    #expect(entry["rows"]["changed"] == 3)
    #expect(entry["rows"]["key"] == ["id"])
    #expect(
      entry["rows"]["sample"]["changed"][0] == [
        "key": [1],
        "cells": [
          [
            "column": "amount", "before": 10, "after": "10", "type_before": "integer",
            "type_after": "text",
          ]
        ],
      ])
  }

  @Test func `a first materialization, an equal one and an older one`() async throws {
    let project = try makeProject()
    let never = try await project.assetctl("diff", "paid")
    #expect(never.exitCode == 64)
    #expect(never.errors.contains("`paid` was never materialized"))
    try await project.assetctl("materialize")
    let first = try await project.assetctl("diff", "paid")
    #expect(first.output.hasPrefix("paid  new, 3 rows\n"))
    try project.edit("assets/orders.csv", "10", to: "11")
    try await project.assetctl("materialize")
    try await project.assetctl("materialize", "paid", "--force")

    let same = try await project.assetctl("diff", "paid")
    #expect(same.output.hasPrefix("paid  3 rows, nothing changed\n"))
    #expect(try await project.assetctl("diff", "paid", "--exit-code").exitCode == 0)
    let ids = try await project.sqlite(
      "select run_id from materialization where asset = 'paid' order by finished_at",
      in: ".assetctl/state.sqlite")
    let older = try await project.assetctl(
      "diff", "paid", "--run", ids[1][0].text, "--format", "json")
    #expect(try older.json["assets"][0]["rows"]["changed"] == 1)
  }

  @Test func `what cannot be compared is told`() async throws {
    let project = try makeProject()
    try project.write("assets/seen.sql", "/* @asset\nmaterialized: view */\nselect id from paid")
    try project.write("assets/sources.yml", "sources: [{name: events}]")
    try await project.assetctl("materialize", "--exclude", "events")
    try project.edit("assets/orders.csv", "10", to: "11")
    try await project.assetctl("materialize", "paid")

    let key = try await project.assetctl("diff", "paid", "--key", "ids")
    let source = try await project.assetctl("diff", "events")
    let run = try await project.assetctl("diff", "seen", "--run", "last")

    #expect([key.exitCode, source.exitCode, run.exitCode] == [64, 64, 64])
    #expect(
      key.errors == """
        error: `ids` is not a column of `paid` both before and after

        hint: did you mean `id`?

        """)
    #expect(source.errors.contains("`events` is a source, which others write"))
    #expect(run.errors.contains("published nothing of `seen`"))
  }

  @Test func `of a model it tells metrics and files`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/model.sh": """
      # @asset
      # kind: model
      # outputs: [build/model.json]
      echo '{"metrics": {"rmse": 12.5}}' > "$ASSETCTL_OUTPUT"
      """,
    ])
    try await project.assetctl("materialize")
    try project.edit("assets/model.sh", "12.5", to: "11.25")
    try await project.assetctl("materialize")

    let diff = try await project.assetctl("diff", "model", "--format", "json").json

    #expect(diff["assets"][0]["metrics"] == [["metric": "rmse", "before": 12.5, "after": 11.25]])
    #expect(diff["assets"][0]["files"][0]["file"] == "build/model.json")
    let text = try await project.assetctl("diff", "model").output
    #expect(text.contains("metric: rmse: 12.5 → 11.25"))
  }
}
