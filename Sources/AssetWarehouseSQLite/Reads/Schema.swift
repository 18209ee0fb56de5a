import AssetWarehouse

/// What is known of a table or view that a query may read.
struct TableFacts: Equatable {
  enum Kind: Equatable { case table, view, virtual }

  /// As the schema writes it.
  var name: String
  var kind: Kind
  var shape = TableShape()
  /// Whether the database may rely on some column to be unique or never null.
  var isConstrained = false
}

extension SQLiteConnection {
  /// The facts on a table or view of the main schema; `nil` if there is none of the name.
  func facts(on table: String) throws -> TableFacts? {
    let list = try cached(
      "select name, type, wr from pragma_table_list(?1) where schema = 'main'")
    defer { list.end() }
    try list.bind(.text(table), at: 1)
    guard try list.step() else { return nil }
    var facts = TableFacts(name: list.text(0), kind: .table)
    switch list.text(1) {
    case "table": break
    case "view": facts.kind = .view
    default: facts.kind = .virtual
    }
    guard facts.kind == .table else { return facts }
    facts.shape.isPlain = list.integer(2) == 0
    try readColumns(into: &facts)
    return facts
  }

  private func readColumns(into facts: inout TableFacts) throws {
    var keys: [(name: String, type: String)] = []
    let columns = try prepare("pragma main.table_xinfo(\(quoted(facts.name)))")
    defer { columns.end() }
    while try columns.step() {
      let name = columns.text(1).lowercased()
      facts.shape.columns.append(name)
      if columns.integer(3) != 0 { facts.isConstrained = true }
      if columns.integer(5) != 0 { keys.append((name, columns.text(2).lowercased())) }
      // Generated columns, of which some are not stored.
      if columns.integer(6) != 0 { facts.shape.isPlain = false }
    }
    var hasKeyIndex = false
    let indexes = try prepare("pragma main.index_list(\(quoted(facts.name)))")
    defer { indexes.end() }
    while try indexes.step() {
      if indexes.integer(2) != 0 { facts.isConstrained = true }
      if indexes.text(3) == "pk" { hasKeyIndex = true }
    }
    if !keys.isEmpty { facts.isConstrained = true }
    // Only such a column is the row's number, and then it needs no index.
    if facts.shape.isPlain, keys.count == 1, keys[0].type == "integer", !hasKeyIndex {
      facts.shape.key = keys[0].name
    }
  }

  /// The table or index that has the root page, and the name of its table as the schema writes it.
  func tree(at root: Int) throws -> (tree: Tree, table: String)? {
    // The schema's own table, which does not list itself.
    guard root != 1 else { return (.table("sqlite_schema"), "sqlite_schema") }
    let statement = try cached(
      "select type, name, tbl_name from main.sqlite_schema where rootpage = ?1")
    defer { statement.end() }
    try statement.bind(.integer(Int64(root)), at: 1)
    guard try statement.step() else { return nil }
    let table = statement.text(2)
    guard statement.text(0) == "index" else { return (.table(table.lowercased()), table) }
    let columns = try indexedColumns(statement.text(1), of: table)
    return (.index(of: table.lowercased(), columns: columns), table)
  }

  /// The columns whose values decide how an index is filled and ordered; `nil` if these are not just
  /// the columns that it lists, as for an index on expressions or on some rows alone.
  private func indexedColumns(_ index: String, of table: String) throws -> Set<String>? {
    let list = try prepare("pragma main.index_list(\(quoted(table)))")
    defer { list.end() }
    var isPartial: Bool?
    while try list.step() {
      if list.text(1) == index { isPartial = list.integer(4) != 0 }
    }
    guard isPartial == false else { return nil }
    let info = try prepare("pragma main.index_xinfo(\(quoted(index)))")
    defer { info.end() }
    var columns: Set<String> = []
    while try info.step() {
      switch info.integer(1) {
      case 0...: columns.insert(info.text(2).lowercased())
      // The row's number, which is a column only where a column is it.
      case -1: break
      default: return nil
      }
    }
    return columns
  }
}
