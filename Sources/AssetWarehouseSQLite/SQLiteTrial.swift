import AssetCore
import AssetWarehouse
import GRDBSQLite

/// A warehouse in the middle of a transaction that will not be committed.
///
/// All goes through one connection, so that what was published is seen by what is asked next, and by
/// nobody else.
final class SQLiteTrial: Warehouse {
  private let stage: Stage
  /// What is asked about databases beside the warehouse, which are as everybody sees them.
  private let outside: SQLiteWarehouse
  private let databases: Databases

  init(of file: WarehouseFile, in outside: SQLiteWarehouse, _ databases: Databases) async throws {
    stage = Stage(file)
    self.outside = outside
    self.databases = databases
    try await stage.open()
  }

  func stamp(of database: String?) async throws -> String? {
    guard database != nil else { return nil }
    return try await outside.stamp(of: database)
  }

  func settledStamp() async throws -> String? { nil }

  func publications() async throws -> [Publication] {
    try await stage.run { try $0.publications() }
  }

  func views() async throws -> [String: Set<String>] { try await stage.run { try $0.views() } }

  func followers() async throws -> [String: Set<String>] {
    try await stage.run { try $0.followers() }
  }

  func observe(_ requests: [TableRequest]) async throws -> [AssetKey: Observation] {
    let beside = requests.filter { $0.table.database != nil }
    let own = requests.filter { $0.table.database == nil }
    let observed = beside.isEmpty ? [:] : try await outside.observe(beside)
    return try await stage.run { try $0.observe(own) }.merging(observed) { _, new in new }
  }

  func publish(_ candidates: [TableCandidate]) async throws {
    guard let first = candidates.first else { return }
    let beside = Set(candidates.flatMap(\.build.databases)).sorted().map { databases[$0] }
    try await stage.change(attaching: beside, for: first.build.key) { connection in
      for candidate in candidates {
        var build = candidate.build
        build.keptVersions = max(1, build.keptVersions)
        build.quarantine = nil
        try connection.publish(build, seal: candidate.seal)
      }
    }
  }

  func settle(
    _ request: TableRequest, keeping slices: [RowSlice]?
  ) async throws -> Observation {
    try await stage.change { try $0.settle(request, keeping: slices) }
  }

  func restore(_ asset: AssetKey, materialization: String, indexes: [[String]]) async throws {
    try await stage.change { try $0.restore(asset, materialization, indexes: indexes) }
  }

  func trial() async throws -> any Warehouse { self }

  func read<T: Sendable>(
    with databases: Set<String>, _ body: @escaping @Sendable (any TableReading) throws -> T
  ) async throws -> T {
    try await stage.run(attaching: databases.sorted().map { self.databases[$0] }) {
      try body(ConnectionReading(connection: $0))
    }
  }

  func export(
    _ request: TableRequest, columns: [String]?,
    into sink: @escaping @Sendable ([Column]) throws -> any RowSink
  ) async throws -> [Consumption: ContentDigest] {
    guard request.table.database == nil else {
      return try await outside.export(request, columns: columns, into: sink)
    }
    return try await stage.run { try $0.export(request, columns: columns, into: sink) }
  }

  func reads(
    of query: String, tables: Set<TableName>
  ) async throws -> [TableName: Consumption]? {
    try await stage.run(attaching: tables.databases(in: databases)) {
      try $0.lastingReads(of: query, tables: tables)
    }
  }

  func programReads(
    of query: String, tables: Set<TableName>
  ) async throws -> [TableName: Consumption]? {
    try await stage.run(attaching: tables.databases(in: databases)) {
      try $0.programReads(of: query, tables: tables)
    }
  }

  func withdraw(
    _ asset: AssetKey, materialization: String, isDryRun: Bool
  ) async throws -> Withdrawal {
    try await stage.change {
      try isDryRun
        ? $0.withdrawal(of: asset, materialization) : $0.withdraw(asset, materialization)
    }
  }

  func preview(table: TableName, limit: Int) async throws -> TablePreview {
    guard table.database == nil else {
      return try await outside.preview(table: table, limit: limit)
    }
    return try await stage.run { try $0.preview(table: table, limit: limit) }
  }

  func rehearse(
    _ builds: [TableBuild]
  ) async throws -> [Result<TableRows, WarehouseError>] {
    try await outside.rehearse(builds)
  }

  func close() async { await stage.close() }
}

/// The connection of a trial, and its transaction.
private actor Stage {
  private let thread = SerialThread(name: "assetctl.warehouse.try")
  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
  private let file: WarehouseFile
  private var connection: SQLiteConnection?

  init(_ file: WarehouseFile) { self.file = file }

  func open() throws {
    // Without a file there is an empty database, which is gone afterwards.
    let connection =
      try file.exists
      ? file.openForWriting()
      : SQLiteConnection(path: "", access: .readWriteCreate, name: file.name)
    // Whatever may happen, nothing is ever committed.
    sqlite3_commit_hook(connection.handle, { _ in 1 }, nil)
    if try connection.text("pragma journal_mode") != "wal" {
      // Outside of WAL mode pages that do not fit into memory would keep readers out.
      try connection.execute("pragma cache_spill = off")
    }
    try connection.execute("begin immediate")
    try connection.execute(WarehouseFile.publicationTable)
    self.connection = connection
  }

  /// Runs the body with databases attached under their names, which SQLite lets none of go before the
  /// trial has ended.
  func run<T: Sendable>(
    attaching databases: [Database] = [], for asset: AssetKey? = nil,
    _ body: @Sendable (SQLiteConnection) throws -> T
  ) throws -> T {
    guard let connection, sqlite3_get_autocommit(connection.handle) == 0 else {
      // After some errors SQLite has undone everything by itself.
      throw CancellationError()
    }
    guard !databases.isEmpty else { return try body(connection) }
    let attached = Set(try connection.attachedNames())
    let count = attached.union(databases.map(\.name)).count
    if let asset, count > connection.mostAttached {
      throw WarehouseError.tooManyDatabases(
        asset: asset, count: count, limit: connection.mostAttached)
    }
    return try connection.attaching(databases.filter { !attached.contains($0.name) }) {
      try body(connection)
    }
  }

  /// Runs what changes tables; if it throws, they are as before.
  func change<T: Sendable>(
    attaching databases: [Database] = [], for asset: AssetKey? = nil,
    _ body: @Sendable (SQLiteConnection) throws -> T
  ) throws -> T {
    try run(attaching: databases, for: asset) { connection in
      try connection.execute("savepoint assetctl_step")
      do {
        let result = try body(connection)
        try connection.execute("release assetctl_step")
        return result
      } catch {
        try? connection.execute("rollback to assetctl_step; release assetctl_step")
        throw error
      }
    }
  }

  func close() {
    if let connection { try? connection.execute("rollback") }
    connection = nil
  }
}
