import AssetCore
import AssetTestSupport
import Testing

/// An asset is judged by what it read when it was made.
@Suite struct ConsumptionTraceTests {
  var project: Scenario

  init() throws {
    project = try Scenario(
      """
      source events
      narrow <- events(day)
      guarded <- events(day ?note)
      whole <- events
      tally <- events()
      """)
    project.alter("events", to: "day=1 total=2\nday=2 total=3")
  }

  @Test mutating func `a column that is added makes stale who reads the whole`() async throws {
    _ = try await project.run()

    project.alter("events", to: "day=1 total=2 extra=1\nday=2 total=3 extra=1")

    #expect(
      try await project.plan().steps == [
        .init("whole", .materialize([.inputChanged(.asset("events"), columns: ["extra"])]))
      ])
  }

  @Test mutating func `a name that may mean something else makes stale those that mention it`()
    async throws
  {
    _ = try await project.run()

    project.alter("events", to: "day=1 note=x\nday=2 note=x")
    #expect(
      try await project.plan("guarded").steps == [
        .init("guarded", .materialize([.inputChanged(.asset("events"), columns: ["note"])]))
      ])
    #expect(try await project.run() == ["guarded", "whole"])

    project.alter("events", to: "day=1\nday=2")
    #expect(
      try await project.plan("guarded").steps == [
        .init("guarded", .materialize([.inputChanged(.asset("events"), columns: ["note"])]))
      ])
  }

  @Test mutating func `values that are exchanged between rows are a change of all that is read`()
    async throws
  {
    try project.declare("both <- events(day total)")
    _ = try await project.run()

    project.alter("events", to: "day=1 total=3\nday=2 total=2")

    #expect(
      try await project.plan().steps == [
        .init("both", .materialize([.inputChanged(.asset("events"), columns: ["day", "total"])])),
        .init("whole", .materialize([.inputChanged(.asset("events"), columns: ["day", "total"])])),
      ])
  }

  @Test mutating func `rows in another order are the same, and a repeated row is another`()
    async throws
  {
    _ = try await project.run()

    project.alter("events", to: "day=2 total=3\nday=1 total=2")
    #expect(try await project.plan().steps == [])

    project.alter("events", to: "day=2 total=3\nday=1 total=2\nday=1 total=2")
    #expect(
      try await project.plan("tally").steps == [
        .init("tally", .materialize([.inputChanged(.asset("events"), columns: [])]))
      ])
    #expect(try await project.run() == ["guarded", "narrow", "tally", "whole"])
  }

  @Test
  mutating func `a definition that consumes otherwise also tells what changed of what it read`()
    async throws
  {
    _ = try await project.run()

    try project.declare("narrow@2 <- events(total)")
    project.alter("events", to: "day=1 total=7\nday=2 total=3")
    #expect(
      try await project.status(of: "narrow") == AssetStatus(.stale, causes: [.definitionChanged]))

    project.alter("events", to: "day=5 total=7\nday=2 total=3")
    #expect(
      try await project.status(of: "narrow")
        == AssetStatus(
          .stale, causes: [.definitionChanged, .inputChanged(.asset("events"), columns: ["day"])]))
  }

  @Test mutating func `a failure lasts as long as nothing changes of what it read`() async throws {
    _ = try await project.run()
    try project.declare("narrow@2 <- events(total)")
    project.fail("narrow", with: "out of range")
    _ = try await project.run()

    project.alter("events", to: "day=9 total=2\nday=9 total=3")
    #expect(
      try await project.status(of: "narrow")
        == AssetStatus(
          .failed,
          causes: [.definitionChanged, .inputChanged(.asset("events"), columns: ["day"])],
          message: "out of range"))

    project.alter("events", to: "day=9 total=4\nday=9 total=3")
    #expect(try await project.status(of: "narrow")?.kind == .stale)
  }

  @Test
  mutating func `what was recorded as read as a whole stays fresh, and is narrowed when made`()
    async throws
  {
    project.reader = WholeReader()
    _ = try await project.run()
    project.reader = ScenarioReader()

    #expect(try await project.plan().steps == [])

    project.alter("events", to: "day=1 total=9\nday=2 total=3")
    #expect(try await project.run() == ["guarded", "narrow", "tally", "whole"])
    project.alter("events", to: "day=1 total=0\nday=2 total=3")
    #expect(try await project.run() == ["whole"])
  }
}

/// Reads nothing out of queries.
private struct WholeReader: QueryReader {
  func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading { QueryReading() }
}
