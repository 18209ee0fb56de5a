import AssetCore
import AssetWarehouse
import GRDBSQLite

extension SQLiteConnection {
  /// Brings the rows of a query into a published table; the caller holds the write transaction.
  ///
  /// The query still sees the table's old rows, and nothing is changed before all of the new ones are
  /// known.
  func goOn(
    with query: String, _ rule: IncrementalRule, since base: String, _ build: TableBuild
  ) throws -> RowChanges {
    guard try kind(of: build.table) == .table, try publisher(of: build.key) == base else {
      throw WarehouseError.changedMeanwhile
    }
    let names = try check(query, of: build)
    try keepCopy(of: build)
    let there = try columns(of: build.table)
    let given = try stage(query, names, of: build, like: there)
    defer { try? execute("drop table if exists \(Self.newRows)") }
    try reconcile(there, with: given, rule, build)
    var changes = RowChanges(added: try count("from \(Self.newRows)"))
    if rule.strategy != .append {
      try verify(
        TableBuild.RowKey(rule.uniqueKey, mayRepeat: rule.strategy == .deleteInsert), of: given,
        in: Self.newRows, build.key)
      let replaced = try removeRows(withKeysOf: rule.uniqueKey, build)
      if rule.strategy == .upsert {
        changes.added -= replaced
        changes.updated = replaced
      } else {
        changes.removed = replaced
      }
    }
    try insert(given.map(\.name), into: build)
    return changes
  }

  private func removeRows(withKeysOf key: [String], _ build: TableBuild) throws -> Int {
    let list = key.map(quoted).joined(separator: ", ")
    try execute("create index temp.assetctl_new_key on assetctl_new (\(list))")
    try execute(
      "delete from \(build.quotedTable) where (\(list)) in (select \(list) from \(Self.newRows))")
    return changedRows
  }

  private func insert(_ names: [String], into build: TableBuild) throws {
    let list = names.map(quoted).joined(separator: ", ")
    let insert =
      "insert into \(build.quotedTable) (\(list)) select \(list) from \(Self.newRows)"
    do {
      try execute(insert)
    } catch  where build.isStrict && sqlite3_extended_errcode(handle) == Self.wrongDatatype {
      // Which values do not fit is told of all of them, once they are in a table that takes them.
      let columns = try columns(of: build.table)
      try reshape(build.table.name, to: columns, keeping: columns)
      try execute(insert)
    }
  }

  /// Makes room for columns that are new, if that is allowed; the order of columns does not matter.
  private func reconcile(
    _ there: [ProducedColumn], with given: [ProducedColumn], _ rule: IncrementalRule,
    _ build: TableBuild
  ) throws {
    let difference = ColumnDifference(from: there, to: given)
    try retype(there, like: given, of: build)
    guard !difference.isEmpty else { return }
    guard rule.onSchemaChange == .appendColumns else { throw difference.error(of: build.key) }
    try add(difference.added, to: build)
  }

  /// Gives the columns of a table the types that new rows ask for; those of a strict table stay.
  func retype(
    _ there: [ProducedColumn], like given: [ProducedColumn], of build: TableBuild
  ) throws {
    guard try !isStrict(build.table.name) else { return }
    let types = Dictionary(given.map { ($0.name.caseFolded, $0.type) }) { first, _ in first }
    let wanted = there.map { column in
      ProducedColumn(name: column.name, type: types[column.name.caseFolded] ?? column.type)
    }
    if wanted != there { try reshape(build.table.name, to: wanted, keeping: there) }
  }

  func add(_ columns: [ProducedColumn], to build: TableBuild) throws {
    for column in columns {
      let type = column.type.isEmpty && build.isStrict ? "any" : column.type
      try execute("alter table \(build.quotedTable) add column \(quoted(column.name)) \(type)")
    }
  }

  /// The columns of what is published of an asset; `nil` if nothing is.
  func publishedColumns(of key: AssetKey) throws -> [ProducedColumn]? {
    guard try kind(of: TableName(key.name)) != nil, try publisher(of: key) != nil else {
      return nil
    }
    return try columns(of: TableName(key.name))
  }

  func verifyColumns(_ before: [ProducedColumn], of build: TableBuild) throws {
    let difference = ColumnDifference(from: before, to: try columns(of: build.table))
    if !difference.isEmpty { throw difference.error(of: build.key) }
  }
}

/// Which columns come and go.
struct ColumnDifference {
  var added: [ProducedColumn]
  var missing: [ProducedColumn]

  init(from before: [ProducedColumn], to now: [ProducedColumn]) {
    let old = Set(before.map(\.name.caseFolded))
    let new = Set(now.map(\.name.caseFolded))
    added = now.filter { !old.contains($0.name.caseFolded) }
    missing = before.filter { !new.contains($0.name.caseFolded) }
  }

  var isEmpty: Bool { added.isEmpty && missing.isEmpty }

  func error(of asset: AssetKey) -> WarehouseError {
    .columnsDiffer(asset: asset, added: added.map(\.name), missing: missing.map(\.name))
  }
}
