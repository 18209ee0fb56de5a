import AssetTestSupport
import Testing

/// Tables whose partitions become others are replaced as a whole or not at all.
@Suite(.timeLimit(.minutes(10))) struct PartitionCutTests {
  private static let range = "every: day, start: 2024-01-01, end: 2024-01-03"
  private static let days = "where day >= :partition_start and day < :partition_end"
  /// `abs` fails with this one.
  private static let tooSmall = "-9223372036854775808"

  private func project(
    _ asset: [String: String] = [
      "assets/x.sql": "/* @asset\npartitions: {column: day, \(range)}\n*/\n"
        + "select day, abs(v) as v from ev \(days)"
    ]
  ) async throws -> TemporaryProject {
    let project = try TemporaryProject(
      [
        "assetctl.yml": "project: t\n",
        "assets/ev.csv": "day,v\n2024-01-01,1\n2024-01-02,2\n2024-01-03,3\n",
        "assets/total.sql": "select count(*) as n, sum(v) as v from x",
      ].merging(asset) { _, new in new })
    try await project.assetctl("materialize")
    return project
  }

  private func rows(_ project: TemporaryProject) async throws -> [[JSONValue]] {
    try await project.sqlite("select * from x order by 1, 2")
  }

  /// Expects that nothing of `x` is published while its second day fails, and all of it once that is mended.
  private func expectAllOrNothing(
    _ project: TemporaryProject, column: String, failing: String, mend: () async throws -> Void
  ) async throws {
    let before = try await rows(project)
    let failed = try await project.assetctl("materialize")
    #expect(failed.exitCode == 1)
    #expect(failed.output.contains("2 skipped because `x@2024-01-02` failed"), "\(failed.output)")
    #expect((failed.output + failed.errors).contains(failing), "\(failed.output)\(failed.errors)")
    #expect(try await rows(project) == before)
    #expect(try await project.assetctl("status").exitCode != 0)
    #expect(try await project.assetctl("materialize", "--retry").exitCode == 1)
    #expect(try await rows(project) == before)

    try await mend()
    let made = try await project.assetctl("materialize")
    #expect(made.exitCode == 0)
    #expect(made.output.contains("of 3 partitions: 3 materialized"), "\(made.output)")
    #expect(try await rows(project).count == 3)
    #expect(try await project.sqlite("select count(\(column)) from x") == [[.number(3)]])
    #expect(try await project.assetctl("status").exitCode == 0)
    #expect(try await project.assetctl("materialize").output.contains("nothing to do"))
  }

  @Test func `another column is published whole or not at all`() async throws {
    let project = try await project()
    try project.edit("assets/x.sql", "column: day", to: "column: d")
    try project.edit("assets/x.sql", "select day,", to: "select day as d,")
    try project.edit("assets/ev.csv", "2024-01-02,2", to: "2024-01-02,\(Self.tooSmall)")
    try await expectAllOrNothing(
      project, column: "d", failing: "assets/x.sql: error: integer overflow"
    ) {
      try project.edit("assets/ev.csv", Self.tooSmall, to: "7")
    }
    #expect(try await project.sqlite("select v from total") == [[.number(11)]])
  }

  @Test func `so is a column that is written in another way, of which a check fails`() async throws
  {
    let project = try await project()
    try project.edit("assets/x.sql", "column: day", to: "column: day, format: epoch")
    try project.edit("assets/x.sql", "select day,", to: "select unixepoch(day) as day,")
    try project.edit("assets/x.sql", "where day >=", to: "where unixepoch(day) >=")
    try project.edit("assets/x.sql", "and day <", to: "and unixepoch(day) <")
    try project.edit(
      "assets/x.sql", "\n*/", to: "\nquarantine: true\nchecks: [{expression: v <> 2}]\n*/")
    try await expectAllOrNothing(
      project, column: "day", failing: "the check `expression(v <> 2)` failed: 1 row"
    ) {
      let kept = try await project.sqlite("select v from assetctl_quarantine_x")
      #expect(kept == [[.number(2)]])
      try project.edit("assets/x.sql", "v <> 2", to: "v <> 20")
    }
    #expect(try await rows(project).first == [.number(1_704_067_200), .number(1)])
  }

  @Test func `so is a table that had no partitions`() async throws {
    let project = try await project([
      "assets/x.sql": "select day, v, 'old' as note from ev"
    ])
    try project.write(
      "assets/x.sql",
      "/* @asset\npartitions: {column: day, \(Self.range)}\n*/\n"
        + "select day, abs(v) as v from ev \(Self.days)")
    try project.edit("assets/ev.csv", "2024-01-02,2", to: "2024-01-02,\(Self.tooSmall)")
    try await expectAllOrNothing(project, column: "day", failing: "integer overflow") {
      try project.edit("assets/ev.csv", Self.tooSmall, to: "7")
    }
  }

  @Test func `so is what a program writes`() async throws {
    func program(_ column: String, _ rest: String = "") -> String {
      """
      #!/bin/sh
      # @asset
      # kind: table
      # partitions: {column: \(column), \(Self.range)}
      \(rest)
      printf '\(column),v\\n%s,1\\n' "$ASSETCTL_PARTITION_KEY" > "$ASSETCTL_OUTPUT"
      """
    }
    let project = try await project(["assets/x.sh": program("day")])
    let breaking = "test \"$ASSETCTL_PARTITION_KEY\" != 2024-01-02 || exit 7"
    try project.write("assets/x.sh", program("d", breaking))
    try await expectAllOrNothing(project, column: "d", failing: "7") {
      try project.write("assets/x.sh", program("d"))
    }
    let left = project.files(under: ".assetctl").filter {
      $0.split(separator: "/").contains("work")
    }
    #expect(left.isEmpty, "\(left)")
  }

  @Test func `some of the new partitions alone are refused`() async throws {
    let project = try await project()
    try project.edit("assets/x.sql", "column: day", to: "column: d")
    try project.edit("assets/x.sql", "select day,", to: "select day as d,")
    for command in ["materialize", "plan"] {
      let refused = try await project.assetctl(command, "x", "--partition", "2024-01-02")
      #expect(refused.exitCode == 64)
      #expect(
        refused.errors.contains("`x` has other partitions than its table was made of"),
        "\(refused.errors)")
      #expect(refused.errors.contains("run `assetctl materialize x` without `--partition` first"))
    }
    #expect(try await rows(project).count == 3)
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(
      try await project.assetctl("materialize", "x", "--partition", "2024-01-02", "--force")
        .output.contains("1 unchanged"))
  }

  @Test func `days that become weeks of the same column replace their own rows`() async throws {
    let project = try await project()
    try project.edit(
      "assets/x.sql", "every: day, start: 2024-01-01, end: 2024-01-03",
      to: "every: week, start: 2024-01-01, end: 2024-01-01")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await rows(project).count == 3)
  }
}
