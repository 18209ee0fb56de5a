package import AssetCore
package import AssetWarehouse
import Testing

/// Two handles on one warehouse that is empty, as two processes would have.
package struct WarehousePair: Sendable {
  package var mine: any Warehouse
  package var other: any Warehouse
  /// Replaces a table of a database beside the warehouse, or makes it; the columns hold texts.
  package var write: @Sendable (TableName, [String], [[String]]) throws -> Void

  package init(
    mine: any Warehouse, other: any Warehouse,
    write: @escaping @Sendable (TableName, [String], [[String]]) throws -> Void
  ) {
    self.mine = mine
    self.other = other
    self.write = write
  }
}

/// Checks all that an adapter promises, each check on a warehouse of its own.
///
/// - Parameters:
///   - mergesRows: Whether tables go on from their rows; the fake, whose queries are no SQL, has none to
///     go on from.
///   - make: Makes a warehouse.
/// - Throws: What the adapter throws where it should not.
package func warehouseSuite(
  mergesRows: Bool = true, _ make: () async throws -> WarehousePair
) async throws {
  var checks = [
    emptyWarehouse, publishedTable, rowsAsMultisets, projections, slices, presentNames, details,
    replacement, failedSeal, withdrawal, foreignWrites, export, preview, rehearsal, stamps,
    versions, trials, tablesBeside,
  ]
  if mergesRows { checks += exactChecks + mergingChecks + partChecks }
  for check in checks {
    let pair = try await make()
    try await check(pair)
    await pair.mine.close()
    await pair.other.close()
  }
}

extension Warehouse {
  /// Publishes rows as a table, sealed with a record that names it.
  @discardableResult
  package func publish(
    _ key: AssetKey, _ columns: [String], _ rows: [[Value]], as id: String = "m1",
    under consumptions: Set<Consumption> = [.whole], keeping count: Int = 0
  ) async throws -> Content {
    let sealed = Sealed()
    let build = TableBuild(
      key: key, content: .rows { RowList(columns.map { Column($0) }, rows) },
      consumptions: consumptions, keptVersions: count)
    try await publish(build) { table, _ in
      sealed.content = table.content
      return Publication(asset: key, materialization: id, record: "record of \(id)")
    }
    return sealed.content
  }

  /// The observation of one published table.
  package func look(
    at key: AssetKey, under consumptions: Set<Consumption> = [.whole]
  ) async throws -> Observation? {
    try await observe([
      TableRequest(key: key, table: TableName(key.name), consumptions: consumptions)
    ])[key]
  }
}

/// Carries digests out of a seal; written once, before it is read.
private final class Sealed: @unchecked Sendable {
  var content: Content = [:]
}

// MARK: - The checks

private func emptyWarehouse(_ pair: WarehousePair) async throws {
  #expect(try await pair.mine.look(at: "orders") == .missing)
  #expect(try await pair.mine.publications() == [])
}

private func publishedTable(_ pair: WarehousePair) async throws {
  let consumptions: Set<Consumption> = [.whole, .rowCount, .columns(["id"])]
  let digests = try await pair.mine.publish(
    "orders", ["id", "name"], [[.integer(1), .text("a")]], under: consumptions)

  #expect(Set(digests.digests.keys) == consumptions)
  #expect(try await pair.other.look(at: "orders", under: consumptions) == .present(digests))
  #expect(try await pair.other.look(at: "ORDERS", under: consumptions) == .present(digests))
  #expect(
    try await pair.other.publications() == [
      Publication(asset: "orders", materialization: "m1", record: "record of m1")
    ])
}

