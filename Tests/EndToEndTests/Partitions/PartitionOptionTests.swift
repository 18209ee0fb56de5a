import AssetTestSupport
import Testing

/// `--partition` without a selection, what a plan says of it, and how command lines end.
@Suite(.timeLimit(.minutes(10))) struct PartitionOptionTests {
  private func project() async throws -> PartitionProject {
    try await PartitionProject([
      "assets/total.sql": "select sum(n) as n from daily",
      "assets/sums.sql": PartitionProject.file(
        PartitionProject.tenDays + "\ninputs: {daily: {window: {before: 1}}}",
        "select cast(:partition_start as text) as day, sum(n) as n from daily"),
    ])
  }

  @Test(arguments: [
    (
      "", "at integer", "unixepoch(day)", "goes from `'2024-01-01'` to `'2024-01-02'`",
      "holds numbers"
    ),
    (", format: epoch", "at text", "day", "goes from `1704067200` to `1704153600`", "holds texts"),
  ]) func `a window on a column of another form is refused`(
    format: String, column: String, value: String, bounds: String, holds: String
  ) async throws {
    let own = format.isEmpty ? "day" : "unixepoch(day)"
    let made = try await PartitionProject(
      daily: PartitionProject.file(
        "partitions: {column: day, every: day, start: 2024-01-01, end: 2024-01-03\(format)}\n"
          + "inputs: {extra: {window: {before: 0, column: at}}}",
        "select \(own) as day, (select count(*) from extra) as n from events "
          + "where \(own) >= :partition_start and \(own) < :partition_end"),
      ["assets/more.yml": "sources: [{name: extra}]\n"], isMade: false)
    try await made.project.sqlite(
      "create table extra (\(column))", "insert into extra select \(value) from events")
    let refused = try await made.materialize()
    #expect(refused.exitCode == 1)
    let text = try refused.json["assets"].elements.first { $0["asset"] == "daily" }?["error"].text
    #expect(
      text?.contains("the window of `daily@2024-01-01` on `extra` \(bounds)") == true,
      "\(text ?? "")")
    #expect(text?.contains("the column `at` \(holds)") == true, "\(text ?? "")")
    let tables = "select count(*) from sqlite_schema where name = 'daily'"
    #expect(try await made.project.sqlite(tables) == [[0]])
  }

  @Test func `without a selection just that partition is made of each asset`() async throws {
    let made = try await project()
    try await made.project.sqlite("update events set n = n + 100")

    let run = try await made.materialize("--partition", "2024-01-02")

    #expect(try run.made == ["daily@2024-01-02", "sums@2024-01-02", "total"])
    #expect(try await made.rows("total") == [[155]])
    try await made.expectSuccess()
    #expect(try await made.rows("total") == [[1055]])
  }

  @Test(arguments: [
    ["--force"], ["--force", "--partition", "2024-01-02"], ["--partition", "2024-01-02"],
    ["--full-refresh", "--partition", "2024-01-03.."], ["sums", "--partition", "2024-01-02"],
    ["sums", "--force", "--partition", "2024-01-02"], ["--retry"],
  ])
  func `a plan names the partitions that the run makes`(words: [String]) async throws {
    let made = try await project()
    if !words.contains("--force") { try await made.project.sqlite("update events set n = n + 1") }

    let plan = try await made.project.assetctl(["plan", "--format", "json"] + words)
    let run = try await made.project.assetctl(["materialize", "--format", "json"] + words)

    let named = try plan.partitions(by: "decision", of: "steps").mapValues {
      $0.values.flatMap { $0 }.sorted()
    }
    let built = try run.partitions(by: "outcome").mapValues { $0.values.flatMap { $0 }.sorted() }
    #expect(named == built, "\(plan.output)\(run.output)")
  }

  @Test func `a partition that is none is a wrong command line everywhere`() async throws {
    let made = try await project()
    for words in [
      ["materialize", "daily", "--partition", "2024-13-01"],
      ["materialize", "--partition", "2025-01-01"], ["plan", "--partition", "2025-01-01"],
      ["materialize", "--dry-run", "--partition", "2025-01-01"],
      ["materialize", "total", "--partition", "2024-01-01"], ["why", "daily@2025-01-01"],
      ["show", "daily@2025-01-01"], ["preview", "daily@2025-01-01"],
      ["logs", "last", "daily@2025-01-01"], ["lineage", "daily@2025-01-01"],
      ["diff", "daily@2025-01-01"], ["diff", "daily@2024-01-01"],
      ["rollback", "daily@2025-01-01"], ["check", "daily@2025-01-01"],
      ["status", "daily@2025-01-01"], ["runs", "daily@2025-01-01"], ["why", "total@2024-01-01"],
    ] {
      let run = try await made.project.assetctl(words)
      #expect(run.exitCode == 64, "\(words): \(run.output)\(run.errors)")
    }
    for words in [
      ["--retry"], ["--retry", "--partition", "2024-01-01"],
      ["daily,status:stale", "--partition", "2024-01-01"],
    ] {
      let run = try await made.project.assetctl(["materialize"] + words)
      #expect(run.exitCode == 0, "\(words): \(run.output)\(run.errors)")
    }
  }

  @Test func `a range takes of days, weeks and values what lies in it`() async throws {
    let made = try await PartitionProject(
      [
        "assets/weekly.sql": PartitionProject.file(
          "partitions: {column: day, every: week, start: 2024-01-01, end: 2024-01-08}",
          "select day, n from events where \(PartitionProject.ownRows)"),
        "assets/odds.sql": PartitionProject.file(
          "partitions: {column: odd, values: [0, 1]}",
          "select odd, n from events where odd = :partition_key"),
      ], isMade: false)

    let run = try await made.materialize("--partition", "2024-01-03..2024-01-05")
    let week = try await made.materialize("--partition", "2024-01-01..2024-01-07")

    #expect(try run.made == (3...5).map { "daily@2024-01-0\($0)" })
    #expect(
      try week.made.sorted()
        == [1, 2, 6, 7].map { "daily@2024-01-0\($0)" } + ["weekly@2024-01-01"])
    try await made.expectSuccess()
  }

  @Test func `a later end in a program's header makes the new partition alone`() async throws {
    let lines = [
      "@asset", "kind: table", "partitions:", "  column: day", "  every: day",
      "  start: 2024-01-01", "  # until further notice", "  end: 2024-01-03",
      "inputs: {daily: {columns: [day, n], window: {before: 0}}}",
    ]
    let made = try await PartitionProject([
      "assets/made.sh": lines.map { "# \($0)\n" }.joined()
        + "cat \"$ASSETCTL_INPUT_DAILY\" > \"$ASSETCTL_OUTPUT\"\n"
    ])

    try made.project.edit("assets/made.sh", "end: 2024-01-03", to: "end: 2024-01-04")
    #expect(try await made.materialize().made == ["made@2024-01-04"])
    try made.project.edit("assets/made.sh", "start: 2024-01-01", to: "start: 2024-01-02")
    #expect(try await made.materialize().made == ["made"])
    try made.project.edit("assets/made.sh", "cat ", to: "cat  ")
    #expect(try await made.materialize().made == (2...4).map { "made@2024-01-0\($0)" })
    try await made.expectFresh()
  }
}
