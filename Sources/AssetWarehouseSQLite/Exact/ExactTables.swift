import AssetCore
import AssetWarehouse
import GRDBSQLite

// Tables that hold just what a query gives.
//
// SQLite converts what is put into a column to the column's type, and `create table as` gives a column the
// type of the first expression that it is made of. So a type is kept only as long as it keeps every value as
// the query gave it; otherwise the column has none.

/// A column of a table that is made, with the type that it is to have.
struct WantedColumn {
  var name: String
  var type: String
  /// Whether that is what was declared, so that values are converted to it.
  var isDeclared: Bool
  /// Whether it is what SQLite tells of the query's expression.
  var isOfQuery = true

  /// What has to be known of its values.
  var asking: LossyTypes { isDeclared ? [] : LossyTypes(declared: type) }
}

extension SQLiteConnection {
  private static let shape = TableName("assetctl_shape", in: "temp")

  /// The columns of a query, with the types that SQLite tells of its expressions.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - names: The names that it gives, some of which `create table as` would change (`true`).
  /// - Throws: A `WarehouseError` if the query cannot be prepared.
  /// - Returns: The columns.
  func shape(of query: String, _ names: [String]) throws -> [ProducedColumn] {
    try execute("drop table if exists \(Self.shape.sql)")
    try execute("create table \(Self.shape.sql) as select * from (\n\(query)\n) limit 0")
    defer { try? execute("drop table \(Self.shape.sql)") }
    return zip(names, try columns(of: Self.shape)).map { ProducedColumn(name: $0, type: $1.type) }
  }

  /// Makes a table of what a query gives.
  ///
  /// - Parameters:
  ///   - table: The table as statements name it.
  ///   - query: The query.
  ///   - inputs: The tables and views that it reads.
  ///   - columns: Its columns; a type that does not keep every value is left out.
  ///   - guesses: The types that are likely to be found. If others are, the query is run once more.
  /// - Throws: A `WarehouseError` if the query fails.
  /// - Returns: The columns with the types that they have.
  func makeTable(
    _ table: String, from query: String, of inputs: Set<TableName>, _ columns: [WantedColumn],
    guessing guesses: [String]
  ) throws -> [ProducedColumn] {
    let asking = try doubts(about: columns, in: query, of: inputs)
    // What is not in doubt keeps its type.
    var types = zip(guesses, zip(columns, asking)).map { $1.1.isEmpty ? $1.0.type : $0 }
    var isRepeated = false
    while true {
      try createTable(
        table, zip(columns, types).map { ProducedColumn(name: $0.name, type: $1) })
      let lossy = try insert(query, into: table, asking: asking)
      var kept = zip(columns, lossy).map { $0.isDeclared ? $0.type : $1.kept($0.type) }
      // A query may give other values each time; types only go then.
      if isRepeated { kept = zip(kept, types).map { $1.isEmpty ? $1 : $0 } }
      if kept == types {
        return zip(columns, types).map { ProducedColumn(name: $0.name, type: $1) }
      }
      try execute("drop table \(table)")
      types = kept
      isRepeated = true
    }
  }

  func createTable(
    _ table: String, _ columns: [ProducedColumn], isStrict: Bool = false
  ) throws {
    let list = columns.map { "\(quoted($0.name)) \($0.type)" }.joined(separator: ", ")
    try execute("create table \(table) (\(list))" + (isStrict ? " strict" : ""))
  }

  /// Puts what a query gives into a table, and finds out which types would not keep its values.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - table: The table as statements name it.
  ///   - wanted: What is asked of each column.
  /// - Throws: A `WarehouseError` if the query fails.
  /// - Returns: What was found.
  func insert(
    _ query: String, into table: String, asking wanted: [LossyTypes]
  ) throws -> [LossyTypes] {
    guard wanted.contains(where: { !$0.isEmpty }) else {
      try execute("insert into \(table)\n\(query)")
      return wanted
    }
    // Each column is asked for once, so that SQLite makes no value twice.
    let source = "(\n\(query)\n)"
    let list = ValueWatch.list(try names(of: "select * from \(source)"), asking: wanted)
    return try watch.run(asking: wanted) {
      try execute("insert into \(table)\nselect \(list.joined(separator: ", ")) from \(source)")
    }
  }

