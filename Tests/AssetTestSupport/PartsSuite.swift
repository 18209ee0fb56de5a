import AssetCore
import AssetWarehouse
import Testing

// What an adapter promises of tables that are made part by part.

let partChecks: [@Sendable (WarehousePair) async throws -> Void] = [
  replacedParts, refusedParts, columnsOfParts, typesOfParts, otherRows, lostRaces,
  partsTogether,
]

/// The parts of a table: rows whose `name` is `a`, `b`, or `it's`.
private let names = PartitionList(
  PartitionScheme(column: "Name", .values(["a", "b", "it's"].map(VarValue.text))),
  at: Timestamp(milliseconds: 0))

private let whole: Set<Consumption> = Set(
  names.map { .slice($0.slice, of: .values) } + [.whole, .rowCount])

private func query(_ rows: (Int, String)...) -> String {
  rows.map { "select \($0) as id, '\($1.replacing("'", with: "''"))' as name" }
    .joined(separator: " union all ")
}

private func row(_ id: Int64, _ name: String) -> [Value] { [.integer(id), .text(name)] }

extension WarehousePair {
  /// Publishes one of the parts, and gives its content.
  @discardableResult
  fileprivate func make(
    _ place: Int, _ query: String, as id: String = "m1", decidesColumns: Bool = false
  ) async throws -> Content {
    let sealed = Sealed()
    let key = names[place].key(in: "t")
    let build = TableBuild(
      key: key, content: .table(query: query),
      part: TableBuild.Part(names[place].slice, decidesColumns: decidesColumns))
    try await mine.publish(build) { table, _ in
      sealed.content = table.content
      return Publication(asset: key, materialization: id, record: id)
    }
    return sealed.content
  }

  fileprivate func settle(_ slices: [RowSlice]?) async throws -> Observation {
    try await mine.settle(
      TableRequest(key: "t", table: "t", consumptions: whole), keeping: slices)
  }

  fileprivate func rows(_ list: String = "id, name") async throws -> [[Value]] {
    try await other.read(with: []) {
      try $0.rows(of: "select \(list) from t order by 1, 2", limit: 100).rows
    }
  }
}

/// What is published together is there as a whole or not at all.
private func partsTogether(pair: WarehousePair) async throws {
  try await pair.make(0, query((1, "a"), (2, "a")))
  let before = try await pair.rows()
  func candidate(_ place: Int, _ query: String, refused: Bool = false) -> TableCandidate {
    let key = names[place].key(in: "t")
    let build = TableBuild(
      key: key, content: .table(query: query),
      part: TableBuild.Part(
        names[place].slice, decidesColumns: place == 0, keeping: place == 0 ? names.slices : nil))
    return TableCandidate(build) { _, _ in
      if refused { throw Refusal() }
      return Publication(asset: key, materialization: "m2", record: "m2")
    }
  }
  let first = candidate(0, query((3, "a")))
  await #expect(throws: Refusal.self) {
    try await pair.mine.publish([first, candidate(1, query((4, "b")), refused: true)])
  }
  await #expect(throws: WarehouseError.self) {
    try await pair.mine.publish([first, candidate(1, query((4, "a")))])
  }
  #expect(try await pair.rows() == before)
  #expect(try await pair.mine.publications().map(\.materialization) == ["m1"])

  try await pair.mine.publish([first, candidate(1, query((4, "b")))])
  #expect(try await pair.rows() == [row(3, "a"), row(4, "b")])
  #expect(try await pair.mine.publications().map(\.materialization) == ["m2", "m2"])
}

/// Carries digests out of a seal; written once, before it is read.
private final class Sealed: @unchecked Sendable {
  var content: Content = [:]
}

