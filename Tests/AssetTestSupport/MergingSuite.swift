import AssetCore
import AssetWarehouse
import Testing

// What an adapter promises of tables that go on from the rows that they have.

let mergingChecks: [@Sendable (WarehousePair) async throws -> Void] = [
  appendedRows, upsertedRows, replacedKeys, refusedKeys, columnsThatDiffer, versions,
  versionsByTime, histories, keptCopies, keptHistories,
]

private let columns = ["id", "name"]

/// The query that gives rows of an id and a name.
private func query(_ rows: [(Int, String)]) -> String {
  let selects = rows.map { "select \($0) as id, '\($1)' as name" }
  return selects.isEmpty
    ? "select 1 as id, 'a' as name where 1 = 0" : selects.joined(separator: " union all ")
}

private func cursorRule(
  _ strategy: IncrementalRule.Strategy, _ key: [String] = [],
  _ change: IncrementalRule.SchemaChange = .fail
) -> IncrementalRule {
  IncrementalRule(
    strategy: strategy, uniqueKey: key, cursor: .init(column: "id"), onSchemaChange: change)
}

extension WarehousePair {
  /// Publishes, and gives what became of the rows that were there.
  @discardableResult
  fileprivate func build(
    _ content: TableBuild.Content, as id: String, rowKey: TableBuild.RowKey? = nil,
    keeping count: Int = 0
  ) async throws -> RowChanges? {
    let sealed = Changes()
    let build = TableBuild(
      key: "t", content: content, rowKey: rowKey, keptVersions: count)
    try await mine.publish(build) { table, _ in
      sealed.changes = table.changes
      return Publication(asset: "t", materialization: id, record: "")
    }
    return sealed.changes
  }

  fileprivate func rows(_ list: String = "id, name") async throws -> [[Value]] {
    try await other.read(with: []) {
      try $0.rows(of: "select \(list) from t order by \(list)", limit: 100).rows
    }
  }

  /// The materializations whose rows are there, the newest first.
  fileprivate func kept() async throws -> [String] {
    try await other.read(with: []) { try $0.versions(of: "t") }.map {
      $0.publication.materialization + ($0.isPublished ? "*" : "")
    }
  }

  @discardableResult
  fileprivate func snapshot(
    _ query: String, at seconds: Int64, _ rule: SnapshotRule, as id: String = "m",
    keeping count: Int = 0
  ) async throws -> RowChanges? {
    try await build(
      .snapshot(
        query: query, rule,
        .init(now: Timestamp(milliseconds: seconds * 1000), goesOn: false)), as: id,
      keeping: count)
  }
}

/// Carries changes out of a seal; written once, before it is read.
private final class Changes: @unchecked Sendable {
  var changes: RowChanges?
}

private func row(_ id: Int64, _ name: String) -> [Value] { [.integer(id), .text(name)] }

@Sendable private func appendedRows(_ pair: WarehousePair) async throws {
  try await pair.build(.table(query: query([(1, "a")])), as: "m1")

  let changes = try await pair.build(
    .incremental(query: query([(1, "a"), (2, "b")]), cursorRule(.append), since: "m1"), as: "m2")

  #expect(changes == RowChanges(added: 2))
  #expect(try await pair.rows() == [row(1, "a"), row(1, "a"), row(2, "b")])
  // What does not go on from what is published is repeated by nobody.
  await #expect(throws: WarehouseError.changedMeanwhile) {
    try await pair.build(
      .incremental(query: query([(1, "a")]), cursorRule(.append), since: "m1"), as: "m3")
  }
  #expect(try await pair.rows().count == 3)
}

@Sendable private func upsertedRows(_ pair: WarehousePair) async throws {
  try await pair.build(
    .table(query: query([(1, "a"), (2, "b")])), as: "m1", rowKey: .init(["id"]))

  let changes = try await pair.build(
    .incremental(query: query([(2, "c"), (3, "d")]), cursorRule(.upsert, ["ID"]), since: "m1"),
    as: "m2")

  #expect(changes == RowChanges(added: 1, updated: 1))
  #expect(try await pair.rows() == [row(1, "a"), row(2, "c"), row(3, "d")])
}