private func withdrawal(_ pair: WarehousePair) async throws {
  #expect(
    try await pair.mine.withdraw("orders", materialization: "m1", isDryRun: false) == .missing)
  try await pair.mine.publish("orders", ["id"], [[.integer(1)]])
  try await pair.mine.publish("rates", ["id"], [[.integer(1)]])

  #expect(try await pair.mine.withdraw("orders", materialization: "m1", isDryRun: true) == .removed)
  #expect(try await pair.other.publications().map(\.asset) == ["orders", "rates"])
  #expect(
    try await pair.mine.withdraw("ORDERS", materialization: "m1", isDryRun: false) == .removed)

  #expect(try await pair.other.look(at: "orders") == .missing)
  #expect(try await pair.other.publications().map(\.asset) == ["rates"])
  #expect(
    try await pair.mine.withdraw("orders", materialization: "m1", isDryRun: false) == .missing)
  // What somebody else has published since is not touched.
  try await pair.other.publish("rates", ["id"], [[.integer(2)]], as: "m2")
  #expect(
    try await pair.mine.withdraw("rates", materialization: "m1", isDryRun: false) == .altered)
  #expect(try await pair.other.publications().map(\.materialization) == ["m2"])
  // There is room for another one.
  try await pair.other.publish("orders", ["id"], [[.integer(2)]])
}

private func rowsAsMultisets(_ pair: WarehousePair) async throws {
  let rows: [[Value]] = [[.integer(1)], [.integer(2)], [.integer(2)]]
  let digests = try await pair.mine.publish("orders", ["id"], rows)

  #expect(try await pair.mine.publish("orders", ["id"], rows.reversed()) == digests)
  #expect(try await pair.mine.publish("orders", ["id"], Array(rows[..<2])) != digests)
  #expect(try await pair.mine.publish("orders", ["id"], rows + [rows[0]]) != digests)
  #expect(try await pair.mine.publish("orders", ["id"], []) != digests)
}

private func projections(_ pair: WarehousePair) async throws {
  let consumptions: Set<Consumption> = [.whole, .rowCount, .columns(["a"]), .columns(["a", "b"])]
  func digests(_ rows: [[Value]]) async throws -> Content {
    try await pair.mine.publish("t", ["a", "b", "c"], rows, under: consumptions)
  }
  let before = try await digests([[.integer(1), .integer(2), .integer(3)], [.null, .null, .null]])
  let other = try await digests([[.integer(1), .integer(2), .integer(9)], [.null, .null, .null]])
  let swapped = try await digests([
    [.integer(1), .null, .integer(3)], [.null, .integer(2), .null],
  ])

  #expect(changes(from: before, to: other) == [.whole])
  // Swapping two values of one column leaves every column's own values as they were.
  #expect(changes(from: before, to: swapped) == [.whole, .columns(["a", "b"])])
}

private func slices(_ pair: WarehousePair) async throws {
  func slice(_ from: String, _ to: String) -> Consumption {
    .slice(
      RowSlice(
        column: "day", lower: .init(.text(from), isIncluded: true),
        upper: .init(.text(to), isIncluded: false)), of: .columns(["n"]))
  }
  let days = ["d1", "d2", "d3", "d4"]
  let rows = days.flatMap { day in [[Value.text(day), .text("a")], [.text(day), .text("b")]] }
  let single = zip(days, days.dropFirst()).map { slice($0, $1) }
  let wide = slice("d1", "d4")
  let consumptions = Set(single + [wide, .columns(["n"])])
  func digests(_ rows: [[Value]]) async throws -> Content {
    try await pair.mine.publish("t", ["day", "n"], rows, under: consumptions)
  }
  let before = try await digests(rows)
  var edited = rows
  edited[2][1] = .text("c")
  let after = try await digests(edited)
  let alone = try await digests(Array(rows[2..<4]))

  // A changed row changes the slices that it is in.
  #expect(
    changes(from: before, to: after) == [.whole, single[1], wide, .columns(["n"])])
  // The digest of a slice is that of its rows, whatever else there is.
  #expect(alone[.columns(["n"])] == before[single[1]])
  #expect(alone[wide] == before[single[1]])
}

private func changes(
  from before: Content, to after: Content
) -> Set<Consumption> {
  Set(before.digests.keys.filter { before[$0] != after[$0] })
}

