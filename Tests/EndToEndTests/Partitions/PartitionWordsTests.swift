import AssetTestSupport
import Testing

/// What users are told of partitions.
@Suite struct PartitionWordsTests {
  static let files = [
    "assetctl.yml": "project: shop",
    "assets/orders.csv": """
    id,day,amount,region
    1,2024-01-01,10,EU
    2,2024-01-02,20,US
    3,2024-01-03,30,EU
    4,2024-01-03,31,US

    """,
    "assets/daily.sql": """
    /* @asset
    partitions: {column: day, every: day, start: 2024-01-01, end: 2024-01-03}
    checks: [{not_null: day}, {expression: total < 1000}]
    */
    select day, count(*) as n, sum(amount) as total from orders
    where day >= :partition_start and day < :partition_end
    group by day
    """,
    "assets/regions.sql": """
    /* @asset
    partitions: {values: [EU, US]}
    */
    select region, count(*) as n from orders where region = :partition_key group by region
    """,
    "assets/report.sql": "select sum(total) as total from daily",
  ]

  /// The project, made.
  static func materialized(_ more: [String: String] = [:]) async throws -> TemporaryProject {
    let project = try TemporaryProject(files.merging(more) { $1 })
    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    return project
  }

  /// The text of a file without the amounts of a day, and with others.
  private static func add(_ row: String, to project: TemporaryProject) throws {
    try project.write("assets/orders.csv", try project.read("assets/orders.csv") + row + "\n")
  }

