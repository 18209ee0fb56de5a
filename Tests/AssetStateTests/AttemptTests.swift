import AssetCore
import AssetState
import AssetTestSupport
import Testing

/// What is known after a process died at any point of an attempt.
@Suite struct AttemptTests {
  let store: StateStore

  init() throws {
    store = try StateStore.inMemory()
    try store.beginRun("run1", command: "materialize", at: monday, assets: [])
  }

  private func begin() throws -> Int64 {
    try store.beginAttempt(
      on: "daily", run: "run1", at: monday, causes: [.forced], provenance: provenance)
  }

  @Test func `an attempt without an end is known as such`() throws {
    _ = try begin()

    #expect(
      try store.history() == [
        "daily": AssetHistory(
          lastAttempt: Attempt(
            run: "run1", startedAt: monday, outcome: nil, provenance: provenance))
      ])
    #expect(try store.candidates() == [:])
  }

  @Test func `what an attempt is about to publish can be recognized`() throws {
    let attempt = try begin()

    try store.noteCandidate(materialization(), definition: queryForm, of: attempt)

    #expect(try store.candidates() == ["daily": materialization()])
    #expect(try store.definition(provenance.definition) == queryForm)
  }

  @Test func `the end of an attempt leaves no candidate`() throws {
    let attempt = try begin()
    try store.noteCandidate(materialization(), definition: queryForm, of: attempt)

    try store.endAttempt(
      AttemptEnd(
        asset: "daily", startedAt: monday, endedAt: tuesday, outcome: .materialized,
        causes: [.forced], materialization: materialization(), definition: queryForm),
      attempt: attempt, run: "run1")

    #expect(try store.candidates() == [:])
    #expect(try store.history()["daily"]?.lastAttempt?.outcome == .materialized)
    #expect(try store.history()["daily"]?.last?.id == "run1/daily")
    #expect(try store.runs(limit: 1).first?.attempts.count == 1)
  }

  @Test func `a candidate that was published is adopted, and ends its attempt`() throws {
    let attempt = try begin()
    try store.noteCandidate(materialization(), definition: queryForm, of: attempt)

    let adopted = try store.adopt([("daily", "run1/daily", try toJSON(materialization()))])

    #expect(adopted == ["daily"])
    #expect(try store.candidates() == [:])
    #expect(try store.materializations(of: "daily", limit: 5) == [materialization()])
    #expect(try store.history()["daily"]?.lastAttempt?.outcome == .materialized)
  }

  @Test func `an adoption of what is known changes nothing`() throws {
    try store.record(materialization(in: "run2"))

    #expect(try store.adopt([("daily", "run2/daily", "not even read")]) == [])
  }

  @Test func `an older publication is adopted, as after a warehouse was restored`() throws {
    let old = materialization(in: "run2")
    let new = materialization(in: "run3", at: tuesday)
    try store.record(old)
    try store.record(new)

    #expect(try store.adopt([("daily", old.id, try toJSON(old))]) == ["daily"])

    #expect(try store.history()["daily"]?.last?.id == old.id)
  }

  @Test func `a record of a newer version is passed over`() throws {
    try store.record(materialization(in: "run2"))

    try store.adopt([("daily", "run9/daily", #"{"version": 9}"#)])

    #expect(try store.history()["daily"]?.last?.id == "run2/daily")
  }
}