private func presentNames(_ pair: WarehousePair) async throws {
  let consumptions: Set<Consumption> = [
    .columns(["a"], names: ["b"]), .columns([], names: ["b"]), .columns(["a"]), .rowCount,
    .columns(["a", "b"]),
  ]
  func digests(_ columns: [String], _ row: [Value]) async throws -> Content {
    try await pair.mine.publish("t", columns, [row], under: consumptions)
  }
  let before = try await digests(["a", "b"], [.integer(1), .integer(2)])
  let other = try await digests(["a", "b"], [.integer(1), .integer(3)])
  let gone = try await digests(["a", "c"], [.integer(1), .integer(3)])

  #expect(Set(consumptions.compactMap { before[$0] }).count == consumptions.count)
  #expect(changes(from: before, to: other) == [.whole, .columns(["a", "b"])])
  #expect(
    changes(from: other, to: gone) == [
      .whole, .columns(["a", "b"]), .columns(["a"], names: ["b"]), .columns([], names: ["b"]),
    ])
}

private func details(_ pair: WarehousePair) async throws {
  func look(_ consumptions: Set<Consumption>) async throws -> ContentDetails? {
    guard case .present(let content) = try await pair.other.look(at: "t", under: consumptions)
    else {
      return nil
    }
    #expect(Set(content.digests.keys) == consumptions)
    return content.details
  }
  func digests(_ details: ContentDetails?) -> [String?] { details?.columns.map(\.digest) ?? [] }

  let rows: [[Value]] = [[.integer(1), .text("x")], [.integer(2), .text("y")]]
  let swapped: [[Value]] = [[.integer(1), .text("y")], [.integer(2), .text("x")]]
  let built = try await pair.mine.publish("t", ["a", "b"], rows).details
  let nothing = try await look([])
  let counted = try await look([.rowCount])
  let one = try await look([.columns(["a"])])
  let both = try await look([.columns(["a"]), .columns(["b"])])
  let exchanged = try await pair.mine.publish("t", ["a", "b"], swapped).details
  let doubled = try await pair.mine.publish("t", ["a", "b"], rows + [rows[0]]).details

  for details in [built, nothing, counted, one, both] {
    #expect(details?.columns.map(\.name) == ["a", "b"])
  }
  #expect([nothing, counted, one, built].map { $0?.rows } == [nil, 2, 2, 2])
  #expect(digests(nothing) == [nil, nil])
  #expect(digests(counted) == [nil, nil])
  #expect(digests(one) == [digests(built)[0], nil])
  #expect(both == built)
  // A column's digest does not know which row a value stands in.
  #expect(exchanged == built)
  #expect(zip(digests(doubled), digests(built)).allSatisfy { $0 != $1 })
}

private func replacement(_ pair: WarehousePair) async throws {
  try await pair.mine.publish("orders", ["id"], [[.integer(1)]])
  let digests = try await pair.mine.publish("orders", ["n", "m"], [[.null, .null]], as: "m2")

  #expect(try await pair.other.look(at: "orders") == .present(digests))
  #expect(
    try await pair.mine.publications() == [
      Publication(asset: "orders", materialization: "m2", record: "record of m2")
    ])
}

private struct Refusal: Error, Equatable {}

private func failedSeal(_ pair: WarehousePair) async throws {
  let digests = try await pair.mine.publish("orders", ["id"], [[.integer(1)]])
  let build = TableBuild(
    key: "orders", content: .rows { RowList([Column("id")], [[.integer(2)]]) })

  await #expect(throws: Refusal()) {
    try await pair.mine.publish(build) { _, _ in throw Refusal() }
  }

  #expect(try await pair.mine.look(at: "orders") == .present(digests))
  #expect(try await pair.mine.publications().map(\.materialization) == ["m1"])
}

private func foreignWrites(_ pair: WarehousePair) async throws {
  try await pair.mine.publish("orders", ["id"], [[.integer(1)]])
  _ = try await pair.mine.look(at: "orders")
  try await pair.other.publish("rates", ["id"], [[.integer(1)]])

  await #expect(throws: WarehouseError.changedMeanwhile) {
    try await pair.mine.publish("orders", ["id"], [[.integer(2)]])
  }

  _ = try await pair.mine.look(at: "orders")
  try await pair.mine.publish("orders", ["id"], [[.integer(2)]])
  try await pair.mine.publish("orders", ["id"], [[.integer(3)]], as: "m3")
  #expect(try await pair.other.publications().map(\.materialization).sorted() == ["m1", "m3"])
}

