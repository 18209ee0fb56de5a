import AssetCore
import AssetTestSupport
import Testing

/// What a partition of a reader needs of its input's partitions.
@Suite struct PartitionWindowTests {
  struct Case: Sendable {
    /// The reader's partition: how long each is, and its beginning.
    var reader: (every: PartitionUnit, start: String)
    var window: PartitionWindow
    var input: (every: PartitionUnit, start: String, end: String)
    /// The keys of the first and the last partition that are needed.
    var needed: [String]
    /// The bounds of the rows that are read.
    var rows: [String]
  }

  private static let days = (every: PartitionUnit.day, start: "2024-01-01", end: "2024-12-31")
  private static let hours = (
    every: PartitionUnit.hour, start: "2024-01-01T00", end: "2024-12-31T23"
  )

  @Test(arguments: [
    Case(
      reader: (.day, "2024-03-01"), window: .own, input: days,
      needed: ["2024-03-01", "2024-03-01"], rows: ["2024-03-01", "2024-03-02"]),
    Case(
      reader: (.day, "2024-03-01"), window: .around(before: 1, after: 0), input: days,
      needed: ["2024-02-29", "2024-03-01"], rows: ["2024-02-29", "2024-03-02"]),
    Case(
      reader: (.day, "2024-01-02"), window: .around(before: 6, after: 1), input: days,
      needed: ["2024-01-01", "2024-01-03"], rows: ["2023-12-27", "2024-01-04"]),
    Case(
      reader: (.day, "2024-12-31"), window: .around(before: 0, after: 2), input: days,
      needed: ["2024-12-31", "2024-12-31"], rows: ["2024-12-31", "2025-01-03"]),
    Case(
      reader: (.week, "2024-02-26"), window: .own, input: days,
      needed: ["2024-02-26", "2024-03-03"], rows: ["2024-02-26", "2024-03-04"]),
    Case(
      reader: (.month, "2024-02"), window: .around(before: 1, after: 1), input: days,
      needed: ["2024-01-31", "2024-03-01"], rows: ["2024-01-31", "2024-03-02"]),
    Case(
      reader: (.day, "2024-02-15"), window: .own,
      input: (.month, "2024-01", "2024-12"), needed: ["2024-02", "2024-02"],
      rows: ["2024-02", "2024-03"]),
    Case(
      reader: (.week, "2024-01-29"), window: .own,
      input: (.month, "2024-01", "2024-12"), needed: ["2024-01", "2024-02"],
      rows: ["2024-01", "2024-03"]),
    Case(
      reader: (.month, "2024-02"), window: .own,
      input: (.week, "2024-01-01", "2024-12-30"), needed: ["2024-01-29", "2024-02-26"],
      rows: ["2024-01-29", "2024-03-04"]),
    Case(
      reader: (.day, "2024-02-29"), window: .around(before: 2, after: 0), input: hours,
      needed: ["2024-02-28T22", "2024-02-29T23"], rows: ["2024-02-28T22", "2024-03-01T00"]),
  ])
  func `a window is counted in partitions of the input`(test: Case) throws {
    let reader = try #require(
      try partitions(test.reader.every, test.reader.start, test.reader.start).first)
    let input = try partitions(test.input.every, test.input.start, test.input.end)

    let slice = try #require(test.window.slice(for: reader, of: input.scheme))
    let indices = input.indices(overlapping: slice)

