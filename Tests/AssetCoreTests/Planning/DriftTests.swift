import AssetCore
import AssetTestSupport
import Testing

/// What others did to published tables and to sources is seen and repaired.
@Suite struct DriftTests {
  var project: Scenario

  init() throws {
    project = try Scenario(
      """
      source events
      daily <- events
      report <- daily
      """)
  }

  @Test mutating func `a source that changed makes its readers stale`() async throws {
    _ = try await project.run()

    project.alter("events", to: "content=new")

    #expect(
      try await project.plan().steps == [
        .init("daily", .materialize([.inputChanged(.asset("events"), columns: ["content"])])),
        .init("report", .materializeIfInputsChange([.inputStale("daily")])),
      ])
  }

  @Test mutating func `a table that was altered is made again, and its readers stay fresh`()
    async throws
  {
    _ = try await project.run()

    project.alter("daily", to: "content=by_hand")

    #expect(
      try await project.status(of: "daily") == AssetStatus(.stale, causes: [.outputAltered]))
    #expect(try await project.run() == ["daily"])
    #expect(project.outcome(of: "report") == .fresh)
    #expect(try await project.statuses() == [])
  }

  @Test mutating func `a table that was dropped is made again`() async throws {
    _ = try await project.run()

    project.drop("report")

    #expect(
      try await project.status(of: "report") == AssetStatus(.stale, causes: [.outputMissing]))
    #expect(try await project.run() == ["report"])
  }

  @Test mutating func `something else in a table's place counts as altered`() async throws {
    _ = try await project.run()

    project.warehouse.disown("report")

    #expect(
      try await project.status(of: "report") == AssetStatus(.stale, causes: [.outputAltered]))
  }

  @Test mutating func `a missing source is unknown, and so is what reads it`() async throws {
    project.drop("events")

    #expect(
      try await project.plan().steps == [
        .init("daily", .impossible("its input `events` is unknown: there is no table `events`")),
        .init(
          "report",
          .impossible(
            "its input `daily` is unknown: its input `events` is unknown: "
              + "there is no table `events`")),
      ])
    #expect(try await project.run() == [])
    #expect(project.results.map(\.outcome) == [.failed, .skipped])
    #expect(project.results.map(\.because) == [nil, "daily"])
  }

  @Test mutating func `what cannot be looked at is unknown, never fresh`() async throws {
    _ = try await project.run()

    project.warehouse.hide("daily", because: "the disk is gone")

    #expect(try await project.statuses() == ["daily: unknown", "report: unknown"])
    #expect(
      try await project.status(of: "daily") == AssetStatus(.unknown, message: "the disk is gone"))

    project.warehouse.hide("daily", because: nil)
    #expect(try await project.statuses() == [])
  }

  @Test mutating func `a source that somebody writes during a run is looked at again`() async throws
  {
    _ = try await project.run()
    project.edit("daily", to: "daily@2")
    project.warehouse[behavior: "daily"].meanwhile = [["events": "content=new"]]

    #expect(try await project.run() == ["daily", "report"])

    #expect(
      project.results[0].causes == [
        .definitionChanged, .inputChanged(.asset("events"), columns: ["content"]),
      ])
    #expect(try await project.statuses() == [])
  }

  @Test mutating func `somebody who never stops writing makes a run fail`() async throws {
    project.warehouse[behavior: "daily"].meanwhile = (0..<10).map { ["events": "content=\($0)"] }

    #expect(try await project.run() == [])

    #expect(project.results.map(\.outcome) == [.failed, .skipped])
    #expect(
      project.results[0].failure
        == Diagnostic(
          "another program keeps writing to the warehouse",
          hint: "materialize again when it is done"))
  }
}
