import AssetTestSupport
import Testing

/// Tables with partitions: each is made, judged and told of on its own.
@Suite(.timeLimit(.minutes(10))) struct PartitionRunTests {
  private static let days = PartitionProject.days
  private static let sum = "select cast(:partition_start as text) as day, sum(n) as n from daily"

  /// Assets that read `daily`, each with those of its partitions that read the third day.
  private static let readers: [(name: String, settings: String, query: String, parts: [String])] = [
    (
      "proven", PartitionProject.tenDays,
      "select day, n from daily where \(PartitionProject.ownRows)", ["2024-01-03"]
    ),
    (
      "own", PartitionProject.tenDays + "\ninputs: {daily: {window: {before: 0}}}", sum,
      ["2024-01-03"]
    ),
    (
      "before", PartitionProject.tenDays + "\ninputs: {daily: {window: {before: 2}}}", sum,
      ["2024-01-03", "2024-01-04", "2024-01-05"]
    ),
    (
      "after", PartitionProject.tenDays + "\ninputs: {daily: {window: {after: 1}}}", sum,
      ["2024-01-02", "2024-01-03"]
    ),
    ("everything", PartitionProject.tenDays + "\ninputs: {daily: {window: all}}", sum, days),
    (
      "unproven", PartitionProject.tenDays,
      "select day, n from daily where day between :partition_start and :partition_start", days
    ),
    (
      "weekly",
      "partitions: {column: day, every: week, start: 2024-01-01, end: 2024-01-08}\ninputs: {daily: {window: {before: 0}}}",
      sum, ["2024-01-01"]
    ),
    (
      "monthly", "partitions: {column: day, every: month, start: 2023-12, end: 2024-02}",
      "select day, n from daily where \(PartitionProject.ownRows)", ["2024-01"]
    ),
    (
      "valued", "partitions: {column: k, values: [1, 2]}",
      "select day, k, n from daily where k = :partition_key", ["2"]
    ),
  ]

  @Test func `a late row makes stale its own day and what reads that`() async throws {
    let files = Self.readers.map {
      ("assets/\($0.name).sql", PartitionProject.file($0.settings, $0.query))
    }
    let made = try await PartitionProject(
      Dictionary(
        uniqueKeysWithValues: files + [("assets/total.sql", "select sum(n) as n from before")])
    )
    let project = made.project
    try await project.sqlite("insert into events values (11, '2024-01-03', 0, 100)")

    let status = try await project.assetctl("status", "--format", "json")
    let plan = try await project.assetctl("plan", "--format", "json")
    let run = try await made.materialize()

    var waiting: [String: [String: [String]]] = ["daily": ["stale": ["2024-01-03"]]]
    var ran = ["daily": ["materialized": ["2024-01-03"]]]
    for reader in Self.readers {
      ran[reader.name] = ["materialized": reader.parts]
      waiting[reader.name] = ["waiting": reader.parts]
    }
    // Which values there are, only the rows themselves tell: the row of one may become that of another.
    waiting["valued"] = ["waiting": ["1", "2"]]
    ran["valued"] = ["materialized": ["1", "2"]]
    ran["everything"] = ["materialized": Self.days]
    ran["unproven"] = [
      "materialized": ["2024-01-03"], "unchanged": Self.days.filter { $0 != "2024-01-03" },
    ]
    #expect(try status.partitions(by: "status") == waiting)
    #expect(
      try plan.partitions(by: "decision", of: "steps").mapValues(\.values.first)
        == waiting.mapValues(\.values.first))
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(try run.partitions(by: "outcome") == ran)
    #expect(try run.assets("outcome")["total"] == "materialized")
    #expect(try await made.rows("before").map(\.last) == [1, 3, 106, 109, 112, 15, 18, 21, 24, 27])
    #expect(try await made.rows("weekly") == [["2024-01-01", 128], ["2024-01-08", 27]])
    try await made.expectFresh()
  }

  @Test func `the counts of partitions are told`() async throws {
    let made = try await PartitionProject()
    try await made.project.sqlite(
      "update events set n = 0 where day in ('2024-01-03', '2024-01-09')")

    let status = try await made.project.assetctl("status", "--format", "json")
    let text = try await made.project.assetctl("status")

    #expect(
      try status.json["assets"].elements.first?["partition_summary"]
        == ["failed": 0, "fresh": 8, "stale": 2, "unknown": 0, "waiting": 0])
    #expect(
      text.output == """
        stale  daily  8 fresh, 2 stale: `events` changed in `n`

        1 stale

        """)
  }

  @Test func `what comes out equal leaves the readers fresh`() async throws {
    let made = try await PartitionProject(
      daily: PartitionProject.file(
        PartitionProject.tenDays,
        "select day, count(*) as k from events where \(PartitionProject.ownRows) and n > 0 group by day"
      ),
      [
        "assets/next.sql": PartitionProject.file(
          PartitionProject.tenDays, "select day, k from daily where \(PartitionProject.ownRows)")
      ])
    try await made.project.sqlite("update events set n = n + 1 where id = 3")
    try await made.project.sqlite("insert into events values (11, '2024-01-04', 0, 1)")

    let run = try await made.materialize()

    #expect(
      try run.partitions(by: "outcome") == [
        "daily": ["unchanged": ["2024-01-03"], "materialized": ["2024-01-04"]],
        "next": ["materialized": ["2024-01-04"]],
      ])
    try await made.expectFresh()
  }

  @Test func `seeds have days, too, and a chain goes on day by day`() async throws {
    func csv(_ late: String = "") -> String {
      "day,n\n" + Self.days.map { "\($0),1\n" }.joined() + late
    }
    let made = try await PartitionProject(
      daily: PartitionProject.file(
        PartitionProject.tenDays, "select day, n from rows where \(PartitionProject.ownRows)"),
      [
        "assets/rows.csv": csv(),
        "assets/sums.sql": PartitionProject.file(
          PartitionProject.tenDays,
          "select day, sum(n) as n from daily where \(PartitionProject.ownRows) group by day"),
        "assets/weeks.sql": PartitionProject.file(
          "partitions: {column: day, every: week, start: 2024-01-01, end: 2024-01-08}",
          "select day, n from sums where \(PartitionProject.ownRows)"),
      ])
    try made.project.write("assets/rows.csv", csv("2024-01-09,5\n"))

    let run = try await made.materialize()

    #expect(
      try run.made == ["rows", "daily@2024-01-09", "sums@2024-01-09", "weeks@2024-01-08"])
    #expect(try await made.rows("weeks").suffix(2) == [["2024-01-09", 6], ["2024-01-10", 1]])
    try await made.expectFresh()
  }

  @Test func `a row that moves concerns the day that it left and the one it came to`() async throws
  {
    let made = try await PartitionProject()
    try await made.project.sqlite("update events set day = '2024-01-02' where id = 7")
    #expect(try await made.materialize().made == ["daily@2024-01-02", "daily@2024-01-07"])
    #expect(try await made.rows("daily").count == 9)
    try await made.project.sqlite("update events set day = null where id = 8")
    #expect(try await made.materialize().made == ["daily@2024-01-08"])
    try await made.project.sqlite("insert into events values (12, null, 0, 0), (13, '2023', 0, 0)")
    try await made.expectFresh()
  }

  @Test func `days are counted up to the last complete one`() async throws {
    let made = try await PartitionProject(
      daily: PartitionProject.file(
        "partitions: {column: day, every: day, start: 9000-01-01}", PartitionProject.daily),
      [
        "assets/total.sql": "select sum(n) as n from daily",
        "assets/twice.sql": "select n * 2 as n from total",
        "assets/other.sql": "select count(*) as n from events",
      ], isMade: false)

    let run = try await made.materialize()
    let status = try await made.project.assetctl("status", "--format", "json")
    let again = try await made.project.assetctl("materialize")
    let chosen = try await made.materialize("--partition", "9000-01-01")

    // Nothing is wrong: what reads the table waits for its first day.
    let words = "there are no partitions yet: the first one, `9000-01-01`, is not complete"
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    #expect(try run.made == ["other"])
    #expect(
      try status.causes == ["total": ["input_stale daily"], "twice": ["input_stale total"]])
    #expect(again.output.contains("all 2 assets are fresh"), "\(again.output)")
    #expect(again.output.hasPrefix("nothing to do"), "\(again.output)\(again.errors)")
    #expect(chosen.exitCode == 64)
    #expect(chosen.errors.contains(words), "\(chosen.output)\(chosen.errors)")
  }
}
