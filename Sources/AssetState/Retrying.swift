package import AssetCore
import GRDB

extension StateStore {
  /// What the last run of this target did not bring up to date: what failed, was skipped or was
  /// cancelled, and of a run that was killed what it had not done.
  ///
  /// - Throws: A ``StateError`` if the store cannot be read.
  /// - Returns: The run, the words that it was started with, and the assets; `nil` if there was none.
  package func lastRun() throws -> (id: String, words: [String], undone: Set<AssetKey>)? {
    try read { database in
      let last = try Row.fetchOne(
        database,
        sql: """
          select id, due, command from run where target = ? and command not like 'rollback %'
          order by started_at desc, id desc limit 1
          """, arguments: [target])
      guard let last else { return nil }
      let id: String = last[0]
      let tried = try Row.fetchAll(
        database,
        sql: """
          select asset, outcome, max(id) from attempt where run_id = ? and target = ? group by asset
          """, arguments: [id, target]
      ).map { row in
        (
          AssetKey(trusted: row[0]),
          (row[1] as String?).flatMap(Attempt.Outcome.init(rawValue:))
        )
      }
      let done = Set(tried.filter { $0.1 == .materialized || $0.1 == .unchanged }.map(\.0))
      // Of a run that an earlier version recorded, only what it tried is known.
      let names = try (last[1] as String?).map { try fromJSON($0) as [String] }
      let due = names.map { Set($0.map(AssetKey.init(trusted:))) } ?? Set(tried.map(\.0))
      let words = (last[2] as String).split(separator: " ").map(String.init)
      return (id, words, due.subtracting(done))
    }
  }
}
