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

/// A SQLite file beside the warehouse, which others write and which is only read.
///
/// It is opened anew each time, so that nobody finds it held, and a file that took its place is seen.
struct Database: Sendable {
  /// What declarations and messages call it.
  let name: String
  /// The absolute path as it was given, on which links are followed when it is opened.
  let path: String

  /// How many seconds a lock on the file is waited for.
  private static let patience = 5

  /// The path without links, beside which SQLite puts the file's log.
  private var realPath: String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private var file: WarehouseFile { WarehouseFile(path: realPath, name: name) }

  /// A text that differs whenever the content may differ; see ``WarehouseFile/stamp()``.
  func stamp() -> String? { file.stamp() }

  /// Runs the body with a connection on which the file is the main database, in one snapshot.
  func read<T>(_ body: (SQLiteConnection) throws -> T) throws -> T {
    try withAddress { address in
      let connection: SQLiteConnection
      do {
        connection = try SQLiteConnection(path: address, access: .readOnly, name: name)
      } catch {
        throw problem(code: SQLITE_CANTOPEN)
      }
      connection.waitForLocks(seconds: Self.patience)
      // Somebody who does not go by SQLite's locks may cut the file short.
      try connection.execute("pragma mmap_size = 0")
      return try connection.snapshot {
        do {
          _ = try connection.integer("select 1 from sqlite_schema limit 1")
        } catch {
          throw problem(error, on: connection)
        }
        do {
          return try body(connection)
        } catch let error as WarehouseError where connection.isFileBroken {
          throw problem(error, on: connection)
        }
      }
    }
  }

  /// Runs the body with the file attached to a connection under its name, in the snapshot of the
  /// transaction that the connection is in.
  func attached<T>(to connection: SQLiteConnection, _ body: () throws -> T) throws -> T {
    try withAddress { address in
      let schema = quoted(name)
      do {
        connection.waitForLocks(seconds: Self.patience)
        defer { connection.waitForLocks() }
        try connection.execute("attach \(literal(address)) as \(schema)")
        try connection.execute("pragma \(schema).mmap_size = 0")
        try connection.prepare("select 1 from \(schema).sqlite_schema limit 1").runOnce()
      } catch {
        let problem = problem(error, on: connection)
        try? connection.execute("detach \(schema)")
        throw problem
      }
      return try body()
    }
  }

  /// Runs the body with the address to open the file by.
  ///
  /// A file in WAL mode wants files beside it, which cannot be made in a folder that we may not
  /// write. As long as there are none nobody writes to it, so that it may be read as it is; should
  /// somebody begin to, what was read counts for nothing.
  private func withAddress<T>(_ body: (String) throws -> T) throws -> T {
    if let fault { throw WarehouseError.unreadableDatabase(fault) }
    let path = realPath
    let address = "file:" + percentEncoded(path)
    do {
      return try body(address + "?mode=ro")
    } catch let error as WarehouseError where error == problem(code: SQLITE_CANTOPEN) {
      guard let stamp = settledStamp(), access(path + "-wal", F_OK) != 0 else { throw error }
      let result = try body(address + "?mode=ro&immutable=1")
      guard file.stamp() == stamp else {
        throw WarehouseError.unreadableDatabase("`\(name)` was written to while it was read")
      }
      return result
    }
  }

  private func settledStamp() -> String? {
    for _ in 0..<10 {
      if let stamp = file.stamp() { return stamp }
      usleep(10_000)
    }
    return nil
  }

  /// What keeps the file from being opened, as far as its folder tells.
  private var fault: String? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      return errno == ENOENT || errno == ENOTDIR
        ? "there is no file `\(name)`"
        : "`\(name)` cannot be read: \(String(cString: strerror(errno)).lowercased())"
    }
    guard status.st_mode & S_IFMT == S_IFREG else { return "`\(name)` is not a file" }
    guard access(path, R_OK) == 0 else {
      return "`\(name)` cannot be read: \(String(cString: strerror(errno)).lowercased())"
    }
    return nil
  }

  /// Names the file in what SQLite says about it as a whole.
  private func problem(_ error: any Error, on connection: SQLiteConnection) -> any Error {
    guard error is WarehouseError else { return error }
    let code = sqlite3_extended_errcode(connection.handle)
    return problem(code: code, message: String(cString: sqlite3_errmsg(connection.handle)))
  }

  private func problem(code: Int32, message: String = "") -> WarehouseError {
    let reason =
      switch code & 0xff {
      case SQLITE_CANTOPEN: "`\(name)` cannot be read: it or its log cannot be opened"
      case SQLITE_NOTADB: "`\(name)` is no SQLite database"
      case SQLITE_BUSY: "`\(name)` cannot be read: another program keeps it locked"
      case SQLITE_READONLY:
        "`\(name)` cannot be read: a write to it was cut short, "
          + "and is to be undone by a program that may write it"
      default: "`\(name)` cannot be read: \(message)"
      }
    return .unreadableDatabase(reason)
  }
}

/// The databases beside a warehouse, by their names.
struct Databases: Sendable {
  /// The absolute path of the folder that their names are relative to.
  let folder: String

  subscript(name: String) -> Database {
    Database(name: name, path: name.hasPrefix("/") ? name : folder + "/" + name)
  }
}

extension SQLiteConnection {
  /// Runs the body with databases attached under their names, each for as long as it takes.
  ///
  /// The caller is in a transaction; SQLite lets none of it go before that has ended, so that what is
  /// attached has to be let go by ``detachAll()``.
  func attaching<T>(_ databases: some Sequence<Database>, _ body: () throws -> T) throws -> T {
    var rest = Array(databases)
    guard let last = rest.popLast() else { return try body() }
    return try last.attached(to: self) { try attaching(rest, body) }
  }

  /// Whether the last error is about the file, not about what was asked of it.
  fileprivate var isFileBroken: Bool {
    [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR, SQLITE_CANTOPEN].contains(
      sqlite3_errcode(handle) & 0xff)
  }

  /// How many databases can be attached at once.
  var mostAttached: Int { Int(sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, -1)) }

  /// Lets go of all that is attached; the caller is in no transaction.
  func detachAll() {
    for name in (try? attachedNames()) ?? [] { try? execute("detach \(quoted(name))") }
  }

  /// The names of what is attached.
  func attachedNames() throws -> [String] {
    let statement = try prepare("select name from pragma_database_list where seq > 1")
    defer { statement.end() }
    var names: [String] = []
    while try statement.step() { names.append(statement.text(0)) }
    return names
  }
}

/// A text as a literal.
private func literal(_ text: String) -> String {
  let doubled = text.unicodeScalars.flatMap { $0 == "'" ? [$0, $0] : [$0] }
  return "'" + String(String.UnicodeScalarView(doubled)) + "'"
}

/// A path as a part of an address.
private func percentEncoded(_ path: String) -> String {
  var encoded = ""
  for byte in path.utf8 {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
      UInt8(ascii: "-"), UInt8(ascii: "_"):
      encoded.unicodeScalars.append(Unicode.Scalar(byte))
    default:
      let digits = String(byte, radix: 16, uppercase: true)
      encoded += "%" + (digits.count == 1 ? "0" : "") + digits
    }
  }
  return encoded
}
