import AssetTestSupport
import Testing

/// Partitions that cannot be made or that others changed: each is its own matter.
@Suite(.timeLimit(.minutes(10))) struct PartitionFailureTests {
  private static let own = PartitionProject.ownRows

  /// `daily` with settings; `next` reads its own day, `total` all of it.
  private func project(
    _ settings: String = "", query: String = PartitionProject.daily,
    _ files: [String: String] = [:]
  ) async throws -> PartitionProject {
    try await PartitionProject(
      daily: PartitionProject.file(PartitionProject.tenDays + "\n" + settings, query),
      [
        "assets/next.sql": PartitionProject.file(
          PartitionProject.tenDays, "select day, n from daily where \(Self.own)"),
        "assets/total.sql": "select sum(n) as n from daily",
      ].merging(files) { _, new in new })
  }

  /// Expects that the third day fails with a message, the fourth is made, and the next run mends it.
  private func expectOneFailure(
    in made: PartitionProject, _ message: String, mend: String
  ) async throws {
    let project = made.project
    let before = try await made.rows("daily")
    try await project.sqlite("update events set n = n + 1 where day = '2024-01-04'")
    let run = try await made.materialize()
    let status = try await project.assetctl("status", "--format", "json")

    #expect(run.exitCode == 1)
    #expect(
      try run.partitions(by: "outcome") == [
        "daily": ["failed": ["2024-01-03"], "materialized": ["2024-01-04"]],
        "next": ["skipped": ["2024-01-03"], "materialized": ["2024-01-04"]],
      ])
    #expect(
      try run.assets("outcome").filter { $0.key != "events" }
        == ["daily": "failed", "next": "skipped", "total": "skipped"])
    let daily = try run.json["assets"].elements.first { $0["asset"] == "daily" }
    let failed = daily?["partitions"].elements.first { $0["outcome"] == "failed" }
    #expect(failed?["error"].text.contains(message) == true, "\(failed?["error"].text ?? "")")
    #expect(try status.partitions(by: "status")["daily"] == ["failed": ["2024-01-03"]])
    #expect(try status.partitions(by: "status")["next"] == ["waiting": ["2024-01-03"]])
    let after = try await made.rows("daily")
    #expect(after[2] == before[2])
    #expect(after[3] != before[3])
    #expect(after.count == 10)

    try await project.sqlite(mend)
    #expect(
      try await made.materialize("--retry").made == [
        "daily@2024-01-03", "next@2024-01-03", "total",
      ]
    )
    try await made.expectFresh()
    #expect(try await made.rows("total").first?.first == .number(156))
  }

  private static let mend = "update events set n = 103 where id = 3"
  private static let much = "update events set n = 10000 where id = 3"

  @Test func `a check that fails keeps the old rows of its day alone`() async throws {
    let made = try await project("checks: [{expression: n < 1000}]")
    try await made.project.sqlite(Self.much)
    try await expectOneFailure(in: made, "the check `expression(n < 1000)` failed", mend: Self.mend)
    #expect(try await made.rows("daily")[2] == ["2024-01-03", 1, 103])
  }

  @Test func `a query that fails keeps the old rows of its day alone`() async throws {
    let made = try await project(
      query:
        "select day, count(*) as k, sum(n) + case when max(n) > 1000 then abs(-9223372036854775807 - 1) else 0 end as n from events where \(Self.own) group by day"
    )
    try await made.project.sqlite(Self.much)
    try await expectOneFailure(in: made, "integer overflow", mend: Self.mend)
  }

  @Test func `rows of another day are refused`() async throws {
    let made = try await project(
      query:
        "select case when n > 1000 then '2024-01-09' else day end as day, 1 as k, n from events where \(Self.own)"
    )
    try await made.project.sqlite(Self.much)
    try await expectOneFailure(
      in: made, "1 row that `daily@2024-01-03` gives is not of that partition",
      mend: Self.mend)
  }

  @Test func `checks see the rows of the partition alone`() async throws {
    let made = try await project(
      """
      checks:
        - unique: k
        - row_count: {equals: one}
        - relationships: {column: day, to: days.day}
        - sql: select day from daily where (select count(*) from daily) > 1
        - sql: checks/one_day.sql
      """,
      [
        "checks/one_day.sql":
          "select * from daily as a join daily as b on a.day <> b.day",
        "assets/one.sql": "select 1 as one",
        "assets/days.sql": "select day from events",
      ])
    try await made.project.sqlite("update events set n = 9 where id = 4")
    #expect(try await made.materialize().made == ["daily@2024-01-04", "next@2024-01-04", "total"])
    try await made.expectFresh()
  }

  @Test func `a contract holds for each partition, and a candidate is kept to look into`()
    async throws
  {
    let made = try await project(
      """
      quarantine: true
      contract: enforced
      columns: {day: text, k: integer, n: {type: integer, checks: [{range: {max: 1000}}]}}
      """)
    try await made.project.sqlite(Self.much)

    let run = try await made.materialize()
    let text = try await made.project.assetctl("materialize")

    #expect(try run.partitions(by: "outcome")["daily"] == ["failed": ["2024-01-03"]])
    #expect(text.output.contains("10000"), "\(text.output)")
    let tables = try await made.project.sqlite(
      "select name from sqlite_master where name like '%quarantine%' or name like '%failed%' order by 1"
    )
    #expect(tables.count == 1, "\(tables)")
    try await made.project.sqlite("update events set n = 3 where id = 3")
    try await made.expectSuccess()
    try made.project.edit("assets/daily.sql", "sum(n) as n", to: "sum(n) as n, 1 as more")
    let broken = try await made.project.assetctl("materialize")
    #expect(broken.exitCode == 1)
    #expect(broken.output.contains("more"), "\(broken.output)")
    #expect(try await made.rows("daily").first == ["2024-01-01", 1, 1])
  }

  @Test(arguments: [
    ("update daily set n = 0 where day = '2024-01-05'", ["daily@2024-01-05"]),
    ("delete from daily where day >= '2024-01-09'", ["daily@2024-01-09", "daily@2024-01-10"]),
    ("insert into daily values ('2024-01-02', 1, 1)", ["daily@2024-01-02"]),
    ("insert into daily values ('2023-12-31', 1, 1)", ["daily"]),
    ("insert into daily values (null, 1, 1)", ["daily"]),
    (
      "update daily set day = '2024-01-08' where day = '2024-01-07'",
      ["daily@2024-01-07", "daily@2024-01-08"]
    ),
    ("update daily set day = '2025' where day = '2024-01-07'", ["daily@2024-01-07"]),
    ("update daily set n = n", []),
  ])
  func `what others do to rows is undone just where they did it`(
    statement: String, due: [String]
  ) async throws {
    let made = try await project()
    let rows = try await made.rows("daily")
    try await made.project.sqlite(statement)

    let run = try await made.materialize()

    #expect(try run.made == due)
    #expect(try await made.rows("daily") == rows)
    try await made.expectFresh()
  }

  @Test func `rows that are taken out are told`() async throws {
    let made = try await project()
    try await made.project.sqlite("insert into daily values ('2023-12-31', 1, 1)")

    let plan = try await made.project.assetctl("plan")
    let run = try await made.project.assetctl("materialize")

    #expect(plan.output.contains("materialize  daily  its output was altered"), "\(plan.output)")
    #expect(!plan.output.contains("next"), "\(plan.output)")
    #expect(run.output.contains("1 row of no partition removed"), "\(run.output)")
  }

  @Test(arguments: [
    "drop table daily", "alter table daily add column more",
    "alter table daily rename column k to q", "delete from daily",
    "alter table daily drop column k",
  ])
  func `a table that others broke is made anew`(statement: String) async throws {
    let made = try await project()
    let rows = try await made.rows("daily")
    try await made.project.sqlite(statement)

    let run = try await made.materialize()

    #expect(try run.made == PartitionProject.days.map { "daily@" + $0 }, "\(run.errors)")
    #expect(try await made.rows("daily") == rows)
    try await made.expectFresh()
  }

  @Test func `other columns are those of all partitions`() async throws {
    let made = try await project("indexes: [[day]]")
    let edits: [(old: String, new: String, columns: [JSONValue])] = [
      ("sum(n) as n", "sum(n) as n, max(n) as most", ["day", "k", "n", "most"]),
      ("count(*) as k, ", "", ["day", "n", "most"]),
      ("max(n) as most", "max(n) as highest", ["day", "n", "highest"]),
      ("sum(n) as n", "'x' || sum(n) as n", ["day", "n", "highest"]),
    ]
    for edit in edits {
      try made.project.edit("assets/daily.sql", edit.old, to: edit.new)
      let run = try await made.materialize("daily")
      #expect(try run.made == PartitionProject.days.map { "daily@" + $0 }, "\(run.errors)")
      #expect(
        try await made.project.sqlite("select name from pragma_table_info('daily')")
          == edit.columns.map { [$0] })
      try await made.expectSuccess()
    }
    #expect(try await made.rows("daily").first == ["2024-01-01", "x1", 1])
    let indexes = try await made.project.sqlite(
      "select count(*) from sqlite_master where type = 'index' and tbl_name = 'daily'")
    #expect(indexes == [[1]])
  }

  @Test func `a definition that fails for one day is made again for that day alone`() async throws {
    let made = try await project("checks: [{expression: n < 1000}]")
    try await made.project.sqlite(Self.much)
    try made.project.edit("assets/daily.sql", "sum(n) as n", to: "sum(n) as n, 7 as more")

    let run = try await made.materialize()

    let others = PartitionProject.days.filter { $0 != "2024-01-03" }
    #expect(
      try run.partitions(by: "outcome")["daily"] == [
        "failed": ["2024-01-03"], "materialized": others,
      ])
    #expect(try await made.rows("daily")[2] == ["2024-01-03", 1, 3, .null])
    try await made.project.sqlite("update events set n = 4 where id = 3")
    #expect(try await made.materialize("daily").made == ["daily@2024-01-03"])
    #expect(try await made.rows("daily")[2] == ["2024-01-03", 1, 4, 7])
    try await made.expectSuccess()
  }
}
