import AssetCore
import AssetState
import AssetTestSupport
import Testing

@Suite struct ForgettingTests {
  let store: StateStore

  init() throws { store = try StateStore.inMemory() }

  @Test func `what is forgotten is as if never materialized, and its records stay`() throws {
    try store.record(materialization())
    try store.record(materialization(of: "other", in: "run2"))

    try store.forget(["DAILY", "unknown"])

    #expect(try store.history().keys.sorted() == ["other"])
    #expect(try store.materializations(of: "daily", limit: 5) == [materialization()])
    #expect(try store.newestRuns(limit: 1) == ["run2"])
  }

  @Test func `partitions are forgotten with their asset, and no other asset is`() throws {
    let gone: [AssetKey] = [AssetKey(trusted: "daily@EU"), AssetKey(trusted: "Daily@_")]
    let others: [AssetKey] = ["daily_delays", "dailyA", "dail", AssetKey(trusted: "daily_x@EU")]
    for (number, key) in (gone + others).enumerated() {
      try store.record(materialization(of: key, in: "run\(number)"))
    }

    try store.forget(["daily"])

    #expect(try store.history().keys.sorted() == others.sorted())
  }

  @Test func `what another store's run has published is not materialized here`() throws {
    try store.record(materialization())
    let foreign = materialization(of: "foreign", in: "elsewhere")
    try store.adopt([("foreign", foreign.id, try toJSON(foreign))])

    #expect(try store.history().keys.sorted() == ["daily", "foreign"])
    #expect(try store.materializedHere() == ["daily"])
  }
}
