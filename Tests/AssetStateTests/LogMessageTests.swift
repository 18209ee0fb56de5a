import AssetCore
import AssetState
import AssetTestSupport
import GRDB
import Testing

/// What programs log is kept with the attempt in which they did.
@Suite struct LogMessageTests {
  let folder: TemporaryStore
  let store: StateStore

  init() throws {
    folder = try TemporaryStore()
    store = try StateStore.open(folder.path, target: "default")
  }

  private func end(
    _ outcome: Attempt.Outcome, in run: String, _ logged: LoggedMessages
  ) throws {
    try store.beginRun(run, command: "materialize", at: monday, assets: [])
    try store.endAttempt(
      AttemptEnd(
        asset: "daily", startedAt: monday, endedAt: monday, outcome: outcome, causes: [],
        materialization: outcome == .failed ? nil : materialization(in: run), logged: logged),
      attempt: nil, run: run)
  }

  private let messages = [
    LogMessage("INFO", "half way", at: monday), LogMessage("WARNING", "it is late", at: tuesday),
  ]

  @Test func `the messages of what is published are known, and those of a failure after it`() throws
  {
    #expect(try store.logs(of: "daily") == [])
    let first = LoggedMessages(messages, leftOut: 7)
    try end(.materialized, in: "run1", first)
    #expect(
      try store.logs(of: "daily") == [
        AttemptLog(run: "run1", outcome: .materialized, logged: first)
      ])

    let second = LoggedMessages([messages[1]])
    try end(.failed, in: "run2", second)
    #expect(
      try store.logs(of: "daily") == [
        AttemptLog(run: "run2", outcome: .failed, logged: second),
        AttemptLog(run: "run1", outcome: .materialized, logged: first),
      ])

    try end(.unchanged, in: "run3", LoggedMessages())
    #expect(try store.logs(of: "daily") == [])
  }

  @Test func `a view has them all, numbered among those that there were`() throws {
    try end(.failed, in: "run1", LoggedMessages(messages, leftOut: 7))

    let rows = try DatabaseQueue(path: folder.path).read { database in
      try Row.fetchAll(
        database,
        sql: """
          select asset, run, outcome, number, at, level, message from v_log_messages order by number
          """
      ).map { row in Array(row.databaseValues).map { String.fromDatabaseValue($0) ?? "\($0)" } }
    }
    #expect(
      rows == [
        ["daily", "run1", "failed", "8", "2026-11-21T09:14:03.000Z", "INFO", "half way"],
        ["daily", "run1", "failed", "9", "2026-11-22T09:14:03.000Z", "WARNING", "it is late"],
      ])
  }
}
