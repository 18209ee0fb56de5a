package import AssetCore
import GRDB

extension StateStore {
  /// Begins a run, and brings the catalog up to date.
  ///
  /// The caller holds the project's lock, so earlier runs without an end have died; they get the
  /// outcome `cancelled`.
  ///
  /// - Parameters:
  ///   - id: Its name.
  ///   - command: The selection it was started with, as words.
  ///   - time: When it began.
  ///   - assets: All that is declared.
  ///   - due: What it is to do.
  /// - Throws: A ``StateError`` if the store cannot be written.
  /// - Returns: The names of the runs that have died.
  @discardableResult
  package func beginRun(
    _ id: String, command: String, at time: Timestamp, assets: [Asset], due: [AssetKey] = []
  ) throws -> [String] {
    try write { database in
      let dead = try Row.fetchAll(database, sql: "select id from run where outcome is null")
        .map { try $0.run(0) }
      try database.execute(
        sql: """
          update run set outcome = 'cancelled', last_seen_at = max(
            started_at, coalesce(last_seen_at, 0),
            coalesce((select max(max(coalesce(ended_at, 0), started_at)) from attempt
              where run_id = run.id), 0))
          where outcome is null
          """)
      try database.execute(
        sql: "insert into run (id, target, command, started_at, due) values (?, ?, ?, ?, ?)",
        arguments: [id, target, command, time.milliseconds, try toJSON(due.map(\.name))])
      try recordCatalog(assets, in: database)
      return dead
    }
  }

  /// Takes note that a run went on at a time, if it has no end.
  package func noteSeen(_ id: String, at time: Timestamp) throws {
    let isUnfinished = try read { database in
      try Bool.fetchOne(
        database, sql: "select 1 from run where id = ? and outcome is null", arguments: [id])
    }
    guard isUnfinished == true else { return }
    try write { database in
      try database.execute(
        sql: "update run set last_seen_at = ? where id = ?", arguments: [time.milliseconds, id])
    }
  }

  /// Records the end of a run.
  ///
  /// - Parameters:
  ///   - id: Its name.
  ///   - outcome: What came of it.
  ///   - time: When it ended.
  ///   - due: What of its plan failed, was skipped or was cancelled.
  ///   - untried: What of it was not tried, and why.
  /// - Throws: A ``StateError`` if the store cannot be written.
  package func endRun(
    _ id: String, outcome: String, at time: Timestamp, due: [AssetKey] = [],
    untried: [RunRecord.Untried] = []
  ) throws {
    try write { database in
      try database.execute(
        sql: "update run set ended_at = ?, outcome = ?, due = ?, untried = ? where id = ?",
        arguments: [
          time.milliseconds, outcome, try toJSON(due.map(\.name)),
          untried.isEmpty ? nil : try toJSON(untried.map(RecordedUntried.init)), id,
        ])
    }
  }

  /// The runs of this target, the newest first.
  package func runs(limit: Int) throws -> [RunRecord] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          select \(Self.runColumns) from run where target = ?
          order by started_at desc, id desc limit ?
          """, arguments: [target, limit]
      ).map { try run($0, in: database) }
    }
  }

  /// A run of this target as it is recorded now.
  package func run(_ id: String) throws -> RunRecord? {
    try read { database in
      try Row.fetchOne(
        database, sql: "select \(Self.runColumns) from run where id = ? and target = ?",
        arguments: [id, target]
      ).map { try run($0, in: database) }
    }
  }

  /// The newest run of this target whose name begins so.
  package func newestRun(beginningWith name: String) throws -> RunRecord? {
    try read { database in
      try Row.fetchOne(
        database,
        sql: """
          select \(Self.runColumns) from run where target = ?1 and substr(id, 1, length(?2)) = ?2
          order by started_at desc, id desc limit 1
          """, arguments: [target, name]
      ).map { try run($0, in: database) }
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
            select coalesce(ended_at, last_seen_at, started_at) as at from run where id = ?1
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
        (try row.key(0), try row.key(1), try row.decoded(2))
      }
    }
  }
}

extension StateStore {
  private static let runColumns = "id, command, started_at, ended_at, last_seen_at, outcome"

  private func run(_ row: Row, in database: Database) throws -> RunRecord {
    let id = try row.run("id")
    return RunRecord(
      id: id, command: try row.text("command"), startedAt: try row.time("started_at"),
      endedAt: try row.timeIfAny("ended_at"), lastSeenAt: try row.timeIfAny("last_seen_at"),
      outcome: try row.textIfAny("outcome"),
      attempts: try attempts(of: id, in: database), metrics: try metrics(of: id, in: database))
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
        asset: try row.key(0), startedAt: try row.time(1), endedAt: try row.timeIfAny(2),
        outcome: try row.outcomeIfAny(3), error: try row.textIfAny(4))
    }
  }

  /// The metrics of what a run materialized, compared with the materialization before each.
  private func metrics(
    of run: String, in database: Database
  ) throws -> [AssetKey: [MetricComparison]] {
    var metrics: [AssetKey: [MetricComparison]] = [:]
    let rows = try Row.fetchCursor(
      database,
      sql: """
        select m.asset, m.metrics, (
          select p.metrics from materialization p
          where p.target = m.target and p.asset = m.asset
            and (p.finished_at, p.id) < (m.finished_at, m.id)
          order by p.finished_at desc, p.id desc limit 1)
        from materialization m where m.run_id = ? and m.metrics is not null and m.target = ?
        """, arguments: [run, target])
    while let row = try rows.next() {
      metrics[try row.key(0)] = MetricComparison.comparing(
        try row.decoded(1), with: try row.decodedIfAny(2) ?? [:])
    }
    return metrics
  }
}
