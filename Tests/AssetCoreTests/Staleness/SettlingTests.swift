import AssetCore
import Testing

/// When the times of a file can be relied on.
@Suite struct SettlingTests {
  /// A moment that is no whole second, in nanoseconds.
  private static let now: Int64 = 1_795_000_000_123_456_789
  private static let millisecond: Int64 = 1_000_000

  @Test(
    arguments: [
      (modified: 40, changed: 40, false), (modified: 60, changed: 60, true),
      (modified: 5000, changed: 40, false), (modified: 40, changed: 5000, false),
      (modified: -86_400_000, changed: 60, true), (modified: -86_400_000, changed: 40, false),
      (modified: 60, changed: -86_400_000, true), (modified: 60, changed: -10, false),
    ] as [(modified: Int64, changed: Int64, Bool)])
  func `a file is settled once its times are milliseconds old, or well ahead`(
    modified: Int64, changed: Int64, isExpected: Bool
  ) {
    let isSettled = isSettled(
      modified: Self.now - modified * Self.millisecond,
      changed: Self.now - changed * Self.millisecond, now: Self.now)

    #expect(isSettled == isExpected)
  }

  @Test func `times without fractions of a second are those of a coarse file system`() {
    let written: Int64 = 1_795_000_000_000_000_000

    #expect(!isSettled(modified: written, changed: written, now: written + 1_900_000_000))
    #expect(isSettled(modified: written, changed: written, now: written + 2_100_000_000))
  }
}
