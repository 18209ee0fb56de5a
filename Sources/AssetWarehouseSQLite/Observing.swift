import AssetCore
import AssetWarehouse
import GRDBSQLite

/// What stands under a name in the main schema.
struct SchemaObject: Equatable {
  enum Kind: String {
    case table, view, other
  }

  var kind: Kind
  /// The statement that made it; of anything but a view it need not be there.
  var sql: String

  var identity: String { kind == .view ? sql : kind.rawValue }
}

extension SQLiteConnection {
  /// The number that changes just when another connection committed a change.
  func version() throws -> Int64 { try integer("pragma data_version") ?? 0 }

  /// Makes sure that SQLite knows the schema as it is now.
  ///
  /// It notices that somebody else changed the schema when a statement runs, not when one is prepared
  /// or explained or a table is asked for by name. In a transaction once is enough.
  func verifySchema() throws { _ = try integer("select 1 from main.sqlite_schema limit 1") }

  /// What kind of thing has the name.
  ///
  /// SQLite finds a table by its name at once, and a view in its list of tables, which is in memory;
  /// the schema's own table would be read from end to end.
  func kind(of table: TableName) throws -> SchemaObject.Kind? {
    let isTable = sqlite3_table_column_metadata(
      handle, table.schema, table.name, nil, nil, nil, nil, nil, nil)
    if isTable == SQLITE_OK { return .table }
    let statement = try cached(
      "select type from pragma_table_list(?1) where schema = ?2 collate nocase")
    defer { statement.end() }
    try statement.bind(.text(table.name), at: 1)
    try statement.bind(.text(table.schema), at: 2)
    guard try statement.step() else { return nil }
    return SchemaObject.Kind(rawValue: statement.text(0)) ?? .other
  }

  /// The text that tells whether a table or view is still the one that was published: of a view its
  /// statement, of a table that it is one, since its columns are part of its digest.
  func identity(of name: String) throws -> String {
    guard try kind(of: TableName(name)) == .view else { return "table" }
    let statement = try cached(
      "select sql from main.sqlite_schema where type = 'view' and name = ?1 collate nocase")
    defer { statement.end() }
    try statement.bind(.text(name), at: 1)
    return try statement.step() ? statement.text(0) : ""
  }

  /// All objects of the main schema by lower-case name, for looking at many of them.
  private func objects() throws -> [String: SchemaObject] {
    let statement = try prepare(
      "select name, type, sql from main.sqlite_schema where type in ('table', 'view')")
    defer { statement.end() }
    var objects: [String: SchemaObject] = [:]
    while try statement.step() {
      objects[statement.text(0).lowercased()] = SchemaObject(
        kind: .init(rawValue: statement.text(1)) ?? .other, sql: statement.text(2))
    }
    return objects
  }

  func publications() throws -> [Publication] {
    try verifySchema()
    guard try kind(of: "assetctl_publication") != nil else { return [] }
    let statement = try prepare(
      "select asset, materialization, record from assetctl_publication where materialization <> ''")
    defer { statement.end() }
    var publications: [Publication] = []
    while try statement.step() {
      publications.append(
        Publication(
          asset: AssetKey(trusted: statement.text(0)), materialization: statement.text(1),
          record: statement.text(2)))
    }
    return publications
  }

  func observe(_ requests: [TableRequest]) throws -> [AssetKey: Observation] {
    // Looking names up one by one costs less than reading the whole schema only for a few of them.
    if requests.count < 64 {
      try verifySchema()
      let hasPublished = try kind(of: "assetctl_publication") != nil
      return try observations(of: requests) { name in
        guard let object = try object(named: name) else { return nil }
        return (object, hasPublished ? try publishedIdentity(of: name) : nil)
      }
    }
    let objects = try self.objects()
    let published = objects["assetctl_publication"] == nil ? [:] : try publishedIdentities()
    return try observations(of: requests) { name in
      objects[name.lowercased()].map { ($0, published[name.lowercased()]) }
    }
  }

