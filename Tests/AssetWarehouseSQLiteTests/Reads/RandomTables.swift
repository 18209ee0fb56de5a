import AssetTestSupport

/// A few small tables with values, indexes and constraints made at random.
struct RandomTables {
  struct Table {
    var name: String
    var columns: [String]
    /// The declaration of each column, such as `a unique`.
    var constraints: [String: String] = [:]
    var indexes: [[String]] = []
    var rows: [[String: String]] = []

    /// The statements that make it.
    var script: String {
      let list = columns.map { "\($0) \(constraints[$0] ?? "")" }.joined(separator: ", ")
      let made = "drop table if exists \(name); create table \(name) (\(list));"
      let indexed = indexes.enumerated().map { number, columns in
        "create index \(name)_\(number) on \(name) (\(columns.joined(separator: ", ")));"
      }
      let values = rows.map { row in
        "(" + columns.map { row[$0] ?? "null" }.joined(separator: ", ") + ")"
      }
      let inserted = "insert into \(name) (\(columns.joined(separator: ", "))) values "
      let filled = rows.isEmpty ? "" : inserted + values.joined(separator: ", ") + ";"
      return ([made] + indexed + [filled]).joined(separator: "\n")
    }

    /// Gives a column other values that its constraints allow.
    mutating func rewrite(_ column: String, _ random: inout SeededRandom) {
      let start = Int.random(in: 0..<50, using: &random)
      let numbers = rows.indices.map { start + $0 * 3 }.shuffled(using: &random)
      for row in rows.indices {
        let isUnique = constraints[column].map { $0 != "not null" } ?? false
        let value = isUnique ? "\(numbers[row])" : RandomTables.value(&random)
        rows[row][column] = constraints[column] != nil && value == "null" ? "0" : value
      }
    }
  }

  static let names = ["a", "b", "c", "d", "e"]
  var tables: [Table] = []

  var script: String { tables.map(\.script).joined(separator: "\n") }

  init(_ random: inout SeededRandom) {
    for name in ["t", "u", "v"] {
      let count = Int.random(in: 2...4, using: &random)
      var table = Table(
        name: name, columns: Array(Self.names.shuffled(using: &random).prefix(count)))
      for column in table.columns where random.chance(5) {
        let hasKey = table.constraints.values.contains("integer primary key")
        table.constraints[column] = random.pick(
          ["unique", "not null", hasKey ? "unique not null" : "integer primary key"])
      }
      if random.chance(2) {
        table.indexes.append(
          Array(table.columns.shuffled(using: &random).prefix(random.chance(2) ? 1 : 2)))
      }
      table.rows = Array(repeating: [:], count: Int.random(in: 3...9, using: &random))
      for column in table.columns { table.rewrite(column, &random) }
      tables.append(table)
    }
  }

  static func value(_ random: inout SeededRandom) -> String {
    random.pick(["0", "1", "2", "3", "4", "null", "'x'", "'y'"])
  }
}