@Sendable private func replacedParts(_ pair: WarehousePair) async throws {
  let first = try await pair.make(0, query((1, "a"), (1, "a")))
  let second = try await pair.make(1, query((2, "b")))
  try await pair.make(2, query((3, "it's")))
  // What is told of a part is told of its rows alone.
  #expect(first.details?.rows == 2)
  #expect(second.details?.rows == 1)
  guard case .present(let before)? = try await pair.other.look(at: "t", under: whole) else {
    Issue.record("there is no table")
    return
  }
  #expect(before[.slice(names[0].slice, of: .values)] == first[.whole])
  #expect(before[.slice(names[1].slice, of: .values)] == second[.whole])

  let third = try await pair.make(1, query((4, "b"), (5, "b")), as: "m2")

  #expect(
    try await pair.rows() == [row(1, "a"), row(1, "a"), row(3, "it's"), row(4, "b"), row(5, "b")])
  guard case .present(let after)? = try await pair.other.look(at: "t", under: whole) else {
    Issue.record("there is no table any more")
    return
  }
  for place in [0, 2] {
    let slice = Consumption.slice(names[place].slice, of: .values)
    #expect(after[slice] == before[slice])
  }
  #expect(after[.slice(names[1].slice, of: .values)] == third[.whole])
  #expect(after[.whole] != before[.whole])
  #expect(
    try await pair.other.publications().map { "\($0.asset) \($0.materialization)" }.sorted()
      == ["t@a m1", "t@b m2", "t@it's m1"])
  // One without rows is one, too.
  try await pair.make(0, "select 1 as id, 'a' as name where 1 = 0", as: "m3")
  #expect(try await pair.rows() == [row(3, "it's"), row(4, "b"), row(5, "b")])
}

@Sendable private func refusedParts(_ pair: WarehousePair) async throws {
  try await pair.make(0, query((1, "a")))
  try await pair.make(1, query((2, "b")))
  let before = try await pair.other.look(at: "t", under: whole)

  let key = names[1].key(in: "t")
  await #expect(
    throws: WarehouseError.rowsOutside(
      partition: key, column: "name", count: 1, example: .text("a"))
  ) { try await pair.make(1, query((3, "b"), (4, "a")), as: "m2") }
  await #expect(
    throws: WarehouseError.rowsOutside(partition: key, column: "name", count: 1, example: .null)
  ) { try await pair.make(1, "select 3 as id, null as name", as: "m2") }
  await #expect(
    throws: WarehouseError.partitionColumnMissing(asset: key, column: "name", nearest: "names")
  ) { try await pair.make(1, "select 3 as id, 'b' as names", as: "m2") }
  await #expect(throws: Refusal.self) {
    try await pair.mine.publish(
      TableBuild(
        key: key, content: .table(query: query((9, "b"))), part: TableBuild.Part(names[1].slice))
    ) { _, _ in throw Refusal() }
  }

  #expect(try await pair.other.look(at: "t", under: whole) == before)
  #expect(try await pair.rows() == [row(1, "a"), row(2, "b")])
  #expect(try await pair.other.publications().map(\.materialization) == ["m1", "m1"])
  // The next one that is right is published.
  try await pair.make(1, query((3, "b")), as: "m2")
  #expect(try await pair.rows() == [row(1, "a"), row(3, "b")])
}

private struct Refusal: Error {}

@Sendable private func columnsOfParts(_ pair: WarehousePair) async throws {
  try await pair.make(0, query((1, "a")))
  try await pair.make(1, query((2, "b")))

  // A column more is one of all rows, and one less is null.
  try await pair.make(0, "select 'a' as name, 3 as id, 5 as n", as: "m2")
  try await pair.make(1, query((4, "b")), as: "m2")
  #expect(
    try await pair.rows("id, name, n") == [
      [.integer(3), .text("a"), .integer(5)], [.integer(4), .text("b"), .null],
    ])

  try await pair.make(1, "select 'b' as name, 6 as k", as: "m3", decidesColumns: true)
  #expect(
    try await pair.rows("k, name") == [[.null, .text("a")], [.integer(6), .text("b")]])
  guard case .present(let content)? = try await pair.other.look(at: "t") else {
    Issue.record("there is no table any more")
    return
  }
  #expect(content.details?.columns.map(\.name).sorted() == ["k", "name"])
}

