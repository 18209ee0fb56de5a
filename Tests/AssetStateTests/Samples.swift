import AssetCore
import AssetState
import AssetTestSupport

let monday = Timestamp(milliseconds: 1_795_252_443_000)
let tuesday = Timestamp(milliseconds: 1_795_252_443_000 + 86_400_000)

let queryForm = CanonicalForm(
  tag: "assetctl.definition.1", fields: [.init("kind", "table"), .init("query", "select 1")])

let provenance = Provenance(
  definition: DefinitionDigest(rawValue: "def1:" + queryForm.sha256),
  inputs: [
    .asset("orders"): ConsumedInput(
      .columns(["id", "total"], names: ["day"]), "rows1:a",
      details: ContentDetails(
        rows: 4, columns: [ColumnContent(name: "ID", type: "integer", digest: "1f")])),
    .asset("rates"): ConsumedInput(.whole, "rows1:b"),
    .asset("visits"): ConsumedInput(.rowCount, "rows1:c"),
    .file("data/x.csv"): ConsumedInput(.whole, "sha256:d"),
  ])

/// A materialization with every detail.
func materialization(
  of key: AssetKey = "daily", in run: String = "run1", at time: Timestamp = monday,
  content: ContentDigest = "rows1:out"
) -> Materialization {
  Materialization(
    id: "\(run)/\(key)", asset: key, run: run, finishedAt: time, durationMilliseconds: 41,
    provenance: provenance,
    product: Product(
      digest: content, rows: 5211,
      columns: [.init(name: "carrier", type: "text"), .init(name: "n", type: "")],
      files: ["build/a.csv": "sha256:e"], metrics: ["error": 0.25],
      continuation: .cursor(
        CursorMark(
          input: "orders", column: "id", value: .integer(7), consumption: .columns(["id"]),
          digest: "rows1:a"))),
    columnLineage: [
      ColumnLineage(
        name: "carrier", from: [AssetColumn("orders", "id")],
        influencedBy: [AssetColumn("rates", "day"), AssetColumn("visits", "day")]),
      ColumnLineage(name: "n"),
    ])
}

extension StateStore {
  /// Records a run that materialized one asset.
  func record(
    _ record: Materialization, causes: [StaleCause] = [.neverMaterialized],
    outcome: Attempt.Outcome = .materialized
  ) throws {
    try beginRun(record.run, command: "materialize", at: record.finishedAt, assets: [])
    try endAttempt(
      AttemptEnd(
        asset: record.asset, startedAt: record.finishedAt, endedAt: record.finishedAt,
        outcome: outcome, causes: causes, provenance: record.provenance, materialization: record,
        definition: queryForm),
      attempt: nil, run: record.run)
    try endRun(record.run, outcome: "succeeded", at: record.finishedAt)
  }
}