/// Collects what is exported.
private final class Sink: RowSink, @unchecked Sendable {
  var columns: [Column] = []
  var rows: [[Value]] = []
  var isFinished = false

  func write(_ row: [Value]) throws { rows.append(row) }
  func finish() throws { isFinished = true }
}

private func export(_ pair: WarehousePair) async throws {
  let columns: Consumption = .columns(["name"])
  let digests = try await pair.mine.publish(
    "t", ["id", "name"],
    [[.integer(1), .text("b")], [.integer(2), .text("c")], [.integer(3), .text("a")]],
    under: [.whole, columns])
  let sink = Sink()

  let exported = try await pair.other.export(
    TableRequest(key: "t", table: "t", consumptions: [columns]), columns: ["name"]
  ) { columns in
    sink.columns = columns
    return sink
  }

  #expect(exported == [columns: digests[columns]])
  #expect(sink.columns.map(\.name) == ["name"])
  #expect(sink.rows.count == 3)
  #expect(sink.isFinished)
  await #expect(
    throws: WarehouseError.unknownColumn(asset: "t", column: "nane", nearest: "name")
  ) {
    try await pair.other.export(
      TableRequest(key: "t", table: "t", consumptions: [.whole]), columns: ["nane"]
    ) { _ in Sink() }
  }
}

private func preview(_ pair: WarehousePair) async throws {
  try await pair.mine.publish("t", ["a"], [[.integer(1)], [.integer(1)], [.integer(1)]])

  let cut = try await pair.other.preview(table: "t", limit: 2)
  let whole = try await pair.other.preview(table: "t", limit: 3)

  #expect(cut.columns == ["a"])
  #expect([cut.rows.count, whole.rows.count] == [2, 3])
  #expect([cut.isCut, whole.isCut] == [true, false])
  await #expect(throws: WarehouseError.missingTable("nothing")) {
    try await pair.other.preview(table: "nothing", limit: 1)
  }
}

private func stamps(_ pair: WarehousePair) async throws {
  _ = try await pair.mine.look(at: "t")
  try await pair.mine.publish("t", ["a"], [[.integer(1)]])
  let first = try #require(try await pair.mine.settledStamp())
  let again = try #require(try await pair.mine.settledStamp())
  try await pair.mine.publish("t", ["a"], [[.integer(2)]])
  let second = try #require(try await pair.mine.settledStamp())

  #expect(first == again)
  #expect(first != second)
  #expect(try await pair.other.stamp(of: nil) == second)
}

private func tablesBeside(_ pair: WarehousePair) async throws {
  let table = TableName("events", in: "app.database")
  let request = TableRequest(
    key: "source", table: table, consumptions: [.whole, .columns(["kind"])], isPublished: false,
    timeColumn: "at")
  func look() async throws -> Observation? { try await pair.mine.observe([request])["source"] }
  func newest() async throws -> NewestTime? {
    guard case .present(let content)? = try await look() else { return nil }
    return content.details?.newest
  }

  try pair.write(table, ["kind", "at"], [["a", "2026-01-01"], ["b", "2026-01-03"]])
  try await pair.mine.publish("events", ["kind"], [[.text("z")]])
  let before = try await look()
  let sink = Sink()
  let exported = try await pair.mine.export(request, columns: ["kind"]) { _ in sink }
  let preview = try await pair.mine.preview(table: table, limit: 9)

  guard case .present(let content)? = before else {
    Issue.record("it is there")
    return
  }
  #expect(content.details?.rows == 2)
  #expect(content.details?.columns.map(\.name) == ["kind", "at"])
  #expect(exported == content.digests)
  #expect(sink.rows == [[.text("a")], [.text("b")]])
  #expect(preview.columns == ["kind", "at"])
  #expect(preview.rows.count == 2)
  #expect(
    try await newest()
      == NewestTime(column: "at", .time(Timestamp(milliseconds: 1_767_398_400_000))))

  // Others write it whenever they like, and no build has to be begun anew for that.
  try pair.write(table, ["kind", "at"], [["a", "2026-01-01"]])
  #expect(try await look() != before)
  try await pair.mine.publish("events", ["kind"], [[.text("y")]])
  var missing = request
  missing.table.name = "nothing"
  #expect(try await pair.mine.observe([missing])["source"] == .missing)
}

