import AssetCore
import AssetWarehouse

/// The text of a ``FakeWarehouse``'s table, taken apart.
struct FakeTable {
  /// The values of each row by column.
  let rows: [[String: String]]
  /// The columns of the first row, in order.
  let columns: [String]

  private init(rows: [[String: String]], columns: [String]) {
    self.rows = rows
    self.columns = columns
  }

  /// The rows of a slice; values are compared as texts.
  private func restricted(to slice: RowSlice) -> FakeTable {
    FakeTable(rows: rows.filter { Self.isIn(slice, $0) }, columns: columns)
  }

  private static func isIn(_ slice: RowSlice, _ row: [String: String]) -> Bool {
    guard let value = row[slice.column]?.filter({ $0 != "'" }) else { return false }
    let isAfter = slice.lower.map {
      $0.isIncluded ? value >= $0.value.text : value > $0.value.text
    }
    let isBefore = slice.upper.map {
      $0.isIncluded ? value <= $0.value.text : value < $0.value.text
    }
    return isAfter ?? true && isBefore ?? true
  }

  /// The lines of a table's text that are in none of some slices.
  static func lines(of text: String, outside slices: [RowSlice]) -> [String] {
    text.split(separator: "\n").map(String.init).filter { line in
      !slices.contains { isIn($0, FakeTable(line).rows.first ?? [:]) }
    }
  }

  init(_ text: String) {
    let lines = text.split(separator: "\n").map { line in
      line.split(separator: " ").map { word in
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
      }
    }
    rows = lines.map { Dictionary($0) { first, _ in first } }
    columns = lines.first.map { $0.map(\.0) } ?? []
  }

  func projected(on names: [String]) -> [[String]] {
    rows.map { row in names.map { row[$0] ?? "" } }
  }

  func digests(under consumptions: Set<Consumption>) -> [Consumption: ContentDigest] {
    Dictionary(uniqueKeysWithValues: consumptions.map { ($0, digest(under: $0)) })
  }

  /// A digest that can be read: the rows themselves, in a fixed order, and which names are there.
  func digest(under consumption: Consumption) -> ContentDigest {
    switch consumption {
    case .whole, .values: digest(on: columns)
    case .nothing: .ofNothing
    case .columns([], let names):
      ContentDigest(rawValue: "fake1:\(rows.count)" + presence(of: names))
    case .columns(let columns, let names):
      ContentDigest(rawValue: digest(on: columns).rawValue + presence(of: names))
    case .slice(let slice, let inner):
      restricted(to: slice).digest(under: inner)
    case .filtered(let filter, let inner):
      filter.slice.map { restricted(to: $0).digest(under: inner) } ?? digest(under: inner)
    }
  }

  /// What a look at it for these consumptions gives.
  func content(under consumptions: Set<Consumption>) -> Content {
    var read: Set<String> = []
    for consumption in consumptions {
      read.formUnion(consumption.readColumns ?? columns)
    }
    return Content(
      digests(under: consumptions),
      details: ContentDetails(
        rows: consumptions.isEmpty ? nil : rows.count,
        columns: columns.map { name in
          ColumnContent(
            name: name, type: "text",
            digest: read.contains(name) ? digest(on: [name]).rawValue : nil)
        }))
  }

  private func presence(of names: [String]) -> String {
    names.map { columns.contains($0) ? " with \($0)" : " without \($0)" }.joined()
  }

  private func digest(on names: [String]) -> ContentDigest {
    let lines = projected(on: names).map { values in
      zip(names, values).map { columns.contains($0) ? "\($0)=\($1)" : "no \($0)" }
        .joined(separator: " ")
    }
    return ContentDigest(rawValue: "fake1:" + lines.sorted().joined(separator: "|"))
  }

  /// A row as a line; values of two types never look the same.
  static func line(_ names: [String], _ row: [Value]) -> String {
    zip(names, row).map { name, value in
      let text =
        switch value {
        case .null: "null"
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): "'\(text.replacing(" ", with: "_").replacing("\n", with: "\\n"))'"
        case .blob(let bytes): "x\(bytes)".replacing(" ", with: "")
        }
      return "\(name)=\(text)"
    }.joined(separator: " ")
  }
}

extension [[String]] {
  func sorted() -> [[String]] { sorted { $0.lexicographicallyPrecedes($1) } }
}
