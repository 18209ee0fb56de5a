import AssetCore
import Testing

/// Partitions as users name them.
@Suite struct PartitionSelectionTests {
  private let days = Result { try partitions(.day, "2024-01-01", "2024-01-31") }
  private let regions = PartitionList(
    PartitionScheme(column: "region", .values(["EU", "US", "a..b"].map(VarValue.text))),
    at: moment("2024-01-01"))

  @Test(arguments: [
    (["2024-01-02"], [1]), (["2024-01-02", "2024-01-02"], [1]), (["2024-01-30.."], [29, 30]),
    (["..2024-01-02"], [0, 1]), (["2024-01-05..2024-01-05"], [4]),
    (["2024-01-04..2024-01-06", "2024-01-01", "2024-01-05..2024-01-07"], [0, 3, 4, 5, 6]),
    ([".."], Array(0..<31)), ([], []),
  ])
  func `keys and ranges name partitions`(words: [String], indices: [Int]) throws {
    #expect(try days.get().select(words) == indices)
  }

  @Test(
    arguments: [
      (
        "2023-12-31",
        .unknown("2023-12-31", nearest: "2024-01-01", first: "2024-01-01", last: "2024-01-31")
      ),
      (
        "2024-02-07",
        .unknown("2024-02-07", nearest: "2024-01-31", first: "2024-01-01", last: "2024-01-31")
      ),
      ("2024-1-7", .malformed("2024-1-7", .day, nearest: "2024-01-07")),
      ("2024-01", .malformed("2024-01", .day, nearest: "2024-01-01")),
      ("2024-01-07T00", .malformed("2024-01-07T00", .day, nearest: "2024-01-07")),
      ("EU", .malformed("EU", .day, nearest: nil)), ("", .malformed("", .day, nearest: nil)),
      (
        "2023-01-01..2024-01-02",
        .unknown("2023-01-01", nearest: "2024-01-01", first: "2024-01-01", last: "2024-01-31")
      ),
      ("2024-01-03..2024-01-02", .reversed(first: "2024-01-03", last: "2024-01-02")),
      ("2024-01-03...2024-01-05", .malformed(".2024-01-05", .day, nearest: "2024-01-05")),
    ] as [(String, PartitionError)])
  func `what names none is refused with the nearest`(word: String, error: PartitionError) throws {
    let days = try days.get()

    #expect(throws: error) { try days.select(["2024-01-01", word]) }
  }

  @Test func `values are named one by one`() throws {
    #expect(try regions.select(["US", "EU", "a..b"]) == [0, 1, 2])
    #expect(throws: PartitionError.unknown("eu", nearest: "EU", first: "EU", last: "a..b")) {
      try regions.select(["eu"])
    }
    #expect(throws: PartitionError.rangeOfValues("EU..US")) { try regions.select(["EU..US"]) }
  }

  @Test func `of assets that are cut in other ways a range takes what lies in it`() throws {
    let lists = [
      try days.get(), try partitions(.week, "2024-01-01", "2024-01-29"),
      try partitions(.month, "2023-12", "2024-02"), regions,
    ]
    func select(_ words: String...) throws -> [[Int]] {
      try [PartitionList].select(words, in: lists)
    }

    #expect(try select("2024-01-03..2024-01-15") == [Array(2..<15), [1], [], []])
    #expect(try select("2024-01-03..2024-01-05") == [[2, 3, 4], [], [], []])
    #expect(try select("2024-01..2024-01") == [Array(0..<31), [0, 1, 2, 3], [1], []])
    #expect(try select("2024-01-30..") == [[29, 30], [], [2], []])
    #expect(try select("2024-01-02", "US") == [[1], [], [], [1]])
    #expect(throws: PartitionError.self) { try select("2024-01-02", "UK") }
    #expect(throws: PartitionError.self) { try select("2024-01-09..2024-01-03") }
    #expect(throws: PartitionError.self) { try select("2025-01-09..2025-01-10") }
  }

  @Test func `where none is complete none can be named`() throws {
    let none = try partitions(.day, "2024-01-01", nil, now: "2024-01-01")

    #expect(none.isEmpty)
    for word in ["2024-01-01", "2024-01-01..", ".."] {
      #expect(throws: PartitionError.noneComplete(first: "2024-01-01")) { try none.select([word]) }
    }
  }

  @Test(
    arguments: [
      (
        .malformed("2024-01-03", .week, nearest: "2024-01-01"), "`2024-01-03` is not a week",
        "did you mean `2024-01-01`? Weeks begin on Mondays"
      ),
      (.malformed("x", .hour, nearest: nil), "`x` is not an hour", "write it like `2024-01-02T05`"),
      (
        .unknown("ER", nearest: "EU", first: "EU", last: "US"), "there is no partition `ER`",
        "did you mean `EU`?"
      ),
      (
        .noneComplete(first: "2024-01"),
        "there are no partitions yet: the first one, `2024-01`, is not complete",
        "wait until it has passed, or set `end:` under `partitions:`"
      ),
      (.reversed(first: "b", last: "a"), "`a` is before `b`", "put the earlier one first"),
      (
        .rangeOfValues("a..b"), "`a..b` is a range, and only partitions of time have an order",
        "name each partition with a `--partition` of its own"
      ),
    ] as [(PartitionError, String, String)])
  func `errors say what is the case and what to do`(
    error: PartitionError, summary: String, hint: String
  ) {
    #expect(error.diagnostics.map(\.summary) == [summary])
    #expect(error.diagnostics.map(\.hint) == [hint])
  }
}
