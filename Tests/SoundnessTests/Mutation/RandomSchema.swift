import AssetTestSupport

/// Some small tables whose columns have the same names on purpose.
struct RandomSchema {
  struct Table {
    var name: String
    var columns: [String]
    /// Declarations behind the columns' names, such as `text collate nocase`.
    var types: [String]
    /// Literals.
    var rows: [[String]]

    mutating func removeColumn(at index: Int) {
      columns.remove(at: index)
      types.remove(at: index)
      for row in rows.indices { rows[row].remove(at: index) }
    }

    /// The statements that make it.
    var statements: [String] {
      let list = zip(columns, types).map { quoted($0) + $1 }.joined(separator: ", ")
      let values = rows.map { "(" + $0.joined(separator: ", ") + ")" }.joined(separator: ", ")
      return ["create table \(quoted(name))(\(list))"]
        + (rows.isEmpty ? [] : ["insert into \(quoted(name)) values \(values)"])
    }
  }

  var tables: [Table]

  static let columnNames = ["a", "b", "c", "d", "k", "T1", "Two words", "order", "x", "u"]
  static let tableNames = ["t1", "T2", "a", "orders", "k"]
  static let values = [
    "0", "1", "2", "3", "null", "null", "'a'", "'b'", "'A'", "''", "1.5", "'1'", "-1",
  ]

  init(tables: [Table]) { self.tables = tables }

  /// Makes two to four tables.
  init(_ random: inout SeededRandom) {
    var names = Self.tableNames
    names.shuffle(using: &random)
    tables = names.prefix(Int.random(in: 2...4, using: &random)).map { name in
      var columns = Self.columnNames
      columns.shuffle(using: &random)
      // Most tables share the first names, so that they have something to be joined on.
      columns = Array(columns.prefix(Int.random(in: 1...4, using: &random)))
      for common in ["a", "k"] where !columns.contains(common) && !random.chance(3) {
        columns.append(common)
      }
      let types = columns.map { _ in
        random.chance(3) ? random.pick([" integer", " text", " text collate nocase", " real"]) : ""
      }
      // Few values per column, so that rows have duplicates and partners.
      let pools = columns.map { _ in
        (0..<Int.random(in: 1...4, using: &random)).map { _ in random.pick(Self.values) }
      }
      let rows = (0..<(random.chance(10) ? 0 : Int.random(in: 2...5, using: &random))).map { _ in
        pools.map { random.pick($0) }
      }
      return Table(name: name, columns: columns, types: types, rows: rows)
    }
  }

  /// A database with the tables.
  func engine() throws -> Engine {
    let engine = try Engine()
    for statement in tables.flatMap(\.statements) { try engine.execute(statement) }
    return engine
  }
}

/// A name in quotes.
func quoted(_ name: String) -> String { "\"\(name)\"" }
