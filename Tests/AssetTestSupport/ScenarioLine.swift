import AssetCore

/// A line of a scenario: `daily@2 <- orders(total) rates`, or `source events`.
struct ScenarioLine: Equatable {
  var key: AssetKey
  /// The first word, which is the asset's definition.
  var definition: String
  var isSource: Bool
  var inputs: [AssetInput]

  /// A line that is none.
  struct Malformed: Error, Equatable {
    var line: String
  }

  /// Reads a line; parentheses behind an input name the columns that are consumed, and empty ones
  /// the row count.
  init(_ line: String) throws(Malformed) {
    let sides = line.split(separator: "<-", omittingEmptySubsequences: false)
    let head = sides[0].split(separator: " ")
    isSource = head.first == "source"
    guard head.count == (isSource ? 2 : 1), sides.count <= 2,
      let name = head.last?.split(separator: "@").first, let key = AssetKey(String(name))
    else { throw Malformed(line: line) }
    self.key = key
    definition = String(head[head.count - 1])
    inputs = []
    var rest = sides.count == 2 ? sides[1] : ""
    while let start = rest.firstIndex(where: { $0 != " " }) {
      let end = rest[start...].firstIndex { $0 == " " || $0 == "(" } ?? rest.endIndex
      guard let input = AssetKey(String(rest[start..<end])) else { throw Malformed(line: line) }
      var consumption = Consumption.whole
      rest = rest[end...]
      if rest.first == "(" {
        guard let close = rest.firstIndex(of: ")") else { throw Malformed(line: line) }
        let columns = rest[rest.index(after: rest.startIndex)..<close]
        consumption = Consumption(columns: columns.split(separator: " ").map(String.init))
        rest = rest[rest.index(after: close)...]
      }
      inputs.append(
        AssetInput(key: input, consumption: consumption, place: Place(file: "scenario")))
    }
  }

  /// The line again, which is also the query that ``FakeWarehouse`` understands.
  var text: String {
    let reads = inputs.map { input in
      switch input.consumption {
      case .whole: input.key.name
      case .columns(let columns, _): "\(input.key.name)(\(columns.joined(separator: " ")))"
      }
    }
    return definition + (reads.isEmpty ? "" : " <- " + reads.joined(separator: " "))
  }

  /// The asset of this line; only its first word is its definition.
  func asset(volatility: Volatility) -> Asset {
    Asset(
      key: key,
      recipe: isSource
        ? .source(table: key.name) : .query(QueryRecipe(form: .table, sql: text)),
      place: Place(file: "\(key).sql"), inputs: inputs,
      definition: CanonicalForm(tag: "scenario", fields: [.init("definition", definition)]),
      volatility: volatility)
  }
}
