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
      ])
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
  }

  @Test func `a run that died is cancelled when the next one begins`() throws {
    try store.beginRun("run1", command: "materialize", at: monday, assets: [])
    _ = try store.beginAttempt(
      on: "daily", run: "run1", at: tuesday, causes: [], provenance: nil)

    let dead = try store.beginRun("run2", command: "materialize", at: tuesday, assets: [])

    let first = try #require(try store.runs(limit: 5).last)
    #expect(dead == ["run1"])
    #expect(first.outcome == "cancelled")
    #expect(first.endedAt == tuesday)
    #expect(first.attempts.map(\.outcome) == [nil])
  }
}
