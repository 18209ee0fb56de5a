import AssetCore
import AssetWarehouse
import GRDBSQLite

extension SQLiteConnection {
  /// Builds a table or view under its final name; the caller holds the write transaction, so that
  /// readers see the old one until it commits.
  func publish(
    _ build: TableBuild, seal: (BuiltTable, any TableReading) throws -> Publication
  ) throws {
    try verifySchema()
    try makeRoom(for: build)
    if let quarantine = build.quarantine {
      try execute("drop table if exists main.\(quoted(quarantine))")
    }
    try make(build)
    try makeIndexes(build.indexes, on: build.key.name)

    let built = try content(of: build.key.name, under: build.consumptions.union([.whole]))
    let publication = try seal(
      BuiltTable(
        digests: built.digests, details: built.details ?? ContentDetails(rows: nil, columns: [])),
      ConnectionReading(connection: self))
    try record(publication, digest: built.digests[.whole])
    try dropVersions(
      of: build.key, keeping: build.keptVersions, besides: built.digests[.whole])
  }

  /// Makes a table or view where none has its name.
  func make(_ build: TableBuild) throws {
    switch build.content {
    case .table(let query):
      try check(query, of: build)
      try makeTable(build, from: query)
    case .view(let query):
      try check(query, of: build)
      try execute("create view main.\(quoted(build.key.name)) as\n\(query)")
    case .rows(let open):
      try load(try open(), into: build.key)
    }
  }

  /// Makes room for a new table, but never at the cost of one that is not ours.
  private func makeRoom(for build: TableBuild) throws {
    let key = build.key
    guard let kind = try kind(of: key.name) else { return }
    let known = try cached("select materialization from assetctl_publication where asset = ?1")
    defer { known.end() }
    try known.bind(.text(key.name), at: 1)
    guard try known.step(), kind != .other else {
      throw WarehouseError.foreignTable(key.name)
    }
    let materialization = known.text(0)
    known.end()
    if kind == .table, build.keptVersions > 0 {
      try setAside(key)
    } else {
      try execute("drop \(kind.rawValue) main.\(quoted(key.name))")
      try forgetVersion(of: key, materialization)
    }
  }

  /// Prepares the query alone: it must be one that only reads, and only its inputs.
  private func check(_ query: String, of build: TableBuild) throws {
    let guardian = ReadGuard()
    let names = try watched(by: guardian) {
      let statement = try prepare(query)
      defer { statement.end() }
      guard sqlite3_stmt_readonly(statement.pointer) != 0 else {
        throw WarehouseError.refused(message: "the query does more than read", offset: nil)
      }
      return statement.columnNames
    }
    for table in try undeclared(guardian, of: build) where try kind(of: table) != nil {
      throw WarehouseError.undeclaredInput(asset: build.key, table: table)
    }
    try verifyUnnamedReads(query, of: build)
    var seen: Set<String> = []
    for name in names where !seen.insert(name.lowercased()).inserted {
      throw WarehouseError.duplicateColumn(asset: build.key, column: name)
    }
    // A contract tells all that is missing at once.
    for type in build.types.keys.sorted() where !build.isStrict && !seen.contains(type) {
      throw WarehouseError.unknownColumn(
        asset: build.key, column: type, nearest: nearestName(to: type, in: names))
    }
  }

  /// Makes sure that `using` and `natural` read nothing but inputs, which only the program that SQLite
  /// makes of the query tells.
  private func verifyUnnamedReads(_ query: String, of build: TableBuild) throws {
    let text = query.lowercased()
    guard text.contains("using") || text.contains("natural") else { return }
    let inputs = Set(build.inputs.map { $0.lowercased() })
    let reads = try programReads(of: query, tables: build.inputs) ?? [:]
    for table in reads.keys.sorted() where !inputs.contains(table.lowercased()) {
      throw WarehouseError.undeclaredInput(asset: build.key, table: table)
    }
  }

