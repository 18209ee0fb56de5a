import AssetCore
import AssetTestSupport
import Testing

/// The net under the analysis: what the database reads of an input and the analysis has not met.
@Suite struct MissedReadsTests {
  private func reading(_ consumption: Consumption, met: Set<String> = []) -> QueryReading {
    var input = InputReading(consumption)
    input.met = met
    return QueryReading(inputs: ["orders": input])
  }

  private func missed(
    _ program: Consumption, _ reading: QueryReading
  ) -> [AssetKey: [String]] {
    MissedReads(of: ["orders": program], by: reading).columns
  }

  @Test func `what is consumed is not missed`() {
    #expect(missed(.columns(["id"]), reading(.columns(["id", "no"]))) == [:])
    #expect(missed(.columns(["id", "no"]), reading(.whole)) == [:])
    #expect(missed(.rowCount, reading(.columns(["id"]))) == [:])
  }

  @Test func `what was met and left out is not missed`() {
    #expect(missed(.columns(["id", "no"]), reading(.columns(["id"]), met: ["id", "no"])) == [:])
  }

  @Test func `a column that was not met is missed`() {
    let lost = MissedReads(of: ["orders": .columns(["id", "no"])], by: reading(.columns(["id"])))

    #expect(lost.columns == ["orders": ["no"]])
    #expect(
      lost.reason(for: "orders")
        == "the database reads `no`, which the analysis of the query missed")
    #expect(lost.reason(for: "other") == nil)
  }

  @Test func `an input that was not met is missed as a whole`() {
    #expect(missed(.columns(["id"]), QueryReading()) == ["orders": []])
  }

  @Test func `of what the database cannot tell nothing is said`() {
    #expect(missed(.whole, reading(.columns(["id"]))) == [:])
  }
}
