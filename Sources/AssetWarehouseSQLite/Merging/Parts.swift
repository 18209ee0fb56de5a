import AssetCore
import AssetWarehouse
import GRDBSQLite

// Tables that are made part by part.
//
// Of such a table each part has a publication of its own, and the whole has one without a record that
// tells that the table is ours, and what it held when all its parts were settled.

extension SQLiteConnection {
  /// What makes a part is kept here until it is known to be one.
  private static let staged = TableName("assetctl_part", in: "temp")

  /// Makes a part of a table anew; the other rows stay.
  func make(_ part: TableBuild.Part, of build: TableBuild) throws {
    let staged = Self.staged
    try execute("drop table if exists \(staged.sql)")
    switch build.content {
    case .table(let query):
      try check(query, of: build)
      try execute("create table \(staged.sql) as\n\(query)")
    case .rows(let open): try load(try open(), into: staged.sql)
    case .view, .incremental, .snapshot: preconditionFailure("only tables have parts")
    }
    let columns = try self.columns(of: staged)
    guard columns.contains(where: { $0.name.caseFolded == part.slice.column }) else {
      throw WarehouseError.partitionColumnMissing(
        asset: build.key, column: part.slice.column,
        nearest: nearestName(to: part.slice.column, in: columns.map(\.name)))
    }
    try makeRoom(for: columns, part, of: build)
    let rows = part.slice.condition(of: build.table.name)
    try execute("delete from \(build.quotedTable) where \(rows)")
    let before = try integer("select max(rowid) from \(build.quotedTable)") ?? 0
    let names = columns.map { quoted($0.name) }.joined(separator: ", ")
    try execute("insert into \(build.quotedTable) (\(names)) select \(names) from \(staged.sql)")
    try verifyInside(part.slice, of: build, after: before)
    try execute("drop table \(staged.sql)")
  }

  /// Makes sure that the table is there and has all columns of a part.
  private func makeRoom(
    for columns: [ProducedColumn], _ part: TableBuild.Part, of build: TableBuild
  ) throws {
    let kind = try kind(of: build.table)
    if kind != nil, try publisher(of: build.key.asset) == nil || kind == .other {
      throw WarehouseError.foreignTable(build.table.name)
    }
    try verifyIsNoHistory(build.key.asset)
    guard kind == .table else {
      if kind == .view { try execute("drop view \(build.quotedTable)") }
      try create(build, with: columns)
      return
    }
    let present = try self.columns(of: build.table)
    let wanted = columns.map { ProducedColumn(name: $0.name, type: build.type(of: $0)) }
    let isKnown = Set(present.map(\.name.caseFolded)).contains
    if part.decidesColumns {
      guard present != wanted else { return }
      let isWanted = Set(wanted.map(\.name.caseFolded)).contains
      try reshape(build, to: columns, keeping: present.filter { isWanted($0.name.caseFolded) })
    } else {
      let added = columns.filter { !isKnown($0.name.caseFolded) }
      guard !added.isEmpty else { return }
      try reshape(build, to: present + added, keeping: present)
    }
  }

  /// Gives a table other columns; those of its rows that it keeps.
  ///
  /// The table keeps its name all the time, so that views of it stay as they are.
  private func reshape(
    _ build: TableBuild, to columns: [ProducedColumn], keeping kept: [ProducedColumn]
  ) throws {
    let old = TableName("assetctl_old", in: "temp")
    try execute("drop table if exists \(old.sql)")
    try execute("create table \(old.sql) as select * from \(build.quotedTable)")
    try execute("drop table \(build.quotedTable)")
    try create(build, with: columns)
    let names = kept.map { quoted($0.name) }.joined(separator: ", ")
    if !kept.isEmpty {
      try execute("insert into \(build.quotedTable) (\(names)) select \(names) from \(old.sql)")
    }
    try execute("drop table \(old.sql)")
  }

  private func create(_ build: TableBuild, with columns: [ProducedColumn]) throws {
    let declared = columns.map { "\(quoted($0.name)) \(build.type(of: $0))" }
    try execute("create table \(build.quotedTable) (\(declared.joined(separator: ", ")))")
  }