  /// Which types would not keep the values of columns of a table.
  ///
  /// - Parameters:
  ///   - rows: The table as statements name it.
  ///   - names: The columns.
  ///   - wanted: What is asked of each.
  /// - Throws: A `WarehouseError` if the table cannot be read.
  /// - Returns: What was found.
  func lossyTypes(
    in rows: String, _ names: [String], asking wanted: [LossyTypes]
  ) throws -> [LossyTypes] {
    let list = zip(ValueWatch.list(names, asking: wanted), wanted).filter { !$1.isEmpty }
    guard !list.isEmpty else { return wanted }
    return try watch.run(asking: wanted) {
      let counts = list.map { "count(\($0.0))" }.joined(separator: ", ")
      try prepare("select \(counts) from \(rows)").runOnce()
    }
  }

  /// What is to be asked of the columns of a query: of a column that one expression makes, SQLite tells a
  /// type that its values have already.
  ///
  /// Not so where several queries are put together, whose first one decides, and for a `cast` as numeric,
  /// which leaves whole reals as they are.
  private func doubts(
    about columns: [WantedColumn], in query: String, of inputs: Set<TableName>
  ) throws -> [LossyTypes] {
    let mixes = try isAny(["union", "intersect", "except", "values"], in: query, of: inputs)
    let casts = try mixes || isAny(["cast"], in: query, of: inputs)
    return columns.map { column in
      mixes || !column.isOfQuery || (casts && column.type == "num") ? column.asking : []
    }
  }

  /// Whether a query, or a view that it may read, holds any of some words.
  private func isAny(
    _ words: [String], in query: String, of inputs: Set<TableName>
  ) throws -> Bool {
    if words.contains(where: query.holds(word:)) { return true }
    var schemas: Set<String> = []
    for input in inputs {
      switch try kind(of: input) {
      case .table, nil: continue
      case .other: return true
      case .view: schemas.insert(input.schema)
      }
    }
    return try schemas.contains { schema in
      let views = try prepare("select sql from \(quoted(schema)).sqlite_schema where type = 'view'")
      defer { views.end() }
      while try views.step() {
        if words.contains(where: views.text(0).holds(word:)) { return true }
      }
      return false
    }
  }

  private func names(of query: String) throws -> [String] {
    let statement = try prepare(query)
    defer { statement.end() }
    return statement.columnNames
  }

  /// Gives a table other columns; those of its rows that it keeps.
  ///
  /// - Parameters:
  ///   - table: The table's name.
  ///   - columns: The columns that it is to have.
  ///   - kept: Those whose values stay.
  ///   - isStrict: Whether it refuses values of other types.
  /// - Throws: A `WarehouseError` if a value does not fit.
  func reshape(
    _ table: String, to columns: [ProducedColumn], keeping kept: [ProducedColumn],
    isStrict: Bool = false
  ) throws {
    let new = "assetctl_reshaped"
    try execute("drop table if exists main.\(new)")
    try createTable("main.\(new)", columns, isStrict: isStrict)
    let list = kept.map { quoted($0.name) }.joined(separator: ", ")
    if !kept.isEmpty {
      try execute("insert into main.\(new) (\(list)) select \(list) from main.\(quoted(table))")
    }
    let belongings = try statements(of: table)
    try execute("drop table main.\(quoted(table))")
    try rename(new, to: table)
    // Those of columns that are gone are gone, too.
    for statement in belongings { try? execute(statement) }
  }

  /// The statements that made the indexes and triggers of a table.
  private func statements(of table: String) throws -> [String] {
    let statement = try cached(
      """
      select sql from main.sqlite_schema
      where tbl_name = ?1 collate nocase and type in ('index', 'trigger') and sql is not null
      """)
    defer { statement.end() }
    try statement.bind(.text(table), at: 1)
    var statements: [String] = []
    while try statement.step() { statements.append(statement.text(0)) }
    return statements
  }
}