  private func observations(
    of requests: [TableRequest],
    finding find: (String) throws -> (object: SchemaObject, published: String?)?
  ) throws -> [AssetKey: Observation] {
    var observations: [AssetKey: Observation] = [:]
    for request in requests {
      let found = try find(request.table.name)
      observations[request.key] =
        try found.map { try observe(request, object: $0.object, published: $0.published) }
        ?? .missing
    }
    return observations
  }

  private func object(named name: String) throws -> SchemaObject? {
    guard let kind = try kind(of: TableName(name)) else { return nil }
    return SchemaObject(kind: kind, sql: kind == .view ? try identity(of: name) : "")
  }

  /// The identity of what was published under a name, if anything was.
  private func publishedIdentity(of name: String) throws -> String? {
    let statement = try cached(
      "select object from assetctl_publication where asset = ?1 collate nocase")
    defer { statement.end() }
    try statement.bind(.text(name), at: 1)
    return try statement.step() ? statement.text(0) : nil
  }

  /// The identities of what was published, by lower-case name.
  private func publishedIdentities() throws -> [String: String] {
    let statement = try prepare("select asset, object from assetctl_publication")
    defer { statement.end() }
    var published: [String: String] = [:]
    while try statement.step() { published[statement.text(0).lowercased()] = statement.text(1) }
    return published
  }

  private func observe(
    _ request: TableRequest, object: SchemaObject, published: String?
  ) throws -> Observation {
    if request.isPublished {
      guard let published, published == object.identity else { return .replaced }
    }
    do {
      var content = try content(of: request.table, under: request.consumptions)
      if let column = request.timeColumn {
        content.details?.newest = try newestTime(in: column, of: request.table)
      }
      return .present(content)
    } catch WarehouseError.refused(let message, _) where object.kind == .view {
      return .broken(message)
    } catch WarehouseError.refused(let message, _) {
      return .unknown(message)
    }
  }

  /// Writes rows in the order of all written columns, and digests what was written.
  func export(
    _ request: TableRequest, columns wanted: [String]?,
    into makeSink: ([Column]) throws -> any RowSink
  ) throws -> [Consumption: ContentDigest] {
    let all = try columns(of: request.table)
    let chosen =
      try wanted.map { names in
        try names.map { name in
          guard let column = all.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw WarehouseError.unknownColumn(
              asset: request.key, column: name, nearest: nearestName(to: name, in: all.map(\.name)))
          }
          return column
        }
      } ?? all
    var sink = try makeSink(
      chosen.map { Column($0.name, type: $0.type.isEmpty ? nil : $0.type) })
    let list = chosen.map { quoted($0.name) }.joined(separator: ", ")
    let order = (1...max(1, chosen.count)).map(String.init).joined(separator: ", ")
    let condition = try exportCondition(request, all)
    let statement = try prepare(
      "select \(list) from \(request.table.sql)\(condition) order by \(order)")
    defer { statement.end() }
    while try statement.step() { try sink.write(statement.values()) }
    try sink.finish()
    return try content(of: request.table, under: request.consumptions).digests
  }

  /// The condition for the rows that are exported, with `where` in front of it.
  private func exportCondition(_ request: TableRequest, _ all: [ProducedColumn]) throws -> String {
    guard request.consumptions.count == 1, let read = request.consumptions.first else { return "" }
    for column in read.filter?.columns ?? []
    where !all.contains(where: { $0.name.caseFolded == column }) {
      throw WarehouseError.unknownColumn(
        asset: request.key, column: column,
        nearest: nearestName(to: column, in: all.map(\.name)))
    }
    let parts = [
      read.slice?.condition(of: request.table.name), read.filter.map { "(\($0.sql))" },
    ].compactMap { $0 }
    return parts.isEmpty ? "" : " where " + parts.joined(separator: " and ")
  }

  func preview(table: TableName, limit: Int) throws -> TablePreview {
    let names = try columns(of: table).map(\.name)
    let statement = try prepare("select * from \(table.sql) limit \(limit + 1)")
    defer { statement.end() }
    var rows: [[Value]] = []
    while try statement.step() { rows.append(statement.values()) }
    return TablePreview(
      columns: names, rows: Array(rows.prefix(limit)), isCut: rows.count > limit)
  }
}
