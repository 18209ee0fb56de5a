import AssetCore
import AssetTestSupport
import AssetWarehouse
import AssetWarehouseSQLite
import Testing

/// Digests of slices: of those rows whose value in a column lies in a range.
@Suite struct SliceTests {
  /// However many slices are asked for together, each has the digest of a table of just its rows, which
  /// SQLite itself picks.
  @Test(arguments: 0..<40)
  func `a slice has the digest of its rows alone`(seed: UInt64) async throws {
    var random = SeededRandom(seed: 7_000 + seed)
    let file = try TemporaryWarehouse()
    let type = random.pick(["text", "integer", "", "real", "date", "numeric", "blob"])
    let isNumeric = random.chance(2)
    let values = (0..<60).map { _ in Self.value(&random, isNumeric: isNumeric) }
    let rows = values.enumerated().map { "(\($0.element), \($0.offset))" }.joined(separator: ", ")
    try file.execute("create table raw (k \(type), n integer); insert into raw values \(rows)")
    let slices = (0..<Int.random(in: 3...25, using: &random)).map { _ in
      Self.slice(&random, isNumeric: isNumeric)
    }

    let together = try await look(at: "raw", slices, in: file)

    for slice in slices {
      let alone = try await look(at: "raw", [slice], in: file)
      let condition = slice.condition(on: "k", literal: \.canonicalText)
      try file.execute(
        "drop table if exists part; create table part (k \(type), n integer);"
          + "insert into part select * from raw where \(condition)")
      let part = try await look(at: "part", [], in: file)
      for inner in [Consumption.whole, .rowCount, .columns(["n"])] {
        #expect(together[.slice(slice, of: inner)] == part[inner], "\(type) \(condition)")
        #expect(alone[.slice(slice, of: inner)] == part[inner], "\(type) \(condition)")
      }
    }
  }

  /// What is there of a table under slices of each kind, and as a whole.
  private func look(
    at table: String, _ slices: [RowSlice], in file: TemporaryWarehouse
  ) async throws -> Content {
    let kinds: [Consumption] = [.whole, .rowCount, .columns(["n"])]
    let consumptions = Set(kinds + slices.flatMap { slice in kinds.map { .slice(slice, of: $0) } })
    let request = TableRequest(
      key: AssetKey(trusted: table), table: TableName(table), consumptions: consumptions,
      isPublished: false)
    guard case .present(let content)? = try await file.warehouse.observe([request])[request.key]
    else { return [:] }
    return content
  }

  private static func value(_ random: inout SeededRandom, isNumeric: Bool) -> String {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: "null"
    case 1: "\(Int.random(in: -3...30, using: &random))"
    case 2: "\(Double(Int.random(in: 0...300, using: &random)) / 10)"
    case 3: "x'3132'"
    case 4: "''"
    case 5: "'\(random.pick(["é", "Z", "a", "2024", "20", "2024-01-0", "2024-01-05 12:00"]))'"
    default:
      isNumeric
        ? "\(Int.random(in: 0...30, using: &random))"
        : "'2024-01-\(String(100 + Int.random(in: 1...31, using: &random)).dropFirst())'"
    }
  }

  private static func slice(_ random: inout SeededRandom, isNumeric: Bool) -> RowSlice {
    func bound(_ random: inout SeededRandom) -> RowSlice.Bound? {
      if random.chance(6) { return nil }
      let number = Int64.random(in: 0...31, using: &random)
      let day = "2024-01-" + String(100 + number).dropFirst()
      let odd: VarValue = random.pick([
        .real(2.5), .text("20"), .text("é"), .text(""), .integer(-1),
      ])
      return RowSlice.Bound(
        random.chance(15) ? odd : isNumeric ? .integer(number) : .text(day),
        isIncluded: random.chance(2))
    }
    if random.chance(5), let bound = bound(&random) {
      return RowSlice(column: "k", equals: bound.value)
    }
    return RowSlice(column: "k", lower: bound(&random), upper: bound(&random))
  }

  @Test func `a slice of a column that is not there holds nothing`() async throws {
    let file = try TemporaryWarehouse()
    try file.execute("create table raw (k, n); insert into raw values (1, 2)")
    let gone = RowSlice(column: "gone", equals: .integer(1))

    let content = try await look(at: "raw", [gone], in: file)

    #expect(content[.slice(gone, of: .rowCount)] != content[.rowCount])
  }
}
