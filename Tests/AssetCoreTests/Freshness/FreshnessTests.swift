import AssetCore
import Testing

@Suite struct FreshnessTests {
  private static let hour: Int64 = 3_600_000
  private static let now = Timestamp(milliseconds: 1_800_000_000_000)
  private static let both = Freshness(
    column: "at", warnAfterMilliseconds: 6 * hour, errorAfterMilliseconds: 24 * hour)

  private static func hoursAgo(_ hours: Int64) -> NewestTime.Finding {
    .time(Timestamp(milliseconds: now.milliseconds - hours * hour))
  }

  @Test(
    arguments: [
      (hoursAgo(0), .pass, "the newest `at` is 0 ms old"),
      (hoursAgo(6), .pass, "the newest `at` is 6 h old"),
      (hoursAgo(7), .warn, "the newest `at` is 7 h old, expected within 6 h"),
      (hoursAgo(24), .warn, "the newest `at` is 1 d old, expected within 6 h"),
      (hoursAgo(50), .error, "the newest `at` is 2 d 2 h old, expected within 1 d"),
      (hoursAgo(-1), .pass, "the newest `at` is ahead of the clock"),
      (.nothing, .error, "`at` holds no time: there are no rows, or only nulls"),
      (.unreadable("soon"), .error, "`at` holds `soon`, which is no time"),
      (.noColumn, .error, "there is no column `at`"),
    ] as [(NewestTime.Finding, FreshnessFinding.Outcome, String)])
  func `the newest time is judged by two limits`(
    newest: NewestTime.Finding, outcome: FreshnessFinding.Outcome, words: String
  ) {
    let finding = Self.both.judge(newest, now: Self.now)

    #expect(finding.outcome == outcome)
    #expect(finding.inWords == words)
  }

  @Test func `a time that is still to come has the age 0`() {
    let finding = Self.both.judge(Self.hoursAgo(-2), now: Self.now)

    #expect(finding.ageMilliseconds == 0)
    #expect(finding.isAhead)
  }

  @Test func `without a limit for errors nothing but what cannot be read is one`() {
    let warning = Freshness(column: "at", warnAfterMilliseconds: Self.hour)

    #expect(warning.judge(Self.hoursAgo(1000), now: Self.now).outcome == .warn)
    #expect(warning.judge(.nothing, now: Self.now).outcome == .warn)
    #expect(warning.judge(.unreadable("x"), now: Self.now).outcome == .error)
  }

  @Test func `files are said to be files`() {
    let files = Freshness(warnAfterMilliseconds: Self.hour)

    #expect(
      files.judge(Self.hoursAgo(2), now: Self.now).inWords
        == "the newest file is 2 h old, expected within 1 h")
  }
}
