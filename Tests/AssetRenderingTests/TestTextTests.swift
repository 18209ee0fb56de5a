import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct TestTextTests {
  private static let place = Place(file: "tests/daily.yml", line: 3, column: 5)

  private func result(_ failure: TestFailure?) -> TestResult {
    let rows = TestRows(columns: [], content: .cells([]), at: Self.place)
    return TestResult(
      UnitTest(
        name: "late flights", asset: "daily", query: "", given: [], expected: rows,
        place: Self.place), failure: failure)
  }

  private func rows(_ expected: [[Cell]], _ actual: [[Cell]], isOrdered: Bool = false)
    -> TestFailure
  {
    .rows(
      RowDifference(
        expected: expected, actual: actual, columns: ["carrier", "day", "flights"],
        isOrdered: isOrdered))
  }

  @Test func `a test that went well has a line`() {
    #expect(text(of: result(nil), nameWidth: 7) == "ok      daily    late flights\n")
  }

  @Test func `rows that differ are a table with what changed in its cells`() {
    let failure = rows(
      [
        [.text("UA"), .text("2013-01-01"), .integer(1)],
        [.text("AA"), .text("2013-01-01"), .integer(3)],
        [.text("B6"), .text("2013-01-01"), .integer(3)], [.text("WN"), .null, .text("3")],
      ],
      [
        [.text("UA"), .text("2013-01-01"), .integer(2)], [.text("WN"), .null, .integer(3)],
        [.text("DL"), .text("2013-01-02"), .real(1.5)],
        [.text("B6"), .text("2013-01-01"), .integer(3)],
      ])

    #expect(
      text(of: result(failure)) == """
        failed  daily  late flights
          tests/daily.yml:3:5
          1 of 4 rows as expected; 1 missing (-), 1 unexpected (+) and 2 changed (~, expected → actual)
               carrier  day         flights
            ~  UA       2013-01-01  1 → 2
            -  AA       2013-01-01  3
            ~  WN       ∅           '3' → 3
            +  DL       2013-01-02  1.5


        """)
  }

  @Test func `of many rows a few are shown`() {
    let many: [[Cell]] = (0..<30).map { [.integer($0), .integer($0 + 100), .integer($0 + 200)] }

    let shown = text(of: result(rows([], many)))

    #expect(shown.contains("0 of 0 rows as expected; 30 unexpected (+)\n"))
    #expect(shown.contains("    +  11       111  211\n      and 18 more\n"))
    #expect(!shown.contains("112"))
  }

  @Test func `rows in another order are told as such`() {
    let row: [Cell] = [.text("UA"), .null, .integer(1)]
    let other: [Cell] = [.text("AA"), .null, .integer(2)]

    #expect(
      text(of: result(rows([row, other], [other, row], isOrdered: true))) == """
        failed  daily  late flights
          tests/daily.yml:3:5
          the rows are as expected, but in another order
               carrier  day  flights
            -  UA       ∅    1
            +  UA       ∅    1


        """)
  }

  @Test func `of a wide table what differs is shown first`() {
    let expected: [Cell] = (0..<40).map { .text("value \($0)") }
    var actual = expected
    actual[39] = .text("other")
    let difference = RowDifference(
      expected: [expected], actual: [actual], columns: (0..<40).map { "column \($0)" })

    let shown = text(of: difference, style: TextStyle(width: 60))

    #expect(shown.contains("value 39 → other"))
    #expect(shown.contains("column 0") && !shown.contains("column 20"))
    #expect(shown.contains("more columns not shown"))
    let lines: [Substring] = shown.split(whereSeparator: \.isNewline)
    #expect(lines.dropFirst().allSatisfy { $0.count <= 60 })
  }

  @Test func `other failures are told in words`() {
    #expect(
      text(
        of: result(
          .columns(missing: [.init("flihgts", nearest: "flights")], unexpected: ["carrier"])))
          == """
          failed  daily  late flights
            tests/daily.yml:3:5
            the result has no column `flihgts`; did you mean `flights`?
            the result has a column `carrier`, which `expect` does not name


          """)
    #expect(
      text(
        of: result(
          .refused(
            Diagnostic("no such function: nosuch", at: Place(file: "assets/d.sql", line: 2)))))
          == """
          failed  daily  late flights
            tests/daily.yml:3:5
            assets/d.sql:2: error: no such function: nosuch


          """)
  }

  @Test func `the last line counts, or says why there is nothing to count`() {
    func report(_ results: [TestResult], of count: Int) -> TestReport {
      TestReport(
        project: "shop", results: results, declaredCount: count, durationMilliseconds: 12)
    }
    let failed = result(.columns(missing: [], unexpected: ["a"]))

    #expect(summary(of: report([result(nil), failed], of: 2)) == "1 ok, 1 failed in 12 ms\n")
    #expect(summary(of: report([result(nil)], of: 2)) == "1 ok in 12 ms\n")
    #expect(
      summary(of: report([], of: 2)) == "no test of what is selected; the project has 2 tests\n")
    #expect(
      summary(of: report([], of: 0))
        == "there are no tests; write one from real rows with `assetctl test --generate ASSET`\n")
  }

  @Test func `a generated test is told with its rows`() {
    let test = GeneratedTest(
      name: "real", asset: "daily", file: "tests/daily.yml",
      given: [.init(input: "flights", rows: 3), .init(input: "airlines", rows: 1)], expected: 2,
      masked: [AssetColumn("flights", "pilot")], unstable: ["drawn"])

    #expect(
      text(of: test) == """
        wrote the test `real` to tests/daily.yml: given 3 rows of `flights` and 1 row of `airlines`, \
        `daily` has 2 rows
        values of `flights.pilot` are made up, since they are sensitive
        `drawn` left out of `expect:`, since the values differ each time

        """)
  }
}
