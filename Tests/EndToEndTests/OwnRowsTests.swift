import AssetTestSupport
import Testing

/// Incremental tables whose query reads the rows that they have.
@Suite struct OwnRowsTests {
  private func project(
    _ settings: String = "", query: String? = nil, _ more: [String: String] = [:]
  ) throws -> TemporaryProject {
    let query =
      query ?? "select * from events where ts > (select coalesce(max(ts), 0) from log)"
    return try TemporaryProject(
      [
        "assetctl.yml": "project: shop\n", "assets/events.csv": "ts,v\n1,a\n2,b\n",
        "assets/log.sql": "/* @asset\nmaterialized: incremental\n\(settings)\n*/\n\(query)\n",
        "assets/total.sql": "select count(*) as n from log",
      ].merging(more) { $1 })
  }

  private func rows(_ project: TemporaryProject) async throws -> [[JSONValue]] {
    try await project.sqlite("select ts || v from log order by 1")
  }

  @Test func `it begins with no rows and goes on from those that it has`() async throws {
    let project = try project()

    let first = try await project.assetctl("materialize", "--format", "json")
    #expect(first.exitCode == 0)
    #expect(try await rows(project) == [["1a"], ["2b"]])
    #expect(try await project.assetctl("status", "-q") == CommandResult(exitCode: 0))

    try project.write("assets/events.csv", "ts,v\n2,changed\n3,c\n")
    let plan = try await project.assetctl("materialize", "--dry-run", "--diff")
    #expect(plan.output.contains("log  1 row added, 2 as before"))
    let second = try await project.assetctl("materialize")

    #expect(second.exitCode == 0)
    #expect(second.output.contains("1 added"))
    #expect(!second.output.contains("full refresh"))
    // What its input lost stays, as does what its author chose not to read again.
    #expect(try await rows(project) == [["1a"], ["2b"], ["3c"]])
    #expect(try await project.assetctl("status", "-q") == CommandResult(exitCode: 0))
    let again = try await project.assetctl("materialize")
    #expect(again.output.contains("nothing to do"))
  }

  @Test(arguments: ["--full-refresh", "--force"])
  func `built anew it reads no rows of itself`(option: String) async throws {
    let project = try project()
    try await project.assetctl("materialize")
    try project.write("assets/events.csv", "ts,v\n2,changed\n3,c\n")
    try await project.assetctl("materialize")

    let run = try await project.assetctl("materialize", "log", option)

    #expect(run.exitCode == 0)
    #expect(try await rows(project) == [["2changed"], ["3c"]])
  }

  @Test func `another definition builds it anew, and so does a table that is gone`() async throws {
    let project = try project()
    try await project.assetctl("materialize")
    try project.edit("assets/log.sql", "coalesce(max(ts), 0)", to: "coalesce(max(ts), 1)")

    let run = try await project.assetctl("materialize", "log")
    #expect(run.output.contains("its definition changed: full refresh"))
    #expect(try await rows(project) == [["2b"]])

    try await project.sqlite("drop table log")
    #expect(try await project.assetctl("materialize", "log").exitCode == 0)
    #expect(try await rows(project) == [["2b"]])
  }

  @Test func `a failed check leaves the rows, and the next run goes on from them`() async throws {
    let project = try project("checks: [{expression: ts < 10}]")
    try await project.assetctl("materialize")
    try project.write("assets/events.csv", "ts,v\n11,z\n")
    #expect(try await project.assetctl("materialize").exitCode == 1)
    #expect(try await rows(project) == [["1a"], ["2b"]])

    try project.write("assets/events.csv", "ts,v\n5,e\n")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await rows(project) == [["1a"], ["2b"], ["5e"]])
  }

  @Test func `rows are replaced by key`() async throws {
    let project = try project(
      "unique_key: v",
      query: """
        select e.ts + coalesce((select max(ts) from log), 0) as ts, e.v from events e
        left join log on log.v = e.v
        """)
    try await project.assetctl("materialize")
    #expect(try await rows(project) == [["1a"], ["2b"]])

    try project.write("assets/events.csv", "ts,v\n5,a\n7,c\n")
    let run = try await project.assetctl("materialize")

    #expect(run.output.contains("1 added, 1 updated"))
    #expect(try await rows(project) == [["2b"], ["7a"], ["9c"]])
  }

  @Test func `a cursor may stand beside it`() async throws {
    let project = try project(
      "cursor: ts",
      query: """
        select ts, v from events
        where (:cursor is null or ts > :cursor) and v not in (select v from log)
        """)
    try await project.assetctl("materialize")
    try project.write("assets/events.csv", "ts,v\n1,a\n2,b\n3,a\n4,d\n")

    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await rows(project) == [["1a"], ["2b"], ["4d"]])
    #expect(try await project.assetctl("status", "-q") == CommandResult(exitCode: 0))
  }

  @Test func `it is no input of itself`() async throws {
    let project = try project()
    try await project.assetctl("materialize")

    let lineage = try await project.assetctl("lineage", "log", "--columns", "--format", "json").json
    let why = try await project.assetctl("why", "log")

    #expect(lineage["upstream"].elements.map(\.text) == ["events"])
    #expect(lineage["edges"].elements.map { $0["from"].text }.sorted() == ["events", "log"])
    #expect(!why.output.contains("log:"))
    #expect(try await project.assetctl("validate", "-q") == CommandResult(exitCode: 0))
  }

  @Test func `a unit test has it without rows`() async throws {
    let project = try project(
      [
        "tests/log.yml": """
        tests:
          - name: first
            asset: log
            given:
              events: {rows: [{ts: 1, v: x}, {ts: -1, v: y}]}
            expect:
              rows: [{ts: 1, v: x}]
        """
      ])

    #expect(try await project.assetctl("test").exitCode == 0)
  }

  private func project(_ more: [String: String]) throws -> TemporaryProject {
    try project("", query: nil, more)
  }

  @Test(arguments: ["table", "view", "snapshot\nunique_key: ts"])
  func `other tables cannot read themselves, and are told what can`(kind: String) async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/log.sql": "/* @asset\nmaterialized: \(kind)\n*/ select * from log",
    ])

    let list = try await project.assetctl("list")

    #expect(list.exitCode == 2)
    #expect(list.errors.contains("error: `log` reads itself"))
    #expect(list.errors.contains("with `materialized: incremental` it reads the rows that it has"))
  }

  @Test func `where nothing tells its columns they are to be declared`() async throws {
    let project = try project(query: "select * from log union all select * from log")

    let run = try await project.assetctl("materialize", "log")

    #expect(run.exitCode == 1)
    #expect(run.output.contains("nothing tells which columns it has before it is there"))
    #expect(run.output.contains("declare all of them under its `columns:`"))

    try project.edit(
      "assets/log.sql", "materialized: incremental",
      to: "materialized: incremental\ncolumns: {ts: integer, v: text}")
    #expect(try await project.assetctl("materialize", "log").exitCode == 0)
  }
}
