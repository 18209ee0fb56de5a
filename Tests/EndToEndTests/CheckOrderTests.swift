import AssetTestSupport
import Testing

/// Checks are no inputs: they wait for what they compare where they can, and close no circle.
@Suite struct CheckOrderTests {
  private func pair() throws -> TemporaryProject {
    try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/dept.csv": "id,lead\n1,1\n",
      "assets/emp.csv": "id,dept\n1,1\n",
      "assets/seeds.yml": """
      assets:
        - name: dept
          file: assets/dept.csv
          checks: [{relationships: {column: lead, to: emp, field: id}}]
        - name: emp
          file: assets/emp.csv
          checks: [{relationships: {column: dept, to: dept, field: id}}]

      """,
      "assets/report.sql": "select count(*) as n from emp join dept on dept.id = emp.dept\n",
    ])
  }

  @Test func `two assets may be checked against each other`() async throws {
    let project = try pair()
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.assetctl("status").exitCode == 0)
    try project.write("assets/dept.csv", "id,lead\n1,9\n")

    let failed = try await project.assetctl("materialize", "-j", "1")

    #expect(failed.exitCode == 1)
    #expect(
      failed.output.contains(
        """
        failed  dept  <duration>
          error: `dept` is published, and the check `relationships(lead, emp.id)` failed: 1 row
              id  lead
              1  9

        """))
    // It holds back neither of them, nor who reads them.
    #expect(!failed.output.contains("skipped"))
    #expect(try await project.sqlite("select lead from dept") == [[9]])
    let show = try await project.assetctl("show", "dept").output
    #expect(show.contains("relationships(lead, emp.id)  failed  1 row"))
    #expect(try await project.assetctl("runs", "last").output.contains("failed  dept"))
    #expect(try await project.assetctl("status").exitCode == 1)
  }

  @Test func `such a check is judged when the other side changes, too`() async throws {
    let project = try pair()
    try await project.assetctl("materialize")
    try project.write("assets/emp.csv", "id,dept\n2,1\n")

    let failed = try await project.assetctl("materialize", "emp", "--format", "json")

    #expect(failed.exitCode == 1)
    let assets = try failed.json["assets"].elements
    #expect(assets.map { $0["asset"] } == ["dept", "emp"])
    #expect(assets.map { $0["outcome"] } == ["failed", "materialized"])
    try project.write("assets/emp.csv", "id,dept\n1,1\n2,1\n")
    try project.write("assets/dept.csv", "id,lead\n1,2\n")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `a check may look at a reader of its asset`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/orders.csv": "id,n\n1,1\n",
      "assets/daily.sql": """
      /* @asset
      checks: [{sql: "select * from total where n > 5"}]
      */
      select * from orders

      """,
      "assets/total.sql": "select sum(n) as n from daily\n",
    ])

    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.write("assets/orders.csv", "id,n\n1,7\n")
    let failed = try await project.assetctl("materialize")

    #expect(failed.exitCode == 1)
    #expect(failed.output.contains("`daily` is published, and the check"))
    #expect(try await project.sqlite("select n from total") == [[7]])
  }

  @Test func `partitions are judged one by one then`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/orders.csv": "day,n\n2024-01-01,1\n2024-01-02,2\n",
      "assets/daily.sql": """
      /* @asset
      partitions: {column: day, every: day, start: 2024-01-01, end: 2024-01-03}
      checks: [{relationships: {column: n, to: total, field: n}}]
      */
      select day, n from orders where day >= :partition_start and day < :partition_end

      """,
      "assets/total.sql": "select 1 as n union all select sum(n) - 1 from daily\n",
    ])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.write("assets/orders.csv", "day,n\n2024-01-01,1\n2024-01-02,5\n2024-01-02,1\n")

    let failed = try await project.assetctl("materialize")

    #expect(failed.exitCode == 1)
    #expect(failed.output.contains("failed  daily@2024-01-02"))
    #expect(failed.output.contains("of 3 partitions: "))
    #expect(!failed.output.contains("failed  daily@2024-01-01"))
  }
}

/// What is wrong with a source stops what would be built on it.
@Suite struct SourceGateTests {
  private func project(_ settings: String) async throws -> TemporaryProject {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\nwarehouse: sqlite:shop.sqlite\n",
      "assets/sources.yml": "sources:\n  - name: events\n\(settings)\n",
      "assets/seen.sql": "select * from events\n", "assets/more.sql": "select * from seen\n",
      "assets/other.sql": "select 1 as n\n",
    ])
    try await project.sqlite(
      "create table events as select '2020-01-01' as at, null as id", in: "shop.sqlite")
    return project
  }

  @Test func `a failing check of a source stops its readers alone`() async throws {
    let project = try await project("    checks: [{not_null: id}]")

    let failed = try await project.assetctl("materialize", "-j", "1")

    #expect(failed.exitCode == 1)
    #expect(
      failed.output == """
        failed  events
          error: nothing is built on the source `events`: the check `not_null(id)` failed: 1 row
              at  id
              2020-01-01  null

          hint: mend its rows, or let its checks only warn with `on_failure: warn`
        skipped  seen  because `events` failed
        skipped  more  because `events` failed
        materialized  other  1 row  <duration>

        1 materialized, 1 failed, 2 skipped in <duration>

        """)
    #expect(
      try await project.assetctl("runs", "last").output.contains("failed  not_null(id): 1 row"))
    try await project.sqlite("update events set id = 1", in: "shop.sqlite")
    #expect(try await project.assetctl("materialize", "--retry").exitCode == 0)
    #expect(!(try await project.assetctl("show", "events").output.contains("failed")))
  }

  @Test(
    arguments: [
      "    on_failure: warn\n    checks: [{not_null: id}]",
      "    checks: [{not_null: {column: id, severity: warn}}]",
      "    freshness: {column: at, error_after: 1d}",
      "    freshness: {column: at, error_after: 1d, on_late: warn}",
    ])
  func `what only warns stops nothing`(settings: String) async throws {
    let project = try await project(settings)

    #expect(try await project.assetctl("materialize").exitCode == 0)
  }

  @Test func `a source that is late can stop its readers`() async throws {
    let project = try await project("    freshness: {column: at, error_after: 1d, on_late: stop}")

    let failed = try await project.assetctl("materialize", "seen")

    #expect(failed.exitCode == 1)
    #expect(failed.output.contains("nothing is built on the source `events`, which is late"))
    #expect(failed.output.contains("skipped  seen  because `events` failed"))
    try await project.sqlite("update events set at = datetime('now')", in: "shop.sqlite")
    #expect(try await project.assetctl("materialize", "seen").exitCode == 0)
  }

  @Test func `a limit is needed to stop at`() async throws {
    let project = try await project("    freshness: {column: at, warn_after: 1d, on_late: stop}")

    let list = try await project.assetctl("list")

    #expect(list.exitCode == 2)
    #expect(list.errors.contains("error_after"))
  }
}