  /// Makes sure that all rows behind a place are of a slice.
  private func verifyInside(_ slice: RowSlice, of build: TableBuild, after place: Int64) throws {
    let column = quoted(build.table.name) + "." + quoted(slice.column)
    let other =
      "from \(build.quotedTable) where rowid > \(place) "
      + "and (\(slice.condition(of: build.table.name))) is not true"
    let statement = try prepare("select count(*), min(\(column)) \(other)")
    defer { statement.end() }
    guard try statement.step(), statement.integer(0) > 0 else { return }
    throw WarehouseError.rowsOutside(
      partition: build.key, column: slice.column, count: Int(statement.integer(0)),
      example: statement.values()[1])
  }

  /// What a part of a table holds, as if there were no other rows.
  func content(of part: TableBuild.Part, in table: TableName) throws -> Content {
    let whole = Consumption.slice(part.slice, of: .whole)
    var content = try content(of: table, under: [whole])
    content.digests[.whole] = content.digests[whole]
    return content
  }

  /// Notes that a table of parts is ours.
  func recordWhole(_ key: AssetKey, digest: ContentDigest? = nil) throws {
    if digest == nil {
      // What the asset was before it had partitions is told no longer.
      let known = try cached(
        "select object from assetctl_publication where asset = ?1 and materialization = ''")
      defer { known.end() }
      try known.bind(.text(key.name), at: 1)
      if try known.step(), known.text(0) == "table" { return }
    }
    try record(Publication(asset: key, materialization: "", record: ""), digest: digest)
  }

  /// Removes the publications of the parts of a table that is gone.
  func forgetParts(of key: AssetKey) throws {
    guard try kind(of: "assetctl_publication") != nil else { return }
    // Case does not count in this column, so that `[` is what comes next to `@`.
    let statement = try cached(
      """
      delete from assetctl_publication
      where asset >= ?1 and asset < ?2 and substr(asset, 1, length(?1)) = ?1 collate nocase
      """)
    defer { statement.end() }
    try statement.bind(.text(key.name + "@"), at: 1)
    try statement.bind(.text(key.name + "["), at: 2)
    try statement.run()
  }

  /// Looks at a table of parts, from which other rows than those of some slices are taken out first; the
  /// caller holds the write transaction.
  func settle(_ request: TableRequest, keeping slices: [RowSlice]?) throws -> Observation {
    try verifySchema()
    if let slices, try kind(of: request.table) == .table,
      try publisher(of: request.key) != nil
    {
      try verifyIsNoHistory(request.key)
      let kept = slices.map { "(\($0.condition(of: request.table.name)))" }
      try deleteRows(of: request.table, but: slices, conditions: kept)
    }
    let observation = try observe([request])[request.key] ?? .missing
    if case .present(let content) = observation {
      try recordWhole(request.key, digest: content[.whole])
    }
    return observation
  }

  /// Deletes the rows of a table that are in none of some slices of one column.
  private func deleteRows(
    of table: TableName, but slices: [RowSlice], conditions: [String]
  ) throws {
    guard slices.count > 1, let column = slices.first?.column,
      slices.allSatisfy({ $0.column == column && $0.lower != nil && $0.lower == $0.upper })
    else {
      let kept = conditions.isEmpty ? "0" : conditions.joined(separator: " or ")
      try execute("delete from \(table.sql) where (\(kept)) is not true")
      return
    }
    // A long chain of `or` is deeper than SQLite lets an expression be.
    let values = slices.compactMap { $0.lower?.value.literal }.joined(separator: ", ")
    let name = quoted(table.name) + "." + quoted(column)
    try execute("delete from \(table.sql) where (\(name) in (\(values))) is not true")
  }
}

extension TableBuild {
  /// The type that a column of what is built gets: the declared one, or what the database says of it.
  fileprivate func type(of column: ProducedColumn) -> String {
    types[column.name.lowercased()]?.affinityName ?? column.type
  }
}
