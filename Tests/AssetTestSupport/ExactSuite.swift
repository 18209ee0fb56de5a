import AssetCore
import AssetWarehouse
import Testing

// What an adapter promises of values: a table holds just what its query gives, and what its steps give is
// what a build from nothing gives, in values and types.

let exactChecks: [@Sendable (WarehousePair) async throws -> Void] = [
  exactValues, exactNames, regainedTypes, renamedColumnsOfViews, exactSteps, exactUpserts,
  exactVersions, keysOfVersions,
]

/// Values that a column of some type would hold as other ones, and such as it would not.
private let literals = [
  "7", "'007'", "'7'", "7.0", "0.5", "'0.5'", "' 12 '", "'1e5'", "'+5'", "'.5'", "'-'", "''",
  "'0x10'",
  "'2024-01-01'", "'a'", "x'07'", "null", "9007199254740993", "1e300", "-1", "'9007199254740993'",
]
private let types = ["integer", "text", "real", "numeric", "blob"]

/// A query of an id and a value, whose column has a type by its first expression.
private func query(_ type: String, _ values: [(id: Int, literal: String)]) -> String {
  (["select cast(null as integer) as id, cast(null as \(type)) as v where 1 = 0"]
    + values.map { "select \($0.id), \($0.literal)" }).joined(separator: "\nunion all ")
}

extension WarehousePair {
  fileprivate func build(
    _ content: TableBuild.Content, of key: AssetKey = "t", as id: String = "m1"
  ) async throws {
    try await mine.publish(TableBuild(key: key, content: content)) { _, _ in
      Publication(asset: key, materialization: id, record: id)
    }
  }

  fileprivate func rows(of query: String) async throws -> [[Value]] {
    try await mine.read(with: []) { try $0.rows(of: query, limit: 1000).rows }
  }

  fileprivate func columns(of key: AssetKey) async throws -> [ColumnContent] {
    guard case .present(let content)? = try await mine.look(at: key, under: []) else { return [] }
    return content.details?.columns ?? []
  }

  /// The types of the columns and the rows with the types of the values.
  fileprivate func facts(of key: AssetKey) async throws -> [String] {
    let rows = try await rows(of: "select * from \(key) order by id, typeof(v), v")
    return try await columns(of: key).map { "\($0.name) \($0.type)" } + rows.map { "\($0)" }
  }
}

@Sendable private func exactValues(_ pair: WarehousePair) async throws {
  for type in types {
    for (place, literal) in literals.enumerated() {
      let query = query(type, [(1, literal), (2, literals[(place + 1) % literals.count])])
      try await pair.build(.table(query: query))
      let given = try await pair.rows(of: "select * from (\(query)) order by id")
      #expect(try await pair.rows(of: "select * from t order by id") == given, "\(query)")
    }
  }
  // What fits keeps its type.
  for (type, literal) in [("integer", "7"), ("text", "'007'"), ("real", "0.5"), ("numeric", "'a'")]
  {
    try await pair.build(.table(query: query(type, [(1, literal), (2, "null")])))
    #expect(try await pair.columns(of: "t").last?.type != "", "\(type) \(literal)")
  }
}

@Sendable private func exactNames(_ pair: WarehousePair) async throws {
  let names = [
    "true", "FALSE", "column1", "id ", " id", "a:1", "select", "x\"y", "rowid", "null", "Ä", "a.b",
    "current_time",
  ]
  let list = names.enumerated().map {
    "\($0 + 1) as \"\($1.replacing("\"", with: "\"\""))\""
  }.joined(separator: ", ")
  try await pair.build(.table(query: "select \(list)"))
  try await pair.build(.table(query: "select \(list) union all select \(list)"), of: "u")

  #expect(try await pair.columns(of: "t").map(\.name) == names)
  #expect(try await pair.columns(of: "u").map(\.name) == names)
  #expect(try await pair.rows(of: "select * from t") == [(1...13).map { .integer($0) }])
}

@Sendable private func regainedTypes(_ pair: WarehousePair) async throws {
  try await pair.build(.table(query: query("integer", [(1, "7"), (2, "8")])))
  let typed = try await pair.columns(of: "t").map(\.type)
  try await pair.build(.table(query: query("integer", [(1, "7"), (2, "'008'")])), as: "m2")
  #expect(try await pair.columns(of: "t").map(\.type) != typed)
  #expect(try await pair.rows(of: "select v from t where id = 2") == [[.text("008")]])

  try await pair.build(.table(query: query("integer", [(1, "7"), (2, "8")])), as: "m3")

  #expect(try await pair.columns(of: "t").map(\.type) == typed)
}