/// Whatever order parts are made in, and whatever they were before, columns have the types and values that
/// the parts agree on.
@Sendable private func typesOfParts(_ pair: WarehousePair) async throws {
  func part(_ place: Int, _ type: String, _ literal: String) async throws -> Content {
    try await pair.make(
      place,
      "select cast(null as \(type)) as id, '' as name where 1 = 0 "
        + "union all select \(literal), '\(names[place].key)'", as: "\(literal)")
  }
  func facts() async throws -> [[Value]] {
    try await pair.rows(
      "typeof(id), id, (select lower(type) from pragma_table_info('t') where name = 'id')")
  }
  let first = try await part(0, "integer", "7")
  _ = try await part(1, "integer", "8")
  #expect(
    try await facts() == [
      [.text("integer"), .integer(7), .text("int")], [.text("integer"), .integer(8), .text("int")],
    ])

  // A text stays a text beside numbers, and is no change of the other part.
  _ = try await part(1, "text", "'007'")
  #expect(
    try await facts() == [
      [.text("integer"), .integer(7), .text("")], [.text("text"), .text("007"), .text("")],
    ])
  guard case .present(let content)? = try await pair.other.look(at: "t", under: whole) else {
    Issue.record("there is no table")
    return
  }
  #expect(content[.slice(names[0].slice, of: .values)] == first[.whole])

  // Null is of every type.
  _ = try await part(0, "integer", "null")
  #expect(
    try await facts() == [
      [.text("null"), .null, .text("text")], [.text("text"), .text("007"), .text("text")],
    ])
  _ = try await part(0, "text", "'7'")
  #expect(
    try await facts() == [
      [.text("text"), .text("007"), .text("text")], [.text("text"), .text("7"), .text("text")],
    ])

  // A part that is gone counts no longer.
  _ = try await part(0, "integer", "7")
  _ = try await pair.settle([names[0].slice])
  #expect(try await facts() == [[.text("integer"), .integer(7), .text("int")]])
  #expect(
    try await pair.rows("(select count(*) from pragma_index_list('t')), 0")
      == [[.integer(1), .integer(0)]])
}

@Sendable private func otherRows(_ pair: WarehousePair) async throws {
  for place in names.indices { try await pair.make(place, query((place, names[place].key))) }
  let all = try await pair.settle(nil)
  #expect(try await pair.other.look(at: "t", under: whole) == all)
  #expect(try await pair.settle(names.map(\.slice)) == all)

  let fewer = try await pair.settle([names[0].slice, names[2].slice])

  #expect(try await pair.rows() == [row(0, "a"), row(2, "it's")])
  #expect(fewer != all)
  #expect(try await pair.other.look(at: "t", under: whole) == fewer)
  #expect(
    try await pair.settle([RowSlice(column: "name", from: .text("a"), to: .text("b"))]) != fewer)
  #expect(try await pair.rows() == [row(0, "a")])
  _ = try await pair.settle([])
  #expect(try await pair.rows() == [])
}

@Sendable private func lostRaces(_ pair: WarehousePair) async throws {
  try await pair.make(0, query((1, "a")))
  _ = try await pair.mine.look(at: "t")
  try await pair.other.publish("rates", ["id"], [[.integer(1)]])

  await #expect(throws: WarehouseError.changedMeanwhile) {
    try await pair.make(1, query((2, "b")))
  }
  _ = try await pair.mine.look(at: "t")
  try await pair.other.publish("rates", ["id"], [[.integer(2)]])
  await #expect(throws: WarehouseError.changedMeanwhile) { _ = try await pair.settle([]) }
  #expect(try await pair.rows() == [row(1, "a")])
  _ = try await pair.mine.look(at: "t")
  try await pair.make(1, query((2, "b")))
  #expect(try await pair.rows() == [row(1, "a"), row(2, "b")])
}
