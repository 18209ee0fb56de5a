package import AssetCore
import GRDB

/// One time that a materialization was published.
package struct Publishing: Equatable, Sendable {
  package var materialization: String
  package var run: String
  package var at: Timestamp
  /// Whether it had been published before, and was kept.
  package var isRollback: Bool

  package init(materialization: String, run: String, at: Timestamp, isRollback: Bool) {
    self.materialization = materialization
    self.run = run
    self.at = at
    self.isRollback = isRollback
  }
}

extension StateStore {
  /// What was published of an asset, the newest first.
  package func publishings(of key: AssetKey, limit: Int) throws -> [Publishing] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          select materialization_id, run_id, at, is_rollback from publishing
          where target = ? and asset = ? order by at desc, is_rollback desc, run_id desc limit ?
          """, arguments: [target, key.name, limit]
      ).map { row in
        Publishing(
          materialization: try row.text(0), run: try row.run(1), at: try row.time(2),
          isRollback: try row.flag(3))
      }
    }
  }

  /// Records that a version which was kept is published again.
  ///
  /// - Parameters:
  ///   - record: Its materialization.
  ///   - run: The run that published it.
  ///   - times: When that began, and when it was done.
  /// - Throws: A ``StateError`` if the store cannot be written; then nothing is recorded.
  package func recordRollback(
    to record: Materialization, run: String, times: (started: Timestamp, ended: Timestamp)
  ) throws {
    try write { database in
      try database.execute(
        sql: """
          insert into attempt
            (run_id, target, asset, started_at, ended_at, outcome, causes, restored)
          values (?, ?, ?, ?, ?, ?, '[]', ?)
          """,
        arguments: [
          run, target, record.asset.name, times.started.milliseconds, times.ended.milliseconds,
          Attempt.Outcome.rolledBack.rawValue, record.id,
        ])
      try point(record.asset, toAttempt: database.lastInsertedRowID, in: database)
      try insert(record, definition: nil, in: database)
    }
  }

  /// The materialization of an id, with all its details.
  package func materialization(_ id: String) throws -> Materialization? {
    try read { database in
      try Row.fetchOne(
        database, sql: "select * from materialization where id = ? and target = ?",
        arguments: [id, target]
      ).map { try materialization($0, in: database) }
    }
  }

  /// How long materializations took before those that are published now.
  ///
  /// - Parameters:
  ///   - published: The materializations that are published now, by asset.
  ///   - limit: How many of each asset to look at, the newest ones.
  /// - Throws: A ``StateError`` if the store cannot be read.
  /// - Returns: The durations in milliseconds, by asset.
  package func earlierDurations(
    than published: [AssetKey: Materialization], limit: Int
  ) throws -> [AssetKey: [Int64]] {
    try read { database in
      let statement = try database.cachedStatement(
        sql: """
          select duration_ms from materialization
          where target = ? and asset = ? and finished_at < ? order by finished_at desc limit ?
          """)
      return try published.mapValues { last in
        try Row.fetchAll(
          statement,
          arguments: [target, last.asset.name, last.finishedAt.milliseconds, limit]
        ).map { try $0.integer(0) }
      }
    }
  }
}
