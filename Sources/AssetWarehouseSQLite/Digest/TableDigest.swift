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
      columns, types: columns.map { $0.type + collation(of: $0.name, in: table) },
      isView: try kind(of: table) != .table)
    var digests: [Consumption: ContentDigest] = [:]
    var rest = consumptions
    for (cut, sliced) in try quickSlices(of: table, consumptions, scanned) {
      // One scan gives what concerns all rows, too.
      let together = sliced.union(rest.filter { $0.isOfAllRows })
      let scan = try scan(table, together, scanned, cut: cut)
      digests.merge(scan.digests) { first, _ in first }
      details.note(scan.details)
      rest.subtract(together)
    }
    for consumption in rest where !consumption.isOfAllRows {
      let scan: Content
      do {
        scan = try self.scan(table, [consumption], scanned)
      } catch WarehouseError.refused(let message, _) where consumption.filter != nil {
        // A condition that cannot be judged concerns who declares it, and nobody else.
        digests[consumption] = ContentDigest(rawValue: "refused1:" + message)
        continue
      }
      digests.merge(scan.digests) { first, _ in first }
      // Where nothing else is asked for, that is all there is to tell.
      if consumptions.count == 1 { details.note(scan.details) }
    }
    let whole = rest.filter(\.isOfAllRows)
    if !whole.isEmpty {
      let scan = try scan(table, whole, scanned)
      digests.merge(scan.digests) { first, _ in first }
      details.note(scan.details)
    }
    return Content(digests, details: details)
  }

  /// Slices of which many are told apart by one scan, by their column: where we compare values as SQLite
  /// does.
  private func quickSlices(
    of table: TableName, _ consumptions: Set<Consumption>, _ scanned: ScannedColumns
  ) throws -> [(cut: Int, consumptions: Set<Consumption>)] {
    let byColumn = Dictionary(grouping: consumptions.filter { $0.cut != nil }) {
      $0.cut?.column ?? ""
    }
    guard byColumn.values.contains(where: { $0.count > 2 }) else { return [] }
    guard try kind(of: table) == .table, try encoding() == "UTF-8" else { return [] }
    return byColumn.sorted { $0.key < $1.key }.compactMap { column, sliced in
      guard sliced.count > 2, let place = scanned.positions[column]?.first,
        scanned.positions[column]?.count == 1,
        scanned.types[place] == scanned.columns[place].type,
        SliceCuts(
          sliced.compactMap(\.cut), column: 0,
          affinity: Affinity(declared: scanned.columns[place].type)) != nil
      else { return nil }
      return (place, Set(sliced))
    }
  }

  private func encoding() throws -> String {
    let statement = try cached("pragma encoding")
    defer { statement.end() }
    return try statement.step() ? statement.text(0) : ""
  }

  /// Scans a table once for consumptions of all rows, and of slices: of one of them alone, or of many that
  /// the values of one column tell apart.
  private func scan(
    _ table: TableName, _ consumptions: Set<Consumption>, _ scanned: ScannedColumns, cut: Int? = nil
  ) throws -> Content {
    let columns = scanned.columns
    let projections = consumptions.map { Projection($0, of: scanned) }
    // Consumptions that differ in what only has to be there read the same.
    let lists = Array(Set(projections.map(\.indices)))
    let used = Set(lists.joined()).union(cut.map { [$0] } ?? []).sorted()
    let affinity = cut.map { Affinity(declared: columns[$0].type) } ?? .none
    let cuts = cut.flatMap { place in
      used.firstIndex(of: place).flatMap {
        SliceCuts(consumptions.compactMap(\.cut), column: $0, affinity: affinity)
      }
    }
    let isCut = cuts != nil
    let condition = isCut ? nil : consumptions.first.flatMap { self.condition($0, scanned) }
    let sums = try sums(
      of: table, used.map { columns[$0].name },
      lists: lists.map { list in list.compactMap(used.firstIndex) }, cuts: cuts,
      condition: condition)

    var details = ContentDetails(
      rows: sums.rows, columns: columns.map { ColumnContent(name: $0.name, type: $0.type) })
    for (place, index) in used.enumerated() {
      details.columns[index].digest = String(sums.sum(ofColumn: place), radix: 16)
      details.columns[index].summary = sums.tally(ofColumn: place).summary
    }
    var digests: [Consumption: ContentDigest] = [:]
    for projection in projections {
      guard let list = lists.firstIndex(of: projection.indices) else { continue }
      let slice = isCut ? projection.consumption.cut : nil
      let found = sums.sum(ofList: list, in: slice, affinity)
      digests[projection.consumption] = projection.digest(sum: found.sum, rows: found.rows)
    }
    return Content(digests, details: details)
  }

  /// The condition for the rows that are read; `nil` for all of them.
  private func condition(_ consumption: Consumption, _ scanned: ScannedColumns) -> String? {
    let slice = consumption.slice.map { condition($0, scanned) }
    guard let filter = consumption.filter else { return slice }
    let isThere = filter.columns.allSatisfy { scanned.positions[$0] != nil }
    return [slice, isThere ? "(\(filter.sql))" : "0"].compactMap { $0 }.joined(separator: " and ")
  }

  /// The condition for the rows of a slice; of a column that is not there it holds for no row.
  private func condition(_ slice: RowSlice, _ scanned: ScannedColumns) -> String {
    guard let place = scanned.positions[slice.column]?.first else { return "0" }
    return slice.condition(on: quoted(scanned.columns[place].name), literal: \.literal)
  }

  /// Scans a table once.
  private func sums(
    of table: TableName, _ columns: [String], lists: [[Int]], cuts: SliceCuts?,
    condition: String?
  ) throws -> RowSums {
    var sums = RowSums(width: columns.count, lists: lists, cuts: cuts)
    let list = columns.map(quoted).joined(separator: ", ")
    let source = "from \(table.sql)" + (condition.map { " where \($0)" } ?? "")
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

extension ContentDetails {
  /// Takes over what a scan of all rows found.
  fileprivate mutating func note(_ scan: ContentDetails?) {
    guard let scan else { return }
    rows = scan.rows
    for (place, column) in scan.columns.enumerated() where column.digest != nil {
      columns[place] = column
    }
  }
}

extension VarValue {
  /// The value as a literal of SQLite.
  var literal: String {
    if case .boolean(let value) = self { value ? "1" : "0" } else { canonicalText }
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
  let isView: Bool

  init(_ columns: [ProducedColumn], types: [String], isView: Bool) {
    self.columns = columns
    self.types = types
    self.isView = isView
    positions = Dictionary(grouping: columns.indices) { columns[$0].name.lowercased() }
  }
}

/// The columns of a table that one consumption reads.
private struct Projection {
  let consumption: Consumption
  /// The positions of the columns in the table.
  let indices: [Int]
  private let header: [CanonicalForm.Field]
  /// The columns of a condition that are not there.
  private let absent: [CanonicalForm.Field]

  init(_ consumption: Consumption, of table: ScannedColumns) {
    absent = (consumption.filter?.columns ?? []).filter { table.positions[$0] == nil }
      .map { .init("where " + $0, "(absent)") }
    self.consumption = consumption
    if let (read, names) = consumption.ofAllRows.lists {
      indices = read.flatMap { table.positions[$0] ?? [] }
      header =
        read.flatMap { name in
          (table.positions[name]?.map { table.types[$0] } ?? ["(absent)"]).map { .init(name, $0) }
        } + names.map { .init($0, table.positions[$0] == nil ? "(absent)" : "(there)") }
    } else {
      indices = Array(table.columns.indices)
      let isTyped = consumption.ofAllRows != .values
      // What a view shows is no part of a table.
      header = zip(table.columns, table.types).map {
        .init($0.name, isTyped ? $1 : table.isView ? "(view)" : "")
      }
    }
  }

  func digest(sum: UInt128, rows: Int) -> ContentDigest {
    let isCount = consumption.ofAllRows.readColumns?.isEmpty == true
    let fields =
      header + absent + [
        .init("rows", String(rows)), .init("sum", isCount ? "" : String(sum, radix: 16)),
      ]
    return ContentDigest(
      rawValue: "rows1:" + CanonicalForm(tag: "assetctl.rows.1", fields: fields).sha256)
  }
}

extension Consumption {
  /// Whether no row is left out.
  fileprivate var isOfAllRows: Bool { slice == nil && filter == nil }

  /// The rows as one slice, if that is all there is to say of them.
  fileprivate var cut: RowSlice? { filter == nil ? slice : slice == nil ? filter?.slice : nil }
}
