import AssetWarehouse
import GRDBSQLite

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One connection to a SQLite file, used by one thread at a time.
///
/// It is opened on SQLite's C interface: digests, the authorizer and the progress handler need what
/// GRDB keeps to itself. GRDB's package is linked for the system library alone.
final class SQLiteConnection {
  let handle: OpaquePointer
  let scan = RowScan()
  let watch = ValueWatch()
  /// What was written through the connection, if it is one that writes.
  let journal: WriteJournal?
  private let patterns = PatternMatching()
  private var cache: [String: OpaquePointer] = [:]

  enum Access {
    case readOnly, readWrite, readWriteCreate
  }

  init(path: String, access: Access, name: String) throws {
    let flags: Int32
    switch access {
    case .readOnly: flags = SQLITE_OPEN_READONLY
    case .readWrite: flags = SQLITE_OPEN_READWRITE
    case .readWriteCreate: flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(
      path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, nil)
    guard code == SQLITE_OK, let opened else {
      let reason = opened.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
      sqlite3_close_v2(opened)
      throw WarehouseError.unusable(warehouse: name, reason: reason)
    }
    handle = opened
    journal = access == .readOnly ? nil : WriteJournal()
    sqlite3_extended_result_codes(handle, 1)
    waitForLocks()
    _disableDoubleQuotedStringLiterals(handle)
    scan.install(on: handle)
    watch.install(on: handle)
    patterns.install(on: handle)
    RowIdentity.install(on: handle)
    journal?.install(on: handle)
    // A statement runs on the thread of the task that asked for it, so that it can see whether that
    // task was cancelled.
    sqlite3_progress_handler(handle, 20_000, { _ in Task.isCancelled ? 1 : 0 }, nil)
  }

  /// Says how long another's lock is waited for, at most until the task that asks is cancelled.
  func waitForLocks(seconds: Int = 30) {
    sqlite3_busy_handler(
      handle,
      { limit, count in
        guard count < Int(bitPattern: limit), !Task.isCancelled else { return 0 }
        usleep(10_000)
        return 1
      }, UnsafeMutableRawPointer(bitPattern: seconds * 100))
  }

  deinit {
    for statement in cache.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(handle)
  }

  /// Runs statements that give no rows.
  func execute(_ sql: String) throws {
    if sqlite3_exec(handle, sql, nil, nil, nil) != SQLITE_OK { throw failure() }
  }

  /// Prepares one statement; the caller ends it.
  func prepare(_ sql: String) throws -> Statement {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
      throw failure()
    }
    return Statement(statement, of: self, isCached: false)
  }

  /// Prepares a statement that is asked for again and again.
  func cached(_ sql: String) throws -> Statement {
    if let statement = cache[sql] { return Statement(statement, of: self, isCached: true) }
    var statement: OpaquePointer?
    let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
    guard sqlite3_prepare_v3(handle, sql, -1, flags, &statement, nil) == SQLITE_OK, let statement
    else { throw failure() }
    cache[sql] = statement
    return Statement(statement, of: self, isCached: true)
  }

  /// The integer that a query gives in its first row, or `nil` if it gives none.
  func integer(_ sql: String) throws -> Int64? {
    let statement = try cached(sql)
    defer { statement.end() }
    return try statement.step() ? statement.integer(0) : nil
  }

  /// The text that a query gives in its first row, or `nil` if it gives none.
  func text(_ sql: String) throws -> String? {
    let statement = try prepare(sql)
    defer { statement.end() }
    return try statement.step() ? statement.text(0) : nil
  }

  /// Runs the body in a transaction, which is rolled back if the body throws.
  func transaction<T>(_ begin: String, _ body: () throws -> T) throws -> T {
    try execute(begin)
    do {
      let result = try body()
      try execute("commit")
      return result
    } catch {
      // After some errors SQLite has rolled back by itself.
      if sqlite3_get_autocommit(handle) == 0 {
        sqlite3_exec(handle, "rollback", nil, nil, nil)
      }
      throw error
    }
  }

  /// Runs the body in a transaction in which nothing changes for it, and which it leaves nothing of.
  ///
  /// It is not committed: where a page could not be read, not even that goes well.
  func snapshot<T>(_ body: () throws -> T) throws -> T {
    try execute("begin")
    defer { sqlite3_exec(handle, "rollback", nil, nil, nil) }
    return try body()
  }

