package import AssetCore

/// A line of a scenario: `daily@2 <- orders(total) rates`, or `source events`.
struct ScenarioLine: Equatable {
  var key: AssetKey
  /// The first word, which is the asset's definition.
  var definition: String
  var isSource: Bool
  /// The inputs with what the query reads of them.
  var inputs: [AssetInput]

  /// A line that is none.
  struct Malformed: Error, Equatable {
    var line: String
  }

  /// Reads a line.
  ///
  /// Parentheses behind an input name the columns that are consumed, those that only have to be there
  /// or not with a question mark, as in `orders(total ?day)`; empty ones stand for the row count. An
  /// input is declared, not found in the query, with an exclamation mark: `!orders(total)`.
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
      let isDeclared = rest[start] == "!"
      guard let input = AssetKey(String(rest[start..<end].drop { $0 == "!" })) else {
        throw Malformed(line: line)
      }
      var consumption = Consumption.whole
      rest = rest[end...]
      if rest.first == "(" {
        guard let close = rest.firstIndex(of: ")") else { throw Malformed(line: line) }
        let words = rest[rest.index(after: rest.startIndex)..<close].split(separator: " ")
        consumption = Consumption(
          columns: words.filter { $0.first != "?" }.map(String.init),
          names: words.filter { $0.first == "?" }.map { String($0.dropFirst()) })
        rest = rest[rest.index(after: close)...]
      }
      inputs.append(
        AssetInput(
          key: input, consumption: consumption, isDerived: !isDeclared,
          place: Place(file: "scenario")))
    }
  }

  /// The line again, which is also the query that ``FakeWarehouse`` understands.
  var text: String {
    let reads = inputs.map { input in
      let name = (input.isDerived ? "" : "!") + input.key.name
      guard let (columns, names) = input.consumption.lists else { return name }
      return "\(name)(\((columns + names.map { "?" + $0 }).joined(separator: " ")))"
    }
    return definition + (reads.isEmpty ? "" : " <- " + reads.joined(separator: " "))
  }

  /// The asset of this line; only its first word is its definition.
  func asset(volatility: Volatility) -> Asset {
    Asset(
      key: key,
      recipe: isSource
        ? .source(table: TableName(key.name)) : .query(QueryRecipe(form: .table, sql: text)),
      place: Place(file: "\(key).sql"), inputs: inputs.map(\.declared),
      definition: CanonicalForm(tag: "scenario", fields: [.init("definition", definition)]),
      volatility: volatility)
  }
}

extension AssetInput {
  /// The input as a declaration gives it: of what a query shows, no more than its name.
  fileprivate var declared: AssetInput {
    var input = self
    if isDerived { input.consumption = .whole }
    return input
  }
}

/// Reads the queries of scenarios, which name what they consume.
package struct ScenarioReader: QueryReader {
  package init() {}

  package func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
    guard case .query(let query) = asset.recipe, let line = try? ScenarioLine(query.text) else {
      return QueryReading()
    }
    let read = line.inputs.flatMap { input in
      (input.consumption.readColumns ?? []).map { AssetColumn(input.key, $0) }
    }
    return QueryReading(
      inputs: Dictionary(
        uniqueKeysWithValues: line.inputs.map { ($0.key, InputReading($0.consumption)) }),
      columns: [
        ColumnLineage(name: "definition"), ColumnLineage(name: "read", from: read.sorted()),
      ])
  }
}
