import AssetCore
import AssetWarehouse
import GRDBSQLite

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A candidate that is not published, kept outside of the transaction that is rolled back.
///
/// Its rows wait in a file beside the warehouse until they can be made a table of it.
struct SetAside {
  let path: String

  init(besides warehouse: String) { path = warehouse + "-quarantine" }

  /// Copies the rows of what was built out of the open transaction.
  func take(_ build: TableBuild, from connection: SQLiteConnection) throws {
    remove()
    let aside = try SQLiteConnection(path: path, access: .readWriteCreate, name: path)
    try aside.execute("pragma journal_mode = off; pragma synchronous = off; begin")
    let columns = try connection.columns(of: build.table)
    let list = columns.map { "\(quoted($0.name)) \($0.type)" }.joined(separator: ", ")
    try aside.execute("create table candidate (\(list))")
    let places = columns.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    let insert = try aside.prepare("insert into candidate values (\(places))")
    defer { insert.end() }
    let condition = build.part.map { " where \($0.slice.condition(of: build.table.name))" } ?? ""
    let rows = try connection.prepare("select * from \(build.quotedTable)\(condition)")
    defer { rows.end() }
    while try rows.step() {
      for (index, value) in rows.values().enumerated() {
        try insert.bind(value, at: Int32(index + 1))
      }
      try insert.run()
    }
    try aside.execute("commit")
  }

  /// Makes the rows a table of the warehouse, in the place of what it held before.
  func give(_ table: String, to connection: SQLiteConnection) throws {
    let statement = try connection.prepare("attach ?1 as assetctl_aside")
    try statement.bind(.text(path), at: 1)
    defer {
      try? connection.execute("detach assetctl_aside")
      remove()
    }
    do {
      defer { statement.end() }
      try statement.run()
    }
    let name = "main.\(quoted(table))"
    try connection.transaction("begin immediate") {
      try connection.execute("drop table if exists \(name)")
      let candidate = TableName("candidate", in: "assetctl_aside")
      try connection.createTable(name, try connection.columns(of: candidate))
      try connection.execute("insert into \(name) select * from \(candidate.sql)")
    }
  }

  func remove() {
    for suffix in ["", "-journal", "-wal", "-shm"] { unlink(path + suffix) }
  }
}
