package import AssetCore
import GRDB

extension StateStore {
  /// The names of the columns that published tables have, in one read.
  ///
  /// - Parameter keys: The assets whose columns are wanted.
  /// - Throws: A ``StateError`` if the store cannot be read.
  /// - Returns: The names in the tables' order, for assets that were materialized as tables.
  package func columns(of keys: Set<AssetKey>) throws -> [AssetKey: [String]] {
    try read { database in
      let rows = try Row.fetchCursor(
        database,
        sql: """
          select s.asset, m.columns
          from asset_state s
          join materialization m on m.id = s.materialization_id
          where s.target = ? and m.columns is not null
          """, arguments: [target])
      var columns: [AssetKey: [String]] = [:]
      while let row = try rows.next() {
        let key = try row.key(0)
        guard keys.contains(key) else { continue }
        columns[key] = try row.decoded(1, as: [ProducedColumn].self).map(\.name)
      }
      return columns
    }
  }
}
