import AssetCore
import AssetWarehouse

extension SQLiteConnection {
  /// The views of the database by name, with all tables and views that each shows, in lower case.
  func views() throws -> [String: Set<String>] {
    try verifySchema()
    let statement = try prepare("select name, sql from main.sqlite_schema where type = 'view'")
    defer { statement.end() }
    var views: [String: Set<String>] = [:]
    while try statement.step() {
      let name = statement.text(0)
      views[name] = try shown(by: name, sql: statement.text(1))
    }
    return views
  }

  private func shown(by view: String, sql: String) throws -> Set<String> {
    let query = "select * from main.\(quoted(view))"
    let guardian = ReadGuard()
    do {
      try watched(by: guardian) { try prepare(query).end() }
      // What only `using` reads is seen by the program alone.
      guard let opened = try tablesOpened(by: query) else { return words(of: view, sql) }
      return Set(guardian.tables.union(opened).map(\.name)).subtracting([view.lowercased()])
    } catch is WarehouseError {
      // It shows nothing now, such as for a table that is gone; what it names may be what it is to show.
      return words(of: view, sql)
    }
  }

  private func words(of view: String, _ sql: String) -> Set<String> {
    QueryWords(sql).names.subtracting([view.lowercased()])
  }
}