private func versions(_ pair: WarehousePair) async throws {
  func kept(_ warehouse: any Warehouse) async throws -> [String] {
    try await warehouse.read(with: []) { try $0.versions(of: "t") }.map {
      $0.publication.materialization + ($0.isPublished ? " (published)" : "")
    }
  }
  #expect(try await kept(pair.mine) == [])
  let first = try await pair.mine.publish("t", ["a"], [[.integer(1)]], as: "m1", keeping: 2)
  for number in 2...4 {
    try await pair.mine.publish(
      "t", ["a"], [[.integer(Int64(number))]], as: "m\(number)", keeping: 2)
  }
  #expect(try await kept(pair.other) == ["m4 (published)", "m3", "m2"])

  await #expect(throws: WarehouseError.missingVersion("t")) {
    try await pair.mine.restore("t", materialization: "m1", indexes: [])
  }
  try await pair.mine.restore("t", materialization: "m2", indexes: [])

  #expect(Set(try await kept(pair.other)) == ["m4", "m3", "m2 (published)"])
  #expect(
    try await pair.other.publications() == [
      Publication(asset: "t", materialization: "m2", record: "record of m2")
    ])
  #expect(try await pair.other.preview(table: "t", limit: 9).rows.count == 1)
  #expect(try await pair.other.look(at: "t") != .present(first))
  // Without versions all of them go.
  try await pair.mine.publish("t", ["a"], [[.integer(1)]], as: "m5")
  #expect(try await kept(pair.other) == ["m5 (published)"])
}

private func trials(_ pair: WarehousePair) async throws {
  let before = try await pair.mine.publish("t", ["a"], [[.integer(1)]])
  let trial = try await pair.mine.trial()

  let after = try await trial.publish("t", ["a"], [[.integer(2)]], as: "m2")
  try await trial.publish("u", ["a"], [[.integer(2)]], as: "m3")

  #expect(try await trial.look(at: "t") == .present(after))
  #expect(
    try await trial.read(with: []) { try $0.versions(of: "t") }.map(\.publication.materialization)
      == ["m2", "m1"])
  for warehouse in [pair.mine, pair.other] {
    #expect(try await warehouse.look(at: "t") == .present(before))
    #expect(try await warehouse.publications().map(\.materialization) == ["m1"])
  }
  await trial.close()
  #expect(try await pair.other.look(at: "t") == .present(before))
  #expect(try await pair.other.look(at: "u") == .missing)
  // Others can write again.
  try await pair.other.publish("t", ["a"], [[.integer(3)]], as: "m4")
}

private func rehearsal(_ pair: WarehousePair) async throws {
  let stamp = try await pair.mine.stamp(of: nil)
  func rows(_ key: AssetKey, _ values: [Value]) -> TableBuild {
    TableBuild(key: key, content: .rows { RowList([Column("id")], values.map { [$0] }) })
  }

  // Twice, since nothing is left of the first time.
  for count in [2, 3] {
    let results = try await pair.mine.rehearse([
      rows("orders", Array(repeating: .integer(1), count: count)), rows("rates", [.integer(2)]),
    ])
    let tables = try results.map { try $0.get() }
    #expect(tables.map(\.rows.count) == [count, 1])
    #expect(tables.map { $0.columns.map(\.name) } == [["id"], ["id"]])
  }

  #expect(try await pair.mine.stamp(of: nil) == stamp)
  #expect(try await pair.other.look(at: "orders") == .missing)
  #expect(try await pair.mine.publications() == [])
}
