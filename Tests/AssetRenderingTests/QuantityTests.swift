import AssetCore
import AssetTestSupport
import Testing

@testable import AssetRendering

@Suite struct QuantityTests {
  @Test(
    arguments: [
      (0, "0 ms"), (41, "41 ms"), (999, "999 ms"), (1000, "1.0 s"), (1299, "1.2 s"),
      (59_999, "59.9 s"), (60_000, "1 min 0 s"), (185_000, "3 min 5 s"),
      (3_599_999, "59 min 59 s"), (3_600_000, "1 h 0 min"), (7_800_000, "2 h 10 min"),
      (360_000_000, "100 h 0 min"),
    ] as [(Int64, String)])
  func `lengths of time are said as people say them`(milliseconds: Int64, text: String) {
    #expect(durationText(milliseconds) == text)
  }

  @Test(
    arguments: [
      (0, "0 ms"), (999, "999 ms"), (45_000, "45 s"), (60_000, "1 min"), (61_000, "1 min 1 s"),
      (3_600_000, "1 h"), (3_661_000, "1 h 1 min"), (3_601_000, "1 h"), (86_400_000, "1 d"),
      (90_000_000, "1 d 1 h"), (864_000_000, "10 d"),
    ] as [(Int64, String)])
  func `ages have the two greatest units that they have`(milliseconds: Int64, text: String) {
    #expect(ageText(milliseconds) == text)
  }

  @Test(
    arguments: [
      (0, "0 rows"), (1, "1 row"), (2, "2 rows"), (999, "999 rows"), (1000, "1,000 rows"),
      (27_004, "27,004 rows"), (1_234_567, "1,234,567 rows"), (-1000, "-1,000 rows"),
    ])
  func `counts have their noun and their thousands apart`(count: Int, text: String) {
    #expect(counted(count, "row") == text)
  }

  @Test(
    arguments: [
      ([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c"),
    ] as [([String], String)])
  func `parts are listed as in a sentence`(parts: [String], text: String) {
    #expect(listed(parts) == text)
  }

  @Test(
    arguments: [
      ("rows1:fedcba98765432100000", "rows1:fedcba987654"), ("rows1:ab", "rows1:ab"), ("ab", "ab"),
    ])
  func `of a digest the beginning is shown`(digest: String, text: String) {
    #expect(shortDigest(digest) == text)
  }

  @Test func `a moment is shown to the second`() {
    #expect(momentText(morning) == "2026-11-21 09:14:03")
  }

  @Test(
    arguments: [
      (.neverMaterialized, "never materialized"), (.definitionChanged, "its definition changed"),
      (.inputChanged(.asset("a"), columns: nil), "`a` changed"),
      (.inputChanged(.file("x.csv"), columns: nil), "`x.csv` changed"),
      (.inputChanged(.asset("a"), columns: ["b"]), "`a` changed in `b`"),
      (.inputChanged(.asset("a"), columns: ["b", "c"]), "`a` changed in `b` and `c`"),
      (.inputChanged(.asset("a"), columns: []), "the number of rows of `a` changed"),
      (.inputAdded(.asset("a")), "`a` is a new input"),
      (.inputRemoved(.asset("a")), "`a` is no longer an input"),
      (.outputMissing, "its output is missing"), (.outputAltered, "its output was altered"),
      (.expired, "it is older than `volatile` allows"),
      (.attemptUnfinished, "its last attempt was cut short"),
      (.attemptFailed, "its last attempt failed"), (.forced, "forced"),
      (.inputStale("a"), "waits for `a`"),
    ] as [(StaleCause, String)])
  func `every cause has its words`(cause: StaleCause, text: String) {
    #expect(cause.text == text)
  }

  @Test func `what is waited for is said last and together`() {
    #expect(
      causesText([.inputStale("b"), .forced, .inputStale("a"), .expired])
        == "forced, it is older than `volatile` allows, waits for `b` and `a`")
  }
}
