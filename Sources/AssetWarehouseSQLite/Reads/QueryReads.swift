import AssetCore
import AssetWarehouse
import GRDBSQLite

/// What carrying out a query reads, and the facts on the tables that may be read.
private struct QueryReads {
  /// By lower-case name.
  var tables: [TableName: TableReads]
  var facts: [TableName: TableFacts]

  func name(_ table: TableName) -> TableName { facts[table]?.name ?? table }
}

extension SQLiteConnection {
  /// What the program that SQLite makes of a query reads of each table.
  ///
  /// That is, as long as the tables keep their columns, indexes and constraints; another value in a
  /// column that is not named cannot change the rows that the query gives.
  ///
  /// - Parameters:
  ///   - query: One query that only reads.
  ///   - tables: The tables that it may read. Views and virtual tables among them are read whole, and
  ///     what is read behind a view counts only for tables that are named here.
  /// - Throws: A `WarehouseError` if the query is refused.
  /// - Returns: What is read of each table, and of any other that is read; `nil` if it reads
  ///   something that is no table of the database.
  func programReads(of query: String, tables: Set<TableName>) throws -> [TableName: Consumption]? {
    guard let reads = try queryReads(of: query, tables: tables) else { return nil }
    return consumptions(reads, tables: tables) { _, columns in Consumption(columns: columns) }
  }

  /// What a query reads of each table, so that it stays true whatever becomes of the tables.
  ///
  /// A digest under these consumptions changes whenever the result may, also if columns come or go
  /// and make names mean something else, or if a constraint goes on which the program relied. For
  /// that every word of the query is watched as a name. Where a query means columns that it does
  /// not name, by `*` or `natural`, tables are read whole.
  ///
  /// - Parameters:
  ///   - query: One query that only reads.
  ///   - tables: The tables that it may read.
  /// - Throws: A `WarehouseError` if the query is refused.
  /// - Returns: What is read of each table, and of any other that is read; `nil` if it reads
  ///   something that is no table of the database.
  func lastingReads(of query: String, tables: Set<TableName>) throws -> [TableName: Consumption]? {
    guard let reads = try queryReads(of: query, tables: tables) else { return nil }
    let words = QueryWords(query)
    return consumptions(reads, tables: tables) { table, columns in
      guard !words.meansUnnamed, let facts = reads.facts[table] else { return .whole }
      // What is left out because of a constraint would count without it.
      let relied = facts.isConstrained ? words.names.intersection(facts.shape.columns) : []
      return Consumption(columns: columns.union(relied), names: words.names)
    }
  }

  private func consumptions(
    _ reads: QueryReads, tables: Set<TableName>,
    _ consumption: (_ table: TableName, _ columns: Set<String>) -> Consumption
  ) -> [TableName: Consumption] {
    func consumed(_ table: TableName) -> Consumption {
      if let facts = reads.facts[table], facts.kind != .table { return .whole }
      switch reads.tables[table] ?? .columns([]) {
      case .whole: return .whole
      case .columns(let columns): return consumption(table, columns)
      }
    }
    var result: [TableName: Consumption] = [:]
    for table in tables { result[table] = consumed(table.folded) }
    let others = Set(reads.tables.keys).subtracting(tables.map(\.folded))
    for table in others { result[reads.name(table)] = consumed(table) }
    return result
  }

  /// Reads a query's program, and takes away what is read behind views that may be read.
  private func queryReads(of query: String, tables: Set<TableName>) throws -> QueryReads? {
    try verifySchema()
    let guardian = ReadGuard()
    try watched(by: guardian) { try prepare(query).end() }
    guard var reads = try compiledReads(of: query) else { return nil }
    let wanted = Set(tables.map(\.folded))
    for table in wanted where reads.facts[table] == nil {
      reads.facts[table] = try facts(on: table)
    }
    // Where row numbers are no column, nothing but the whole comes near to them.
    for table in guardian.numbered where reads.tables[table] != nil {
      reads.tables[table] = .whole
    }
    guard try addVirtualTables(guardian.tables, to: &reads) else { return nil }
    var behindViews: Set<TableName> = []
    for table in wanted where reads.facts[table]?.kind == .view {
      let view = try compiledReads(of: "select * from \(table.sql)")
      behindViews.formUnion(view?.tables.keys.map { $0 } ?? [])
    }
    for table in behindViews.subtracting(wanted) { reads.tables[table] = nil }
    return reads
  }

  /// Notes virtual tables, which the program opens without saying which they are.
  ///
  /// - Returns: Whether all that is read is a table, or a function of its arguments alone.
  private func addVirtualTables(_ tables: Set<TableName>, to reads: inout QueryReads) throws -> Bool
  {
    let functions: Set<TableName> = ["json_each", "json_tree", "generate_series"]
    for table in tables where reads.tables[table] == nil {
      let known = try reads.facts[table] ?? facts(on: table)
      reads.facts[table] = known
      switch known?.kind {
      case .table, .view: break
      case .virtual where !functions.contains(table): reads.tables[table] = .whole
      case .virtual: break
      case nil: guard functions.contains(table) || !canRead(table) else { return false }
      }
    }
    return true
  }

  /// Whether a name that the schema does not know can be read nevertheless, as some virtual tables
  /// can; otherwise it was a common table expression.
  private func canRead(_ table: TableName) -> Bool {
    let name = table.database == nil ? quoted(table.name) : table.sql
    guard let statement = try? prepare("select 1 from \(name)") else { return false }
    statement.end()
    return true
  }

  /// The tables that the program of a query opens, in lower case; `nil` if it opens something else, too.
  func tablesOpened(by query: String) throws -> Set<TableName>? {
    try compiledReads(of: query).map { Set($0.tables.keys.map(\.folded)) }
  }

  /// Reads the program that SQLite makes of a query.
  private func compiledReads(of query: String) throws -> QueryReads? {
    let alone = try prepare(query)
    defer { alone.end() }
    guard sqlite3_stmt_readonly(alone.pointer) != 0 else {
      throw WarehouseError.refused(message: "the query does more than read", offset: nil)
    }
    let program = try instructions(of: query)
    var trees: [RootPage: Tree] = [:]
    var facts: [TableName: TableFacts] = [:]
    for instruction in program where CursorUse(opcode: instruction.opcode) == .open {
      let root = instruction.rootPage
      // Nothing is said of a page that is known only later.
      let isRegister = instruction.p5 & 0x10 != 0
      guard !isRegister, root.database != 1,
        let found = try tree(at: root, in: database(at: root.database))
      else {
        return nil
      }
      trees[root] = found.tree
      if facts[found.tree.table] == nil {
        facts[found.tree.table] = try self.facts(on: found.table)
      }
    }
    let reads = ProgramReads(program, trees: trees, shapes: facts.mapValues(\.shape))
    return QueryReads(tables: reads.tables, facts: facts)
  }

  private func instructions(of query: String) throws -> [Instruction] {
    let statement = try prepare("explain " + query)
    defer { statement.end() }
    var program: [Instruction] = []
    while try statement.step() {
      program.append(
        Instruction(
          opcode: statement.text(1), p1: Int(statement.integer(2)), p2: Int(statement.integer(3)),
          p3: Int(statement.integer(4)), p5: Int(statement.integer(6))))
    }
    return program
  }
}
