import GRDB

extension StateStore {
  /// The runs that have no end; while the project's lock is held by the caller, they have died.
  package func unfinishedRuns() throws -> [String] {
    try read { database in
      try Row.fetchAll(database, sql: "select id from run where outcome is null")
        .map { try $0.run(0) }
    }
  }

  /// What a command printed when its program had this stamp; `nil` if it was not asked then.
  package func runtimeVersion(of command: String, at stamp: String) throws -> String? {
    try read { database in
      try String.fetchOne(
        database, sql: "select version from runtime_version where command = ? and stamp = ?",
        arguments: [command, stamp])
    }
  }

  /// Remembers what a command printed.
  package func remember(
    runtimeVersion version: String, of command: String, at stamp: String
  ) throws {
    try writeWithoutWaiting { database in
      try database.execute(
        sql: "insert or replace into runtime_version values (?, ?, ?)",
        arguments: [command, stamp, version])
    }
  }
}
