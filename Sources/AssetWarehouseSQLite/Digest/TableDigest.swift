import AssetCore
import AssetWarehouse
import GRDBSQLite

extension SQLiteConnection {
  /// Digests a table's rows.
  ///
  /// Each row, projected on the consumed columns, is hashed to 128 bits. Rows are combined by
  /// addition modulo 2^128, which unlike exclusive-or keeps duplicates, together with their
  /// number; so the order of rows does not matter, and nothing else is forgiven. The digest also
  /// covers the names, declared types and collations of the consumed columns, in the table's order for the
  /// whole and by name otherwise.
  ///
  /// - Parameters:
  ///   - table: The name of a table or view; it must exist.
  ///   - consumptions: What to digest; a column that the table does not have counts as absent, which
  ///     is a content of its own. For none, no row is read.
  /// - Throws: A `WarehouseError` if the table cannot be read.
  /// - Returns: The digests and the columns; if any digest was asked for, also the number of rows, and
  ///   the sums of the values of those columns that were read.
  func content(of table: TableName, under consumptions: Set<Consumption>) throws -> Content {
    let columns = try self.columns(of: table)
    var details = ContentDetails(
      rows: nil, columns: columns.map { ColumnContent(name: $0.name, type: $0.type) })
    guard !consumptions.isEmpty else { return Content([:], details: details) }
    let scanned = ScannedColumns(
      columns, types: columns.map { $0.type + collation(of: $0.name, in: table) })
    let projections = consumptions.map { Projection($0, of: scanned) }
    // Consumptions that differ in what only has to be there read the same.
    let lists = Array(Set(projections.map(\.indices)))
    let used = Set(lists.joined()).sorted()

    let sums = try sums(
      of: table, used.map { columns[$0].name },
      lists: lists.map { list in
        list.compactMap(used.firstIndex)
      })
    details.rows = sums.rows
    for (place, index) in used.enumerated() {
      details.columns[index].digest = String(sums.sum(ofColumn: place), radix: 16)
    }
    var digests: [Consumption: ContentDigest] = [:]
    for projection in projections {
      guard let list = lists.firstIndex(of: projection.indices) else { continue }
      digests[projection.consumption] = projection.digest(
        sum: sums.sum(ofList: list), rows: sums.rows)
    }
    return Content(digests, details: details)
  }

  /// Scans a table once.
  private func sums(
    of table: TableName, _ columns: [String], lists: [[Int]]
  ) throws -> RowSums {
    var sums = RowSums(width: columns.count, lists: lists)
    let list = columns.map(quoted).joined(separator: ", ")
    let source = "from \(table.sql)"
    if columns.isEmpty {
      // Counting looks at no row.
      let statement = try prepare("select count(*) \(source)")
      defer { statement.end() }
      while try statement.step() { sums.add(emptyRows: Int(statement.integer(0))) }
      return sums
    }
    if columns.count <= sqlite3_limit(handle, SQLITE_LIMIT_FUNCTION_ARG, -1) {
      return try scan.run(sums) {
        let statement = try prepare("select assetctl_rows(\(list)) \(source)")
        defer { statement.end() }
        while try statement.step() {}
      }
    }
    let statement = try prepare("select \(list) \(source)")
    defer { statement.end() }
    while try statement.step() {
      sums.add { sqlite3_column_value(statement.pointer, Int32(truncatingIfNeeded: $0)) }
    }
    return sums
  }

  /// How a column compares texts, where that is not byte by byte; it decides what readers get.
  private func collation(of column: String, in table: TableName) -> String {
    var name: UnsafePointer<CChar>?
    let code = sqlite3_table_column_metadata(
      handle, table.schema, table.name, column, nil, &name, nil, nil, nil)
    guard code == SQLITE_OK, let name else { return "" }
    let collation = String(cString: name).lowercased()
    return collation == "binary" ? "" : " collate " + collation
  }

  /// The columns of a table or view, with the types that it declares.
  func columns(of table: TableName) throws -> [ProducedColumn] {
    let statement = try prepare("pragma \(table.pragma("table_xinfo"))")
    defer { statement.end() }
    var columns: [ProducedColumn] = []
    // Hidden columns (1) are not in `select *`; generated ones (2, 3) are.
    while try statement.step() {
      guard statement.integer(6) != 1 else { continue }
      columns.append(ProducedColumn(name: statement.text(1), type: statement.text(2).lowercased()))
    }
    guard !columns.isEmpty else { throw WarehouseError.missingTable(table.name) }
    return columns
  }
}

/// The columns of a table, to be found by their names.
private struct ScannedColumns {
  let columns: [ProducedColumn]
  /// The declared types with the collations.
  let types: [String]
  /// The positions by name in lower case.
  ///
  /// SQLite lets only the letters from a to z count without case, so `Ä` and `ä` may stand side by
  /// side; who reads one of them reads both.
  let positions: [String: [Int]]

  init(_ columns: [ProducedColumn], types: [String]) {
    self.columns = columns
    self.types = types
    positions = Dictionary(grouping: columns.indices) { columns[$0].name.lowercased() }
  }
}

/// The columns of a table that one consumption reads.
private struct Projection {
  let consumption: Consumption
  /// The positions of the columns in the table.
  let indices: [Int]
  private let header: [CanonicalForm.Field]

  init(_ consumption: Consumption, of table: ScannedColumns) {
    self.consumption = consumption
    switch consumption {
    case .whole:
      indices = Array(table.columns.indices)
      header = zip(table.columns, table.types).map { .init($0.name, $1) }
    case .columns(let read, let names):
      indices = read.flatMap { table.positions[$0] ?? [] }
      header =
        read.flatMap { name in
          (table.positions[name]?.map { table.types[$0] } ?? ["(absent)"]).map { .init(name, $0) }
        } + names.map { .init($0, table.positions[$0] == nil ? "(absent)" : "(there)") }
    }
  }

  func digest(sum: UInt128, rows: Int) -> ContentDigest {
    let isCount = if case .columns([], _) = consumption { true } else { false }
    let fields =
      header + [.init("rows", String(rows)), .init("sum", isCount ? "" : String(sum, radix: 16))]
    return ContentDigest(
      rawValue: "rows1:" + CanonicalForm(tag: "assetctl.rows.1", fields: fields).sha256)
  }
}
