import AssetCore
import AssetWarehouse
import GRDBSQLite

extension SQLiteConnection {
  /// Brings the rows of a query into the history of their versions; the caller holds the write
  /// transaction.
  ///
  /// No row is ever removed: a version that ends gets its end, and what is another one is added.
  func takeSnapshot(
    of query: String, _ rule: SnapshotRule, at time: TableBuild.SnapshotTime, _ build: TableBuild
  ) throws -> RowChanges {
    let columns = try check(query, of: build)
    let there = try history(of: build, mustBe: time.goesOn)
    let given = try stage(query, columns, of: build, like: there ?? [])
    defer { try? execute("drop table if exists \(Self.newRows)") }
    for column in given where SnapshotRule.adds(column.name) {
      throw WarehouseError.reservedColumn(asset: build.key, column: column.name)
    }
    try verifyNames(rule.comparison.columns, in: given, of: build.key)
    var names = SnapshotNames(rule, given: given, table: build.quotedTable)
    try verify(
      .init(rule.uniqueKey, time: rule.comparison.time), of: given, in: Self.newRows, build.key,
      by: names.keyExpressions())
    if let there {
      try keepCopy(of: build)
      try retype(there, like: given + times(of: given, rule, in: there), of: build)
      try add(ColumnDifference(from: there, to: given).added, to: build)
      try verify(
        .init(rule.uniqueKey), of: given, in: build.quotedTable, build.key,
        where: "\(quoted(SnapshotRule.validTo)) is null", by: names.keyExpressions(),
        isPublished: true)
    } else {
      try makeHistory(of: given, rule, build)
    }
    names.rowid = try rowidName(of: build)
    return try merge(names, now: try beginning(after: time.now, names))
  }

  /// The columns of the history that is published; `nil` if there is none, and room for one.
  private func history(of build: TableBuild, mustBe: Bool) throws -> [ProducedColumn]? {
    guard let kind = try kind(of: build.table) else { return nil }
    guard try publisher(of: build.key) != nil else {
      throw WarehouseError.foreignTable(build.key.name)
    }
    if kind == .table {
      let columns = try columns(of: build.table)
      let names = Set(columns.map(\.name.caseFolded))
      if names.isSuperset(of: [SnapshotRule.validFrom, SnapshotRule.validTo]) { return columns }
    }
    if mustBe { throw WarehouseError.notAHistory(asset: build.key) }
    try dropPublished(build)
    return nil
  }

  private func makeHistory(
    of given: [ProducedColumn], _ rule: SnapshotRule, _ build: TableBuild
  ) throws {
    try createTable(build.quotedTable, given + times(of: given, rule))
  }

  /// The columns with the times of versions, which are those of runs, or of a column.
  private func times(
    of given: [ProducedColumn], _ rule: SnapshotRule, in there: [ProducedColumn] = []
  ) -> [ProducedColumn] {
    let column = rule.comparison.time?.caseFolded
    let type = given.first { $0.name.caseFolded == column }?.type
    return [SnapshotRule.validFrom, SnapshotRule.validTo].map { name in
      let present = there.first { $0.name.caseFolded == name }?.type
      // Times of two kinds stay what they are side by side.
      let kept = type == nil || present == type ? present : present.map { _ in "" }
      return ProducedColumn(name: name, type: kept ?? type ?? "text")
    }
  }

  /// The name by which a row's number can be asked for, beside columns of whatever names.
  private func rowidName(of build: TableBuild) throws -> String {
    let taken = Set(try columns(of: build.table).map(\.name.caseFolded))
    guard let name = ["rowid", "_rowid_", "oid"].first(where: { !taken.contains($0) }) else {
      throw WarehouseError.reservedColumn(asset: build.key, column: "oid")
    }
    return name
  }

  /// The present time, or if the history has reached a later one, the millisecond after that.
  private func beginning(after now: Timestamp, _ names: SnapshotNames) throws -> String {
    let statement = try prepare(
      """
      select max(?1, coalesce(max(strftime('%Y-%m-%dT%H:%M:%fZ', t, '+0.001 seconds')), ''))
      from (select \(names.validFrom) as t from \(names.table)
        union all select \(names.validTo) from \(names.table))
      where typeof(t) = 'text' and t glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'
      """)
    defer { statement.end() }
    try statement.bind(.text(now.rfc3339Milliseconds), at: 1)
    return try statement.step() ? statement.text(0) : now.rfc3339Milliseconds
  }

