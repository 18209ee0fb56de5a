import AssetTestSupport
import Testing

/// Incremental tables: what is new is read and brought in, and what changed behind the cursor is not
/// overlooked.
@Suite(.timeLimit(.minutes(10))) struct IncrementalTests {
  private let settings = """
    materialized: incremental
    unique_key: id
    cursor: at
    """

  private let query = "select id, at, kind from events where :cursor is null or at > :cursor"

  /// A project with the table `events` of others and an asset `latest` with the settings.
  private func project(
    _ settings: String? = nil, query: String? = nil, _ files: [String: String] = [:]
  ) async throws -> TemporaryProject {
    let project = try TemporaryProject(
      [
        "assetctl.yml": "project: shop\n",
        "assets/sources.yml": "sources:\n  - name: events\n  - name: kinds\n",
        "assets/latest.sql":
          "/* @asset\n\(settings ?? self.settings)\n*/\n\(query ?? self.query)\n",
      ].merging(files) { _, new in new })
    try project.write(".assetctl/keep", "")
    try await project.sqlite(
      "pragma journal_mode = wal", "create table events (id integer, at text, kind text)",
      "create table kinds (kind text, name text)",
      "insert into events values (1, '2024-01-01', 'a'), (2, '2024-01-02', 'b')")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    return project
  }

  /// What came of the asset in a run.
  private func latest(
    in project: TemporaryProject, _ arguments: String...
  ) async throws -> JSONValue {
    let run = try await project.assetctl(["materialize", "--format", "json"] + arguments)
    #expect(run.exitCode == 0, "\(run.errors)")
    return try #require(try run.json["assets"].elements.first { $0["asset"] == "latest" })
  }

  private func rows(of project: TemporaryProject) async throws -> [[JSONValue]] {
    try await project.sqlite("select id, at, kind from latest order by id, at, kind")
  }

  @Test func `rows ahead of the cursor are brought in, and nothing else is run`() async throws {
    let project = try await project()
    try await project.sqlite(
      "insert into events values (2, '2024-01-03', 'c'), (3, '2024-01-04', 'd')")

    let status = try await project.assetctl("status", "latest")
    let plan = try await project.assetctl("plan", "latest")
    let run = try await latest(in: project)

    #expect(
      status.output.contains("rows were added to `events` ahead of the cursor 2024-01-02"),
      "\(status.output)")
    #expect(plan.output.contains("ahead of the cursor 2024-01-02"))
    #expect(run["outcome"] == "materialized")
    #expect([run["rows_added"], run["rows_updated"], run["rows_removed"]] == [1, 1, 0])
    #expect(run["causes"].elements.map { $0["full_refresh"] } == [false])
    #expect(
      try await rows(of: project) == [
        [1, "2024-01-01", "a"], [2, "2024-01-03", "c"], [3, "2024-01-04", "d"],
      ])
    #expect(try await project.assetctl("status").exitCode == 0)
    #expect(try await latest(in: project)["outcome"] == "fresh")
  }

  @Test(arguments: [
    "update events set kind = 'x' where id = 1",
    "delete from events where id = 1",
    "insert into events values (9, '2024-01-01', 'late')",
    "insert into events values (9, '2024-01-02', 'as late as the cursor')",
    "insert into events values (9, null, 'never')",
  ])
  func `rows at or behind the cursor that change build it anew`(edit: String) async throws {
    let project = try await project("materialized: incremental\ncursor: events.at")
    try await project.sqlite(edit)
    try await project.sqlite("insert into events values (3, '2024-01-05', 'c')")

    let status = try await project.assetctl("status", "latest")
    let plan = try await project.assetctl("plan", "latest", "--format", "json")
    let why = try await project.assetctl("why", "latest")
    let run = try await project.assetctl("materialize")

    let words = "`events` changed at or behind the cursor 2024-01-02: full refresh"
    for text in [status.output, why.output, run.output] {
      #expect(text.contains(words), "\(text)")
    }
    let causes = try plan.json["steps"].elements.first?["causes"].elements
    #expect(causes?.map { $0["full_refresh"] } == [true])
    #expect(
      try await rows(of: project)
        == (try await project.sqlite("select id, at, kind from events order by id, at, kind")))
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `whatever else changes builds it anew`() async throws {
    let project = try await project(
      query: """
        select e.id, e.at, coalesce(k.name, e.kind) as kind
        from events as e left join kinds as k on k.kind = e.kind
        where :cursor is null or e.at > :cursor
        """)
    func expectRebuilt(_ arguments: String...) async throws {
      let run = try await project.assetctl(["materialize", "--format", "json"] + arguments)
      let asset = try run.json["assets"].elements.first { $0["asset"] == "latest" }
      #expect(["materialized", "unchanged"].contains(asset?["outcome"]), "\(run.errors)")
      #expect(asset?["rows_added"] == nil || asset?["rows_added"] == .null)
      #expect(try await project.assetctl("status").exitCode == 0)
    }

    try await project.sqlite("insert into kinds values ('a', 'apple')")
    try await expectRebuilt()
    #expect(try await rows(of: project).first?.last == "apple")
    try await project.sqlite("update latest set kind = 'by hand'")
    try await expectRebuilt()
    #expect(try await rows(of: project).first?.last == "apple")
    try await project.sqlite("drop table latest")
    try await expectRebuilt()
    try await expectRebuilt("--full-refresh")
    try await expectRebuilt("--force")
    try project.edit("assets/latest.sql", "e.kind) as", to: "upper(e.kind)) as")
    try await expectRebuilt()
    #expect(try await rows(of: project).map(\.last) == ["apple", "B"])
  }

  @Test func `a full refresh concerns incremental tables alone`() async throws {
    let project = try await project(
      nil, query: nil, ["assets/other.sql": "select count(*) as n from kinds"])

    let run = try await project.assetctl("materialize", "--full-refresh", "--format", "json")
    let other = try await project.assetctl(
      "materialize", "other", "--full-refresh", "--format", "json")

    #expect(try run.assets("outcome")["latest"] == "unchanged")
    #expect(try run.assets("outcome")["other"] == "fresh")
    #expect(try other.assets("outcome") == ["other": "fresh"])
  }

  @Test func `keys that do not tell rows apart are refused, and some are named`() async throws {
    let project = try await project()
    try await project.sqlite(
      "insert into events values (7, '2024-01-03', 'a'), (7, '2024-01-04', 'b')")
    let twice = try await project.assetctl("materialize")
    try await project.sqlite(
      "delete from events where id = 7", "insert into events values (null, '2024-01-03', 'a')")
    let none = try await project.assetctl("materialize")

    #expect(twice.exitCode == 1)
    #expect(
      twice.output.contains(
        "the query of `latest` gives several rows with the same `id`, its `unique_key`"),
      "\(twice.output)")
    #expect(twice.output.contains("id 7: 2 rows"))
    #expect(none.output.contains("gives 1 row with null in its `unique_key`, `id`"))
    #expect(try await rows(of: project).count == 2)
  }

  @Test func `a column that comes is added, refused or builds it anew`() async throws {
    for change in ["append_columns", "fail", "full_refresh"] {
      let project = try await project(
        settings + "\non_schema_change: \(change)",
        query: "select * from events where :cursor is null or at > :cursor")
      try await project.sqlite(
        "alter table events add column size integer",
        "insert into events values (3, '2024-01-03', 'c', 5)")

      let run = try await project.assetctl("materialize", "--format", "json")

      let asset = try run.json["assets"].elements.first { $0["asset"] == "latest" }
      switch change {
      case "fail":
        #expect(run.exitCode == 1)
        #expect(
          asset?["error"]
            == "assets/latest.sql: the query of `latest` gives other columns than its table has")
        #expect(asset?["details"] == ["added: size"])
        #expect(try await rows(of: project).count == 2)
        #expect(try await project.assetctl("materialize", "--full-refresh").exitCode == 0)
      case "append_columns": #expect(asset?["rows_added"] == 1)
      default: #expect(asset?["rows_added"] == nil || asset?["rows_added"] == .null)
      }
      #expect(
        try await project.sqlite("select id, size from latest order by id")
          == [[1, .null], [2, .null], [3, 5]])
      #expect(try await project.assetctl("status").exitCode == 0)
    }
  }

  @Test func `a column that the input loses stays with its old values if columns are appended`()
    async throws
  {
    let project = try await project(
      settings + "\non_schema_change: append_columns",
      query: "select * from events where :cursor is null or at > :cursor")
    try await project.sqlite(
      "alter table events drop column kind", "insert into events values (3, '2024-01-03')")
    let before = try await project.sqlite("select id, kind from latest order by id")

    let run = try await project.assetctl("materialize", "--format", "json")

    let asset = try run.json["assets"].elements.first { $0["asset"] == "latest" }
    #expect(asset?["rows_added"] == 1)
    #expect(
      try await project.sqlite("select id, kind from latest order by id")
        == before + [[3, .null]])
    #expect(try await project.assetctl("status").exitCode == 0)

    // What is behind the cursor is compared all the same.
    try await project.sqlite(
      "alter table events add column more", "update events set at = '2024-01-01T01' where id = 1")
    let changed = try await project.assetctl("status")
    #expect(changed.output.contains("full refresh"), "\(changed.output)")
  }

  @Test func `a check that fails leaves the rows and the cursor as they were`() async throws {
    let project = try await project(settings + "\nchecks: [expression: kind <> 'bad']")
    try await project.sqlite("insert into events values (3, '2024-01-03', 'bad')")
    #expect(try await project.assetctl("materialize").exitCode == 1)
    #expect(try await rows(of: project).count == 2)
    try await project.sqlite("update events set kind = 'good' where id = 3")

    let run = try await latest(in: project)

    #expect(run["rows_added"] == 1)
    #expect(try await rows(of: project).last == [3, "2024-01-03", "good"])
  }

  @Test func `an empty input and one without values leave nothing to go on from`() async throws {
    let project = try await project("materialized: incremental\ncursor: at")
    try await project.sqlite("delete from events")
    #expect(try await latest(in: project)["rows"] == 0)
    try await project.sqlite("insert into events values (1, '2024-02-01', 'a')")

    let status = try await project.assetctl("status", "latest")
    _ = try await latest(in: project)

    #expect(
      status.output.contains("`events` changed in `at`, `id` and `kind`: full refresh"))
    #expect(try await rows(of: project) == [[1, "2024-02-01", "a"]])
    try await project.sqlite("insert into events values (2, '2024-02-02', 'b')")
    #expect(try await latest(in: project)["rows_added"] == 1)
  }

  @Test func `a cursor that no input has, or several, is an error with the way out`() async throws {
    let project = try await project()
    try project.edit("assets/latest.sql", "cursor: at", to: "cursor: id")
    try project.edit(
      "assets/latest.sql", "select id, at, kind from events",
      to: "select events.id, at, kind from events join (select 1) on true")
    try await project.sqlite("alter table kinds add column id")
    try project.edit("assets/latest.sql", "join (select 1)", to: "join (select id from kinds)")

    let both = try await project.assetctl("materialize")
    try project.edit("assets/latest.sql", "cursor: id", to: "cursor: nothing")
    let none = try await project.assetctl("materialize")

    #expect(
      both.output.contains(
        "the cursor of `latest` may be in `events` and `kinds`, which all have a column `id`"),
      "\(both.output)\(both.errors)")
    #expect(both.output.contains("as in `cursor: events.id`"))
    #expect(
      none.output.contains("no input of `latest` has its cursor, a column `nothing`"),
      "\(none.output)\(none.errors)")
  }

  @Test func `settings that do not go together are told with their places`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/a.sql": "/* @asset\nmaterialized: incremental\n*/\nselect 1 as x",
      "assets/b.sql":
        "/* @asset\nmaterialized: incremental\ncursor: x\nstrategy: append\nunique_key: x\n*/\nselect x from a",
      "assets/c.sql":
        "/* @asset\nmaterialized: incremental\ncursor: z.x\nstrategy: upsert\n*/\nselect x from a where x > :cursor",
      "assets/d.sql": "/* @asset\nunique_key: x\ncursor: x\n*/\nselect 1 as x",
      "assets/e.sql":
        "/* @asset\nmaterialized: snapshot\ncheck_columns: [x]\nupdated_at: x\n*/\nselect 1 as x",
    ])

    let list = try await project.assetctl("list")

    #expect(list.exitCode == 2)
    for text in [
      "assets/a.sql:2:1: error: `materialized: incremental` has no `cursor`",
      "assets/b.sql: error: the query of `b` never asks for its `cursor`",
      "assets/b.sql:5:1: error: `strategy: append` and `unique_key` exclude each other",
      "`strategy: upsert` has no `unique_key`",
      "assets/c.sql: error: the cursor of `c` is in `z`, which the query does not read",
      "assets/d.sql:2:1: error: `unique_key` only counts beside `materialized: incremental` or `snapshot`",
      "assets/d.sql:3:1: error: `cursor` only counts beside `materialized: incremental`",
      "`materialized: snapshot` has no `unique_key`",
      "`updated_at`",
    ] {
      #expect(list.errors.contains(text), "\(text)\n\(list.errors)")
    }
  }
}
