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
  private let databases: Databases
  private let writer: Writer
  private let reader: Reader
  private let rehearsal: Rehearsal

  /// Describes a warehouse; nothing is opened, and a file that is not there counts as empty.
  ///
  /// - Parameters:
  ///   - path: The absolute path of the file. It and its folder are made by the first publish.
  ///   - name: What messages call it.
  ///   - folder: The absolute path of the folder that the names of databases beside it are relative
  ///     to; without one the file's own folder.
  package init(path: String, name: String, folder: String? = nil) {
    file = WarehouseFile(path: path, name: name)
    databases = Databases(
      folder: folder ?? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
    writer = Writer(file, databases)
    reader = Reader(file)
    rehearsal = Rehearsal()
  }

  package func stamp(of database: String?) async throws -> String? {
    guard let database else { return file.stamp() }
    return databases[database].stamp()
  }

  package func settledStamp() async throws -> String? { try await writer.settledStamp() }

  package func publications() async throws -> [Publication] {
    try await reader.run { connection in try connection?.publications() ?? [] }
  }

  package func views() async throws -> [String: Set<String>] {
    try await reader.run { connection in
      try connection?.snapshot { try connection?.views() ?? [:] } ?? [:]
    }
  }

  package func followers() async throws -> [String: Set<String>] {
    try await reader.run { connection in
      try connection?.snapshot { try connection?.followers() ?? [:] } ?? [:]
    }
  }

  package func observe(_ requests: [TableRequest]) async throws -> [AssetKey: Observation] {
    try await writer.noteVersion()
    let own = requests.filter { $0.table.database == nil }
    var observed = try await reader.run { connection in
      guard let connection else {
        return Dictionary(uniqueKeysWithValues: own.map { ($0.key, Observation.missing) })
      }
      return try connection.snapshot {
        try connection.observe(own)
      }
    }
    for (name, requests) in requestsBeside(requests) {
      observed.merge(try await observe(requests, in: databases[name])) { _, new in new }
    }
    return observed
  }

  private func requestsBeside(_ requests: [TableRequest]) -> [String: [TableRequest]] {
    Dictionary(grouping: requests.filter { $0.table.database != nil }) {
      $0.table.database ?? ""
    }
  }

  private func observe(
    _ requests: [TableRequest], in database: Database
  ) async throws -> [AssetKey: Observation] {
    do {
      return try await reader.read(database) { connection in
        try connection.observe(requests.map(\.inMain))
      }.mapValues { $0.naming(database.name) }
    } catch WarehouseError.unreadableDatabase(let reason) {
      return Dictionary(uniqueKeysWithValues: requests.map { ($0.key, .unknown(reason)) })
    }
  }

  package func publish(_ candidates: [TableCandidate]) async throws {
    try await writer.publish(candidates)
  }

  package func restore(
    _ asset: AssetKey, materialization: String, indexes: [[String]]
  ) async throws {
    try await writer.restore(asset, materialization, indexes: indexes)
  }

  package func trial() async throws -> any Warehouse {
    try await SQLiteTrial(of: file, in: self, databases)
  }

  package func settle(
    _ request: TableRequest, keeping slices: [RowSlice]?
  ) async throws -> Observation {
    try await writer.settle(request, keeping: slices)
  }

  package func read<T: Sendable>(
    with databases: Set<String>, _ body: @escaping @Sendable (any TableReading) throws -> T
  ) async throws -> T {
    let beside = databases.sorted().map { self.databases[$0] }
    return try await reader.run { connection in
      // Without a file there is an empty database, in which no table is found.
      let connection =
        try connection ?? SQLiteConnection(path: "", access: .readWriteCreate, name: "")
      defer { connection.detachAll() }
      return try connection.snapshot {
        try connection.attaching(beside) { try body(ConnectionReading(connection: connection)) }
      }
    }
  }

  package func export(
    _ request: TableRequest, columns: [String]?,
    into sink: @escaping @Sendable ([Column]) throws -> any RowSink
  ) async throws -> [Consumption: ContentDigest] {
    if let database = request.table.database {
      return try await reader.read(databases[database]) { connection in
        try connection.export(request.inMain, columns: columns, into: sink)
      }
    }
    return try await reader.run { connection in
      guard let connection else { throw WarehouseError.missingTable(request.table.name) }
      return try connection.snapshot {
        try connection.export(request, columns: columns, into: sink)
      }
    }
  }

  package func reads(
    of query: String, tables: Set<TableName>
  ) async throws -> [TableName: Consumption]? {
    try await examine(tables) { try $0.lastingReads(of: query, tables: tables) }
  }

  /// What the program that SQLite makes of a query reads of each table, as long as the tables keep
  /// their columns, indexes and constraints.
  ///
  /// It is what `reads` begins with, and what other ways of finding it out can be held against.
  package func programReads(
    of query: String, tables: Set<TableName>
  ) async throws -> [TableName: Consumption]? {
    try await examine(tables) { try $0.programReads(of: query, tables: tables) }
  }

  /// Runs the body with a connection that a query on the tables can be prepared on, if there is one.
  private func examine<T: Sendable>(
    _ tables: Set<TableName>, _ body: @Sendable (SQLiteConnection) throws -> T?
  ) async throws -> T? {
    let databases = tables.databases(in: databases)
    return try await reader.run { connection in
      guard let connection else { return nil }
      defer { connection.detachAll() }
      return try connection.snapshot {
        try connection.attaching(databases) { try body(connection) }
      }
    }
  }

  package func withdraw(
    _ asset: AssetKey, materialization: String, isDryRun: Bool
  ) async throws -> Withdrawal {
    guard isDryRun else { return try await writer.withdraw(asset, materialization) }
    return try await reader.run { connection in
      guard let connection else { return .missing }
      return try connection.snapshot {
        try connection.withdrawal(of: asset, materialization)
      }
    }
  }

  package func preview(table: TableName, limit: Int) async throws -> TablePreview {
    if let database = table.database {
      return try await reader.read(databases[database]) { connection in
        try connection.preview(table: TableName(table.name), limit: limit)
      }
    }
    return try await reader.run { connection in
      guard let connection else { throw WarehouseError.missingTable(table.name) }
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
    let present = try file.identity
    if connection == nil || present != identity {
      identity = present
      connection = identity == nil ? nil : try file.openForReading()
    }
    return try body(connection)
  }

  /// Runs the body with a connection to a database beside the warehouse, in one snapshot.
  func read<T: Sendable>(
    _ database: Database, _ body: @Sendable (SQLiteConnection) throws -> T
  ) throws -> T {
    try database.read(body)
  }

  func close() { connection = nil }
}

/// The connection that writes, and knows whether others did.
private actor Writer {
  private let thread = SerialThread(name: "assetctl.warehouse.write")
  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
  private let file: WarehouseFile
  private let databases: Databases
  private var connection: SQLiteConnection?
  /// Which file the connection is on.
  private var identity: String?
  /// Whether the database is ready to be published into.
  private var isPrepared = false
  /// The version since which every write of another connection is noticed; `nil` before the first
  /// look, and after such a write was noticed until everything is looked at again.
  private var observedVersion: Int64?

  init(_ file: WarehouseFile, _ databases: Databases) {
    self.file = file
    self.databases = databases
  }

  func noteVersion() throws {
    // Without a file there is nothing that another could have changed yet.
    guard observedVersion == nil, try file.exists else { return }
    observedVersion = try open().version()
  }

  func publish(_ candidates: [TableCandidate]) throws {
    guard let first = candidates.first else { return }
    let connection = try open()
    if !isPrepared { try file.prepare(connection) }
    isPrepared = true
    let beside = Set(candidates.flatMap(\.build.databases)).sorted().map { databases[$0] }
    let limit = connection.mostAttached
    guard beside.count <= limit else {
      throw WarehouseError.tooManyDatabases(
        asset: first.build.key, count: beside.count, limit: limit)
    }
    defer { connection.detachAll() }
    var aside: (place: SetAside, table: String)?
    do {
      try connection.transaction("begin immediate") {
        try verifyVersion(of: connection)
        try connection.attaching(beside) {
          for candidate in candidates {
            try publish(candidate, on: connection, &aside)
          }
        }
        try verifyIdentity()
      }
    } catch {
      if let aside { try aside.place.give(aside.table, to: connection) }
      throw error
    }
  }

  /// Publishes one table in the open transaction; of what sealing refuses a copy is set aside, if that is
  /// wanted.
  private func publish(
    _ candidate: TableCandidate, on connection: SQLiteConnection,
    _ aside: inout (place: SetAside, table: String)?
  ) throws {
    let build = candidate.build
    try connection.publish(build) { built, reading in
      do {
        return try candidate.seal(built, reading)
      } catch {
        if let table = build.quarantine, !(error is CancellationError) {
          let place = SetAside(besides: file.path)
          try place.take(build, from: connection)
          aside = (place, table)
        }
        throw error
      }
    }
  }

  func restore(_ asset: AssetKey, _ materialization: String, indexes: [[String]]) throws {
    guard try file.exists else { throw WarehouseError.missingVersion(asset) }
    let connection = try open()
    try connection.transaction("begin immediate") {
      try verifyVersion(of: connection)
      try connection.restore(asset, materialization, indexes: indexes)
      try verifyIdentity()
    }
  }

  func settle(_ request: TableRequest, keeping slices: [RowSlice]?) throws -> Observation {
    guard try file.exists else { return .missing }
    let connection = try open()
    return try connection.transaction("begin immediate") {
      try verifyVersion(of: connection)
      let observation = try connection.settle(request, keeping: slices)
      try verifyIdentity()
      return observation
    }
  }

  /// Makes sure that nobody else has written since the first look.
  private func verifyVersion(of connection: SQLiteConnection) throws {
    let version = try connection.version()
    if let known = observedVersion, version != known {
      observedVersion = nil
      throw WarehouseError.changedMeanwhile
    }
    observedVersion = version
  }

  func withdraw(_ asset: AssetKey, _ materialization: String) throws -> Withdrawal {
    guard try file.exists else { return .missing }
    let connection = try open()
    return try connection.transaction("begin immediate") {
      let withdrawal = try connection.withdraw(asset, materialization)
      try verifyIdentity()
      return withdrawal
    }
  }

  /// Makes sure that what is committed will be in the file that others see.
  private func verifyIdentity() throws {
    guard try file.identity != identity else { return }
    connection = nil
    isPrepared = false
    observedVersion = nil
    throw WarehouseError.changedMeanwhile
  }

  func settledStamp() async throws -> String? {
    guard let connection, let observedVersion, try file.identity == identity else { return nil }
    // The stamp only saves reading, so neither a reader nor another writer is waited for.
    connection.waitForLocks(seconds: 0)
    defer { connection.waitForLocks() }
    // What is in the log moves into the file, so that closing leaves the stamp as it is.
    try connection.execute("pragma wal_checkpoint(truncate)")
    // While this transaction is open nobody else writes.
    try connection.execute("begin immediate")
    defer { try? connection.execute("rollback") }
    guard try connection.version() == observedVersion else { return nil }
    for _ in 0..<10 {
      if let stamp = file.stamp() { return try file.identity == identity ? stamp : nil }
      try await Task.sleep(for: .milliseconds(10))
    }
    return nil
  }

  func close() { connection = nil }

  private func open() throws -> SQLiteConnection {
    if let connection { return connection }
    let opened = try file.openForWriting()
    connection = opened
    identity = try file.identity
    return opened
  }
}

extension Observation {
  /// What was found, with the database named in what is wrong with it.
  fileprivate func naming(_ database: String) -> Observation {
    switch self {
    case .unknown(let reason): .unknown("`\(database)` cannot be read: \(reason)")
    case .broken(let reason): .broken("`\(database)` cannot be read: \(reason)")
    case .missing, .present, .replaced: self
    }
  }
}

extension TableBuild {
  /// The databases beside the warehouse that are read to build and to check it.
  var databases: Set<String> {
    if case .rows = content { return checkedDatabases }
    return checkedDatabases.union(inputs.compactMap(\.database))
  }
}

extension TableRequest {
  /// The same request for a connection whose main database holds the table.
  fileprivate var inMain: TableRequest {
    var request = self
    request.table.database = nil
    return request
  }
}

extension Set<TableName> {
  /// The databases beside the warehouse that the tables stand in.
  func databases(in databases: Databases) -> [Database] {
    Set<String>(compactMap(\.database)).sorted().map { databases[$0] }
  }
}
