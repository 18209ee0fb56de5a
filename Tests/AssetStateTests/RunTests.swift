import AssetCore
import AssetState
import AssetTestSupport
import Testing

@Suite struct RunTests {
  let store: StateStore

  init() throws { store = try StateStore.inMemory() }

  @Test func `runs come with their attempts, the newest first`() throws {
    try store.record(materialization())
    try store.beginRun("run2", command: "materialize daily --force", at: tuesday, assets: [])
    try store.endAttempt(
      AttemptEnd(
        asset: "daily", startedAt: tuesday, endedAt: tuesday, outcome: .failed, causes: [.forced],
        error: "no such column: day"),
      attempt: nil, run: "run2")

    let first = RunRecord(
      id: "run1", command: "materialize", startedAt: monday, endedAt: monday, outcome: "succeeded",
      attempts: [
        .init(
          asset: "daily", startedAt: monday, endedAt: monday, outcome: .materialized, error: nil)
      ], metrics: ["daily": [MetricComparison("error", 0.25, previous: nil)]])
    let second = RunRecord(
      id: "run2", command: "materialize daily --force", startedAt: tuesday, endedAt: nil,
      outcome: nil,
      attempts: [
        .init(
          asset: "daily", startedAt: tuesday, endedAt: tuesday, outcome: .failed,
          error: "no such column: day")
      ])
    #expect(try store.runs(limit: 5) == [second, first])
    #expect(try store.runs(limit: 1) == [second])
    #expect(try store.newestRun(beginningWith: "") == second)
    #expect(try store.newestRun(beginningWith: "run1") == first)
    #expect(try store.newestRun(beginningWith: "run12") == nil)
  }

  @Test func `a run that died is cancelled when the next one begins`() throws {
    try store.beginRun("run1", command: "materialize", at: monday, assets: [])
    _ = try store.beginAttempt(
      on: "daily", run: "run1", at: tuesday, causes: [], provenance: nil)

    let dead = try store.beginRun("run2", command: "materialize", at: tuesday, assets: [])

    let first = try #require(try store.runs(limit: 5).last)
    #expect(dead == ["run1"])
    #expect(first.outcome == "cancelled")
    #expect(first.endedAt == nil)
    #expect(first.lastSeenAt == tuesday)
    #expect(first.attempts.map(\.outcome) == [nil])
  }

  @Test func `a run that died was seen at least until then`() throws {
    try store.beginRun("run1", command: "materialize", at: monday, assets: [])
    try store.noteSeen("run1", at: tuesday)
    try store.noteSeen("of another program", at: tuesday)

    #expect(try store.runs(limit: 5).map(\.outcome) == [nil])
    try store.beginRun("run2", command: "materialize", at: tuesday, assets: [])
    try store.noteSeen("run1", at: monday)

    let first = try #require(try store.run("run1"))
    #expect(first.outcome == "cancelled")
    #expect(first.lastSeenAt == tuesday)
  }

  @Test func `what the last run left undone is known, also of one that was killed`() throws {
    func attempt(_ key: AssetKey, _ outcome: Attempt.Outcome, in run: String) throws {
      try store.endAttempt(
        AttemptEnd(asset: key, startedAt: monday, endedAt: monday, outcome: outcome, causes: []),
        attempt: nil, run: run)
    }
    #expect(try store.lastRun() == nil)
    try store.beginRun(
      "run1", command: "materialize", at: monday, assets: [], due: ["a", "b", "c"])
    try attempt("a", .failed, in: "run1")
    try attempt("a", .materialized, in: "run1")
    try attempt("b", .failed, in: "run1")

    #expect(try store.lastRun()?.undone == ["b", "c"])
    try store.endRun("run1", outcome: "failed", at: monday, due: ["b"])
    #expect(try store.lastRun()?.undone == ["b"])

    try store.beginRun("run2", command: "materialize", at: tuesday, assets: [])
    let last = try #require(try store.lastRun())
    #expect(last.id == "run2")
    #expect(last.undone == [])
  }

  @Test func `metrics are compared with the materialization before`() throws {
    func record(_ run: String, _ time: Timestamp, _ metrics: [String: Double]?) throws {
      var record = materialization(in: run, at: time)
      record.product.metrics = metrics
      try store.record(record)
      try store.record(materialization(of: "other", in: run + "b", at: time))
    }
    try record("run1", monday, ["error": 4, "n": 1])
    try record("run2", tuesday, ["error": 3, "m": 2])
    try record("run3", Timestamp(milliseconds: tuesday.milliseconds + 1), nil)

    #expect(
      try store.run("run2")?.metrics == [
        "daily": [
          MetricComparison("error", 3, previous: 4), MetricComparison("m", 2, previous: nil),
          MetricComparison("n", nil, previous: 1),
        ]
      ])
    #expect(try store.run("run3")?.metrics == [:])
  }
}
