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
    if let quarantine = build.quarantine {
      try execute("drop table if exists main.\(quoted(quarantine))")
    }
    let changes = try make(build)
    try makeIndexes(build.allIndexes, on: build.table.name, keeping: build.keepsRows)

    let built =
      try build.part.map { try content(of: $0, in: build.table) }
      ?? content(of: build.table, under: build.consumptions.union([.whole]))
    var observed: [AssetKey: Content] = [:]
    for request in build.observing {
      observed[request.key] = try content(of: request.table, under: request.consumptions)
    }
    if build.part != nil { try recordWhole(build.key.asset) }
    let publication = try seal(
      BuiltTable(
        digests: built.digests, details: built.details ?? ContentDetails(rows: nil, columns: []),
        observed: observed, changes: changes),
      ConnectionReading(connection: self))
    try record(publication, digest: built.digests[.whole])
    if build.part == nil { try dropVersions(of: build, besides: built.digests[.whole]) }
  }

  /// Makes the table or view under its final name.
  @discardableResult
  func make(_ build: TableBuild) throws -> RowChanges? {
    if let part = build.part {
      try make(part, of: build)
      return nil
    }
    switch build.content {
    case .table(let query):
      let before = try publishedColumns(of: build.key)
      try dropPublished(build)
      let names = try check(query, of: build)
      try makeTable(build, from: query, names, like: before ?? [])
      if build.keepsColumns, let before { try verifyColumns(before, of: build) }
      if let key = build.rowKey {
        try verify(key, of: try columns(of: build.table), in: build.quotedTable, build.key)
      }
    case .view(let query):
      try dropPublished(build)
      let names = try check(query, of: build)
      try execute("create view \(build.quotedTable) as\n\(query)")
      try verify(names, of: build)
    case .rows(let open):
      try dropPublished(build)
      try load(try open(), into: build.quotedTable)
    case .incremental(let query, let rule, let base):
      return try goOn(with: query, rule, since: base, build)
    case .snapshot(let query, let rule, let time):
      return try takeSnapshot(of: query, rule, at: time, build)
    }
    return nil
  }

  /// The materialization that published a table or view; `nil` if there is no publication of it.
  func publisher(of key: AssetKey) throws -> String? {
    let known = try cached("select materialization from assetctl_publication where asset = ?1")
    defer { known.end() }
    try known.bind(.text(key.name), at: 1)
    return try known.step() ? known.text(0) : nil
  }

  /// Makes room for a new table, but never at the cost of one that is not ours.
  func dropPublished(_ build: TableBuild) throws {
    guard let kind = try kind(of: build.table) else { return }
    guard let materialization = try publisher(of: build.key), kind != .other else {
      throw WarehouseError.foreignTable(build.key.name)
    }
    if !build.isSnapshot { try verifyIsNoHistory(build.key) }
    // A table that was made by parts has no record of its own, and is no version.
    if kind == .table, build.keptVersions > 0, !materialization.isEmpty {
      try setAside(build.key)
    } else {
      try execute("drop \(kind.rawValue) \(build.quotedTable)")
      try forgetVersion(of: build.key, materialization)
    }
    try forgetParts(of: build.key)
  }

  /// Prepares the query alone: it must be one that only reads, and only its inputs.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - build: What it is for.
  /// - Throws: A `WarehouseError` that says what is wrong with it.
  /// - Returns: The names of its columns.
  @discardableResult
  func check(_ query: String, of build: TableBuild) throws -> [String] {
    let guardian = ReadGuard()
    let names = try watched(by: guardian) {
      let statement = try prepare(query)
      defer { statement.end() }
      guard sqlite3_stmt_readonly(statement.pointer) != 0 else {
        throw WarehouseError.refused(message: "the query does more than read", offset: nil)
      }
      return statement.columnNames
    }
    // A name that the warehouse does not know would mean a table of what is attached.
    if build.inputs.contains(where: { $0.database != nil }) {
      for input in build.inputs.sorted() where try kind(of: input) == nil {
        throw WarehouseError.missingTable(input.name)
      }
    }
    for table in try undeclared(guardian, of: build) where try kind(of: table) != nil {
      throw WarehouseError.undeclaredInput(asset: build.key, table: table.name)
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
    return names
  }

  /// Makes sure that a view has the columns of its query: SQLite gives some another name.
  private func verify(_ names: [String], of build: TableBuild) throws {
    for (name, column) in zip(names, try columns(of: build.table)) where name != column.name {
      throw WarehouseError.renamedColumn(asset: build.key, column: name)
    }
  }

  /// Makes sure that `using` and `natural` read nothing but inputs, which only the program that SQLite
  /// makes of the query tells.
  private func verifyUnnamedReads(_ query: String, of build: TableBuild) throws {
    guard query.holds(word: "using") || query.holds(word: "natural") else { return }
    let inputs = Set(build.inputs.map(\.folded))
    let reads = try programReads(of: query, tables: build.inputs) ?? [:]
    for table in reads.keys.sorted() where !inputs.contains(table.folded) {
      throw WarehouseError.undeclaredInput(asset: build.key, table: table.name)
    }
  }

  /// The tables that a query reads beside its inputs, and beside what views among those read.
  private func undeclared(_ guardian: ReadGuard, of build: TableBuild) throws -> [TableName] {
    let covered = ReadGuard()
    guard !guardian.others(than: build.inputs, coveredBy: covered).isEmpty else { return [] }
    for input in build.inputs.sorted() where try kind(of: input) == .view {
      try watched(by: covered) { try prepare("select * from \(input.sql)").end() }
    }
    return guardian.others(than: build.inputs, coveredBy: covered).sorted()
  }

  /// `SQLITE_CONSTRAINT_DATATYPE`, whose definition Swift does not see.
  static let wrongDatatype: Int32 = SQLITE_CONSTRAINT | (12 << 8)

  private func makeTable(
    _ build: TableBuild, from query: String, _ names: [String], like before: [ProducedColumn]
  ) throws {
    let columns = try shape(of: query, names).map { build.wanted($0) }
    // What is declared for all columns is kept to by the table itself.
    if build.isStrict, columns.allSatisfy({ $0.isDeclared && $0.type != "numeric" }) {
      return try makeStrictTable(build, from: query, columns)
    }
    let known = Dictionary(before.map { ($0.name.caseFolded, $0.type) }) { first, _ in first }
    // A column that could not keep its type will most likely not be able to now.
    _ = try makeTable(
      build.quotedTable, from: query, of: build.inputs, columns,
      guessing: columns.map { known[$0.name.caseFolded] == "" && !$0.isDeclared ? "" : $0.type })
  }

  private func makeStrictTable(
    _ build: TableBuild, from query: String, _ columns: [WantedColumn]
  ) throws {
    let columns = columns.map { ProducedColumn(name: $0.name, type: $0.type) }
    try createTable(build.quotedTable, columns, isStrict: true)
    do {
      try execute("insert into \(build.quotedTable)\n\(query)")
    } catch  where sqlite3_extended_errcode(handle) == Self.wrongDatatype {
      // Which values do not fit is told of all of them, once they are in a table that takes them.
      try execute("drop table \(build.quotedTable)")
      try createTable(build.quotedTable, columns)
      try execute("insert into \(build.quotedTable)\n\(query)")
    }
  }

  func load(_ source: any RowSource, into table: String) throws {
    var source = source
    let columns = source.columns.map { column in
      // What is no type of ours is a word of SQLite's own, such as it gives the columns of queries.
      let type = column.type.map { ColumnType(rawValue: $0)?.affinityName ?? quoted($0) } ?? ""
      return "\(quoted(column.name)) \(type)"
    }
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
  ///
  /// - Parameters:
  ///   - indexes: The columns of each.
  ///   - table: The table.
  ///   - isKeeping: Whether those that it has may stay.
  /// - Throws: A `WarehouseError` if there is no such column.
  func makeIndexes(_ indexes: [[String]], on table: String, keeping isKeeping: Bool) throws {
    for columns in indexes {
      // No asset's name begins so, and no name of a table holds a point.
      let name = "assetctl_index.\(table).\(columns.joined(separator: ","))"
      let list = columns.map(quoted).joined(separator: ", ")
      if isKeeping, try isIndex(name, of: table) { continue }
      // It is still there if somebody renamed the table that it was made for.
      try execute("drop index if exists main.\(quoted(name))")
      try execute("create index main.\(quoted(name)) on \(quoted(table)) (\(list))")
    }
  }

  private func isIndex(_ name: String, of table: String) throws -> Bool {
    let statement = try cached(
      """
      select 1 from main.sqlite_schema
      where type = 'index' and name = ?1 and tbl_name = ?2 collate nocase
      """)
    defer { statement.end() }
    try statement.bind(.text(name), at: 1)
    try statement.bind(.text(table), at: 2)
    return try statement.step()
  }

  /// Says what the table of an asset is.
  func record(_ publication: Publication, digest: ContentDigest?) throws {
    let identity = try identity(of: publication.asset.asset.name)
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

extension String {
  /// Whether the letters of a word stand in it next to each other, whatever their case.
  func holds(word: String) -> Bool {
    let word = Array(word.utf8)
    let bytes = Array(utf8)
    guard bytes.count >= word.count else { return false }
    return (0...(bytes.count - word.count)).contains { start in
      word.indices.allSatisfy { bytes[start + $0] | 0x20 == word[$0] }
    }
  }
}

extension TableBuild {
  /// What it builds.
  var table: TableName { TableName(key.asset.name) }

  /// The table as statements name it.
  var quotedTable: String { "main." + quoted(table.name) }

  /// The indexes that were asked for, and one by which the rows of a part are found.
  fileprivate var allIndexes: [[String]] {
    guard let column = part?.slice.column,
      !indexes.contains(where: { $0.first?.caseFolded == column })
    else { return indexes }
    return indexes + [[column]]
  }

  /// A column of what its query gives, with the declared type if there is one.
  func wanted(_ column: ProducedColumn) -> WantedColumn {
    let declared = types[column.name.lowercased()]?.affinityName
    return WantedColumn(
      name: column.name, type: declared ?? column.type, isDeclared: declared != nil)
  }

  /// Whether it is the history of a snapshot.
  var isSnapshot: Bool { if case .snapshot = content { true } else { false } }

  /// Whether it goes on from the published table.
  fileprivate var keepsRows: Bool {
    if part != nil { return true }
    return switch content {
    case .incremental, .snapshot: true
    case .table, .view, .rows: false
    }
  }
}

extension ColumnType {
  /// The declared type that gives SQLite the affinity to hold such values as they are.
  var affinityName: String {
    switch self {
    case .text, .date, .timestamp: "text"
    case .integer, .boolean: "integer"
    case .real: "real"
    case .blob: "blob"
    case .numeric: "numeric"
    }
  }
}
