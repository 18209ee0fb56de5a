package import AssetCore
package import AssetWarehouse

/// A SQLite file as a warehouse.
///
/// All writing goes through one connection, which is also how writes of others are noticed
/// (`pragma data_version` changes just when another connection committed). Looking, exporting and
/// previewing go through a second one, so that they never wait for a long build. The file is in
/// WAL mode: readers keep the old rows until a publish commits.
package final class SQLiteWarehouse: Warehouse {
  private let file: WarehouseFile
  private let writer: Writer
  private let reader: Reader
  private let rehearsal: Rehearsal

  /// Describes a warehouse; nothing is opened, and a file that is not there counts as empty.
  ///
  /// - Parameters:
  ///   - path: The absolute path of the file. It and its folder are made by the first publish.
  ///   - name: What messages call it.
  package init(path: String, name: String) {
    file = WarehouseFile(path: path, name: name)
    writer = Writer(file)
    reader = Reader(file)
    rehearsal = Rehearsal()
  }

  package func stamp() async throws -> String? { file.stamp() }

  package func settledStamp() async throws -> String? { try await writer.settledStamp() }

  package func publications() async throws -> [Publication] {
    try await reader.run { connection in try connection?.publications() ?? [] }
  }

  package func observe(_ requests: [TableRequest]) async throws -> [AssetKey: Observation] {
    try await writer.noteVersion()
    return try await reader.run { connection in
      guard let connection else {
        return Dictionary(uniqueKeysWithValues: requests.map { ($0.key, .missing) })
      }
      return try connection.transaction("begin") {
        try connection.observe(requests)
      }
    }
  }

  package func publish(
    _ build: TableBuild,
    seal: @escaping @Sendable (BuiltTable, any TableReading) throws -> Publication
  ) async throws {
    try await writer.publish(build, seal: seal)
  }

  package func restore(
    _ asset: AssetKey, materialization: String, indexes: [[String]]
  ) async throws {
    try await writer.restore(asset, materialization, indexes: indexes)
  }

  package func trial() async throws -> any Warehouse { try await SQLiteTrial(of: file) }

  package func read<T: Sendable>(
    _ body: @escaping @Sendable (any TableReading) throws -> T
  ) async throws -> T {
    try await reader.run { connection in
      // Without a file there is an empty database, in which no table is found.
      let connection =
        try connection ?? SQLiteConnection(path: "", access: .readWriteCreate, name: "")
      return try connection.transaction("begin") {
        try body(ConnectionReading(connection: connection))
      }
    }
  }

  package func export(
    _ request: TableRequest, columns: [String]?,
    into sink: @escaping @Sendable ([Column]) throws -> any RowSink
  ) async throws -> [Consumption: ContentDigest] {
    try await reader.run { connection in
      guard let connection else { throw WarehouseError.missingTable(request.table) }
      return try connection.transaction("begin") {
        try connection.export(request, columns: columns, into: sink)
      }
    }
  }

  package func reads(
    of query: String, tables: Set<String>
  ) async throws -> [String: Consumption]? {
    try await reader.run { connection in
      guard let connection else { return nil }
      return try connection.transaction("begin") {
        try connection.lastingReads(of: query, tables: tables)
      }
    }
  }

  /// What the program that SQLite makes of a query reads of each table, as long as the tables keep
  /// their columns, indexes and constraints.
  ///
  /// It is what `reads` begins with, and what other ways of finding it out can be held against.
  package func programReads(
    of query: String, tables: Set<String>
  ) async throws -> [String: Consumption]? {
    try await reader.run { connection in
      guard let connection else { return nil }
      return try connection.transaction("begin") {
        try connection.programReads(of: query, tables: tables)
      }
    }
  }

  package func withdraw(
    _ asset: AssetKey, materialization: String, isDryRun: Bool
  ) async throws -> Withdrawal {
    guard isDryRun else { return try await writer.withdraw(asset, materialization) }
    return try await reader.run { connection in
      guard let connection else { return .missing }
      return try connection.transaction("begin") {
        try connection.withdrawal(of: asset, materialization)
      }
    }
  }

  package func preview(table: String, limit: Int) async throws -> TablePreview {
    try await reader.run { connection in
      guard let connection else { throw WarehouseError.missingTable(table) }
      return try connection.preview(table: table, limit: limit)
    }
  }

  package func rehearse(
    _ builds: [TableBuild]
  ) async throws -> [Result<TableRows, WarehouseError>] {
    try await rehearsal.rehearse(builds)
  }

  package func close() async {
    await reader.close()
    await rehearsal.close()
    await writer.close()
  }
}

