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
    let columns = try stage(part, of: build)
    guard columns.contains(where: { $0.name.caseFolded == part.slice.column }) else {
      throw WarehouseError.partitionColumnMissing(
        asset: build.key, column: part.slice.column,
        nearest: nearestName(to: part.slice.column, in: columns.map(\.name)))
    }
    try makeRoom(for: columns, part, of: build)
    let before = try integer("select max(rowid) from \(build.quotedTable)") ?? 0
    let names = columns.map { quoted($0.name) }.joined(separator: ", ")
    try execute("insert into \(build.quotedTable) (\(names)) select \(names) from \(staged.sql)")
    try verifyInside(part.slice, of: build, after: before)
    try execute("drop table \(staged.sql)")
  }

  /// Puts what makes a part where it stays until it is known to be one, and notes the types of its columns.
  private func stage(
    _ part: TableBuild.Part, of build: TableBuild
  ) throws -> [ProducedColumn] {
    let staged = Self.staged
    var wanted: [WantedColumn]
    let lossy: [LossyTypes]
    switch build.content {
    case .table(let query):
      let names = try check(query, of: build)
      wanted = try shape(of: query, names).map { build.wanted($0) }
      try createTable(
        staged.sql, wanted.map { ProducedColumn(name: $0.name, type: $0.isDeclared ? $0.type : "") }
      )
      lossy = try insert(query, into: staged.sql, asking: wanted.map(\.asking))
    case .rows(let open):
      try load(try open(), into: staged.sql)
      wanted = try columns(of: staged).map { build.wanted($0) }
      lossy = try lossyTypes(
        in: staged.sql, wanted.map(\.name), asking: wanted.map { LossyTypes(declared: $0.type) })
    case .view, .incremental, .snapshot: preconditionFailure("only tables have parts")
    }
    for (index, lossy) in zip(wanted.indices, lossy) where !wanted[index].isDeclared {
      wanted[index].type = lossy.kept(wanted[index].type)
    }
    try note(
      zip(wanted, lossy).map { column, lossy in
        PartColumn(
          name: column.name, type: column.type,
          hasValues: lossy.contains(.value) || column.asking.isEmpty)
      }, of: build.key, part.slice)
    return wanted.map { ProducedColumn(name: $0.name, type: $0.type) }
  }

  /// Makes sure that the table is there, without the old rows of a part and with all columns of it, whose
  /// types keep the values of all parts.
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
      return try createTable(
        build.quotedTable, try agreed(columns, of: build.key.asset))
    }
    let present = try self.columns(of: build.table)
    let isCutByColumn = present.contains { $0.name.caseFolded == part.slice.column }
    if isCutByColumn {
      let rows = part.slice.condition(of: build.table.name)
      try execute("delete from \(build.quotedTable) where \(rows)")
    }
    if let slices = part.keptSlices {
      // A table that was cut in another way holds rows that no part of this one will replace.
      try deleteRows(of: build.table, but: isCutByColumn ? slices : [])
    }
    let isPresent = Set(present.map(\.name.caseFolded)).contains
    let isGiven = Set(columns.map(\.name.caseFolded)).contains
    let wanted =
      part.decidesColumns
      ? columns : present + columns.filter { !isPresent($0.name.caseFolded) }
    try reshape(
      build.table.name, from: present, to: try agreed(wanted, of: build.key.asset),
      keeping: part.decidesColumns ? present.filter { isGiven($0.name.caseFolded) } : present)
  }

  /// Gives a table of parts other columns, if they are others; a type that does not keep all values that
  /// are there is left out.
  private func reshape(
    _ table: String, from present: [ProducedColumn], to wanted: [ProducedColumn],
    keeping kept: [ProducedColumn]
  ) throws {
    guard wanted != present else { return }
    let before = Dictionary(kept.map { ($0.name.caseFolded, $0.type) }) { first, _ in first }
    let names = wanted.map(\.name)
    let asking = wanted.map { column in
      before[column.name.caseFolded].map { $0 == column.type } ?? true
        ? [] : LossyTypes(declared: column.type)
    }
    let lossy = try lossyTypes(in: "main." + quoted(table), names, asking: asking)
    let columns = zip(wanted, zip(asking, lossy)).map { column, found in
      let (asking, lossy) = found
      return ProducedColumn(
        name: column.name, type: asking.isEmpty ? column.type : lossy.kept(column.type))
    }
    if columns != present { try reshape(table, to: columns, keeping: kept) }
  }

  /// Makes sure that all rows behind a place are of a slice.
  private func verifyInside(_ slice: RowSlice, of build: TableBuild, after place: Int64) throws {
    let column = quoted(build.table.name) + "." + quoted(slice.column)
    let other =
      "from \(build.quotedTable) where rowid > \(place) "
      + "and (\(slice.condition(of: build.table.name))) is not 1"
    let statement = try prepare("select count(*), min(\(column)) \(other)")
    defer { statement.end() }
    guard try statement.step(), statement.integer(0) > 0 else { return }
    throw WarehouseError.rowsOutside(
      partition: build.key, column: slice.column, count: Int(statement.integer(0)),
      example: statement.values()[1])
  }

  /// What a part of a table holds, as if there were no other rows.
  func content(of part: TableBuild.Part, in table: TableName) throws -> Content {
    let values = Consumption.slice(part.slice, of: .values)
    var content = try content(of: table, under: [values])
    content.digests[.whole] = content.digests[values]
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
    try forgetPartColumns(of: key)
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
    if try kind(of: request.table) == .table, try publisher(of: request.key) != nil {
      if let slices {
        try verifyIsNoHistory(request.key)
        try deleteRows(of: request.table, but: slices)
      }
      // What is asked about are the parts that there are.
      try forgetPartColumns(
        of: request.key,
        but: slices ?? request.consumptions.filter { $0.ofAllRows == .values }.compactMap(\.slice))
      let present = try columns(of: request.table)
      try reshape(
        request.table.name, from: present, to: try agreed(present, of: request.key),
        keeping: present)
    }
    let observation = try observe([request])[request.key] ?? .missing
    if case .present(let content) = observation {
      try recordWhole(request.key, digest: content[.whole])
    }
    return observation
  }

  /// Deletes the rows of a table that are in none of some slices of one column.
  private func deleteRows(of table: TableName, but slices: [RowSlice]) throws {
    guard slices.count > 1, let column = slices.first?.column,
      slices.allSatisfy({ $0.column == column && $0.lower != nil && $0.lower == $0.upper })
    else {
      let conditions = slices.map { "(\($0.condition(of: table.name)))" }
      let kept = conditions.isEmpty ? "0" : conditions.joined(separator: " or ")
      try execute("delete from \(table.sql) where (\(kept)) is not 1")
      return
    }
    // A long chain of `or` is deeper than SQLite lets an expression be.
    let values = slices.compactMap { $0.lower?.value.literal }.joined(separator: ", ")
    let name = quoted(table.name) + "." + quoted(column)
    try execute("delete from \(table.sql) where (\(name) in (\(values))) is not 1")
  }
}
