import AssetCore
import AssetWarehouse
import GRDBSQLite

// The types that the parts of a table would have as tables of their own.
//
// A table of parts has one type for a column. So that it does not depend on which part was made first, it
// is told from all parts that are there: the type that they agree on, or else none.

/// A column of a part.
struct PartColumn {
  var name: String
  var type: String
  /// Whether it has any value, by which its type can be judged.
  var hasValues: Bool
}

extension SQLiteConnection {
  // Its key lets SQLite find the least and the greatest type of a column without reading those between.
  private static let partColumns = """
    create table if not exists assetctl_partition_column (
      asset text not null collate nocase,
      name text not null,
      has_values integer not null,
      type text not null,
      partition text not null,
      slice text not null,
      primary key (asset, name, has_values, type, partition)
    ) without rowid;
    create index if not exists assetctl_partition_column_partition
    on assetctl_partition_column (asset, partition);
    """

  /// Notes the columns of a part, in the place of those that it had.
  func note(_ columns: [PartColumn], of part: AssetKey, _ slice: RowSlice) throws {
    try execute(Self.partColumns)
    let (asset, name) = (part.asset.name, part.partition ?? "")
    let old = try cached(
      "delete from assetctl_partition_column where asset = ?1 and partition = ?2")
    defer { old.end() }
    try old.bind(.text(asset), at: 1)
    try old.bind(.text(name), at: 2)
    try old.run()
    let insert = try cached(
      "insert or replace into assetctl_partition_column values (?, ?, ?, ?, ?, ?)")
    defer { insert.end() }
    for column in columns {
      let values: [Value] = [
        .text(asset), .text(column.name.caseFolded), .integer(column.hasValues ? 1 : 0),
        .text(column.type), .text(name), .text(slice.condition(of: asset)),
      ]
      for (index, value) in values.enumerated() { try insert.bind(value, at: Int32(index + 1)) }
      try insert.run()
    }
  }

  /// The columns with the types on which the parts of a table agree; those that no part has stay as they
  /// are.
  ///
  /// Parts in which a column has no value do not count, unless that is so in all of them.
  func agreed(_ columns: [ProducedColumn], of asset: AssetKey) throws -> [ProducedColumn] {
    guard try kind(of: "assetctl_partition_column") != nil else { return columns }
    let statement = try cached(
      """
      select
        (select min(type) from assetctl_partition_column
          where asset = ?1 and name = ?2 and has_values = best),
        (select max(type) from assetctl_partition_column
          where asset = ?1 and name = ?2 and has_values = best)
      from (select max(has_values) as best from assetctl_partition_column
        where asset = ?1 and name = ?2)
      where best is not null
      """)
    defer { statement.end() }
    return try columns.map { column in
      try statement.bind(.text(asset.name), at: 1)
      try statement.bind(.text(column.name.caseFolded), at: 2)
      defer { sqlite3_reset(statement.pointer) }
      guard try statement.step() else { return column }
      let type = statement.text(0)
      return ProducedColumn(name: column.name, type: type == statement.text(1) ? type : "")
    }
  }

  /// Forgets the columns of the parts of a table, but for those of some slices.
  func forgetPartColumns(of asset: AssetKey, but slices: [RowSlice] = []) throws {
    guard try kind(of: "assetctl_partition_column") != nil else { return }
    let known = try cached(
      "select distinct partition, slice from assetctl_partition_column where asset = ?1")
    defer { known.end() }
    try known.bind(.text(asset.name), at: 1)
    let kept = Set(slices.map { $0.condition(of: asset.name) })
    var gone: [String] = []
    while try known.step() { if !kept.contains(known.text(1)) { gone.append(known.text(0)) } }
    let statement = try cached(
      "delete from assetctl_partition_column where asset = ?1 and partition = ?2")
    defer { statement.end() }
    for partition in gone {
      try statement.bind(.text(asset.name), at: 1)
      try statement.bind(.text(partition), at: 2)
      try statement.run()
    }
  }
}