/// The connection that only looks.
private actor Reader {
  private let thread = SerialThread(name: "assetctl.warehouse.read")
  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
  private let file: WarehouseFile
  private var connection: SQLiteConnection?
  /// Which file the connection is on.
  private var identity: String?

  init(_ file: WarehouseFile) { self.file = file }

  /// Runs the body with the connection, or without one while there is no file.
  func run<T: Sendable>(
    _ body: @Sendable (SQLiteConnection?) throws -> T
  ) throws -> T {
    // A file that was replaced or removed is not the one that the connection is on.
    if connection == nil || file.identity != identity {
      identity = file.identity
      connection = identity == nil ? nil : try file.openForReading()
    }
    return try body(connection)
  }

  func close() { connection = nil }
}

/// The connection that writes, and knows whether others did.
private actor Writer {
  private let thread = SerialThread(name: "assetctl.warehouse.write")
  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
  private let file: WarehouseFile
  private var connection: SQLiteConnection?
  /// Which file the connection is on.
  private var identity: String?
  /// Whether the database is ready to be published into.
  private var isPrepared = false
  /// The version since which every write of another connection is noticed; `nil` before the first
  /// look, and after such a write was noticed until everything is looked at again.
  private var observedVersion: Int64?

  init(_ file: WarehouseFile) { self.file = file }

  func noteVersion() throws {
    // Without a file there is nothing that another could have changed yet.
    guard observedVersion == nil, file.exists else { return }
    observedVersion = try open().version()
  }

  func publish(
    _ build: TableBuild, seal: @Sendable (BuiltTable, any TableReading) throws -> Publication
  ) throws {
    let connection = try open()
    if !isPrepared { try file.prepare(connection) }
    isPrepared = true
    var aside: SetAside?
    do {
      try connection.transaction("begin immediate") {
        try verifyVersion(of: connection)
        try connection.publish(build) { built, reading in
          do {
            return try seal(built, reading)
          } catch {
            if build.quarantine != nil, !(error is CancellationError) {
              let place = SetAside(besides: file.path)
              try place.take(build.key.name, from: connection)
              aside = place
            }
            throw error
          }
        }
        try verifyIdentity()
      }
    } catch {
      if let aside, let table = build.quarantine { try aside.give(table, to: connection) }
      throw error
    }
  }

  func restore(_ asset: AssetKey, _ materialization: String, indexes: [[String]]) throws {
    guard file.exists else { throw WarehouseError.missingVersion(asset) }
    let connection = try open()
    try connection.transaction("begin immediate") {
      try verifyVersion(of: connection)
      try connection.restore(asset, materialization, indexes: indexes)
      try verifyIdentity()
    }
  }

  /// Notices whether somebody else has written since the first look.
  private func verifyVersion(of connection: SQLiteConnection) throws {
    let version = try connection.version()
    if let known = observedVersion, version != known {
      observedVersion = nil
      throw WarehouseError.changedMeanwhile
    }
    observedVersion = version
  }

  func withdraw(_ asset: AssetKey, _ materialization: String) throws -> Withdrawal {
    guard file.exists else { return .missing }
    let connection = try open()
    return try connection.transaction("begin immediate") {
      let withdrawal = try connection.withdraw(asset, materialization)
      try verifyIdentity()
      return withdrawal
    }
  }

  /// Makes sure that what is committed will be in the file that others see.
  private func verifyIdentity() throws {
    guard file.identity != identity else { return }
    connection = nil
    isPrepared = false
    observedVersion = nil
    throw WarehouseError.changedMeanwhile
  }

  func settledStamp() async throws -> String? {
    guard let connection, let observedVersion, file.identity == identity else { return nil }
    // The stamp only saves reading, so neither a reader nor another writer is waited for.
    connection.waitForLocks(false)
    defer { connection.waitForLocks(true) }
    // What is in the log moves into the file, so that closing leaves the stamp as it is.
    try connection.execute("pragma wal_checkpoint(truncate)")
    // While this transaction is open nobody else writes.
    try connection.execute("begin immediate")
    defer { try? connection.execute("rollback") }
    guard try connection.version() == observedVersion else { return nil }
    for _ in 0..<10 {
      if let stamp = file.stamp() { return file.identity == identity ? stamp : nil }
      try await Task.sleep(for: .milliseconds(10))
    }
    return nil
  }

  func close() { connection = nil }

  private func open() throws -> SQLiteConnection {
    if let connection { return connection }
    let opened = try file.openForWriting()
    connection = opened
    identity = file.identity
    return opened
  }
}
