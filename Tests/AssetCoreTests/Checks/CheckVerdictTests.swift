import AssetCore
import AssetTestSupport
import Testing

/// What numbers of failures mean, and what is usual.
@Suite struct CheckVerdictTests {
  private func check(
    _ severity: CheckResult.Severity = .error, errorIf: String = "!= 0", warnIf: String = "!= 0"
  ) -> Check {
    Check(
      name: "c", .notNull("a"), severity: severity, errorIf: CountCondition(errorIf) ?? .some,
      warnIf: CountCondition(warnIf) ?? .some, place: Place(file: "a.sql"))
  }

  @Test func `an error counts before a warning, and a warning never is an error`() {
    func words(_ check: Check, _ failures: Int) -> String {
      let result = check.result(failures: failures)
      return result.passed ? "passed" : result.isFatal ? "failed" : "warned"
    }
    #expect([0, 1, 9].map { words(check(), $0) } == ["passed", "failed", "failed"])
    #expect([0, 1, 9].map { words(check(.warn), $0) } == ["passed", "warned", "warned"])
    let both = check(errorIf: "> 5", warnIf: ">=2")
    #expect([1, 2, 5, 6].map { words(both, $0) } == ["passed", "warned", "warned", "failed"])
    #expect(words(check(.warn, errorIf: "> 0", warnIf: "> 5"), 3) == "passed")
  }

  @Test(arguments: ["> 10", ">= 10", "< 1", "<= 0", "= 3", "!= 0"])
  func `a condition reads as it is written`(text: String) {
    #expect(CountCondition(text)?.text == text)
    #expect(CountCondition(text.replacing(" ", with: ""))?.text == text)
  }

  @Test(arguments: ["", "10", "> x", "=> 3", "> -1", "many"])
  func `what is no condition is none`(text: String) {
    #expect(CountCondition(text) == nil)
  }

  @Test func `single outliers among earlier values do not move what is usual`() {
    let calm = UsualValue(of: [100, 103, 98, 101, 99, 5000])
    #expect(calm?.median == 100.5)
    #expect(calm?.deviation == 2 * 1.4826)
    #expect(calm?.isUnusual(109, tolerance: 3) == false)
    #expect(calm?.isUnusual(110, tolerance: 3) == true)
  }

  @Test func `what never changes may change by a hundredth`() {
    let steady = UsualValue(of: [1000, 1000, 1000, 1000, 1000])
    #expect(steady?.isUnusual(1010, tolerance: 4) == false)
    #expect(steady?.isUnusual(1011, tolerance: 4) == true)
    #expect(steady?.isUnusual(.nan, tolerance: 4) == true)
    #expect(UsualValue(of: []) == nil)
  }

  @Test func `nothing is unusual before there is a history`() {
    let bounds = AnomalyBounds(of: .rowCount)
    #expect(
      bounds.verdict(on: 1, past: [100, 100, 100, 100])
        == (true, "1 row; what is usual is known after 5 materializations, so far 4"))
    #expect(
      bounds.verdict(on: 1, past: [100, 100, 100, 100, 100])
        == (false, "1 row, usually about 100 rows"))
    #expect(bounds.verdict(on: nil, past: []) == (true, "there is nothing to measure"))
  }

  @Test func `samples hide what is sensitive, and a query's all of it`() {
    var asset = Asset(
      key: "a", recipe: .query(QueryRecipe(form: .table, sql: "")), place: Place(file: "a.sql"),
      definition: CanonicalForm(tag: "t", fields: []))
    asset.columns = [DeclaredColumn(name: "Mail", isSensitive: true)]
    asset.checks = [
      Check(name: "rows", .notNull("n"), place: asset.place),
      Check(name: "query", .sql(CheckText("select 1")), place: asset.place),
    ]
    let sample = RowSample(columns: ["n", "mail"], rows: [[1, "x"], [2, .null]])
    func masked(_ name: String) -> RowSample? {
      asset.masked(CheckResult(name: name, passed: false, sample: sample)).sample
    }
    #expect(masked("rows")?.rows == [[1, "•••"], [2, .null]])
    #expect(masked("query")?.rows == [["•••", "•••"], ["•••", .null]])
  }
}

extension MetadataValue: ExpressibleByIntegerLiteral,
  ExpressibleByStringLiteral
{
  public init(integerLiteral value: Int64) { self = .integer(value) }
  public init(stringLiteral value: String) { self = .text(value) }
}