    #expect(slice == RowSlice(column: "at", from: .text(test.rows[0]), to: .text(test.rows[1])))
    #expect([input[indices.lowerBound].key, input[indices.upperBound - 1].key] == test.needed)
  }

  @Test func `windows end where texts do`() throws {
    let first = try #require(try partitions(.day, "0001-01-01", "0001-01-01").first)
    let last = try #require(try partitions(.day, "9999-12-30", "9999-12-30").first)
    let far = PartitionWindow.around(before: .max, after: .max)
    let scheme = try partitions(.day, "2024-01-01", nil).scheme

    for partition in [first, last] {
      #expect(
        far.slice(for: partition, of: scheme)
          == RowSlice(column: "at", from: .text("0001-01-01"), to: .text("9999-12-31")))
    }
  }

  @Test func `values and time have nothing in common`() throws {
    let days = try partitions(.day, "2024-01-01", "2024-01-05")
    func values(_ column: String, _ values: [VarValue]) -> PartitionList {
      PartitionList(PartitionScheme(column: column, .values(values)), at: moment("2024-01-01"))
    }
    let regions = values("region", ["EU", "US"].map(VarValue.text))

    #expect(PartitionWindow.own.slice(for: days[0], of: regions.scheme) == nil)
    #expect(PartitionWindow.own.slice(for: regions[0], of: days.scheme) == nil)
    #expect(PartitionWindow.all.slice(for: days[0], of: days.scheme) == nil)
    #expect(
      PartitionWindow.own.slice(for: regions[1], of: values("region", [.text("US")]).scheme)
        == regions[1].slice)
    #expect(
      PartitionWindow.own.slice(for: regions[1], of: values("country", [.text("US")]).scheme) == nil
    )
    #expect(days.indices(overlapping: nil) == 0..<5)
    #expect(regions.indices(overlapping: regions[1].slice) == 1..<2)
    #expect(regions.indices(overlapping: RowSlice(column: "region", equals: .text("CH"))) == 0..<0)
    #expect(regions.indices(overlapping: RowSlice(column: "region", equals: .integer(1))) == 0..<2)
    #expect(regions.indices(overlapping: days[0].slice) == 0..<2)
  }

  @Test func `bounds that are written otherwise may mean any partition`() throws {
    let days = try partitions(.day, "2024-01-01", "2024-01-05")
    let seconds = try partitions(.day, "2024-01-01", "2024-01-05", numbers: .seconds)

    #expect(days.indices(overlapping: seconds[2].slice) == 0..<5)
    #expect(seconds.indices(overlapping: days[2].slice) == 0..<5)
    #expect(seconds.indices(overlapping: seconds[2].slice) == 2..<3)
  }

  /// By looking at each partition by itself.
  @Test(arguments: 0..<200)
  func `the partitions that overlap with a slice are all that can hold its rows`(seed: UInt64)
    throws
  {
    var random = SeededRandom(seed: seed)
    let starts: [(PartitionUnit, String)] = [
      (.hour, "2024-02-27T00"), (.hour, "2024-02-27 00:00"), (.day, "2024-02-20"),
      (.week, "2024-01-29"), (.month, "2023-12"), (.month, "2023-12-01"),
    ]
    let (every, start) = random.pick(starts)
    let list = try partitions(every, start, nil, now: "2024-03-05")
    let texts = [
      "2024-02-28", "2024-03", "2024-02-28T05", "2024-02-28 05", "2024-01-31", "", "3", "2024-02",
    ]
    func bound() -> RowSlice.Bound? {
      random.chance(5)
        ? nil : RowSlice.Bound(.text(random.pick(texts)), isIncluded: random.chance(2))
    }
    let slice = RowSlice(column: "at", lower: bound(), upper: bound())

    let found = list.indices(overlapping: slice)

    for (index, partition) in list.enumerated() {
      // All texts that are bounds, or follow one directly.
      let candidates = (texts + [partition.parameters[.start]?.text ?? ""]).flatMap {
        [$0, $0 + " "]
      }
      let isShared = candidates.contains { partition.slice.holds($0) && slice.allows($0) }
      if isShared { #expect(found.contains(index), "\(slice) \(partition.key)") }
    }
    if slice.lower != nil, slice.upper != nil, found.count < list.count {
      let inner = found.dropFirst().dropLast()
      #expect(
        inner.allSatisfy { list[$0].slice.lower.map { slice.allows($0.value.text) } ?? false })
    }
  }
}

extension RowSlice {
  /// Whether a text is in the slice, whose ends are texts or open.
  fileprivate func allows(_ text: String) -> Bool {
    func isBefore(_ left: String, _ right: String) -> Bool {
      Array(left.utf8).lexicographicallyPrecedes(Array(right.utf8))
    }
    if let lower,
      isBefore(text, lower.value.text) || (!lower.isIncluded && text == lower.value.text)
    {
      return false
    }
    if let upper,
      isBefore(upper.value.text, text) || (!upper.isIncluded && text == upper.value.text)
    {
      return false
    }
    return true
  }
}
