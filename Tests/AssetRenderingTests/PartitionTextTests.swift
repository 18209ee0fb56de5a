import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct PartitionTextTests {
  private static func part(
    _ name: String, _ outcome: Outcome, milliseconds: Int64 = 5, because: AssetKey? = nil,
    warnings: [Diagnostic] = []
  ) -> StepResult {
    StepResult(
      AssetKey(trusted: "daily@\(name)"), outcome, rows: 1, durationMilliseconds: milliseconds,
      failure: outcome == .failed ? Diagnostic("no such table: x") : nil, because: because,
      warnings: warnings)
  }

  @Test(
    arguments: [
      (
        [part("a", .materialized), part("b", .unchanged)],
        "of 31 partitions: 1 materialized, 1 unchanged"
      ),
      (
        [part("a", .failed), part("b", .failed), part("c", .fresh), part("d", .materialized)],
        "of 31 partitions: 1 materialized, 2 failed (a, b)"
      ),
      (
        [part("a", .skipped, because: "up@a"), part("b", .skipped, because: "up@a")],
        "of 31 partitions: 2 skipped because `up@a` failed"
      ),
      (
        [part("a", .skipped, because: "up@a"), part("b", .skipped, because: "up@b")],
        "of 31 partitions: 2 skipped"
      ),
    ] as [([StepResult], String)])
  func `the line of a whole says of how many partitions how many became what`(
    partitions: [StepResult], end: String
  ) {
    let line = text(of: StepResult("daily", partitions: partitions, of: 31, rows: 1200))

    #expect(line.hasSuffix("  daily  1,200 rows    \(end)\n"))
  }

  @Test func `a whole whose partitions all stayed fresh says so`() {
    let result = StepResult("daily", partitions: [Self.part("a", .fresh)], of: 31, rows: 3)

    #expect(text(of: result) == "fresh         daily  its inputs came out the same\n")
  }

  @Test func `of many partitions those have a line that went wrong or took long`() async throws {
    let empty = try await Scenario("a").plan()
    func lines(of count: Int, showsAll: Bool = false) -> [Bool] {
      let steps = (0..<count).map {
        MaterializationPlan.Step(AssetKey(trusted: "daily@\($0)"), .materialize([]))
      }
      let whole = MaterializationPlan.Step("daily", .materialize([]))
      var plan = empty
      plan.steps = steps + [whole]
      var lines = PartitionLines(of: plan, showsAll: showsAll)
      let warning = Diagnostic("odd", severity: .warning)
      let results =
        [
          Self.part("0", .materialized), Self.part("1", .fresh), Self.part("2", .skipped),
          Self.part("3", .unchanged, milliseconds: 1000),
          Self.part("4", .materialized, warnings: [warning]), Self.part("5", .cancelled),
        ] + (6..<12).map { Self.part("\($0)", .failed) }
      return results.map { lines.include($0) }
        + [lines.include(StepResult("daily", partitions: results, of: count))]
    }

    #expect(
      lines(of: 10)
        == [true, false, false, true, true, true, true, true, true, true, false, false, true])
    #expect(
      lines(of: 11)
        == [false, false, false, true, true, false, true, true, true, true, false, false, true])
    #expect(
      lines(of: 11, showsAll: true)
        == [true, false, true, true, true, true, true, true, true, true, true, true, true])
  }

  @Test func `status counts partitions by what they are`() {
    var entry = StatusReport.Entry(
      asset: daily, status: AssetStatus(.stale, causes: [.definitionChanged]), rows: 12)
    entry.partitions = PartitionsReport(
      count: 31,
      unfinished: [
        .init("2024-01-02", AssetStatus(.stale, causes: [.definitionChanged])),
        .init("2024-01-09", AssetStatus(.failed, message: "no")),
      ])
    var report = StatusReport(project: "shop", entries: [entry])

    #expect(
      text(of: report).hasPrefix(
        "stale  daily  29 fresh, 1 stale, 1 failed: its definition changed\n"))
    #expect(
      text(of: report, isVerbose: true).contains(
        """
          partitions: 29 fresh, 1 stale, 1 failed
          stale:      2024-01-02
          failed:     2024-01-09

        """))
    report.entries[0].partitions?.count = 2
    report.entries[0].partitions?.unfinished[1].status = AssetStatus(.stale)
    #expect(text(of: report).hasPrefix("stale  daily  2 partitions: its definition changed\n"))
  }

  @Test func `what is cancelled early is told by the whole`() {
    let report = RunReport(
      project: "shop", run: "r", outcome: .cancelled, assets: [], durationMilliseconds: 5,
      notStarted: ["daily", "report"])

    #expect(!summary(of: report).contains("@"))
  }
}
