import AssetCore
import AssetTestSupport

/// A project with each way in which columns depend on each other.
///
/// ```
/// flights -> clean -> daily -> chart (a file)
///    ↘        ↘ ↘      ↘ total
///     lost     ↘ weights (a table that a program makes) -> scaled
///               count_all -> alarm
/// ```
enum ColumnProject {
  static func graph() throws -> AssetGraph {
    var flights = asset("flights")
    flights.recipe = .seed(SeedRecipe(files: ["flights.csv"]))
    var chart = asset("chart", reads: ["daily"], consuming: .columns(["day", "delay"]))
    chart.recipe = .program(
      ProgramRecipe(product: .file, command: ["true"], outputs: [ProgramOutput("chart.svg")]))
    var weights = asset("weights", reads: ["clean"], consuming: .columns(["carrier"]))
    weights.recipe = .program(ProgramRecipe(product: .table, command: ["true"]))
    let assets = [
      flights, asset("clean", reads: ["flights"]), asset("daily", reads: ["clean"]),
      asset("lost", reads: ["flights"]), chart, asset("total", reads: ["daily"]), weights,
      asset("scaled", reads: ["weights"]), asset("count_all", reads: ["clean"]),
      asset("alarm", reads: ["count_all"]),
    ]
    return try AssetGraph(assets.withDerivedInputs)
  }

  static let readings = GivenReadings([
    "clean": [
      "day = flights.day | flights.landed", "Carrier = flights.carrier | flights.landed",
      "delay = flights.delay flights.landed | flights.landed",
    ],
    "daily": ["day = clean.day", "delay = clean.delay | clean.day", "n = | clean.day"],
    "lost": ["carrier = flights.carrier"],
    "total": ["mean = daily.delay"],
    "scaled": ["carrier = weights.carrier", "half = weights.weight"],
    "count_all": ["n"],
    "alarm": ["is_low = count_all.n"],
  ])

  static func columns(known: [AssetKey: [String]] = known) throws -> ProjectColumns {
    let graph = try graph()
    var catalog = ColumnCatalog(of: graph, reader: readings, known: known)
    return ProjectColumns(of: Set(graph.order), in: graph, by: &catalog)
  }

  static let known: [AssetKey: [String]] = [
    "flights": ["day", "carrier", "delay", "landed", "gate"], "weights": ["carrier", "weight"],
  ]
}

extension AssetColumn: ExpressibleByStringLiteral {
  /// `asset.column`.
  public init(stringLiteral text: String) {
    let parts = text.split(separator: ".").map(String.init)
    self.init(AssetKey(trusted: parts[0]), parts[1])
  }
}

extension ColumnTrace {
  /// The edges as lines: `from -> to`, dashed where it is only influenced.
  var lines: [String] {
    edges.map { "\($0.from.text) \($0.role == .value ? "->" : "-->") \($0.to.text)" }
  }
}

extension ColumnNode {
  var text: String { asset.name + (column.map { "." + $0 } ?? "") }
}
