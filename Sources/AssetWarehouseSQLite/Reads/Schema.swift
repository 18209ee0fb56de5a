import AssetCore
import AssetWarehouse

/// What is known of a table or view that a query may read.
struct TableFacts: Equatable {
  enum Kind: Equatable { case table, view, virtual }

  /// As the schema writes it.
  var name: TableName
  var kind: Kind
  var shape = TableShape()
  /// Whether the database may rely on some column to be unique or never null.
  var isConstrained = false
}

extension SQLiteConnection {
  /// The facts on a table or view; `nil` if there is none of the name.
  func facts(on table: TableName) throws -> TableFacts? {
    let list = try cached(
      "select name, type, wr from pragma_table_list(?1) where schema = ?2 collate nocase")
    defer { list.end() }
    try list.bind(.text(table.name), at: 1)
    try list.bind(.text(table.schema), at: 2)
    guard try list.step() else { return nil }
    var facts = TableFacts(name: TableName(list.text(0), in: table.database), kind: .table)
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
    let columns = try prepare("pragma \(facts.name.pragma("table_xinfo"))")
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
    let indexes = try prepare("pragma \(facts.name.pragma("index_list"))")
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
  ///
  /// - Parameters:
  ///   - root: The page.
  ///   - database: The name of its database; `nil` for the main one.
  /// - Throws: A `WarehouseError` if the schema cannot be read.
  /// - Returns: The tree, or `nil` if there is none.
  func tree(
    at root: RootPage, in database: String?
  ) throws -> (tree: Tree, table: TableName)? {
    let schema = TableName("sqlite_schema", in: database)
    // The schema's own table, which does not list itself.
    guard root.page != 1 else { return (.table(schema.folded), schema) }
    let statement = try prepare(
      "select type, name, tbl_name from \(schema.sql) where rootpage = ?1")
    defer { statement.end() }
    try statement.bind(.integer(Int64(root.page)), at: 1)
    guard try statement.step() else { return nil }
    let table = TableName(statement.text(2), in: database)
    guard statement.text(0) == "index" else { return (.table(table.folded), table) }
    let columns = try indexedColumns(statement.text(1), of: table)
    return (.index(of: table.folded, columns: columns), table)
  }

  /// The name of the database at a position among those of the connection; `nil` for the main one.
  func database(at position: Int) throws -> String? {
    guard position != 0 else { return nil }
    let statement = try cached("select name from pragma_database_list where seq = ?1")
    defer { statement.end() }
    try statement.bind(.integer(Int64(position)), at: 1)
    return try statement.step() ? statement.text(0) : nil
  }

  /// The columns whose values decide how an index is filled and ordered; `nil` if these are not just
  /// the columns that it lists, as for an index on expressions or on some rows alone.
  private func indexedColumns(_ index: String, of table: TableName) throws -> Set<String>? {
    let list = try prepare("pragma \(table.pragma("index_list"))")
    defer { list.end() }
    var isPartial: Bool?
    while try list.step() {
      if list.text(1) == index { isPartial = list.integer(4) != 0 }
    }
    guard isPartial == false else { return nil }
    let info = try prepare("pragma \(TableName(index, in: table.database).pragma("index_xinfo"))")
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
