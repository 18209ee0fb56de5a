import AssetCore
import AssetState
import AssetTestSupport
import Testing

@Suite struct HistoryTests {
  let store: StateStore

  init() throws { store = try StateStore.inMemory() }

  @Test func `a store knows nothing at first`() throws {
    #expect(try store.history() == [:])
    #expect(try store.runs(limit: 10) == [])
    #expect(try store.candidates() == [:])
    #expect(try store.fileStamps() == [:])
  }

  @Test func `what was materialized is remembered, apart from details that no decision needs`()
    throws
  {
    try store.record(materialization())

    var last = materialization()
    last.product.columns = nil
    last.product.metrics = nil
    last.columnLineage = nil
    #expect(
      try store.history() == [
        "daily": AssetHistory(
          last: last,
          lastAttempt: Attempt(run: "run1", startedAt: monday, outcome: .materialized))
      ])
  }

  @Test func `names are found in any case, and keep the one they were recorded in`() throws {
    try store.record(materialization(of: "Daily"))
    try store.record(materialization(of: "DAILY", in: "run2", at: tuesday))

    let history = try store.history()
    #expect(history.count == 1)
    #expect(history["daily"]?.last?.id == "run2/DAILY")
    #expect(try store.materializations(of: "daily", limit: 5).count == 2)
  }

  @Test func `materializations come with all details, the newest first`() throws {
    let old = materialization()
    let new = materialization(in: "run2", at: tuesday, content: "rows1:other")
    try store.record(old)
    try store.record(new)

    #expect(try store.materializations(of: "daily", limit: 5) == [new, old])
    #expect(try store.materializations(of: "daily", limit: 1) == [new])
    #expect(try store.materializations(of: "other", limit: 5) == [])
  }

  @Test func `inputs come with the details that explain their changes`() throws {
    try store.record(materialization())

    let last = try #require(try store.history()["daily"]?.last)
    #expect(last.provenance.inputs.mapValues(\.details) == provenance.inputs.mapValues(\.details))
    let recorded = try #require(try store.materializations(of: "daily", limit: 1).first)
    #expect(
      recorded.provenance.inputs.mapValues(\.details) == provenance.inputs.mapValues(\.details))
  }

  @Test func `definitions are kept by their digests`() throws {
    try store.record(materialization())

    #expect(try store.definition(provenance.definition) == queryForm)
    #expect(try store.definition("def1:other") == nil)
  }

  @Test func `a failure keeps what was published, its error and what it was made from`() throws {
    try store.record(materialization())
    try store.beginRun("run2", command: "materialize daily", at: tuesday, assets: [])

    try store.endAttempt(
      AttemptEnd(
        asset: "daily", startedAt: tuesday, endedAt: tuesday, outcome: .failed,
        causes: [.definitionChanged], provenance: Provenance(definition: "def1:new"),
        error: "no such column: day"),
      attempt: nil, run: "run2")

    let history = try #require(try store.history()["daily"])
    #expect(history.last?.id == "run1/daily")
    #expect(
      history.lastAttempt
        == Attempt(
          run: "run2", startedAt: tuesday, outcome: .failed, error: "no such column: day",
          provenance: Provenance(definition: "def1:new")))
  }

  @Test func `causes are remembered by asset and run`() throws {
    let causes: [StaleCause] = [
      .definitionChanged, .inputChanged(.asset("orders"), columns: ["id"]),
      .inputChanged(.file("data/x.csv"), columns: nil), .inputAdded(.asset("a")),
      .inputRemoved(.asset("b")), .outputMissing, .outputAltered, .expired, .attemptUnfinished,
      .attemptFailed,
      .forced, .inputStale("rates"), .fullRefresh(.definitionChanged),
      .goingOn(.inputChanged(.asset("orders"), columns: nil)),
      .inputExtended(.asset("orders"), cursor: "7"),
      .inputRewritten(.asset("orders"), columns: ["id"], cursor: "7"),
    ]
    try store.record(materialization(), causes: causes)

    #expect(try store.causes(of: "daily", in: "run1") == causes)
    #expect(try store.causes(of: "daily", in: "run2") == [])
  }

  @Test func `each target has a past of its own`() throws {
    let folder = try TemporaryStore()
    let base = try StateStore.open(folder.path, target: "default")
    let prod = try StateStore.open(folder.path, target: "prod")

    try base.record(materialization())
    try base.remember(["daily": [.whole: "rows1:x"]], at: "stamp")

    #expect(try base.history().count == 1)
    #expect(try prod.history() == [:])
    #expect(try prod.runs(limit: 5) == [])
    #expect(try prod.tableContents(at: "stamp") == nil)
    #expect(try base.tableContents(at: "stamp") == ["daily": [.whole: "rows1:x"]])
  }
}
