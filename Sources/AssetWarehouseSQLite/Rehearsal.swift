import AssetCore
import AssetWarehouse

/// An empty database in memory, in which tables are built and forgotten again.
actor Rehearsal {
  private let thread = SerialThread(name: "assetctl.warehouse.rehearse")
  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
  private var connection: SQLiteConnection?

  /// Builds tables in a transaction that is rolled back.
  func rehearse(_ builds: [TableBuild]) throws -> [Result<TableRows, WarehouseError>] {
    let connection = try open()
    try connection.execute("begin")
    // It may have been rolled back already, after some errors.
    defer { try? connection.execute("rollback") }
    return try builds.map { build in
      do {
        try connection.make(build)
        return .success(try connection.rows(of: TableName(build.key.name)))
      } catch let error as WarehouseError {
        return .failure(error)
      }
    }
  }

  func close() { connection = nil }

  private func open() throws -> SQLiteConnection {
    if let connection { return connection }
    let opened = try SQLiteConnection(
      path: ":memory:", access: .readWriteCreate, name: "sqlite::memory:")
    connection = opened
    return opened
  }
}

extension SQLiteConnection {
  /// All rows of a table or view.
  fileprivate func rows(of table: TableName) throws -> TableRows {
    let columns = try columns(of: table).map { column in
      Column(column.name, type: column.type.isEmpty ? nil : column.type)
    }
    let statement = try prepare("select * from \(table.sql)")
    defer { statement.end() }
    var rows: [[Value]] = []
    while try statement.step() { rows.append(statement.values()) }
    return TableRows(columns: columns, rows: rows)
  }
}
