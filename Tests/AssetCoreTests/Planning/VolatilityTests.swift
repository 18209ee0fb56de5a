import AssetCore
import AssetTestSupport
import Testing

@Suite struct VolatilityTests {
  var project: Scenario

  init() throws {
    project = try Scenario(
      """
      clock
      report <- clock
      """)
  }

  @Test mutating func `what is always volatile runs each time, its readers only on a change`()
    async throws
  {
    project.makeVolatile("clock", .always)
    _ = try await project.run()

    #expect(
      try await project.plan().steps == [
        .init("clock", .materialize([.expired])),
        .init("report", .materializeIfInputsChange([.inputStale("clock")])),
      ])
    #expect(try await project.run() == ["clock"])

    project.pinContent(of: "clock", to: "now=later")
    #expect(try await project.run() == ["clock", "report"])
  }

  @Test mutating func `what may be so old expires only when it is older`() async throws {
    project.makeVolatile("clock", .after(seconds: 3600))
    _ = try await project.run()

    project.pass(seconds: 3600)
    #expect(try await project.statuses() == [])

    project.pass(seconds: 1)
    #expect(try await project.statuses() == ["clock: stale", "report: waiting"])
    #expect(try await project.run() == ["clock"])
    #expect(try await project.statuses() == [])
  }

  @Test mutating func `a volatile asset that was never materialized has that cause alone`()
    async throws
  {
    project.makeVolatile("clock", .always)

    #expect(
      try await project.status(of: "clock") == AssetStatus(.stale, causes: [.neverMaterialized]))
  }
}
