import AssetCore
import AssetTestSupport
import Testing

/// What is told of partitions together.
@Suite struct PartitionReportTests {
  private static func result(
    _ name: String, failures: Int = 0, severity: CheckResult.Severity = .error,
    message: String? = nil
  ) -> CheckResult {
    CheckResult(
      name: name, passed: failures == 0, severity: severity, message: message, failures: failures,
      sample: failures == 0
        ? nil : RowSample(columns: ["n"], rows: [[.integer(Int64(failures))]]))
  }

  @Test func `checks of partitions are summed up, and those that failed named`() {
    let found = (1...12).map { number -> (name: String, results: [CheckResult]) in
      (
        "p\(number)",
        [
          Self.result("late", failures: number == 3 ? 2 : 0, message: "2 rows"),
          Self.result(
            "odd", failures: number > 1 ? number : 0, severity: number == 5 ? .error : .warn,
            message: "\(number) rows"), Self.result("fine"),
        ]
      )
    }

    let summed = CheckResult.summing(found, inOrderOf: ["fine", "odd", "late", "none"])

    #expect(
      summed.map { [$0.name, "\($0.passed)", "\($0.severity)", $0.message ?? ""] } == [
        ["fine", "true", "error", ""],
        [
          "odd", "false", "error",
          "in 11 of 12 partitions (p2, p3, p4, p5, p6, p7, p8, p9 and 3 more), such as: 5 rows",
        ], ["late", "false", "error", "in 1 of 12 partitions (p3): 2 rows"],
      ])
    #expect(summed.map(\.failures) == [0, 77, 2])
    #expect(summed[1].sample?.rows.count == 11)
  }

  @Test(
    arguments: [
      (.notNull("a"), nil, true), (.unique(["a"]), nil, true), (.unique(["a"]), "b > 0", true),
      (.notNull("a"), "b > (SELECT 1)", false), (.expression(CheckText("a > 0")), nil, true),
      (.expression(CheckText("a in other", reads: ["other"])), nil, false),
      (.expression(CheckText("a > (select avg(a) from t)")), nil, false),
      (.rowCount(min: 1, max: nil, equals: nil), nil, false), (.sql(CheckText("x")), nil, false),
    ] as [(Check.Assertion, String?, Bool)])
  func `only checks that judge each row by itself can be asked for at once`(
    assertion: Check.Assertion, filter: String?, isSimple: Bool
  ) {
    let check = Check(
      name: "c", assertion, filter: filter.map { CheckText($0) }, place: Place(file: "a.sql"))

    #expect(check.isOfSingleRows == isSimple)
  }

  @Test func `a run counts an asset once, whatever became of its partitions`() {
    func attempt(
      _ key: AssetKey, _ outcome: Attempt.Outcome?, _ start: Int64, _ end: Int64?,
      error: String? = nil
    ) -> RunRecord.Attempt {
      RunRecord.Attempt(
        asset: key, startedAt: Timestamp(milliseconds: start),
        endedAt: end.map(Timestamp.init(milliseconds:)), outcome: outcome, error: error)
    }
    func keyed(_ name: String) -> AssetKey { AssetKey(trusted: name) }
    let run = RunRecord(
      id: "r", command: "materialize", startedAt: Timestamp(milliseconds: 0), endedAt: nil,
      outcome: nil,
      attempts: [
        attempt(keyed("daily@2"), .materialized, 5, 9), attempt("orders", .materialized, 1, 2),
        attempt(keyed("daily@1"), .failed, 3, 4, error: "no"),
        attempt(keyed("daily@1"), .failed, 6, 12, error: "no again"),
        attempt(keyed("weekly@1"), .unchanged, 20, 21), attempt(keyed("weekly@2"), nil, 20, nil),
      ])

    #expect(run.assets.map(\.asset.name) == ["daily", "orders", "weekly"])
    #expect(run.assets.map(\.outcome) == [.failed, .materialized, nil])
    #expect(run.assets.map(\.tries) == [2, 1, 1])
    #expect(run.assets.map(\.error) == ["no again", nil, nil])
    #expect(run.assets.map { $0.endedAt?.milliseconds } == [12, 2, nil])
    #expect(run.assets[0].startedAt == Timestamp(milliseconds: 3))
    #expect(run.assets[0].partitions.map(\.asset.name) == ["daily@2", "daily@1"])
    #expect(run.assets[1].partitions.isEmpty)
  }

  @Test func `a scheme has a partition for each key, whether there is one now or not`() throws {
    let days = try partitions(.day, "2024-01-01", "2024-01-31").scheme
    let regions = PartitionScheme(column: "region", .values([.text("EU"), .integer(7)]))

    #expect(try days.partition(named: "2031-05-02").key == "2031-05-02")
    #expect(
      try regions.partition(named: "7").slice == RowSlice(column: "region", equals: .integer(7)))
    #expect(throws: PartitionError.malformed("2031-5-2", .day, nearest: "2031-05-02")) {
      try days.partition(named: "2031-5-2")
    }
    #expect(throws: PartitionError.unknown("EUX", nearest: "EU", first: "EU", last: "7")) {
      try regions.partition(named: "EUX")
    }
  }
}
