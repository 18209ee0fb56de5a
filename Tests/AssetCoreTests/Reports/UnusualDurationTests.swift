import AssetCore
import Testing

@Suite struct UnusualDurationTests {
  @Test func `five times the median of earlier ones is unusual`() {
    let earlier: [Int64] = [200, 100, 9000, 300, 250]

    #expect(UnusualDuration(1249, among: earlier) == nil)
    #expect(
      UnusualDuration(1250, among: earlier)
        == UnusualDuration(milliseconds: 1250, usualMilliseconds: 250))
  }

  @Test func `of an even number the median lies between the two in the middle`() {
    #expect(
      UnusualDuration(41_000, among: [6000, 6400, 1, 2, 9000, 9001])?.usualMilliseconds == 6200)
  }

  @Test func `fewer than five earlier ones tell nothing`() {
    #expect(UnusualDuration(50_000, among: [1, 1, 1, 1]) == nil)
  }

  @Test func `what is over within a second is never unusual`() {
    #expect(UnusualDuration(1000, among: [1, 1, 1, 1, 1]) == nil)
  }
}
