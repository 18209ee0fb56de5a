package import AssetCore
import GRDB

extension StateStore {
  /// The runs of this target, the newest first.
  package func runs(limit: Int) throws -> [RunRecord] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          select id, command, started_at, ended_at, outcome from run where target = ?
          order by started_at desc, id desc limit ?
          """, arguments: [target, limit]
      ).map { row in
        RunRecord(
          id: row[0], command: row[1], startedAt: Timestamp(milliseconds: row[2]),
          endedAt: (row[3] as Int64?).map(Timestamp.init(milliseconds:)), outcome: row[4],
          attempts: try attempts(of: row[0], in: database))
      }
    }
  }

  private func attempts(of run: String, in database: Database) throws -> [RunRecord.Attempt] {
    try Row.fetchAll(
      database,
      sql: """
        select asset, started_at, ended_at, outcome, error from attempt where run_id = ?
        order by id
        """, arguments: [run]
    ).map { row in
      RunRecord.Attempt(
        asset: AssetKey(trusted: row[0]), startedAt: Timestamp(milliseconds: row[1]),
        endedAt: (row[2] as Int64?).map(Timestamp.init(milliseconds:)),
        outcome: (row[3] as String?).flatMap(Attempt.Outcome.init(rawValue:)), error: row[4])
    }
  }
}
