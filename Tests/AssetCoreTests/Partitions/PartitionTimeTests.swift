import AssetCore
import AssetTestSupport
import Testing

/// Partitions of time: what they are called, and which rows are theirs.
@Suite struct PartitionTimeTests {
  struct Case: Sendable {
    var every: PartitionUnit
    var start: String
    var end: String
    var keys: [String]
    /// The bounds, from the start of the first partition to the end of the last.
    var bounds: [String]
  }

  @Test(arguments: [
    Case(
      every: .day, start: "2024-02-28", end: "2024-03-01",
      keys: ["2024-02-28", "2024-02-29", "2024-03-01"],
      bounds: ["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"]),
    Case(
      every: .day, start: "2023-02-28", end: "2023-03-01", keys: ["2023-02-28", "2023-03-01"],
      bounds: ["2023-02-28", "2023-03-01", "2023-03-02"]),
    Case(
      every: .day, start: "1900-02-28", end: "1900-03-01", keys: ["1900-02-28", "1900-03-01"],
      bounds: ["1900-02-28", "1900-03-01", "1900-03-02"]),
    Case(
      every: .day, start: "1969-12-31", end: "1970-01-01", keys: ["1969-12-31", "1970-01-01"],
      bounds: ["1969-12-31", "1970-01-01", "1970-01-02"]),
    Case(
      every: .day, start: "0001-01-01", end: "0001-01-01", keys: ["0001-01-01"],
      bounds: ["0001-01-01", "0001-01-02"]),
    Case(
      every: .day, start: "9999-12-30", end: "9999-12-30", keys: ["9999-12-30"],
      bounds: ["9999-12-30", "9999-12-31"]),
    Case(
      every: .week, start: "2024-12-23", end: "2025-01-06",
      keys: ["2024-12-23", "2024-12-30", "2025-01-06"],
      bounds: ["2024-12-23", "2024-12-30", "2025-01-06", "2025-01-13"]),
    Case(
      every: .month, start: "2023-11", end: "2024-02",
      keys: ["2023-11", "2023-12", "2024-01", "2024-02"],
      bounds: ["2023-11", "2023-12", "2024-01", "2024-02", "2024-03"]),
    Case(
      every: .month, start: "2024-01-01", end: "2024-02", keys: ["2024-01", "2024-02"],
      bounds: ["2024-01-01", "2024-02-01", "2024-03-01"]),
    Case(
      every: .hour, start: "2024-12-31T22", end: "2025-01-01T00",
      keys: ["2024-12-31T22", "2024-12-31T23", "2025-01-01T00"],
      bounds: ["2024-12-31T22", "2024-12-31T23", "2025-01-01T00", "2025-01-01T01"]),
    Case(
      every: .hour, start: "2024-12-31 23:00:00", end: "2025-01-01 00",
      keys: ["2024-12-31T23", "2025-01-01T00"],
      bounds: ["2024-12-31 23:00:00", "2025-01-01 00:00:00", "2025-01-01 01:00:00"]),
    Case(
      every: .hour, start: "2024-12-31T23:00", end: "2024-12-31T23", keys: ["2024-12-31T23"],
      bounds: ["2024-12-31T23:00", "2025-01-01T00:00"]),
  ])
  func `partitions follow each other from the first to the last`(test: Case) throws {
    let list = try partitions(test.every, test.start, test.end)

    #expect(list.map(\.key) == test.keys)
    #expect(list.map { $0.parameters[.start]?.text } == Array(test.bounds.dropLast()))
    #expect(list.map { $0.parameters[.end]?.text } == Array(test.bounds.dropFirst()))
    #expect(list.map { $0.parameters[.key]?.text } == test.keys)
    #expect(
      list.map(\.slice)
        == zip(test.bounds, test.bounds.dropFirst()).map {
          RowSlice(column: "at", from: .text($0), to: .text($1))
        })
  }

  @Test func `columns of numbers have bounds of numbers`() throws {
    let seconds = try partitions(.hour, "1970-01-01T00", "1970-01-01T01", numbers: .seconds)
    let milliseconds = try partitions(.day, "1969-12-31", "1969-12-31", numbers: .milliseconds)

    #expect(
      seconds.map(\.parameters) == [
        [.key: .text("1970-01-01T00"), .start: .integer(0), .end: .integer(3600)],
        [.key: .text("1970-01-01T01"), .start: .integer(3600), .end: .integer(7200)],
      ])
    #expect(
      milliseconds.map(\.slice) == [
        RowSlice(column: "at", from: .integer(-86_400_000), to: .integer(0))
      ])
  }

  @Test func `a value is a partition of its own`() {
    let scheme = PartitionScheme(column: "Region", .values([.text("EU"), .integer(7)]))

    let list = PartitionList(scheme, at: moment("2024-01-01"))

    #expect(list.map(\.key) == ["EU", "7"])
    #expect(list.map(\.parameters) == [[.key: .text("EU")], [.key: .integer(7)]])
    #expect(
      list.map(\.slice) == [
        RowSlice(column: "region", equals: .text("EU")),
        RowSlice(column: "region", equals: .integer(7)),
      ])
    #expect(list[0].key(in: "daily").name == "daily@EU")
  }

  @Test(
    arguments: [
      (.day, "2024-01-03", ["2024-01-01", "2024-01-02"]),
      (.day, "2024-01-02T23:59:59", ["2024-01-01"]),
      (.day, "2024-01-01T12:00:00", []), (.day, "2020-01-01", []),
      (.week, "2024-01-14T23:59:59", ["2024-01-01"]),
      (.week, "2024-01-15", ["2024-01-01", "2024-01-08"]),
      (.month, "2024-03-01", ["2024-01", "2024-02"]), (.month, "2024-02-29", ["2024-01"]),
      (.hour, "2024-01-01T02:30:00", ["2024-01-01T00", "2024-01-01T01"]),
    ] as [(PartitionUnit, String, [String])])
  func `without a last one it is the last that is complete`(
    every: PartitionUnit, now: String, keys: [String]
  ) throws {
    let start = ["2024-01-01T00", "2024-01-01", "2024-01-01", "2024-01"][
      PartitionUnit.allCases.firstIndex(of: every) ?? 0]

    let list = try partitions(every, start, nil, now: now)

    #expect(list.map(\.key) == keys)
  }

  @Test func `a last one that is declared need not be complete`() throws {
    let list = try partitions(.day, "2024-01-01", "2024-01-03", now: "2024-01-02")

    #expect(list.count == 3)
  }

  @Test(
    arguments: [
      (.day, "2024-1-2", "2024-01-02"), (.day, "2024-02-30", "2024-03-01"),
      (.day, "2024-13-01", "2024-12-01"), (.day, "2024-01", "2024-01-01"),
      (.day, "2024-01-02T00", "2024-01-02"), (.day, "2024-01-02 ", "2024-01-02"),
      (.day, "20240102", nil), (.day, "yesterday", nil), (.day, "", nil), (.day, "0000-01-01", nil),
      (.day, "9999-12-31", "9999-12-30"), (.day, "10000-01-01", nil),
      (.week, "2024-01-03", "2024-01-01"), (.week, "2024-W01", "2024-01-01"),
      (.month, "2024-01-15", "2024-01-01"), (.month, "2024-1", "2024-01"),
      (.hour, "2024-01-02", "2024-01-02T00"), (.hour, "2024-01-02 5", "2024-01-02 05"),
      (.hour, "2024-01-02T05:30", "2024-01-02T05:00"), (.hour, "2024-01-02T24", "2024-01-02T23"),
      (.hour, "2024-01-02T05:00:00Z", "2024-01-02T05"), (.hour, "2024-01-02t05", "2024-01-02T05"),
    ] as [(PartitionUnit, String, String?)])
  func `what is no beginning of a partition is refused with the nearest`(
    every: PartitionUnit, text: String, nearest: String?
  ) {
    #expect(throws: PartitionError.malformed(text, every, nearest: nearest)) {
      try PartitionTime(every: every, start: text)
    }
  }

  @Test func `the last one is not before the first`() {
    #expect(throws: PartitionError.reversed(first: "2024-01-02", last: "2024-01-01")) {
      try PartitionTime(every: .day, start: "2024-01-02", end: "2024-01-01")
    }
  }

  /// Counted on day by day, by the rules that everyone learns at school.
  @Test func `days are those of the calendar`() throws {
    var (year, month, day) = (1895, 1, 1)
    let list = try partitions(.day, "1895-01-01", "2105-12-31")
    for partition in list {
      let expected = [year, month, day].map { $0 < 10 ? "0\($0)" : "\($0)" }
      guard partition.key == expected.joined(separator: "-") else {
        Issue.record("\(partition.key) instead of \(expected)")
        return
      }
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      let length = month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
      day += 1
      if day > length { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
    #expect([year, month, day] == [2106, 1, 1])
  }

  /// However exactly a column writes a moment, it is in the slice of the partition that it lies in and in
  /// no other, as long as it is written like the first partition.
  @Test(
    arguments: [
      (.hour, "2023-12-01T00"), (.hour, "2023-12-01 00"), (.day, "2023-12-01"),
      (.week, "2023-12-04"), (.month, "2023-12"), (.month, "2023-12-01"),
    ] as [(PartitionUnit, String)])
  func `a moment is in one slice alone`(every: PartitionUnit, start: String) throws {
    var random = SeededRandom(seed: 5)
    let list = try partitions(every, start, nil, now: "2024-04-01")
    let (first, last) = (try #require(list.first?.span), try #require(list.last?.span))
    for _ in 0..<300 {
      let moment = Timestamp(
        milliseconds: Int64.random(
          in: first.lowerBound.milliseconds..<last.upperBound.milliseconds, using: &random))
      let exact = String(moment.rfc3339Milliseconds.dropLast())
      let text =
        start.contains(" ") ? exact.replacing("T", with: " ") : exact
      // From what the first partition says to milliseconds, with a time zone or without.
      let length = random.pick(
        [start.utf8.count, 13, 16, 19, 23].filter { $0 >= start.utf8.count })
      let written = text.prefix(length) + (length >= 16 && random.chance(2) ? "Z" : "")

      let holders = list.filter { $0.slice.holds(String(written)) }

      #expect(holders.map { $0.span?.contains(moment) } == [true], "\(written)")
    }
  }

  @Test func `ten thousand partitions are at hand at once`() throws {
    let list = try partitions(.hour, "2023-01-01T00", nil, now: "2024-03-01")
    #expect(list.count == 10_200)

    let indices = list.map(\.key).compactMap(list.index)

    #expect(indices == Array(0..<10_200))
    #expect(try partitions(.hour, "0001-01-01T00", "9999-12-30T00").count == 87_649_369)
  }
}

/// The partitions from a first to a last one, by the column `at`.
func partitions(
  _ every: PartitionUnit, _ start: String, _ end: String?, now: String = "2024-01-01",
  numbers: PartitionTime.Bounds? = nil
) throws -> PartitionList {
  let time = try PartitionTime(every: every, start: start, end: end, numbers: numbers)
  return PartitionList(PartitionScheme(column: "at", .time(time)), at: moment(now))
}

/// The moment that `2024-01-02` or `2024-01-02T05:00:00` names.
func moment(_ text: String) -> Timestamp {
  let wanted = text.count == 10 ? text + "T00:00:00" : text
  // Found by halves, with what writes moments.
  var (low, high) = (Int64(-70_000_000_000), Int64(253_402_300_799))
  while low < high {
    let middle = (low + high) / 2
    let written = Timestamp(milliseconds: middle * 1000).rfc3339
    if written < wanted + "Z" { low = middle + 1 } else { high = middle }
  }
  return Timestamp(milliseconds: low * 1000)
}

extension RowSlice {
  /// Whether a text is in the slice, as databases compare texts.
  func holds(_ text: String) -> Bool {
    guard case .text(let low)? = lower?.value, case .text(let high)? = upper?.value else {
      return false
    }
    return !Array(text.utf8).lexicographicallyPrecedes(Array(low.utf8))
      && Array(text.utf8).lexicographicallyPrecedes(Array(high.utf8))
  }
}
