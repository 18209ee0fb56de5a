import AssetTestSupport
import Testing

/// Checks and unit tests of partitions, outside of runs.
@Suite struct PartitionCheckTests {
  @Test func `each partition is judged by itself, and those that fail are named`() async throws {
    let project = try await PartitionWordsTests.materialized()
    try project.edit(
      "assets/daily.sql", "{expression: total < 1000}",
      to: "{expression: total < 1000}, {row_count: {max: 1}}, {sql: select sum(n) as n from daily "
        + "having sum(n) > 2}")
    try await project.sqlite(
      "insert into daily values ('2024-01-03', 1, 5), ('2024-01-02', 1, 5), ('2023-01-01', 9, 9)",
      "update daily set total = 2000 where day >= '2024-01-02'")

    let check = try await project.assetctl("check", "daily", "-v")
    let document = try await project.assetctl("check", "daily", "--format", "json")

    #expect(check.exitCode == 1)
    #expect(
      check.output
        == """
        passed  daily  not_null(day)
        failed  daily  expression(total < 1000): in 2 of 3 partitions (2024-01-02, 2024-01-03), such as: 2 rows
            day  n  total
            2024-01-02  1  2000
            2024-01-02  1  2000
            2024-01-03  2  2000
            2024-01-03  1  2000
        failed  daily  row_count: in 2 of 3 partitions (2024-01-02, 2024-01-03), such as: 2 rows, more than 1
        failed  daily  sql: in 1 of 3 partitions (2024-01-03): 1 row
            n
            3
        1 passed, 3 failed

        """)
    let parts = try document.json["assets"].elements[0]["partitions"].elements
    #expect(
      parts.map { [$0["partition"]] + $0["checks"].elements.map { $0["check"] } } == [
        ["2024-01-02", "expression(total < 1000)", "row_count"],
        ["2024-01-03", "expression(total < 1000)", "row_count", "sql"],
      ])
  }

  @Test func `a day is compared with the days before it, a region with itself`() async throws {
    var orders = "day,region\n"
    for day in 1...9 {
      for _ in 0..<(day == 9 ? 90 : 10) { orders += "2024-01-0\(day),EU\n" }
    }
    orders += "2024-01-01,US\n"
    let query = { (column: String) in
      "select \(column), 1 as x from orders where \(column) = :partition_key"
    }
    let anomaly = "checks: [{anomaly: {of: row_count}}]"
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/orders.csv": orders,
      "assets/daily.sql":
        "/* @asset\npartitions: {column: day, every: day, start: 2024-01-01, end: 2024-01-09}\n"
        + anomaly + "\n*/\n" + query("day"),
      "assets/regions.sql":
        "/* @asset\npartitions: {values: [EU, US]}\n" + anomaly + "\n*/\n" + query("region"),
    ])

    let run = try await project.assetctl("materialize")
    // Made again, each is as unusual as before, and only the ninth is.
    let again = try await project.assetctl("materialize", "daily", "--force")

    for result in [run, again] {
      #expect(result.exitCode == 1)
      #expect(result.output.contains("of 9 partitions: 8 "))
      #expect(result.output.contains("1 failed (2024-01-09)\n"))
      #expect(result.output.contains("90 rows, usually about 10 rows\n"))
    }
    #expect(run.output.contains("regions  171 rows  of 2 partitions: 2 materialized\n"))
    let shown = try await project.assetctl("show", "regions@EU")
    #expect(shown.output.contains("so far 0\n"))
  }

  @Test func `a test names the partition that its query makes`() async throws {
    let project = try TemporaryProject(
      PartitionWordsTests.files.merging([
        "assets/moving.sql": """
        /* @asset
        partitions: {column: day, every: day, start: 2024-01-01, end: 2024-01-03}
        inputs: {daily: {window: {before: 1}}}
        */
        select :partition_key as day, sum(total) as total from daily
        """,
        "tests/days.yml": """
        tests:
          - name: rows of other days do not count
            asset: daily
            partition: 2030-05-02
            given:
              orders: [{day: 2030-05-01, amount: 1}, {day: 2030-05-02, amount: 2}]
            expect: [{day: 2030-05-02, n: 1, total: 2}]
          - name: a window has the day before
            asset: moving
            partition: 2024-01-03
            given:
              daily:
                - {day: 2024-01-01, total: 1}
                - {day: 2024-01-02, total: 2}
                - {day: 2024-01-03, total: 4}
                - {day: 2024-01-04, total: 8}
            expect: [{day: 2024-01-03, total: 6}]
          - name: a region
            asset: regions
            partition: US
            given: {orders: [{region: EU}, {region: US}]}
            expect: [{region: US, n: 1}]

        """,
      ]) { $1 })

    let passed = try await project.assetctl("test")
    try project.edit("tests/days.yml", "partition: 2030-05-02", to: "partition: 2030-5-2")
    try project.edit("tests/days.yml", "    partition: 2024-01-03\n", to: "")
    try project.edit("tests/days.yml", "    partition: US\n", to: "")
    let refused = try await project.assetctl("test")

    #expect(passed.exitCode == 0, "\(passed.output)\(passed.errors)")
    #expect(refused.exitCode == 2)
    #expect(
      refused.errors == """
        tests/days.yml:4:16: error: `2030-5-2` is not a day

        hint: did you mean `2030-05-02`?

        tests/days.yml:8:5: error: the test does not say which partition of `moving` it makes, whose \
        query uses `:partition_key`

        hint: name it with `partition:`

        tests/days.yml:17:5: error: the test does not say which partition of `regions` it makes, \
        whose query uses `:partition_key`

        hint: name it with `partition:`

        """)
  }

  @Test func `a test is generated of the newest partition that has rows, or of the named one`()
    async throws
  {
    let project = try await PartitionWordsTests.materialized()
    try project.edit("assets/daily.sql", "end: 2024-01-03", to: "end: 2024-01-05")
    try await project.assetctl("materialize")

    let newest = try await project.assetctl("test", "--generate", "daily")
    let named = try await project.assetctl(
      "test", "--generate", "daily@2024-01-02", "--name", "the second")

    #expect(newest.exitCode == 0, "\(newest.errors)")
    #expect(named.exitCode == 0, "\(named.errors)")
    let text = try project.read("tests/daily.yml")
    #expect(text.contains("asset: daily\n    partition: 2024-01-03\n"))
    #expect(text.contains("{day: 2024-01-03, \"n\": 1, total: 30}"))
    #expect(text.contains("asset: daily\n    partition: 2024-01-02\n"))
    #expect(text.contains("{day: 2024-01-02, \"n\": 1, total: 20}"))
    #expect(try await project.assetctl("test").exitCode == 0)
  }
}
