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

  /// The views, virtual tables and targets of triggers of the database, each with what it follows.
  func followers() throws -> [String: Set<String>] {
    var followers: [String: Set<String>] = [:]
    for (view, shown) in try views() {
      followers[view.lowercased(), default: []].formUnion(shown.map { $0.lowercased() })
    }
    let statement = try prepare(
      "select type, lower(name), lower(tbl_name), sql from main.sqlite_schema where sql is not null"
    )
    defer { statement.end() }
    var tables: Set<String> = []
    var triggers: [(table: String, words: Set<String>)] = []
    while try statement.step() {
      let (name, sql) = (statement.text(1), statement.text(3))
      switch statement.text(0) {
      case "trigger": triggers.append((statement.text(2), QueryWords(sql).names))
      case "table":
        tables.insert(name)
        // What an extension shows is known to it alone.
        if sql.lowercased().hasPrefix("create virtual") { followers[name] = ["*"] }
      default: break
      }
    }
    for trigger in triggers {
      for name in trigger.words.intersection(tables) where name != trigger.table {
        followers[name, default: []].insert(trigger.table)
      }
    }
    return followers
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