  /// The tables that a query reads beside its inputs, and beside what views among those read.
  private func undeclared(_ guardian: ReadGuard, of build: TableBuild) throws -> [String] {
    let covered = ReadGuard()
    guard !guardian.others(than: build.inputs, coveredBy: covered).isEmpty else { return [] }
    for input in build.inputs.sorted() where try kind(of: input) == .view {
      try watched(by: covered) { try prepare("select * from main.\(quoted(input))").end() }
    }
    return guardian.others(than: build.inputs, coveredBy: covered).sorted()
  }

  /// `SQLITE_CONSTRAINT_DATATYPE`, whose definition Swift does not see.
  private static let wrongDatatype: Int32 = SQLITE_CONSTRAINT | (12 << 8)

  private func makeTable(_ build: TableBuild, from query: String) throws {
    let table = "main.\(quoted(build.key.name))"
    guard !build.types.isEmpty else {
      try execute("create table \(table) as\n\(query)")
      return
    }
    // SQLite says what types the query gives; the declared ones take their place.
    try execute("create table \(table) as select * from (\n\(query)\n) limit 0")
    let found = try columns(of: build.key.name)
    let columns = found.map { column in
      let type = build.types[column.name.lowercased()]?.affinityName ?? column.type
      return "\(quoted(column.name)) \(type)"
    }
    let isStrict =
      build.isStrict
      && found.allSatisfy { column in
        build.types[column.name.lowercased()].map { $0 != .numeric } ?? false
      }
    try execute("drop table \(table)")
    try execute(
      "create table \(table) (\(columns.joined(separator: ", ")))" + (isStrict ? " strict" : ""))
    do {
      try execute("insert into \(table)\n\(query)")
    } catch  where isStrict && sqlite3_extended_errcode(handle) == Self.wrongDatatype {
      // Which values do not fit is told of all of them, once they are in a table that takes them.
      try execute("drop table \(table)")
      try execute("create table \(table) (\(columns.joined(separator: ", ")))")
      try execute("insert into \(table)\n\(query)")
    }
  }

  private func load(_ source: any RowSource, into key: AssetKey) throws {
    var source = source
    let columns = source.columns.map { column in
      // What is no type of ours is a word of SQLite's own, such as it gives the columns of queries.
      let type = column.type.map { ColumnType(rawValue: $0)?.affinityName ?? quoted($0) } ?? ""
      return "\(quoted(column.name)) \(type)"
    }
    let table = "main.\(quoted(key.name))"
    try execute("create table \(table) (\(columns.joined(separator: ", ")))")
    let places = (1...max(1, columns.count)).map { "?\($0)" }.joined(separator: ", ")
    let insert = try prepare("insert into \(table) values (\(places))")
    defer { insert.end() }
    while let row = try source.next() {
      for (index, value) in row.enumerated() { try insert.bind(value, at: Int32(index + 1)) }
      try insert.run()
    }
  }

  /// Makes the indexes of a table, each on some columns.
  func makeIndexes(_ indexes: [[String]], on table: String) throws {
    for columns in indexes {
      // No asset's name begins so, and no name of a table holds a point.
      let name = "assetctl_index.\(table).\(columns.joined(separator: ","))"
      let list = columns.map(quoted).joined(separator: ", ")
      // It is still there if somebody renamed the table that it was made for.
      try execute("drop index if exists main.\(quoted(name))")
      try execute("create index main.\(quoted(name)) on \(quoted(table)) (\(list))")
    }
  }

  /// Says what the table of an asset is.
  func record(_ publication: Publication, digest: ContentDigest?) throws {
    let identity = try identity(of: publication.asset.name)
    let statement = try cached("insert or replace into assetctl_publication values (?, ?, ?, ?, ?)")
    defer { statement.end() }
    let values = [
      publication.asset.name, publication.materialization, identity,
      digest?.rawValue ?? "", publication.record,
    ]
    for (index, value) in values.enumerated() {
      try statement.bind(.text(value), at: Int32(index + 1))
    }
    try statement.run()
  }
}

extension ColumnType {
  /// The declared type that gives SQLite the affinity to hold such values as they are.
  fileprivate var affinityName: String {
    switch self {
    case .text, .date, .timestamp: "text"
    case .integer, .boolean: "integer"
    case .real: "real"
    case .blob: "blob"
    case .numeric: "numeric"
    }
  }
}
