import AssetCore
import AssetWarehouse

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The file that holds a warehouse: where it is, how it is opened, and whether it changed.
struct WarehouseFile: Sendable {
  let path: String
  let name: String

  var exists: Bool { get throws { try identity != nil } }

  /// Which file the path leads to now; `nil` if to none.
  ///
  /// A file that cannot be looked at is not taken for one that is not there.
  var identity: String? {
    get throws {
      var status = stat()
      if stat(path, &status) == 0 { return "\(status.st_dev):\(status.st_ino)" }
      guard errno == ENOENT || errno == ENOTDIR else {
        throw WarehouseError.unusable(
          warehouse: name, reason: String(cString: strerror(errno)).lowercased())
      }
      return nil
    }
  }

  func openForReading() throws -> SQLiteConnection {
    // A file that we may not write can still be read; one in WAL mode wants a writable folder.
    let connection =
      try (try? SQLiteConnection(path: path, access: .readWrite, name: name))
      ?? SQLiteConnection(path: path, access: .readOnly, name: name)
    try checked { try connection.execute("pragma query_only = on; pragma mmap_size = 1073741824") }
    _ = try checked { try connection.integer("select count(*) from sqlite_schema") }
    return connection
  }

  func openForWriting() throws -> SQLiteConnection {
    makeFolder()
    let connection = try SQLiteConnection(path: path, access: .readWriteCreate, name: name)
    _ = try checked { try connection.integer("select count(*) from sqlite_schema") }
    return connection
  }

  /// Makes a database ready to be published into; until then nothing in it is changed.
  func prepare(_ connection: SQLiteConnection) throws {
    try checked {
      // Readers of a file in WAL mode need not wait for a publish. The change of mode does not wait
      // for others by itself; where they do not let go, the mode stays, which is as safe.
      for _ in 0..<300 where !Task.isCancelled {
        if (try? connection.execute("pragma journal_mode = wal")) != nil { break }
        usleep(100_000)
      }
      try connection.execute("pragma synchronous = normal; pragma secure_delete = off")
      try connection.execute(Self.publicationTable)
    }
  }

  static let publicationTable = """
    create table if not exists assetctl_publication (
      asset text primary key collate nocase,
      materialization text not null,
      object text not null,
      digest text not null,
      record text not null
    )
    """

  /// Names the warehouse in what SQLite says about the file as a whole.
  private func checked<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch WarehouseError.refused(let message, _) {
      throw WarehouseError.unusable(warehouse: name, reason: message)
    }
  }

  private func makeFolder() {
    for folder in PathText.folders(above: path) { mkdir(folder, 0o777) }
  }

  /// A text that differs whenever the content may differ, or `nil` if the last write is so recent
  /// that another one could have left the same.
  ///
  /// Every commit to a SQLite file in WAL mode is written to the log, and a checkpoint to the file,
  /// so one of their sizes or times changes. Of the log only the time of its content counts: to root
  /// SQLite gives it its owner anew whenever it is opened, just to read, too.
  func stamp() -> String? {
    var clock = timespec()
    clock_gettime(CLOCK_REALTIME, &clock)
    var parts = ["absent"]
    for suffix in ["", "-wal", "-journal"] {
      var status = stat()
      guard stat(path + suffix, &status) == 0 else {
        guard errno == ENOENT || errno == ENOTDIR else { return nil }
        continue
      }
      guard status.st_size > 0 || suffix.isEmpty else { continue }
      let modified = status.nanoseconds.modified
      let changed = suffix == "-wal" ? modified : status.nanoseconds.changed
      guard isSettled(changed: changed, now: clock.total) else { return nil }
      parts.append("\(suffix):\(status.st_ino):\(status.st_size):\(modified):\(changed)")
    }
    return parts.joined(separator: " ")
  }
}

extension stat {
  fileprivate var nanoseconds: (modified: Int64, changed: Int64) {
    #if canImport(Darwin)
      (st_mtimespec.total, st_ctimespec.total)
    #else
      (st_mtim.total, st_ctim.total)
    #endif
  }
}

extension timespec {
  fileprivate var total: Int64 { Int64(tv_sec) * 1_000_000_000 + Int64(tv_nsec) }
}
