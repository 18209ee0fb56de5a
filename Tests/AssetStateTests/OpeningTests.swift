import AssetCore
import AssetState
import AssetTestSupport
import Foundation
import GRDB
import Testing

/// A path for a store, in a folder that is removed with the last reference.
final class TemporaryStore {
  let path: String
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "state-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "state.sqlite").path
  }

  deinit { try? FileManager.default.removeItem(at: folder) }
}

@Suite struct OpeningTests {
  let folder: TemporaryStore

  init() throws { folder = try TemporaryStore() }

  private func open() throws -> StateStore { try StateStore.open(folder.path, target: "default") }

  @Test func `a store is made where there is none, and opened again as it was`() throws {
    try open().record(materialization())

    #expect(try open().materializations(of: "daily", limit: 5) == [materialization()])
  }

  @Test func `a store of a newer version is refused, and left as it is`() throws {
    try open().record(materialization())
    let names = "select identifier from grdb_migrations order by 1"
    let known = try DatabaseQueue(path: folder.path).write { database in
      try database.execute(sql: "insert into grdb_migrations values ('99')")
      return try String.fetchAll(database, sql: names)
    }

    #expect(throws: StateError.newer(path: folder.path)) { try open() }

    let migrations = try DatabaseQueue(path: folder.path).read { database in
      try String.fetchAll(database, sql: names)
    }
    #expect(known.contains("1") && known.contains("99"))
    #expect(migrations == known)
  }

  @Test func `a file that is no store is refused, and left as it is`() throws {
    let bytes = Data("this is no database, it is a text of some length".utf8)
    try bytes.write(to: URL(fileURLWithPath: folder.path))

    #expect(throws: StateError.corrupt(path: folder.path)) { try open() }

    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path)) == bytes)
  }

  @Test func `a store that was cut off is refused`() throws {
    try open().record(materialization())
    try DatabaseQueue(path: folder.path).writeWithoutTransaction { database in
      try database.execute(sql: "pragma wal_checkpoint(truncate)")
    }
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: folder.path))
    try handle.truncate(atOffset: 5000)
    try handle.close()

    #expect(throws: StateError.corrupt(path: folder.path)) { try open().history() }
  }

  @Test func `a store in a folder that is not there cannot be written`() throws {
    let path = folder.path + "/nowhere/state.sqlite"

    #expect(throws: StateError.notWritable(path: path)) {
      try StateStore.open(path, target: "default")
    }
  }

  @Test(
    arguments: [
      (
        .corrupt(path: "p"),
        Diagnostic(
          "the state store `p` is not a whole SQLite file",
          hint: "move it away: what the warehouse holds is then recognized from its publications, "
            + "and only files are made anew")
      ),
      (
        .locked(path: "p"),
        Diagnostic(
          "another program keeps the state store `p` locked",
          hint: "close what has it open, such as a `sqlite3` shell with an open transaction")
      ),
      (
        .notWritable(path: "p"),
        Diagnostic(
          "the state store `p` cannot be written",
          hint: "check the rights on the file and its folder")
      ),
      (
        .newer(path: "p"),
        Diagnostic(
          "the state store `p` was written by a newer assetctl",
          hint: "use that version; nothing was changed")
      ),
      (
        .failed(path: "p", reason: "disk I/O error"),
        Diagnostic("the state store `p` cannot be used: disk I/O error")
      ),
    ] as [(StateError, Diagnostic)])
  func `every error says what to do`(error: StateError, diagnostic: Diagnostic) {
    #expect(error.diagnostics == [diagnostic])
  }
}
