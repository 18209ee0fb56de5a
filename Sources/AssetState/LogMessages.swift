package import AssetCore
import GRDB

extension StateStore {
  /// What an asset's program logged when it made what is published, and, if that was not the last
  /// attempt, in the last one; the newest first.
  ///
  /// Attempts without a message are left out.
  package func logs(of key: AssetKey) throws -> [AttemptLog] {
    try read { database in
      try Row.fetchAll(
        database,
        sql: """
          select a.id, a.run_id, a.outcome
          from asset_state s
          left join materialization m on m.id = s.materialization_id
          join attempt a on a.id in (
            s.attempt_id,
            (select max(id) from attempt
              where run_id = m.run_id and target = s.target and asset = s.asset
                and outcome in ('materialized', 'unchanged')))
          where s.target = ? and s.asset = ?
          order by a.id desc
          """, arguments: [target, key.name]
      ).compactMap { row in
        guard let outcome = try row.outcomeIfAny(2) else { return nil }
        let logged = try logged(inAttempt: try row.integer(0), in: database)
        return logged.messages.isEmpty
          ? nil : AttemptLog(run: try row.run(1), outcome: outcome, logged: logged)
      }
    }
  }

  private func logged(inAttempt id: Int64, in database: Database) throws -> LoggedMessages {
    var first: Int?
    let messages = try Row.fetchAll(
      database,
      sql: """
        select number, level, message, at from log_message where attempt_id = ? order by number
        """, arguments: [id]
    ).map { row in
      let number = try row.count(0)
      first = first ?? number
      return LogMessage(try row.text(1), try row.text(2), at: try row.time(3))
    }
    return LoggedMessages(messages, leftOut: (first ?? 1) - 1)
  }

  /// Records what was logged in an attempt; messages are numbered among all that there were.
  func insert(_ logged: LoggedMessages, of attempt: Int64, in database: Database) throws {
    guard !logged.messages.isEmpty else { return }
    let statement = try database.makeStatement(
      sql: """
        insert into log_message (attempt_id, number, at, level, message) values (?, ?, ?, ?, ?)
        """)
    for (index, message) in logged.messages.enumerated() {
      try statement.execute(arguments: [
        attempt, logged.leftOut + index + 1, message.time.milliseconds, message.level, message.text,
      ])
    }
  }
}
