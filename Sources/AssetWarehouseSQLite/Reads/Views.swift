import AssetCore
import AssetWarehouse

extension SQLiteConnection {
  /// What the views of the database show, by the words of their texts.
  func origins() throws -> ViewOrigins {
    try verifySchema()
    var views: [String: Set<String>] = [:]
    let texts = try prepare("select name, sql from main.sqlite_schema where type = 'view'")
    defer { texts.end() }
    while try texts.step() { views[texts.text(0)] = QueryWords(texts.text(1)).names }
    var unknown: Set<String> = []
    let virtual = try prepare(
      "select name from main.sqlite_schema where type = 'table' and sql like 'create virtual%'")
    defer { virtual.end() }
    while try virtual.step() { unknown.insert(virtual.text(0)) }
    guard !unknown.isEmpty else { return ViewOrigins(views: views) }
    // What a virtual table keeps its content in follows no name that is written.
    let shadows = try prepare(
      "select name from pragma_table_list where schema = 'main' and type in ('shadow', 'virtual')")
    defer { shadows.end() }
    while try shadows.step() { unknown.insert(shadows.text(0)) }
    return ViewOrigins(views: views, unknown: unknown)
  }

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
