package import AssetCore

/// A table to compare with another one.
package struct ComparedTable: Sendable {
  package var name: String
  package var columns: [String]

  /// Looks up the columns of a table.
  package init(_ name: String, in reading: any TableReading) throws {
    self.name = name
    columns = try reading.rows(of: "select * from \(quotedName(name)) limit 0", limit: 0).columns
  }
}

/// Compares the rows of two tables by queries, which the database carries out on rows as they come.
///
/// First the rows that are in both as often are taken away; what is left of the two is paired by the
/// key, and among rows of one key in a fixed order. So the result is exact for rows that repeat, and for
/// keys that do.
package struct DiffQueries {
  private let reading: any TableReading
  private let old: ComparedTable
  private let new: ComparedTable
  /// The columns that both have, as places in the old one and the new one, in the new one's order.
  private let common: [(old: Int, new: Int)]
  /// Which of the common ones are the key.
  private let key: [Int]

  /// - Parameters:
  ///   - old: The table before.
  ///   - new: The table after.
  ///   - key: The columns to pair rows by; those that are not in both are left out.
  ///   - reading: What answers the queries.
  package init(
    from old: ComparedTable, to new: ComparedTable, key: [String], in reading: any TableReading
  ) {
    self.reading = reading
    self.old = old
    self.new = new
    let places = Dictionary(
      old.columns.enumerated().map { ($0.element.lowercased(), $0.offset) }
    ) { first, _ in first }
    let common = new.columns.enumerated().compactMap { place, name in
      places[name.lowercased()].map { (old: $0, new: place) }
    }
    self.common = common
    let names = common.map { new.columns[$0.new].lowercased() }
    let found = key.map { name in names.firstIndex(of: name.lowercased()) }
    self.key = found.contains(nil) ? [] : found.compactMap { $0 }
  }

  /// Compares the tables.
  ///
  /// - Parameter limit: How many rows of each kind to give as a sample at most.
  /// - Throws: A ``WarehouseError`` if a table cannot be read.
  /// - Returns: How many rows differ, and some of them.
  package func compare(limit: Int) throws -> RowDiff {
    let before = try reading.row(of: "select count(*) from \(quotedName(old.name))").first?.count
    let after = try reading.row(of: "select count(*) from \(quotedName(new.name))").first?.count
    guard !common.isEmpty else {
      return RowDiff(
        key: [], added: after ?? 0, removed: before ?? 0, changed: 0, same: 0, columns: [],
        sample: DiffSample())
    }
    // What is not paired is not compared any further.
    let sums = key.isEmpty ? [] : common.map { "sum(case when \(differs($0)) then 1 else 0 end)" }
    let pairs = key.isEmpty ? ["0"] : ["count(*)"] + sums
    let row = try reading.row(
      of: prefix + "select (select count(*) from assetctl_new),"
        + " (select count(*) from assetctl_old), " + pairs.joined(separator: ", ")
        + (key.isEmpty ? "" : " " + self.pairs)
    ).map(\.count)
    let (newLeft, oldLeft, changed) = (row[0], row[1], row[2])
    let columns = zip(common, row.dropFirst(3)).filter { $0.1 > 0 }
    var sample = DiffSample()
    if changed > 0 { sample.changed = try changes(in: columns.map(\.0), limit) }
    if newLeft > changed {
      (sample.addedColumns, sample.added) = (new.columns, try rest(of: .new, limit))
    }
    if oldLeft > changed {
      (sample.removedColumns, sample.removed) = (old.columns, try rest(of: .old, limit))
    }
    return RowDiff(
      key: key.map { new.columns[common[$0].new] }, added: newLeft - changed,
      removed: oldLeft - changed, changed: changed, same: (after ?? 0) - newLeft,
      columns: columns.map { .init(new.columns[$0.0.new], rows: $0.1) }, sample: sample)
  }

  // MARK: - The queries

  private enum Side: String {
    case old = "assetctl_old"
    case new = "assetctl_new"
  }

  /// The rows that are left of both tables.
  ///
  /// Their columns have names by their places, which no name of a user can be mistaken for.
  private var prefix: String {
    """
    with assetctl_surplus as materialized (
      select id, sum(side) as surplus from (
        select \(identity(.new)) as id, 1 as side from \(quotedName(new.name))
        union all
        select \(identity(.old)), -1 from \(quotedName(old.name))
      ) as assetctl_sides group by id having sum(side) <> 0
    ), \(left(.new, new)), \(left(.old, old))

    """
  }

  /// What is left of a table, each row with its place among those of the same key.
  ///
  /// A cross join is carried out as it is written. Databases that choose the order have been seen to look
  /// through one side once for each row of the other.
  private func left(_ side: Side, _ table: ComparedTable) -> String {
    let names = table.columns.enumerated().map { "\(quotedName($0.element)) as c\($0.offset)" }
    let columns = table.columns.indices.map { "c\($0)" }.joined(separator: ", ")
    let pair = key.map { quotedName(table.columns[self.place(of: $0, side)]) }
    let place =
      key.isEmpty ? "" : ", pair, row_number() over (partition by pair order by id) as place"
    let paired = key.isEmpty ? "" : ", \(reading.identity(of: pair)) as pair"
    return """
      \(side.rawValue) as materialized (
        select \(columns)\(place)
        from (
          select t.*, s.surplus, row_number() over (partition by t.id) as copy
          from (
            select \(names.joined(separator: ", ")), \(self.identity(side)) as id\(paired)
            from \(quotedName(table.name))
          ) as t cross join assetctl_surplus as s
          where s.id = t.id and s.surplus \(side == .new ? ">" : "<") 0
        ) as assetctl_copies where copy <= abs(surplus)
      )
      """
  }

  private func place(of keyed: Int, _ side: Side) -> Int {
    side == .old ? common[keyed].old : common[keyed].new
  }

  /// The identity of a row: of its values in the common columns.
  private func identity(_ side: Side) -> String {
    let table = side == .old ? old : new
    return reading.identity(
      of: common.map { quotedName(table.columns[side == .old ? $0.old : $0.new]) })
  }

  private var pairs: String {
    "from assetctl_old as o cross join assetctl_new as n where o.pair = n.pair and o.place = n.place"
  }

  private func differs(_ column: (old: Int, new: Int)) -> String {
    reading.identity(of: ["o.c\(column.old)"]) + " <> "
      + reading.identity(of: ["n.c\(column.new)"])
  }

  private func changes(
    in columns: [(old: Int, new: Int)], _ limit: Int
  ) throws -> [DiffSample.Change] {
    let keys = key.map { "n.c\(common[$0].new)" }
    // Nobody reads more columns than these.
    let columns = columns.prefix(100)
    let values = columns.flatMap {
      ["o.c\($0.old)", "n.c\($0.new)", "case when \(differs($0)) then 1 else 0 end"]
    }
    let found = try reading.rows(
      of: prefix + "select \((keys + values).joined(separator: ", ")) \(pairs)"
        + " order by \(keys.joined(separator: ", ")), n.place limit \(limit)", limit: limit)
    return found.rows.map { row in
      let cells = columns.enumerated().compactMap { index, column -> DiffSample.ChangedCell? in
        let start = keys.count + index * 3
        guard row[start + 2].count != 0 else { return nil }
        return DiffSample.ChangedCell(
          column: new.columns[column.new], before: .init(row[start]), after: .init(row[start + 1]))
      }
      return DiffSample.Change(
        key: row.prefix(keys.count).map(Cell.init), cells: cells)
    }
  }

  /// Rows of one table that have no partner in the other.
  private func rest(of side: Side, _ limit: Int) throws -> [[Cell]] {
    let table = side == .old ? old : new
    let other: Side = side == .old ? .new : .old
    let columns = table.columns.indices.map { "a.c\($0)" }.joined(separator: ", ")
    let order = (key.map { place(of: $0, side) } + table.columns.indices).map { "a.c\($0)" }
    let partners =
      key.isEmpty
      ? ""
      : " left join \(other.rawValue) as b on b.pair = a.pair and b.place = a.place"
        + " where b.place is null"
    let found = try reading.rows(
      of: prefix + "select \(columns) from \(side.rawValue) as a\(partners)"
        + " order by \(order.joined(separator: ", ")) limit \(limit)", limit: limit)
    return found.rows.map { $0.map(Cell.init) }
  }
}