@Sendable private func replacedKeys(_ pair: WarehousePair) async throws {
  try await pair.build(
    .table(query: query([(1, "a"), (1, "b"), (2, "c")])), as: "m1",
    rowKey: .init(["id"], mayRepeat: true))

  let changes = try await pair.build(
    .incremental(
      query: query([(1, "d"), (3, "e"), (3, "f")]), cursorRule(.deleteInsert, ["id"]),
      since: "m1"), as: "m2")

  #expect(changes == RowChanges(added: 3, removed: 2))
  #expect(try await pair.rows() == [row(1, "d"), row(2, "c"), row(3, "e"), row(3, "f")])
}

@Sendable private func refusedKeys(_ pair: WarehousePair) async throws {
  let repeated = KeyFault(
    .repeated, key: ["id"], count: 1, sample: [(values: ["2"], rows: 2)])
  let null = KeyFault(.null, key: ["id"], count: 1, sample: [(values: ["null"], rows: 1)])
  let twice = query([(1, "a"), (2, "b"), (2, "c")])
  await #expect(throws: WarehouseError.badKeys(asset: "t", repeated)) {
    try await pair.build(.table(query: twice), as: "m1", rowKey: .init(["id"]))
  }
  try await pair.build(.table(query: query([(1, "a")])), as: "m1")

  for (query, fault) in [(twice, repeated), ("select null as id, 'a' as name", null)] {
    await #expect(throws: WarehouseError.badKeys(asset: "t", fault)) {
      try await pair.build(
        .incremental(query: query, cursorRule(.upsert, ["id"]), since: "m1"), as: "m2")
    }
    await #expect(throws: WarehouseError.badKeys(asset: "t", fault)) {
      _ = try await pair.snapshot(query, at: 1, SnapshotRule(uniqueKey: ["id"]))
    }
  }
  #expect(try await pair.rows() == [row(1, "a")])
}

@Sendable private func columnsThatDiffer(_ pair: WarehousePair) async throws {
  try await pair.build(.table(query: "select 1 as id, 'a' as name"), as: "m1")
  let other = "select 2 as id, 5 as n"

  await #expect(
    throws: WarehouseError.columnsDiffer(asset: "t", added: ["n"], missing: ["name"])
  ) {
    try await pair.build(.incremental(query: other, cursorRule(.append), since: "m1"), as: "m2")
  }
  try await pair.build(
    .incremental(query: other, cursorRule(.append, [], .appendColumns), since: "m1"), as: "m2")

  #expect(
    try await pair.rows("id, name, n") == [
      [.integer(1), .text("a"), .null], [.integer(2), .null, .integer(5)],
    ])
}

private let times = "id, name, valid_from, valid_to"
private let first = Value.text("1970-01-01T00:00:01.000Z")
private let second = Value.text("1970-01-01T00:00:02.000Z")

@Sendable private func versions(_ pair: WarehousePair) async throws {
  let rule = SnapshotRule(uniqueKey: ["id"], endsDeleted: true)
  let begun = try await pair.snapshot(query([(1, "a"), (2, "b"), (3, "c")]), at: 1, rule)
  let changed = try await pair.snapshot(query([(1, "a"), (2, "x")]), at: 2, rule)
  let repeated = try await pair.snapshot(query([(1, "a"), (2, "x")]), at: 3, rule)

  #expect(begun == RowChanges(added: 3))
  #expect(changed == RowChanges(added: 1, updated: 2))
  #expect(repeated == RowChanges())
  let expected: [[Value]] = [
    row(1, "a") + [first, .null], row(2, "b") + [first, second], row(2, "x") + [second, .null],
    row(3, "c") + [first, second],
  ]
  #expect(try await pair.rows(times) == expected)

  // The clock was set back; times go on from the last one.
  _ = try await pair.snapshot(query([(1, "a"), (2, "x"), (3, "d")]), at: 1, rule)
  let later = Value.text("1970-01-01T00:00:02.001Z")
  #expect(try await pair.rows(times) == expected + [row(3, "d") + [later, .null]])
}

