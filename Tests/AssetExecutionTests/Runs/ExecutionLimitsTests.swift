import Testing

@testable import AssetExecution

@Suite struct ExecutionLimitsTests {
  private let limits = ExecutionLimits(slots: 4, pools: ["gpu": 2])

  private func claim(
    _ weight: Int = 1, pool: String? = nil, tables: Bool = false
  ) -> ExecutionLimits.Claim {
    .init(writesTables: tables, pool: pool, weight: weight)
  }

  private func fits(_ claim: ExecutionLimits.Claim, beside others: [ExecutionLimits.Claim]) -> Bool
  {
    var use = ExecutionLimits.Use()
    for other in others { use.add(other, limits) }
    return use.hasRoom(inPoolFor: claim, limits) && use.hasSlots(for: claim, limits)
  }

  @Test func `weights add up to the slots`() {
    #expect(fits(claim(3), beside: [claim()]))
    #expect(!fits(claim(4), beside: [claim()]))
    #expect(fits(claim(99), beside: []), "what is heavier than all runs alone")
  }

  @Test func `in a pool weights add up to its limit, and each takes one slot`() {
    #expect(fits(claim(1, pool: "gpu"), beside: [claim(1, pool: "gpu"), claim(), claim()]))
    #expect(!fits(claim(1, pool: "gpu"), beside: [claim(2, pool: "gpu")]))
    #expect(fits(claim(9, pool: "gpu"), beside: []))
  }

  @Test func `one table is written at a time`() {
    #expect(!fits(claim(tables: true), beside: [claim(tables: true)]))
    #expect(fits(claim(), beside: [claim(tables: true)]))
  }

  @Test func `what ends gives its room back`() {
    var use = ExecutionLimits.Use()
    use.add(claim(2, pool: "gpu"), limits)
    use.remove(claim(2, pool: "gpu"), limits)
    #expect(use.hasRoom(inPoolFor: claim(2, pool: "gpu"), limits))
  }
}
