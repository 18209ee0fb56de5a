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

  /// A run of this target as it is recorded now.
  package func run(_ id: String) throws -> RunRecord? {
    try read { database in
      try Row.fetchOne(
        database,
        sql: """
          select command, started_at, ended_at, outcome from run where id = ? and target = ?
          """, arguments: [id, target]
      ).map { row in
        RunRecord(
          id: id, command: row[0], startedAt: Timestamp(milliseconds: row[1]),
          endedAt: (row[2] as Int64?).map(Timestamp.init(milliseconds:)), outcome: row[3],
          attempts: try attempts(of: id, in: database))
      }
    }
  }

  /// What read what when a run ended: the inputs of the materializations that were published then.
  ///
  /// - Parameter run: The name of the run.
  /// - Returns: The inputs that are assets, with what was consumed of them.
  /// - Throws: A ``StateError`` if the store cannot be read.
  package func lineage(
    after run: String
  ) throws -> [(input: AssetKey, asset: AssetKey, consumption: Consumption)] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          with ended as (
            select coalesce(ended_at, started_at) as at from run where id = ?1
          ),
          published as (
            select materialization_id as id, asset, row_number() over (
              partition by asset order by p.at desc, is_rollback desc, materialization_id desc) as age
            from publishing p, ended
            where target = ?2 and (p.at <= ended.at or run_id = ?1)
          )
          select i.input, p.asset, i.consumption
          from published p join materialization_input i on i.materialization_id = p.id
          where p.age = 1 and i.input not like 'file:%'
          order by p.asset, i.input
          """, arguments: [run, target]
      ).map { row in
        (AssetKey(trusted: row[0]), AssetKey(trusted: row[1]), try fromJSON(row[2] as String))
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
