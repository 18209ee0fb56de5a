import AssetCore
import AssetWarehouse
import GRDBSQLite

// What a query gives, before it is brought into a table that goes on.

extension SQLiteConnection {
  /// The temporary table that holds the rows of a query.
  static let newRows = "temp.assetctl_new"

  /// Puts the rows of a query into a temporary table.
  ///
  /// Its columns have the types that those of the published table are to have, so that values are compared
  /// as they will be kept: the old and the new rows decide on them together.
  ///
  /// - Parameters:
  ///   - query: The query, which was checked.
  ///   - names: The names of its columns.
  ///   - build: What it is for.
  ///   - columns: The columns of the published table.
  /// - Throws: A `WarehouseError` if the query fails.
  /// - Returns: The columns that the query gives, with the types that they are to have.
  func stage(
    _ query: String, _ names: [String], of build: TableBuild, like columns: [ProducedColumn]
  ) throws -> [ProducedColumn] {
    let there = Dictionary(columns.map { ($0.name.caseFolded, $0.type) }) { first, _ in first }
    var wanted = try shape(of: query, names).map { build.wanted($0) }
    for index in wanted.indices {
      guard let type = there[wanted[index].name.caseFolded], type != wanted[index].type else {
        continue
      }
      wanted[index].isDeclared = false
      wanted[index].isOfQuery = false
      // A history goes on with the types that it has, and another table as if it were built anew.
      if build.isSnapshot {
        wanted[index].type = type
      } else if try !keeps(wanted[index].type, column: wanted[index].name, of: build) {
        wanted[index].type = ""
      }
    }
    try execute("drop table if exists \(Self.newRows)")
    return try makeTable(
      Self.newRows, from: query, of: build.inputs, wanted, guessing: wanted.map(\.type))
  }

  /// Whether a type keeps all values of a column of the published table.
  private func keeps(_ type: String, column: String, of build: TableBuild) throws -> Bool {
    let lossy = try lossyTypes(
      in: build.quotedTable, [column], asking: [LossyTypes(declared: type)])
    return lossy[0].kept(type) == type
  }

  /// The number of rows that a statement's end, such as `from t where x`, names.
  func count(_ rows: String) throws -> Int {
    let statement = try prepare("select count(*) \(rows)")
    defer { statement.end() }
    return try statement.step() ? Int(statement.integer(0)) : 0
  }

  /// The number of rows that the last statement changed.
  var changedRows: Int { Int(sqlite3_changes64(handle)) }

  /// Makes sure that the rows of a table have keys, and if they must, each its own.
  ///
  /// - Parameters:
  ///   - key: The columns that tell rows apart.
  ///   - columns: The columns of the table.
  ///   - table: The table as statements name it.
  ///   - asset: What the table is of.
  ///   - condition: What rows of it are meant.
  ///   - expressions: What is compared of the columns, if not they themselves.
  ///   - isPublished: Whether it is about rows that are published.
  /// - Throws: A `WarehouseError` that names some of the rows.
  func verify(
    _ key: TableBuild.RowKey, of columns: [ProducedColumn], in table: String, _ asset: AssetKey,
    where condition: String = "1", by expressions: [String]? = nil, isPublished: Bool = false
  ) throws {
    try verifyNames(key.columns + [key.time].compactMap { $0 }, in: columns, of: asset)
    let list = (expressions ?? key.columns.map(quoted)).joined(separator: ", ")
    let nulls = key.columns.map { "\(quoted($0)) is null" }.joined(separator: " or ")
    // A column named `true` would lose its name in a query within a query.
    let source = "from \(table) where \(condition)"
    func refuse(_ kind: KeyFault.Kind, _ groups: String, count: String) throws {
      let sample = try sample(of: "select \(list), count(*) \(groups)", limit: 5)
      guard !sample.isEmpty else { return }
      throw WarehouseError.badKeys(
        asset: asset,
        KeyFault(
          kind, key: key.columns, isPublished: isPublished, count: try self.count(count),
          sample: sample))
    }
    try refuse(
      .null, "\(source) and (\(nulls)) group by \(list)", count: "\(source) and (\(nulls))")
    if let time = key.time {
      let none = "\(source) and \(quoted(time)) is null"
      try refuse(.noTime(time), "\(none) group by \(list)", count: none)
    }
    if !key.mayRepeat {
      let groups = "\(source) group by \(list) having count(*) > 1"
      try refuse(.repeated, groups, count: "from (select 1 \(groups))")
    }
  }

  /// Makes sure that there are columns of these names.
  func verifyNames(_ names: [String], in columns: [ProducedColumn], of asset: AssetKey) throws {
    let known = columns.map(\.name)
    for name in names where !known.contains(where: { $0.caseFolded == name.caseFolded }) {
      throw WarehouseError.unknownColumn(
        asset: asset, column: name, nearest: nearestName(to: name, in: known))
    }
  }

  private func sample(
    of groups: String, limit: Int
  ) throws -> [(values: [String], rows: Int)] {
    let statement = try prepare("\(groups) limit \(limit)")
    defer { statement.end() }
    var sample: [(values: [String], rows: Int)] = []
    while try statement.step() {
      var values = statement.values()
      guard case .integer(let rows) = values.removeLast() else { continue }
      sample.append((values.map(\.shortText), Int(rows)))
    }
    return sample
  }
}

extension Value {
  /// The value in few letters on one line.
  fileprivate var shortText: String {
    switch self {
    case .null: return "null"
    case .integer(let number): return String(number)
    case .real(let number): return String(number)
    case .blob(let bytes): return "(\(counted(bytes.count, "byte")))"
    case .text(let text):
      let line = text.unicodeScalars.prefix(41).map { $0.value < 32 ? " " : Character($0) }
      return line.count > 40 ? String(line.prefix(40)) + "…" : String(line)
    }
  }
}
