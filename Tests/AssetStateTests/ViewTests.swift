import AssetCore
import AssetState
import AssetTestSupport
import GRDB
import Testing

/// The views are for users' own queries: their columns are a promise.
@Suite struct ViewTests {
  let folder: TemporaryStore
  let store: StateStore

  init() throws {
    folder = try TemporaryStore()
    store = try StateStore.open(folder.path, target: "default")
  }

  /// The rows of a view, each as `column=value` words.
  private func rows(_ sql: String) throws -> [String] {
    try DatabaseQueue(path: folder.path).read { database in
      try Row.fetchAll(database, sql: sql).map { row in
        row.map { name, value in
          "\(name)=\(value.isNull ? "∅" : String.fromDatabaseValue(value) ?? "\(value)")"
        }.joined(separator: " ")
      }
    }
  }

  private func columns(of view: String) throws -> [String] {
    try DatabaseQueue(path: folder.path).read { database in
      try database.columns(in: view).map(\.name)
    }
  }

  @Test(
    arguments: [
      (
        "v_assets",
        [
          "target", "asset", "kind", "materialized", "group", "description", "owner", "tags",
          "file",
          "last_materialized", "rows", "content_digest", "materialization",
        ]
      ),
      (
        "v_materializations",
        [
          "materialization", "target", "asset", "run", "finished_at", "duration_ms",
          "definition_digest", "content_digest", "rows", "columns", "files", "metrics",
          "is_published", "metadata",
        ]
      ),
      (
        "v_lineage", ["target", "input", "asset", "consumption", "input_digest", "materialization"]
      ),
      (
        "v_column_lineage",
        ["target", "asset", "column", "role", "input", "input_column", "materialization"]
      ),
      (
        "v_runs",
        [
          "run", "target", "command", "started_at", "duration_ms", "outcome", "materialized",
          "unchanged", "failed", "rolled_back",
        ]
      ),
      (
        "v_checks",
        [
          "target", "asset", "run", "check", "severity", "passed", "failures", "sample", "message",
          "metadata",
        ]
      ),
      (
        "v_log_messages",
        ["target", "asset", "run", "attempt", "outcome", "number", "at", "level", "message"]
      ),
    ])
  func `each view has its columns`(view: String, expected: [String]) throws {
    #expect(try columns(of: view) == expected)
  }

  @Test func `assets stand there with their last materialization`() throws {
    let asset = Asset(
      key: "daily", recipe: .query(QueryRecipe(form: .view, sql: "select 1")), group: "marts",
      description: "Per day.", owner: "me", tags: ["a", "b"],
      place: Place(file: "assets/marts/daily.sql"), definition: queryForm)
    try store.record(materialization())
    try store.beginRun("run2", command: "materialize", at: tuesday, assets: [asset])

    #expect(
      try rows("select * from v_assets") == [
        "target=default asset=daily kind=table materialized=view group=marts "
          + "description=Per day. owner=me tags=[\"a\",\"b\"] file=assets/marts/daily.sql "
          + "last_materialized=2026-11-21T09:14:03Z rows=5211 content_digest=rows1:out "
          + "materialization=run1/daily"
      ])
  }

  @Test func `materializations say which one is published`() throws {
    try store.record(materialization())
    try store.record(materialization(in: "run2", at: tuesday))

    #expect(
      try rows(
        """
        select materialization, run, finished_at, rows, columns, files, metrics, is_published
        from v_materializations order by run
        """) == [
          #"materialization=run1/daily run=run1 finished_at=2026-11-21T09:14:03Z rows=5211 "#
            + #"columns=[{"name":"carrier","type":"text"},{"name":"n","type":""}] "#
            + #"files={"build/a.csv":"sha256:e"} metrics={"error":0.25} is_published=0"#,
          #"materialization=run2/daily run=run2 finished_at=2026-11-22T09:14:03Z rows=5211 "#
            + #"columns=[{"name":"carrier","type":"text"},{"name":"n","type":""}] "#
            + #"files={"build/a.csv":"sha256:e"} metrics={"error":0.25} is_published=1"#,
        ])
  }

  @Test func `lineage is that of what is published`() throws {
    try store.record(materialization())

    #expect(
      try rows("select input, asset, consumption, input_digest from v_lineage order by input") == [
        "input=file:data/x.csv asset=daily consumption=\"*\" input_digest=sha256:d",
        "input=orders asset=daily consumption=[\"id\",\"total\"] input_digest=rows1:a",
        "input=rates asset=daily consumption=\"*\" input_digest=rows1:b",
        "input=visits asset=daily consumption=[] input_digest=rows1:c",
      ])
  }

  @Test func `column lineage is that of what is published`() throws {
    try store.record(materialization())
    var last = materialization(in: "run2", at: tuesday)
    last.columnLineage = [ColumnLineage(name: "n", from: [AssetColumn("orders", "id")])]
    try store.record(materialization(of: "other", in: "run3"))
    try store.record(last)

    #expect(
      try rows("select * from v_column_lineage order by asset, role, input") == [
        "target=default asset=daily column=n role=from input=orders input_column=id "
          + "materialization=run2/daily",
        "target=default asset=other column=carrier role=from input=orders input_column=id "
          + "materialization=run3/other",
        "target=default asset=other column=carrier role=influenced_by input=rates "
          + "input_column=day materialization=run3/other",
        "target=default asset=other column=carrier role=influenced_by input=visits "
          + "input_column=day materialization=run3/other",
      ])
  }

  @Test func `runs are counted by outcome`() throws {
    try store.record(materialization())
    try store.record(materialization(in: "run2", at: tuesday), outcome: .unchanged)

    #expect(
      try rows("select * from v_runs order by run") == [
        "run=run1 target=default command=materialize started_at=2026-11-21T09:14:03Z "
          + "duration_ms=0 outcome=succeeded materialized=1 unchanged=0 failed=0 rolled_back=0",
        "run=run2 target=default command=materialize started_at=2026-11-22T09:14:03Z "
          + "duration_ms=0 outcome=succeeded materialized=0 unchanged=1 failed=0 rolled_back=0",
      ])
  }

  @Test func `an asset that was tried often counts once in its run`() throws {
    try store.beginRun("run1", command: "materialize", at: monday, assets: [])
    for outcome in [Attempt.Outcome.failed, .failed, .materialized] {
      for key in ["daily", "other"] as [AssetKey] {
        try store.endAttempt(
          AttemptEnd(
            asset: key, startedAt: monday, endedAt: monday,
            outcome: key == "other" ? .failed : outcome, causes: []), attempt: nil, run: "run1")
      }
    }

    #expect(
      try rows("select materialized, unchanged, failed from v_runs") == [
        "materialized=1 unchanged=0 failed=1"
      ])
  }
}
