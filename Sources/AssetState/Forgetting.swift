package import AssetCore
import GRDB

extension StateStore {
  /// Forgets what is published of assets, as if they had never been materialized; the records of
  /// their materializations stay.
  package func forget(_ keys: [AssetKey]) throws {
    guard !keys.isEmpty else { return }
    try write { database in
      for key in keys {
        for table in ["asset_state", "table_content"] {
          try database.execute(
            sql: "delete from \(table) where target = ? and asset = ?",
            arguments: [target, key.name])
        }
      }
    }
  }

  /// The names of the newest runs of all targets, the newest first.
  package func newestRuns(limit: Int) throws -> [String] {
    try read { database in
      try String.fetchAll(
        database, sql: "select id from run order by id desc limit ?", arguments: [limit])
    }
  }
}
