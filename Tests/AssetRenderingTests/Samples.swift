import AssetCore
import AssetTestSupport

let morning = Timestamp(milliseconds: 1_795_252_443_000)

func table(
  _ key: AssetKey, form: QueryRecipe.Form = .table, group: String = "marts",
  reads inputs: [AssetInput] = [], tags: [String] = []
) -> Asset {
  Asset(
    key: key, recipe: .query(QueryRecipe(form: form, sql: "select 1")), group: group,
    description: "All of \(key).", owner: "me@example.com", tags: tags,
    place: Place(file: "assets/\(group)/\(key).sql"), inputs: inputs,
    definition: CanonicalForm(tag: "test", fields: [.init("query", "select 1")]),
    columns: [DeclaredColumn(name: "carrier", type: .text, description: "IATA code")])
}

func input(_ key: AssetKey, _ consumption: Consumption = .whole) -> AssetInput {
  AssetInput(key: key, consumption: consumption, place: Place(file: "assets/a.sql"))
}

let model = Asset(
  key: "delay_model",
  recipe: .program(
    ProgramRecipe(
      product: .model, command: ["python3", "assets/models/delay_model.py"],
      outputs: [ProgramOutput("build/delay_model.json")])),
  group: "models", tags: ["ml"], place: Place(file: "assets/models/delay_model.py"),
  inputs: [input("daily", .columns(["carrier", "mean_delay"]))],
  definition: CanonicalForm(tag: "test", fields: []))

let seed = Asset(
  key: "airlines", recipe: .seed(SeedRecipe(files: ["assets/raw/airlines.csv"])), group: "raw",
  place: Place(file: "assets/raw/airlines.csv"),
  definition: CanonicalForm(tag: "test", fields: []))

let source = Asset(
  key: "events", recipe: .source(table: "events"), place: Place(file: "assets/sources.yml"),
  definition: CanonicalForm(tag: "test", fields: []))

let daily = table(
  "daily", reads: [input("flights"), input("airlines", .rowCount)], tags: ["a", "b"])

func materialization(metrics: [String: Double]? = nil, rows: Int? = 5211) -> Materialization {
  Materialization(
    id: "20261121-091403-5f2a/daily", asset: "daily", run: "20261121-091403-5f2a",
    finishedAt: morning, durationMilliseconds: 41,
    provenance: Provenance(definition: "def1:0123456789abcdef0123", inputs: [:]),
    product: Product(
      digest: "rows1:fedcba98765432100000", rows: rows,
      columns: rows.map { _ in
        [ProducedColumn(name: "Carrier", type: "text"), ProducedColumn(name: "n", type: "")]
      },
      metrics: metrics))
}

/// A status of each kind.
let statusReport = StatusReport(
  project: "shop",
  entries: [
    .init(
      asset: seed, status: .fresh, lastMaterialized: morning, rows: 16, durationMilliseconds: 5),
    .init(
      asset: table("flights_clean", group: "staging", reads: [input("flights")]),
      status: AssetStatus(
        .stale, causes: [.definitionChanged, .inputChanged(.asset("flights"), columns: nil)]),
      lastMaterialized: morning, rows: 27_004),
    .init(
      asset: daily,
      status: AssetStatus(.waiting, causes: [.inputStale("flights_clean"), .inputStale("rates")])),
    .init(
      asset: table("broken"),
      status: AssetStatus(
        .failed, causes: [.definitionChanged], message: "no such column: \u{1B}[31mday")),
    .init(asset: model, status: AssetStatus(.unknown, message: "there is no table `events`")),
  ])