  /// The error that the last call left behind.
  func failure() -> any Error {
    let code = sqlite3_errcode(handle) & 0xff
    if code == SQLITE_INTERRUPT { return CancellationError() }
    if code == SQLITE_FULL { return WarehouseError.full }
    if code == SQLITE_BUSY {
      return Task.isCancelled ? CancellationError() : WarehouseError.busy
    }
    let offset = sqlite3_error_offset(handle)
    return WarehouseError.refused(
      message: String(cString: sqlite3_errmsg(handle)), offset: offset < 0 ? nil : Int(offset))
  }
}

/// A prepared statement; a borrowed view for the time of one use.
struct Statement {
  let pointer: OpaquePointer
  private let connection: SQLiteConnection
  private let isCached: Bool

  init(_ pointer: OpaquePointer, of connection: SQLiteConnection, isCached: Bool) {
    self.pointer = pointer
    self.connection = connection
    self.isCached = isCached
  }

  /// Moves to the next row; false after the last one.
  func step() throws -> Bool {
    switch sqlite3_step(pointer) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw connection.failure()
    }
  }

  /// Runs a statement that gives no rows, and makes it ready for the next values.
  func run() throws {
    defer { sqlite3_reset(pointer) }
    while try step() {}
  }

  /// Runs a statement, whatever rows it gives, and ends it.
  func runOnce() throws {
    defer { end() }
    while try step() {}
  }

  func end() {
    if isCached {
      sqlite3_reset(pointer)
      sqlite3_clear_bindings(pointer)
    } else {
      sqlite3_finalize(pointer)
    }
  }

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(pointer, column) }

  func text(_ column: Int32) -> String {
    sqlite3_column_text(pointer, column).map { String(cString: $0) } ?? ""
  }

  var columnNames: [String] {
    (0..<sqlite3_column_count(pointer)).map { String(cString: sqlite3_column_name(pointer, $0)) }
  }

  /// The values of the present row.
  func values() -> [Value] {
    (0..<sqlite3_column_count(pointer)).map { column in
      switch sqlite3_column_type(pointer, column) {
      case SQLITE_INTEGER: return .integer(sqlite3_column_int64(pointer, column))
      case SQLITE_FLOAT: return .real(sqlite3_column_double(pointer, column))
      case SQLITE_TEXT:
        let bytes = sqlite3_column_text(pointer, column)
        let count = Int(sqlite3_column_bytes(pointer, column))
        return .text(
          String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self))
      case SQLITE_BLOB:
        let bytes = sqlite3_column_blob(pointer, column)
        let count = Int(sqlite3_column_bytes(pointer, column))
        return .blob(Array(UnsafeRawBufferPointer(start: bytes, count: count)))
      default: return .null
      }
    }
  }

  /// Binds a value to the parameter at the position, counted from 1.
  func bind(_ value: Value, at position: Int32) throws {
    // SQLite copies the bytes before the call returns.
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    let code =
      switch value {
      case .null: sqlite3_bind_null(pointer, position)
      case .integer(let number): sqlite3_bind_int64(pointer, position, number)
      case .real(let number): sqlite3_bind_double(pointer, position, number)
      case .text(let text): bind(text, at: position, transient)
      case .blob(let bytes):
        bytes.isEmpty
          ? sqlite3_bind_zeroblob(pointer, position, 0)
          : sqlite3_bind_blob64(pointer, position, bytes, UInt64(bytes.count), transient)
      }
    if code != SQLITE_OK { throw connection.failure() }
  }

  private func bind(
    _ text: String, at position: Int32, _ destructor: sqlite3_destructor_type
  ) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        characters.baseAddress == nil
          ? sqlite3_bind_text(pointer, position, "", 0, destructor)
          : sqlite3_bind_text64(
            pointer, position, characters.baseAddress, UInt64(characters.count), destructor,
            UInt8(SQLITE_UTF8))
      }
    }
  }
}

/// Writes a name so that SQLite takes it for a name, whatever it holds.
func quoted(_ name: String) -> String {
  // By scalars: an accent behind a quote would hide it among characters.
  let doubled = name.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
  return "\"" + String(String.UnicodeScalarView(doubled)) + "\""
}
