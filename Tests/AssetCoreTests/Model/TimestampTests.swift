import AssetCore
import AssetTestSupport
import Foundation
import Testing

@Suite struct TimestampTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
      (951_782_399_999, "2000-02-28T23:59:59Z"), (951_782_400_000, "2000-02-29T00:00:00Z"),
      (951_868_800_000, "2000-03-01T00:00:00Z"), (1_709_164_800_000, "2024-02-29T00:00:00Z"),
      (4_107_542_399_000, "2100-02-28T23:59:59Z"), (4_107_542_400_000, "2100-03-01T00:00:00Z"),
      (1_795_252_443_000, "2026-11-21T09:14:03Z"), (-2_208_988_800_000, "1900-01-01T00:00:00Z"),
      (-62_135_596_800_000, "0001-01-01T00:00:00Z"), (253_402_300_799_000, "9999-12-31T23:59:59Z"),
    ] as [(Int64, String)])
  func `moments are written as RFC 3339 in UTC`(milliseconds: Int64, text: String) {
    #expect(Timestamp(milliseconds: milliseconds).rfc3339 == text)
  }

  @Test func `calendar parts are those of Foundation's calendar`() throws {
    let seed: UInt64 = 13
    var random = SeededRandom(seed: seed)
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))

    for _ in 0..<2000 {
      // From the year 1600, where calendars agree, to 9999.
      let seconds = Int64.random(in: -11_676_096_000...253_402_300_799, using: &random)
      let parts = Timestamp(milliseconds: seconds * 1000 + 7).calendarParts
      let expected = calendar.dateComponents(
        [.year, .month, .day, .hour, .minute, .second],
        from: Date(timeIntervalSince1970: TimeInterval(seconds)))
      #expect(
        [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second]
          == [
            expected.year, expected.month, expected.day, expected.hour, expected.minute,
            expected.second,
          ], "seed \(seed): \(seconds)")
      #expect(parts.millisecond == 7)
    }
  }

  @Test func `a length of time is the difference`() {
    #expect(Timestamp(milliseconds: 5).milliseconds(since: Timestamp(milliseconds: 7)) == -2)
  }
}
