import AssetCore
import AssetWarehouse
import GRDBSQLite

/// A warehouse in the middle of a transaction that will not be committed.
///
/// All goes through one connection, so that what was published is seen by what is asked next, and by
/// nobody else.
final class SQLiteTrial: Warehouse {
  private let stage: Stage
  private let rehearsal = Rehearsal()

  init(of file: WarehouseFile) async throws {
    stage = Stage(file)
    try await stage.open()
  }

  func stamp() async throws -> String? { nil }

  func settledStamp() async throws -> String? { nil }

  func publications() async throws -> [Publication] {
    try await stage.run { try $0.publications() }
  }

  func observe(_ requests: [TableRequest]) async throws -> [AssetKey: Observation] {
    try await stage.run { try $0.observe(requests) }
  }

  func publish(
    _ build: TableBuild,
    seal: @escaping @Sendable (BuiltTable, any TableReading) throws -> Publication
  ) async throws {
    var build = build
    build.keptVersions = max(1, build.keptVersions)
    build.quarantine = nil
    try await stage.change { [build] in try $0.publish(build, seal: seal) }
  }

  func restore(_ asset: AssetKey, materialization: String, indexes: [[String]]) async throws {
    try await stage.change { try $0.restore(asset, materialization, indexes: indexes) }
  }

  func trial() async throws -> any Warehouse { self }

  func read<T: Sendable>(
    _ body: @escaping @Sendable (any TableReading) throws -> T
  ) async throws -> T {
    try await stage.run { try body(ConnectionReading(connection: $0)) }
  }

  func export(
    _ request: TableRequest, columns: [String]?,
    into sink: @escaping @Sendable ([Column]) throws -> any RowSink
  ) async throws -> [Consumption: ContentDigest] {
    try await stage.run { try $0.export(request, columns: columns, into: sink) }
  }

  func reads(of query: String, tables: Set<String>) async throws -> [String: Consumption]? {
    try await stage.run { try $0.lastingReads(of: query, tables: tables) }
  }

  func withdraw(
    _ asset: AssetKey, materialization: String, isDryRun: Bool
  ) async throws -> Withdrawal {
    try await stage.change {
      try isDryRun
        ? $0.withdrawal(of: asset, materialization) : $0.withdraw(asset, materialization)
    }
  }

  func preview(table: String, limit: Int) async throws -> TablePreview {
    try await stage.run { try $0.preview(table: table, limit: limit) }
  }

  func rehearse(
    _ builds: [TableBuild]
  ) async throws -> [Result<TableRows, WarehouseError>] {
    try await rehearsal.rehearse(builds)
  }

  func close() async {
    await rehearsal.close()
    await stage.close()
  }
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

  func run<T: Sendable>(_ body: @Sendable (SQLiteConnection) throws -> T) throws -> T {
    guard let connection, sqlite3_get_autocommit(connection.handle) == 0 else {
      // After some errors SQLite has undone everything by itself.
      throw CancellationError()
    }
    return try body(connection)
  }

  /// Runs what changes tables; if it throws, they are as before.
  func change<T: Sendable>(_ body: @Sendable (SQLiteConnection) throws -> T) throws -> T {
    try run { connection in
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