@Sendable private func renamedColumnsOfViews(_ pair: WarehousePair) async throws {
  await #expect(throws: WarehouseError.renamedColumn(asset: "t", column: "true")) {
    try await pair.build(.view(query: #"select 1 as "true""#))
  }
  try await pair.build(.view(query: "select 1 as yes"))
  #expect(try await pair.rows(of: "select yes from t") == [[.integer(1)]])
}

@Sendable private func exactSteps(_ pair: WarehousePair) async throws {
  let rule = IncrementalRule(strategy: .append, cursor: .init(column: "id"), onSchemaChange: .fail)
  for seed in UInt64(1)...15 {
    var random = SeededRandom(seed: seed)
    let type = random.pick(types)
    // Mostly values that the type keeps, so that it is kept, lost and never regained.
    let usual = ["integer": "7", "text": "'a'", "real": "0.5", "numeric": "0.5", "blob": "x'07'"]
    var all: [(id: Int, literal: String)] = []
    for step in 1...4 {
      let new = (0..<Int.random(in: 0...3, using: &random)).map { place in
        (
          id: step * 10 + place,
          literal: random.chance(4) ? random.pick(literals) : usual[type] ?? "null"
        )
      }
      all += new
      try await pair.build(
        step == 1
          ? .table(query: query(type, new))
          : .incremental(query: query(type, new), rule, since: "m\(step - 1)"), as: "m\(step)")
      try await pair.build(.table(query: query(type, all)), of: "u")
      #expect(
        try await pair.facts(of: "t") == pair.facts(of: "u"), "seed \(seed), step \(step), \(type)")
    }
  }
}

@Sendable private func exactUpserts(_ pair: WarehousePair) async throws {
  let rule = IncrementalRule(
    strategy: .upsert, uniqueKey: ["v"], cursor: .init(column: "id"), onSchemaChange: .fail)
  try await pair.build(.table(query: query("integer", [(1, "7"), (2, "8")])))

  // As a text it is another key.
  try await pair.build(
    .incremental(query: query("integer", [(3, "'007'"), (4, "8")]), rule, since: "m1"), as: "m2")

  #expect(
    try await pair.rows(of: "select id, v from t order by id")
      == [
        [.integer(1), .integer(7)], [.integer(3), .text("007")], [.integer(4), .integer(8)],
      ])
  // Once the text is gone, the column is as if it had never been there.
  try await pair.build(.table(query: query("integer", [(1, "7"), (3, "9"), (4, "8")])), of: "u")
  let replacing = IncrementalRule(
    strategy: .upsert, uniqueKey: ["id"], cursor: .init(column: "id"), onSchemaChange: .fail)
  try await pair.build(
    .incremental(query: query("integer", [(3, "9")]), replacing, since: "m2"), as: "m3")
  #expect(
    try await pair.rows(of: "select * from t order by id")
      == pair.rows(of: "select * from u order by id"))
}

@Sendable private func exactVersions(_ pair: WarehousePair) async throws {
  func snapshot(_ values: [(id: Int, literal: String)], at second: Int64, _ type: String)
    async throws
  {
    try await pair.build(
      .snapshot(
        query: query(type, values), SnapshotRule(uniqueKey: ["id"]),
        .init(now: Timestamp(milliseconds: second * 1000), goesOn: second > 1)))
  }
  func versions() async throws -> [[Value]] {
    try await pair.rows(
      of: "select id, v, valid_to is null from t order by id, valid_from, typeof(v)")
  }
  let (one, two, yes, no) = (Value.integer(1), Value.integer(2), Value.integer(1), Value.integer(0))
  try await snapshot([(1, "10"), (2, "20")], at: 1, "integer")
  // The input's column is one of texts now.
  try await snapshot([(1, "'010'"), (2, "'20'")], at: 2, "text")
  try await snapshot([(1, "'010'"), (2, "'20'")], at: 3, "text")

  #expect(
    try await versions() == [
      [one, .integer(10), no], [one, .text("010"), yes], [two, .integer(20), no],
      [two, .text("20"), yes],
    ])
  try await snapshot([(1, "10.0"), (2, "'20'")], at: 4, "real")
  #expect(try await versions()[2] == [one, .real(10), yes])
}

/// The column of a key becomes one of texts when the input gets a key that is no number.
@Sendable private func keysOfVersions(_ pair: WarehousePair) async throws {
  for comparison in [SnapshotRule.Comparison.allColumns, .updatedAt("at")] {
    let rule = SnapshotRule(uniqueKey: ["id"], comparison: comparison, endsDeleted: true)
    func snapshot(_ type: String, _ rows: [(id: String, at: Int)], goesOn: Bool) async throws {
      let list = rows.map { "select \($0.id), \($0.at)" }
      try await pair.build(
        .snapshot(
          query: (["select cast(null as \(type)) as id, 0 as at where 1 = 0"] + list)
            .joined(separator: " union all "), rule,
          .init(now: Timestamp(milliseconds: 1000), goesOn: goesOn)))
    }
    try await pair.build(.table(query: "select 1 as other"))
    try await snapshot("integer", [("1", 5), ("10", 5)], goesOn: false)

    try await snapshot("text", [("'1'", 6), ("'010'", 6), ("'A1'", 6)], goesOn: true)

    let present = try await pair.rows(
      of: "select id, at from t where valid_to is null order by id")
    #expect(
      present == ["010", "1", "A1"].map { [.text($0), .integer(6)] }, "\(comparison)")
    #expect(try await pair.rows(of: "select count(*) from t") == [[.integer(5)]])
    await #expect(throws: WarehouseError.self) {
      try await snapshot("text", [("'1'", 7), ("1", 7)], goesOn: true)
    }
  }
}
