import AssetTestSupport
import Foundation
import Testing

/// `materialize --dry-run --diff`: what would change, of which nothing is seen.
@Suite struct TrialTests {
  private func makeProject(_ more: [String: String] = [:]) throws -> TemporaryProject {
    try TemporaryProject(
      [
        "assetctl.yml": "project: shop",
        "assets/orders.csv": "id,amount\n1,10\n2,20\n",
        "assets/paid.sql":
          "/* @asset\nchecks: [{unique: id}, {expression: amount > 0}]\n*/\nselect id, amount from orders",
        "assets/total.sql": "select sum(amount) as total from paid",
        "assets/many.sql": "select count(*) as n from paid",
      ].merging(more) { _, new in new })
  }

  /// All that a project's folder holds, but for what only saves work.
  private func everything(_ project: TemporaryProject) async throws -> [[JSONValue]] {
    var rows = try await project.sqlite(
      "select * from assetctl_publication union all select type, name, sql, '', '' from sqlite_schema order by 1, 2"
    )
    for table in ["orders", "paid", "total"] {
      rows += try await project.sqlite("select * from \(table)")
    }
    for table in ["run", "attempt", "materialization", "asset_state"] {
      rows += try await project.sqlite("select * from \(table)", in: ".assetctl/state.sqlite")
    }
    return rows
  }

  @Test func `each table that is due is compared, through to the last reader`() async throws {
    let project = try makeProject()
    try await project.assetctl("materialize")
    try project.write("assets/orders.csv", "id,amount\n1,10\n2,25\n")
    let before = try await everything(project)

    let trial = try await project.assetctl("materialize", "--dry-run", "--diff")

    #expect(
      trial
        == CommandResult(
          exitCode: 0,
          output: """
            orders  1 row added, 1 row removed, 1 as before
              before: made <time> in the run <run>
              added
                id  amount
                2  25
              removed
                id  amount
                2  20

            paid  1 row changed, 1 as before
              before:  made <time> in the run <run>
              paired by: id
              values changed in
                amount  1 row
              changed
                id
                2  amount: 20 → 25

            total  1 row added, 1 row removed, none as before
              before: made <time> in the run <run>
              added
                total
                35
              removed
                total
                30

            3 would change
            nothing was published

            """))
    #expect(try await everything(project) == before)
    let json = try await project.assetctl(
      "materialize", "paid", "--dry-run", "--diff", "--format", "json")
    #expect(try json.json["dry_run"] == true)
    #expect(try json.assets("asset").keys.sorted() == ["orders", "paid"])
    #expect(try await everything(project) == before)
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(
      try await project.assetctl("materialize", "--dry-run", "--diff").output
        == "nothing is to be materialized\nnothing was published\n")
  }

  @Test func `a check that would fail is told, and what would be skipped`() async throws {
    let project = try makeProject()
    try await project.assetctl("materialize")
    try project.write("assets/orders.csv", "id,amount\n1,10\n2,-5\n")
    let before = try await everything(project)

    let trial = try await project.assetctl(
      "materialize", "--dry-run", "--diff", "--format", "json")

    #expect(trial.exitCode == 1)
    let assets = try trial.json["assets"].elements
    #expect(
      assets.map { $0["result"]["outcome"] } == ["materialized", "failed", "skipped", "skipped"])
    #expect(try await everything(project) == before)
    let text = try await project.assetctl("materialize", "--dry-run", "--diff")
    #expect(text.output.contains("`paid` was not published: the check `"))
    #expect(text.output.contains("1 would change, 3 would fail or be skipped"))
  }

  @Test func `programs and what is downstream of them are left out`() async throws {
    let project = try makeProject([
      "assets/made.sh":
        "# @asset\n# kind: table\n# inputs: [paid]\n# retries: {max: 3, delay: 1h}\ntouch ran\nprintf 'id\\n1\\n' > \"$ASSETCTL_OUTPUT\"\n",
      "assets/last.sql": "select id from made",
    ])

    let trial = try await project.assetctl("materialize", "--dry-run", "--diff")

    #expect(trial.exitCode == 0, "\(trial)")
    #expect(!project.exists("ran"))
    #expect(!project.exists(".assetctl"))
    #expect(
      trial.output.hasSuffix(
        """

        4 would change
        left out, as programs are not run: `made` and `last`
        nothing was published

        """))
  }

  @Test func `readers see only what is published, and another run waits`() async throws {
    let project = try makeProject(["assets/slow.sql": Self.slow])
    try await project.assetctl("materialize")
    try project.write("assets/orders.csv", "id,amount\n1,10\n2,25\n")
    let reader = try project.startPython(
      """
      import os, sqlite3
      database = sqlite3.connect(".assetctl/warehouse.sqlite")
      seen = set()
      while not os.path.exists("done"):
          seen.add(database.execute(
              "select (select sum(amount) from paid), (select total from total),"
              " (select max(total) from slow), (select count(*) from sqlite_schema"
              " where name like 'assetctl_version%')").fetchone())
          open("reading", "w").close()
      assert seen == {(30, 30, 30, 0)}, seen
      """)
    try await project.wait(for: "the reader to read") { project.exists("reading") }

    let trial = try await project.assetctl("materialize", "--dry-run", "--diff")

    try project.write("done", "")
    #expect(trial.output.contains("slow  400,000 rows added, 400,000 rows removed"))
    let read = try await reader.result()
    #expect(read.exitCode == 0, "\(read.errors)")
    let second = try project.start(["materialize", "--dry-run", "--diff"])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await second.result().exitCode == 0)
    #expect(try await project.sqlite("select max(total) from slow") == [[35]])
  }

  private static let slow = """
    with recursive c(i) as (select 1 union all select i + 1 from c where i < 400000)
    select i, (select sum(amount) from paid) as total from c
    """

  @Test func `a trial that is killed or interrupted leaves nothing`() async throws {
    let project = try makeProject(["assets/slow.sql": Self.slow])
    try await project.assetctl("materialize")
    try project.write("assets/orders.csv", "id,amount\n1,10\n2,25\n")
    let before = try await everything(project)
    var random = SeededRandom(seed: 6)
    for number in 0..<10 {
      let trial = try project.start(["materialize", "--dry-run", "--diff"])
      try await Task.sleep(for: .milliseconds(random.next() % 400))
      trial.send(number.isMultiple(of: 2) ? SIGKILL : SIGINT)
      _ = try await trial.result()
      #expect(try await everything(project) == before)
    }
    #expect(try await project.assetctl("materialize").exitCode == 0)
  }
}