  @Test func `a run tells of few partitions each, and of the whole how many of how many`()
    async throws
  {
    let project = try await Self.materialized()
    try Self.add("5,2024-01-02,5,EU", to: project)

    let status = try await project.assetctl("status")
    let run = try await project.assetctl("materialize", "+report", "-j", "1")
    let values = try await project.assetctl("materialize", "-j", "1")

    #expect(
      status.output == """
        stale  orders  `assets/orders.csv` changed
        waiting  daily  3 partitions: waits for `orders`
        waiting  regions  2 partitions: waits for `orders`
        waiting  report  waits for `daily`

        1 stale, 3 waiting

        """)
    #expect(
      run.output == """
        materialized  orders  5 rows  <duration>
        materialized  daily@2024-01-02  1 row  <duration>
        materialized  daily  3 rows  of 3 partitions: 1 materialized
        materialized  report  1 row  <duration>

        3 materialized in <duration>

        """)
    #expect(
      values.output == """
        materialized  regions@EU  1 row  <duration>
        materialized  regions  2 rows  of 2 partitions: 1 materialized

        1 materialized, 3 fresh in <duration>

        """)
    #expect(
      try await project.assetctl("runs", "-n", "1").output.contains("1 materialized  materialize"))
  }

  @Test func `a partition that fails is shown, and named where its asset is`() async throws {
    let project = try await Self.materialized()
    try Self.add("5,2024-01-02,5000,EU", to: project)

    let run = try await project.assetctl("materialize", "daily+", "-j", "1")

    #expect(run.exitCode == 1)
    #expect(
      run.output == """
        materialized  orders  5 rows  <duration>
        failed  daily@2024-01-02  <duration>
          error: `daily@2024-01-02` was not published: the check `expression(total < 1000)` failed: 1 row
              day  n  total
              2024-01-02  2  5020
        failed  daily  3 rows  of 3 partitions: 1 failed (2024-01-02)
        skipped  report  because `daily` failed

        1 materialized, 1 failed, 1 skipped in <duration>

        """)
    #expect(
      try await project.assetctl("status", "daily").output == """
        failed  daily  2 fresh, 1 failed: `daily@2024-01-02` was not published: the check `expression(total < 1000)` failed: 1 row

        1 failed

        """)
    let why = try await project.assetctl("why", "daily")
    #expect(
      why.output.hasPrefix(
        """
        daily is failed
          `daily@2024-01-02` was not published: the check `expression(total < 1000)` failed: 1 row
          of its 3 partitions: 2 fresh, 1 failed
          because `orders` changed in
        """))
    #expect(why.output.contains("\n\ndaily@2024-01-02 is failed\n"))
    #expect(!why.output.contains("daily@2024-01-01"))
  }

  @Test func `many partitions have no lines of their own, unless those are asked for`() async throws
  {
    let project = try TemporaryProject(Self.files)
    try project.edit("assets/daily.sql", "end: 2024-01-03", to: "end: 2024-02-20")
    let quietly = try await project.assetctl("materialize", "daily", "-j", "1")
    let verbosely = try await project.assetctl("materialize", "daily", "--force", "-v", "-j", "1")

    #expect(
      quietly.output == """
        materialized  orders  4 rows  <duration>
        materialized  daily  3 rows  of 51 partitions: 51 materialized

        2 materialized in <duration>

        """)
    #expect(verbosely.output.contains("unchanged  daily@2024-02-20  0 rows  <duration>\n"))
  }

  @Test func `rows of no partition are told when they go`() async throws {
    let project = try await Self.materialized()
    try project.edit("assets/daily.sql", "end: 2024-01-03", to: "end: 2024-01-02")

    let status = try await project.assetctl("status", "daily")
    let why = try await project.assetctl("why", "daily")
    let run = try await project.assetctl("materialize", "daily")

    #expect(status.output.hasPrefix("stale  daily  it has rows of no partition\n"))
    #expect(why.output.contains("\n  because it has rows of no partition\n  last "))
    #expect(
      run.output == """
        materialized  daily  2 rows  1 row of no partition removed

        1 materialized, 1 fresh in <duration>

        """)
  }

  @Test func `why and show know partitions by their names`() async throws {
    let project = try await Self.materialized()

    #expect(
      try await project.assetctl("why", "daily").output == """
        daily is fresh
          all its 3 partitions are fresh; see the proof of one with `assetctl why daily@PARTITION`
          because nothing changed since it was materialized:
            definition: <digest>
            output:  <digest>
          last materialized <time> in the run <run>, because: never materialized

        """)
    #expect(
      try await project.assetctl("why", "DAILY@2024-01-02").output == """
        daily@2024-01-02 is fresh
          because nothing changed since it was materialized:
            definition:  <digest>
            orders (amount, day where day >= '2024-01-02' and day < '2024-01-03'): <digest>
            output:  <digest>
          last materialized <time> in the run <run>, because: never materialized

        """)
    #expect(
      try await project.assetctl("show", "daily", "-n", "1").output == """
        daily
          kind:  table
          declared in: assets/daily.sql
          cut by:  each day of `day` from 2024-01-01 to 2024-01-03
          readers:  report
          status:  fresh
          partitions:  3 fresh

        inputs
          orders  amount, day

        query
          select day, count(*) as n, sum(amount) as total from orders
          where day >= :partition_start and day < :partition_end
          group by day

        columns
          day  text
          n
          total

        checks
          not_null(day)  passed
          expression(total < 1000)  passed

        materializations
          2024-01-03  <time>  1 row  <duration>  <digest>  <run>

        """)
    let part = try await project.assetctl("show", "daily@2024-01-02").output
    #expect(part.contains("rows:  day >= '2024-01-02' and day < '2024-01-03'\n"))
    #expect(part.contains("orders  amount, day where day >= '2024-01-02' and day < '2024-01-03'\n"))
    #expect(
      try await project.assetctl("preview", "daily@2024-01-02").output == """
        day  n  total
        2024-01-02  1  20

        """)
  }

  @Test(arguments: [
    (
      ["why", "daily@2024-02-01"], "there is no partition `2024-02-01`",
      "did you mean `2024-01-03`?"
    ),
    (["why", "daily@soon"], "`soon` is not a day", "write it like `2024-01-02`"),
    (["show", "regions@EUR"], "there is no partition `EUR`", "did you mean `EU`?"),
    (["preview", "orders@EU"], "`orders` has no partitions", "leave out `@EU`"),
    (
      ["lineage", "daily@2024-01-01"],
      "a whole asset is asked for here, and not the partition `2024-01-01` of `daily`",
      "leave out `@2024-01-01`"
    ),
    (
      ["materialize", "daily@2024-01-01"], "the selection `daily@2024-01-01` names no asset",
      "select `daily`; `materialize` and `plan` take `--partition 2024-01-01`"
    ),
  ])
  func `a partition that there is not is an error with the nearest`(
    arguments: [String], summary: String, hint: String
  ) async throws {
    let project = try TemporaryProject(Self.files)

    let result = try await project.assetctl(arguments)

    #expect(result.exitCode != 0)
    #expect(result.errors.hasPrefix("error: \(summary)\n"))
    #expect(result.errors.hasSuffix("hint: \(hint)\n"))
  }

  @Test func `verbose tells why each partition reads all rows`() async throws {
    let project = try TemporaryProject(Self.files)
    try project.edit("assets/daily.sql", "day < :partition_end", to: "day + 0 < :partition_end")

    let status = try await project.assetctl("status", "daily", "-v")

    #expect(
      status.output.contains(
        "consumes:  `orders`: amount, day; all rows in each partition, because "))
  }

  @Test func `lineage as it was recorded is that of whole assets`() async throws {
    let project = try await Self.materialized()

    let lineage = try await project.assetctl(
      "lineage", "daily", "--run", "last", "--format", "json")

    #expect(try lineage.json["upstream"] == ["orders"])
    #expect(try lineage.json["downstream"] == ["report"])
    #expect(
      try lineage.json["edges"] == [
        ["from": "orders", "to": "daily", "consumes": ["amount", "day"]],
        ["from": "daily", "to": "report", "consumes": ["total"]],
      ])
  }

  @Test func `programs' logs are those of partitions`() async throws {
    let project = try await Self.materialized([
      "assets/export.sh": """
      # @asset
      # kind: table
      # partitions: {values: [EU, US/CA]}
      echo "for $ASSETCTL_PARTITION_KEY"
      printf 'partition_key\\n%s\\n' "$ASSETCTL_PARTITION_KEY" > "$ASSETCTL_OUTPUT"
      """.replacing("{values", with: "{column: partition_key, values")
    ])

    #expect(try await project.assetctl("logs", "last", "export@US/CA").output == "for US/CA\n")
    #expect(
      try await project.assetctl("logs", "last", "export").output
        == "==> export@EU <==\nfor EU\n==> export@US/CA <==\nfor US/CA\n")
    let logs = try await project.assetctl("logs", "last", "--format", "json").json["logs"].elements
    #expect(logs.map { $0["asset"] } == ["export", "export"])
    #expect(logs.map { $0["partition"] } == ["EU", "US/CA"])
    let missing = try await project.assetctl("logs", "last", "export@AU")
    #expect(missing.errors.hasPrefix("error: the run `<run>` has no log of `export@AU`\n"))
  }

  @Test func `documents are as their schemas say`() async throws {
    let project = try await Self.materialized()
    try Self.add("5,2024-01-02,5000,EU", to: project)
    var documents: [(command: String, result: CommandResult)] = []
    func add(_ command: String, _ arguments: String...) async throws {
      documents.append(
        (command, try await project.assetctl([command] + arguments + ["--format", "json"])))
    }
    try await add("plan")
    try await add("materialize")
    try await add("status", "-v")
    try await add("why", "daily")
    try await add("why", "daily@2024-01-01")
    try await add("show", "daily")
    try await add("show", "daily@2024-01-02")
    try await add("preview", "daily@2024-01-02")
    try await add("runs")
    try await project.sqlite("update daily set total = 2000 where day = '2024-01-03'")
    try await add("check")
    let events = try await project.assetctl(
      "materialize", "regions", "--force", "--format", "jsonl")
    for line in events.output.split(separator: "\n") {
      documents.append(("events", CommandResult(exitCode: 0, output: String(line))))
    }

    #expect(try await Schemas.problems(in: documents, of: project) == [])
    let run = try documents[1].result.json
    #expect(
      run["assets"].elements.first { $0["asset"] == "daily" }?["partitions"].elements
        .map { [$0["partition"], $0["outcome"]] } == [["2024-01-02", "failed"]])
    #expect(run["assets"].elements.first { $0["asset"] == "daily" }?["partition_count"] == 3)
    let status = try documents[2].result.json
    #expect(
      status["assets"].elements.first { $0["asset"] == "daily" }?["partition_summary"]
        == ["fresh": 2, "stale": 0, "waiting": 0, "failed": 1, "unknown": 0])
    let runs = try documents[8].result.json["runs"].elements
    #expect(runs[0]["assets"].elements.map { $0["asset"] } == ["orders", "daily", "regions"])
    #expect(
      runs[0]["assets"].elements[1]["partitions"].elements.map { $0["partition"] }
        == ["2024-01-02"])
  }
}