@Sendable private func versionsByTime(_ pair: WarehousePair) async throws {
  let rule = SnapshotRule(uniqueKey: ["id"], comparison: .updatedAt("at"))
  func query(_ name: String, _ at: String) -> String {
    "select 1 as id, '\(name)' as name, \(at) as at"
  }
  _ = try await pair.snapshot(query("a", "10"), at: 1, rule)
  // Without another time it is the same version, whatever it holds.
  _ = try await pair.snapshot(query("b", "10"), at: 2, rule)
  _ = try await pair.snapshot(query("c", "12"), at: 3, rule)

  #expect(
    try await pair.rows("name, valid_from, valid_to") == [
      [.text("a"), .integer(10), .integer(12)], [.text("c"), .integer(12), .null],
    ])
  await #expect(
    throws: WarehouseError.badKeys(
      asset: "t",
      KeyFault(.noTime("at"), key: ["id"], count: 1, sample: [(values: ["1"], rows: 1)]))
  ) {
    _ = try await pair.snapshot(query("d", "null"), at: 4, rule)
  }
}

@Sendable private func histories(_ pair: WarehousePair) async throws {
  let rule = SnapshotRule(uniqueKey: ["id"])
  _ = try await pair.snapshot(query([(1, "a")]), at: 1, rule)
  _ = try await pair.snapshot("select 1 as id, 2 as n", at: 2, rule)

  #expect(
    try await pair.rows("id, name, n, valid_to") == [
      [.integer(1), .null, .integer(2), .null], [.integer(1), .text("a"), .null, second],
    ])
  await #expect(throws: WarehouseError.reservedColumn(asset: "t", column: "valid_to")) {
    _ = try await pair.snapshot("select 1 as id, 2 as valid_to", at: 3, rule)
  }
  try await pair.build(.table(query: "select 1 as id"), as: "m9")
  await #expect(throws: WarehouseError.notAHistory(asset: "t")) {
    try await pair.build(
      .snapshot(
        query: "select 1 as id", rule, .init(now: Timestamp(milliseconds: 9000), goesOn: true)),
      as: "m10")
  }
}

@Sendable private func keptCopies(_ pair: WarehousePair) async throws {
  func goOn(_ number: Int, since base: Int, keeping count: Int = 2) async throws {
    try await pair.build(
      .incremental(
        query: query([(number, "n")]), cursorRule(.upsert, ["id"]), since: "m\(base)"),
      as: "m\(number)", keeping: count)
  }
  try await pair.build(.table(query: query([(1, "a")])), as: "m1", keeping: 2)
  for number in 2...4 { try await goOn(number, since: number - 1) }
  #expect(try await pair.kept() == ["m4*", "m3", "m2"])
  #expect(try await pair.rows().count == 4)

  try await pair.mine.restore("t", materialization: "m2", indexes: [])
  #expect(try await pair.kept() == ["m4", "m3", "m2*"])
  #expect(try await pair.rows() == [row(1, "a"), row(2, "n")])

  // It goes on from the version, whose copy is now the newest.
  try await goOn(5, since: 2)
  #expect(try await pair.rows() == [row(1, "a"), row(2, "n"), row(5, "n")])
  #expect(try await pair.kept() == ["m5*", "m2", "m4"])
  try await pair.mine.restore("t", materialization: "m4", indexes: [])
  #expect(try await pair.rows().count == 4)
  try await goOn(6, since: 4, keeping: 0)
  #expect(try await pair.kept() == ["m6*"])
}

@Sendable private func keptHistories(_ pair: WarehousePair) async throws {
  let rule = SnapshotRule(uniqueKey: ["id"])
  for (number, name) in ["a", "b", "c"].enumerated() {
    try await pair.snapshot(
      query([(1, name)]), at: Int64(number + 1), rule, as: "m\(number + 1)", keeping: 1)
  }
  #expect(try await pair.kept() == ["m3*", "m2"])

  try await pair.mine.restore("t", materialization: "m2", indexes: [])
  for number in 4...6 {
    try await pair.snapshot(
      query([(1, "\(number)")]), at: Int64(number), rule, as: "m\(number)", keeping: 1)
  }

  // What m3 holds is nowhere else.
  #expect(try await pair.kept() == ["m6*", "m5", "m3"])
  try await pair.snapshot(query([(1, "7")]), at: 7, rule, as: "m7", keeping: 0)
  #expect(try await pair.kept() == ["m7*", "m3"])
  try await pair.mine.restore("t", materialization: "m3", indexes: [])
  #expect(
    try await pair.rows("name, valid_to is null") == [
      [.text("a"), .integer(0)], [.text("b"), .integer(0)], [.text("c"), .integer(1)],
    ])
}
