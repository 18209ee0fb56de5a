import AssetCore
import Testing

/// When the times of a file can be relied on.
@Suite struct SettlingTests {
  /// A moment that is no whole second, in nanoseconds.
  private static let now: Int64 = 1_795_000_000_123_456_789
  private static let millisecond: Int64 = 1_000_000

  @Test(arguments: [(40, false), (60, true), (-10, false), (-86_400_000, true)] as [(Int64, Bool)])
  func `a file is settled once it is milliseconds old, or its time lies well ahead`(
    age: Int64, isExpected: Bool
  ) {
    #expect(isSettled(changed: Self.now - age * Self.millisecond, now: Self.now) == isExpected)
  }

  @Test func `a time without fractions of a second is that of a coarse file system`() {
    let written: Int64 = 1_795_000_000_000_000_000

    #expect(!isSettled(changed: written, now: written + 1_900_000_000))
    #expect(isSettled(changed: written, now: written + 2_100_000_000))
  }
}