  private func merge(_ names: SnapshotNames, now: String) throws -> RowChanges {
    let time = "'\(now)'"
    try execute("create index temp.assetctl_new_key on assetctl_new (\(names.keyList))")
    for name in ["assetctl_ended", "assetctl_begun"] {
      try execute("drop table if exists temp.\(name)")
    }
    try execute(
      """
      create temp table assetctl_ended as
      select c.\(names.rowid) as old, n.\(names.rowid) as new, \(names.beginning(after: "c", time)) as at
      from \(names.table) as c join \(Self.newRows) as n on \(names.sameKey("c", "n"))
      where c.\(names.validTo) is null and (\(names.isOther))
      """)
    try execute(
      """
      create temp table assetctl_begun as
      select n.\(names.rowid) as new, \(names.beginning(after: "p", time)) as at
      from \(Self.newRows) as n \(names.joinedPast)
      where (\(names.keyList(of: "n"))) not in
        (select \(names.keyList) from \(names.table) where \(names.validTo) is null)
      union all select new, at from temp.assetctl_ended
      """)
    try execute(
      """
      update \(names.table) set \(names.validTo) = e.at
      from temp.assetctl_ended as e where \(names.table).\(names.rowid) = e.old
      """)
    var changes = RowChanges(updated: changedRows)
    if names.endsDeleted {
      try execute(
        """
        update \(names.table) set \(names.validTo) = max(\(time), \(names.validFrom))
        where \(names.validTo) is null
          and (\(names.keyList)) not in (select \(names.keyList) from \(Self.newRows))
        """)
      changes.updated += changedRows
    }
    try execute(
      """
      insert into \(names.table) (\(names.columnList), \(names.validFrom))
      select \(names.columnList(of: "n")), b.at
      from temp.assetctl_begun as b join \(Self.newRows) as n on n.\(names.rowid) = b.new
      """)
    changes.added = changedRows
    try execute("drop table temp.assetctl_ended; drop table temp.assetctl_begun")
    return changes
  }
}

/// The names of a snapshot as its statements write them.
private struct SnapshotNames {
  let table: String
  let key: [String]
  /// Those of the key that may hold numbers and texts side by side.
  let mixedKey: Set<String>
  let columns: [String]
  let comparison: SnapshotRule.Comparison
  let endsDeleted: Bool
  let validFrom = quoted(SnapshotRule.validFrom)
  let validTo = quoted(SnapshotRule.validTo)
  /// The name by which the number of a row of the table is asked for.
  var rowid = "rowid"

  init(_ rule: SnapshotRule, given: [ProducedColumn], table: String) {
    self.table = table
    key = rule.uniqueKey.map(quoted)
    let untyped = Set(given.filter(\.type.isEmpty).map(\.name.caseFolded))
    mixedKey = Set(rule.uniqueKey.filter { untyped.contains($0.caseFolded) }.map(quoted))
    columns = given.map { quoted($0.name) }
    comparison = rule.comparison
    endsDeleted = rule.endsDeleted
  }

  var keyList: String { keyExpressions().joined(separator: ", ") }
  var columnList: String { columns.joined(separator: ", ") }

  func keyList(of table: String) -> String {
    keyExpressions(of: table).joined(separator: ", ")
  }

  /// By what rows are told apart: in a column without a type a whole number is the same key as its digits,
  /// since an input's column of numbers becomes one of texts as soon as one of them is none.
  func keyExpressions(of table: String? = nil) -> [String] {
    key.map { name in
      let column = (table.map { $0 + "." } ?? "") + name
      guard mixedKey.contains(name) else { return column }
      return
        "iif(typeof(\(column)) in ('integer', 'real') and \(column) = cast(\(column) as integer), "
        + "cast(cast(\(column) as integer) as text), \(column))"
    }
  }

  func columnList(of table: String) -> String {
    columns.map { "\(table).\($0)" }.joined(separator: ", ")
  }

  func sameKey(_ left: String, _ right: String) -> String {
    zip(keyExpressions(of: left), keyExpressions(of: right)).map { "\($0) = \($1)" }
      .joined(separator: " and ")
  }

  /// Whether a new row is another version than the present one.
  var isOther: String {
    let compared: [String]
    switch comparison {
    case .updatedAt(let column):
      // It is null in versions that are older than the column.
      return "c.\(quoted(column)) is null or n.\(quoted(column)) > c.\(quoted(column))"
    case .allColumns: compared = columns
    case .columns(let names): compared = names.map(quoted)
    }
    return compared.map { "c.\($0) is not n.\($0) or typeof(c.\($0)) <> typeof(n.\($0))" }
      .joined(separator: " or ")
  }

  /// When the version of a new row begins: later than the version before it did, and ended.
  func beginning(after table: String, _ time: String) -> String {
    guard let column = comparison.time else { return time }
    let value = "n.\(quoted(column))"
    let last = "\(table).\(validFrom)"
    return "case when \(last) is null or \(value) > \(last) then \(value) else \(time) end"
  }

  /// Brings in, as `p`, the end of the last version of each key as if it were the beginning of one; for
  /// times of runs, which grow by themselves, nothing.
  var joinedPast: String {
    guard comparison.time != nil else { return "" }
    // Within the query each has a name that no column loses there.
    let own = keyExpressions().enumerated().map { "\($1) as key\($0)" }.joined(separator: ", ")
    let same = keyExpressions(of: "n").enumerated().map { "p.key\($0) = \($1)" }
    return "left join (select \(own), max(\(validTo)) as \(validFrom) from \(table) "
      + "where \(validTo) is not null group by \(keyList)) as p on "
      + same.joined(separator: " and ")
  }
}

extension SnapshotRule.Comparison {
  /// The columns that it names.
  fileprivate var columns: [String] {
    switch self {
    case .allColumns: []
    case .columns(let columns): columns
    case .updatedAt(let column): [column]
    }
  }

  /// The column that tells when a version begins.
  fileprivate var time: String? {
    if case .updatedAt(let column) = self { column } else { nil }
  }
}
