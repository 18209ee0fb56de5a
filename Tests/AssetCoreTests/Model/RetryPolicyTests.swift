import AssetCore
import Testing

@Suite struct RetryPolicyTests {
  private func delays(_ policy: RetryPolicy, chance: Double = 0) -> [Int64?] {
    (1...policy.max + 1).map { policy.delay(after: $0, exitCode: 1, chance: chance) }
  }

  @Test func `nothing is tried again unless it is said`() {
    #expect(RetryPolicy.none.delay(after: 1, exitCode: 1, chance: 0) == nil)
  }

  @Test func `a constant delay stays, and there are no more tries than allowed`() {
    #expect(delays(RetryPolicy(max: 3, delayMilliseconds: 50)) == [50, 50, 50, nil])
  }

  @Test func `an exponential delay doubles, up to an hour`() {
    let policy = RetryPolicy(max: 4, delayMilliseconds: 1_000_000, backoff: .exponential)
    #expect(delays(policy) == [1_000_000, 2_000_000, 3_600_000, 3_600_000, nil])
    let long = RetryPolicy(max: 60, delayMilliseconds: 7_200_000, backoff: .exponential)
    #expect(long.delay(after: 60, exitCode: 1, chance: 0) == 7_200_000)
  }

  @Test func `jitter takes a share of the delay away`() {
    let policy = RetryPolicy(max: 1, delayMilliseconds: 1000, jitter: 0.5)
    #expect(policy.delay(after: 1, exitCode: 1, chance: 0) == 1000)
    #expect(policy.delay(after: 1, exitCode: 1, chance: 1) == 500)
  }

  @Test func `only the exit codes that are named are tried again`() {
    let policy = RetryPolicy(max: 1, exitCodes: [75])
    #expect(policy.delay(after: 1, exitCode: 75, chance: 0) == 1000)
    #expect(policy.delay(after: 1, exitCode: 1, chance: 0) == nil)
    #expect(policy.delay(after: 1, exitCode: nil, chance: 0) == nil)
  }

  @Test(arguments: [
    (12.5, true, "12.5"), (12.75, false, "12.75 is more than 12.5"),
    (-1, false, "-1 is less than 0"),
  ])
  func `a metric is compared with its bounds`(value: Double, passed: Bool, message: String) {
    let bounds = MetricBounds(metric: "rmse", min: 0, max: 12.5)
    #expect(bounds.verdict(in: ["rmse": value]) == (passed, message))
  }

  @Test func `a metric that is not reported does not pass, and neither does no number`() {
    let bounds = MetricBounds(metric: "rmse", max: 1)
    #expect(bounds.verdict(in: [:]) == (false, "no metric `rmse` was reported"))
    #expect(!bounds.verdict(in: ["rmse": .nan]).isKept)
  }
}
