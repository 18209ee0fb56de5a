import AssetCore
import AssetTestSupport
import AssetWarehouse
import AssetWarehouseSQLite
import Foundation
import Testing

/// What the digest under a consumption sees of random tables, and what it does not.
@Suite struct SwapTests {
  /// A change of a table, and whether readers of some of its columns see it.
  struct Change {
    var name: String
    var rows: [[String]]
    var columns: [String]
    var isSeen: Bool
  }

  @Test func `a digest changes just when the rows of the consumed columns do`() async throws {
    let seed = RandomRun.seed
    var random = SeededRandom(seed: seed)
    let warehouse = try ScratchWarehouse()
    for step in 0..<RandomRun.steps(60) {
      let table = ScratchTable(&random)
      let consumed = Array(table.columns.shuffled(using: &random).prefix(2)).sorted()
      let consumption = Consumption(columns: consumed)
      let before = try await warehouse.digests(of: table, under: [consumption, .rowCount])

      for change in Self.changes(of: table, consumed: consumed, &random) {
        let changed = ScratchTable(columns: change.columns, rows: change.rows)
        let after = try await warehouse.digests(of: changed, under: [consumption, .rowCount])
        let note: Comment =
          "seed \(seed), step \(step): \(change.name) of \(table) as to \(consumed)"
        #expect((after[consumption] != before[consumption]) == change.isSeen, note)
        #expect(
          (after[.rowCount] != before[.rowCount]) == (change.rows.count != table.rows.count), note)
      }
    }
  }

  private static func changes(
    of table: ScratchTable, consumed: [String], _ random: inout SeededRandom
  ) -> [Change] {
    let places = consumed.map { table.columns.firstIndex(of: $0) ?? 0 }
    var changes = [
      Change(
        name: "another order", rows: table.rows.shuffled(using: &random), columns: table.columns,
        isSeen: false),
      Change(
        name: "a row twice", rows: table.rows + [random.pick(table.rows)], columns: table.columns,
        isSeen: true),
      Change(
        name: "a row less", rows: Array(table.rows.dropLast()), columns: table.columns,
        isSeen: true),
      Change(
        name: "the columns from right to left", rows: table.rows.map { $0.reversed() },
        columns: table.columns.reversed(), isSeen: false),
      Change(
        name: "one more column", rows: table.rows.map { $0 + ["1"] },
        columns: table.columns + ["another"], isSeen: false),
    ]
    // Two rows exchange their values in one column.
    let (one, other) = (
      Int.random(in: 0..<table.rows.count, using: &random),
      Int.random(in: 0..<table.rows.count, using: &random)
    )
    for column in table.columns.indices {
      var rows = table.rows
      (rows[one][column], rows[other][column]) = (rows[other][column], rows[one][column])
      changes.append(
        Change(
          name: "rows \(one) and \(other) exchanged `\(table.columns[column])`", rows: rows,
          columns: table.columns,
          isSeen: multiset(rows, places) != multiset(table.rows, places)))
    }
    return changes
  }

  /// What there is to see of some columns: their rows in an order of their own.
  private static func multiset(_ rows: [[String]], _ places: [Int]) -> [[String]] {
    rows.map { row in places.map { row[$0] } }.sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test func `a swap within one consumed column leaves each column's own values as they are`()
    async throws
  {
    let warehouse = try ScratchWarehouse()
    let consumption = Consumption(columns: ["a", "b"])
    let before = try await warehouse.digests(
      of: ScratchTable(columns: ["a", "b"], rows: [["1", "3"], ["2", "4"]]),
      under: [consumption, .columns(["a"]), .columns(["b"])])

    let after = try await warehouse.digests(
      of: ScratchTable(columns: ["a", "b"], rows: [["1", "4"], ["2", "3"]]),
      under: [consumption, .columns(["a"]), .columns(["b"])])

    #expect(after[.columns(["a"])] == before[.columns(["a"])])
    #expect(after[.columns(["b"])] == before[.columns(["b"])])
    #expect(after[consumption] != before[consumption])
  }

  @Test func `a name that is guarded is seen to come and go, with whatever values`() async throws {
    let warehouse = try ScratchWarehouse()
    let consumption = Consumption(columns: ["a"], names: ["b"])
    let absent = try await warehouse.digests(
      of: ScratchTable(columns: ["a"], rows: [["1"], ["2"]]), under: [consumption])

    let there = try await warehouse.digests(
      of: ScratchTable(columns: ["a", "b"], rows: [["1", "3"], ["2", "4"]]), under: [consumption])
    let otherValues = try await warehouse.digests(
      of: ScratchTable(columns: ["B", "a"], rows: [["null", "1"], ["'x'", "2"]]),
      under: [consumption])

    #expect(there[consumption] != absent[consumption])
    #expect(otherValues[consumption] == there[consumption])
  }
}

/// Some rows of literals.
struct ScratchTable: CustomStringConvertible {
  var columns: [String]
  var rows: [[String]]

  init(columns: [String], rows: [[String]]) {
    self.columns = columns
    self.rows = rows
  }

  init(_ random: inout SeededRandom) {
    columns = Array(["a", "b", "c", "d", "e"].prefix(Int.random(in: 2...5, using: &random)))
    let values = ["1", "2", "1.0", "'1'", "null", "''", "x'31'", "'a'", "'A'"]
    let width = columns.count
    rows = (0..<Int.random(in: 2...7, using: &random)).map { _ in
      (0..<width).map { _ in random.pick(values) }
    }
  }

  var description: String { "(\(columns.joined(separator: ", "))) \(rows)" }

  /// A query that gives the rows.
  var query: String {
    let rows = rows.map { row in
      let items = zip(row, columns).map { "\($0) as \($1)" }
      return "select " + items.joined(separator: ", ")
    }
    return rows.joined(separator: " union all ")
  }
}

/// A warehouse in a temporary folder.
final class ScratchWarehouse {
  let warehouse: SQLiteWarehouse
  let path: String
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "soundness-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "w.sqlite").path
    warehouse = SQLiteWarehouse(path: path, name: "sqlite:w.sqlite")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Publishes rows as the table `scratch` and looks at it again.
  func digests(
    of table: ScratchTable, under consumptions: Set<Consumption>
  ) async throws -> [Consumption: ContentDigest] {
    let build = TableBuild(
      key: "scratch", content: .table(query: table.query), consumptions: consumptions)
    try await warehouse.publish(build) { _, _ in
      Publication(asset: "scratch", materialization: "m", record: "")
    }
    let request = TableRequest(key: "scratch", table: "scratch", consumptions: consumptions)
    let observation = try await warehouse.observe([request])["scratch"]
    guard case .present(let content) = observation else { return [:] }
    return content.digests
  }
}
