package import AssetCore
import Foundation
import GRDB

/// assetctl's own SQLite file: what was materialized from what, in which run, and what is
/// remembered so that looking again costs little.
///
/// Everything is kept per target, since each target has a warehouse of its own. Writes of one call
/// are one transaction. Two processes may use a store at the same time.
package final class StateStore: Sendable {
  package let target: String
  let database: DatabaseQueue
  let path: String

  private init(_ database: DatabaseQueue, path: String, target: String) {
    self.database = database
    self.path = path
    self.target = target
  }

  /// Opens the store, making it if it is not there.
  ///
  /// - Parameters:
  ///   - path: The absolute path of the file; its folder must exist.
  ///   - target: The target whose records are read and written.
  /// - Throws: A ``StateError`` for a store that is corrupt, locked, not writable or newer.
  /// - Returns: The store, its schema up to date.
  package static func open(_ path: String, target: String) throws -> StateStore {
    var configuration = Configuration()
    configuration.label = "assetctl.state"
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      try database.execute(sql: "pragma journal_mode = wal; pragma synchronous = normal")
    }
    // Two processes that make a store at the same time would disturb each other.
    let folder = Foundation.open((path as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
    flock(folder, LOCK_EX)
    defer { close(folder) }
    do {
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try migrate(queue, path: path)
      return StateStore(queue, path: path, target: target)
    } catch let error as DatabaseError {
      throw StateError(error, path: path)
    }
  }

  /// A store in memory that nothing outlives, for a project that has none yet and for tests.
  package static func inMemory(target: String = "default") throws -> StateStore {
    let queue = try DatabaseQueue()
    try migrate(queue, path: ":memory:")
    return StateStore(queue, path: ":memory:", target: target)
  }

  private static func migrate(_ queue: DatabaseQueue, path: String) throws {
    let migrator = StateMigrations.migrator
    let applied = try queue.read { database in
      if try migrator.hasBeenSuperseded(database) { throw StateError.newer(path: path) }
      return try migrator.hasCompletedMigrations(database)
    }
    if !applied { try migrator.migrate(queue) }
  }

  func read<T>(_ body: (Database) throws -> T) throws -> T {
    try told { try database.read(body) }
  }

  /// Says of every error in which file it came about; what is in a row and cannot be read is damage.
  private func told<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw StateError(error, path: path)
    } catch let error as StateError {
      throw error
    } catch let error as DamagedRecord {
      throw StateError.damaged(path: path, column: error.column)
    } catch is RowDecodingError {
      throw StateError.damaged(path: path, column: nil)
    } catch is DecodingError {
      throw StateError.damaged(path: path, column: nil)
    }
  }

  /// Writes what only saves work next time, and so is not worth waiting for.
  func writeWithoutWaiting(_ body: (Database) throws -> Void) throws {
    try database.writeWithoutTransaction { database in
      try database.execute(sql: "pragma busy_timeout = 50")
      defer { try? database.execute(sql: "pragma busy_timeout = 10000") }
      try database.inTransaction(.immediate) {
        try body(database)
        return .commit
      }
    }
  }

  func write<T>(_ body: (Database) throws -> T) throws -> T {
    try told { try database.write(body) }
  }
}

/// What can be wrong with a state store.
package enum StateError: DiagnosableError, Equatable {
  case corrupt(path: String)
  /// What a column of some row holds cannot have been written by assetctl; the name of the column, if it
  /// is known.
  case damaged(path: String, column: String?)
  case full(path: String)
  case locked(path: String)
  case notWritable(path: String)
  case newer(path: String)
  case failed(path: String, reason: String)

  init(_ error: DatabaseError, path: String) {
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(path: path)
    case .SQLITE_FULL: self = .full(path: path)
    // What SQLite keeps beside the file it maps into memory, and says less of.
    case .SQLITE_IOERR where Self.isFull(path): self = .full(path: path)
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path: path)
    case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: self = .notWritable(path: path)
    default: self = .failed(path: path, reason: error.message ?? error.description)
    }
  }

  private static func isFull(_ path: String) -> Bool {
    var facts = statvfs()
    return statvfs((path as NSString).deletingLastPathComponent, &facts) == 0
      && facts.f_bavail == 0
  }

  package var diagnostics: [Diagnostic] {
    switch self {
    case .corrupt(let path):
      [
        Diagnostic(
          "the state store `\(path)` is not a whole SQLite file",
          hint: "move it away: what the warehouse holds is then recognized from its publications, "
            + "and only files are made anew")
      ]
    case .damaged(let path, let column):
      [
        Diagnostic(
          "the state store `\(path)` is damaged: "
            + (column.map { "what a row holds in `\($0)` cannot be read" }
              ?? "what a row holds cannot be read"),
          hint:
            "restore it from a copy or move it away: what the warehouse holds is then recognized "
            + "from its publications, and only files are made anew")
      ]
    case .full(let path):
      [
        Diagnostic(
          "the state store `\(path)` cannot be written: there is no space left on the disk",
          hint: "make room on the disk")
      ]
    case .locked(let path):
      [
        Diagnostic(
          "another program keeps the state store `\(path)` locked",
          hint: "close what has it open, such as a `sqlite3` shell with an open transaction")
      ]
    case .notWritable(let path):
      [
        Diagnostic(
          "the state store `\(path)` cannot be written",
          hint: "check the rights on the file and its folder")
      ]
    case .newer(let path):
      [
        Diagnostic(
          "the state store `\(path)` was written by a newer assetctl",
          hint: "use that version; nothing was changed")
      ]
    case .failed(let path, let reason):
      [Diagnostic("the state store `\(path)` cannot be used: \(reason)")]
    }
  }
}
