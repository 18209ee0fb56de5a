package import AssetCore
import GRDB

extension StateStore {
  /// Forgets what is published of assets, as if they had never been materialized; the records of
  /// their materializations stay.
  package func forget(_ keys: [AssetKey]) throws {
    guard !keys.isEmpty else { return }
    try write { database in
      for key in keys {
        // With all partitions. Case does not count in this column, so that `[` comes next to `@`.
        try database.execute(
          sql: """
            delete from asset_state where target = ?1 and (asset = ?2 or asset >= ?2 || '@'
              and asset < ?2 || '[' and substr(asset, 1, length(?2) + 1) = ?2 || '@' collate nocase)
            """, arguments: [target, key.name])
      }
    }
  }

  /// The assets whose published materialization a run of this store made; those of other projects that
  /// share the warehouse are not among them.
  package func materializedHere() throws -> Set<AssetKey> {
    try read { database in
      let names = try String.fetchAll(
        database,
        sql: """
          select s.asset from asset_state s join materialization m on m.id = s.materialization_id
          join run r on r.id = m.run_id
          where s.target = ?
          """, arguments: [target])
      return Set(names.map { AssetKey(trusted: $0).asset })
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
