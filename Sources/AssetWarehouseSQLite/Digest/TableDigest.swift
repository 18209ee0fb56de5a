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
  ///     is a content of its own.
  /// - Throws: A `WarehouseError` if the table cannot be read.
  /// - Returns: The digests, the number of rows and the columns.
  func content(of table: String, under consumptions: Set<Consumption>) throws -> Content {
    let columns = try self.columns(of: table)
    let types = columns.map { $0.type + collation(of: $0.name, in: table) }
    let projections = consumptions.map { Projection($0, of: columns, types: types) }
    let used = Set(projections.flatMap(\.indices)).sorted()
    let position = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
    var sums = [UInt128](repeating: 0, count: projections.count)
    let orders = projections.map { $0.indices.compactMap { position[$0] } }

    let list = used.isEmpty ? "1" : used.map { quoted(columns[$0].name) }.joined(separator: ", ")
    let statement = try prepare("select \(list) from main.\(quoted(table))")
    defer { statement.end() }
    var rows = 0
    try withUnsafeTemporaryAllocation(of: CellHash.self, capacity: max(1, used.count)) { cells in
      guard let cell = cells.baseAddress else { return }
      while try statement.step() {
        rows += 1
        for column in 0..<used.count {
          cell[column] = RowHash.cell(statement.pointer, Int32(column))
        }
        for (index, order) in orders.enumerated() {
          sums[index] &+= RowHash.row(cell, order)
        }
      }
    }
    var digests: [Consumption: ContentDigest] = [:]
    for (projection, sum) in zip(projections, sums) {
      digests[projection.consumption] = projection.digest(sum: sum, rows: rows)
    }
    return Content(
      digests,
      details: ContentDetails(
        rows: rows, columns: columns.map { ColumnContent(name: $0.name, type: $0.type) }))
  }

  /// How a column compares texts, where that is not byte by byte; it decides what readers get.
  private func collation(of column: String, in table: String) -> String {
    var name: UnsafePointer<CChar>?
    let code = sqlite3_table_column_metadata(
      handle, "main", table, column, nil, &name, nil, nil, nil)
    guard code == SQLITE_OK, let name else { return "" }
    let collation = String(cString: name).lowercased()
    return collation == "binary" ? "" : " collate " + collation
  }

  /// The columns of a table or view, with the types that it declares.
  func columns(of table: String) throws -> [ProducedColumn] {
    let statement = try prepare("pragma main.table_xinfo(\(quoted(table)))")
    defer { statement.end() }
    var columns: [ProducedColumn] = []
    // Hidden columns (1) are not in `select *`; generated ones (2, 3) are.
    while try statement.step() {
      guard statement.integer(6) != 1 else { continue }
      columns.append(ProducedColumn(name: statement.text(1), type: statement.text(2).lowercased()))
    }
    guard !columns.isEmpty else { throw WarehouseError.missingTable(table) }
    return columns
  }
}

/// The columns of a table that one consumption reads.
private struct Projection {
  let consumption: Consumption
  /// The positions of the columns in the table.
  let indices: [Int]
  private let header: [CanonicalForm.Field]

  init(_ consumption: Consumption, of columns: [ProducedColumn], types: [String]) {
    self.consumption = consumption
    switch consumption {
    case .whole:
      indices = Array(columns.indices)
      header = zip(columns, types).map { .init($0.name, $1) }
    case .columns(let read, let names):
      func index(_ name: String) -> Int? { columns.firstIndex { $0.name.lowercased() == name } }
      let found = read.map(index)
      indices = found.compactMap { $0 }
      header =
        zip(read, found).map { name, index in
          .init(name, index.map { types[$0] } ?? "(absent)")
        } + names.map { .init($0, index($0) == nil ? "(absent)" : "(there)") }
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
