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
      let id = try last.run(0)
      let tried = try Row.fetchAll(
        database,
        sql: """
          select asset, outcome, max(id) from attempt where run_id = ? and target = ? group by asset
          """, arguments: [id, target]
      ).map { row in
        (try row.key(0), try row.outcomeIfAny(1))
      }
      let done = Set(tried.filter { $0.1 == .materialized || $0.1 == .unchanged }.map(\.0))
      // Of a run that an earlier version recorded, only what it tried is known.
      let names = try last.decodedIfAny(1, as: [String].self)
      let due = names.map { Set($0.map(AssetKey.init(trusted:))) } ?? Set(tried.map(\.0))
      let words = try last.text(2).split(separator: " ").map(String.init)
      return (id, words, due.subtracting(done))
    }
  }
}
