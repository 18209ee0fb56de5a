import AssetCore
import AssetTestSupport
import AssetWarehouse
import Testing

@testable import AssetExecution

/// What the executor does on a fake warehouse; what becomes stale and why is the core's tests' part.
@Suite struct ExecutorTests {
  @Test func `a warehouse takes one writer at a time`() async throws {
    var project = try Scenario("a\nb\nc")
    project.limit = 8

    #expect(try await project.run() == ["a", "b", "c"])
  }

  @Test func `what becomes ready is started by what depends on it most`() async throws {
    var project = try Scenario("a\nb\nlong1 <- b\nlong2 <- long1\nlong3 <- long2")

    #expect(try await project.run() == ["b", "long1", "long2", "a", "long3"])
  }

  @Test func `every asset is started and ended once, and readers after their inputs`() async throws
  {
    var project = try Scenario("a\nb <- a\nc <- a\nd <- b c")
    _ = try await project.run()
    project.edit("a", to: "a@2")

    let run = try await Run(project)

    #expect(
      run.events == [
        "started a", "materialized a", "started b", "materialized b", "started c", "materialized c",
        "started d", "materialized d",
      ])
  }

  @Test func `what came out fresh is ended without a start`() async throws {
    var project = try Scenario("a\nb <- a\nc <- b")
    project.pinContent(of: "a", to: "x=1")
    _ = try await project.run()
    project.edit("a", to: "a@2")

    let run = try await Run(project)

    #expect(run.events == ["started a", "unchanged a", "fresh b", "fresh c"])
  }

  @Test func `what is refused to be recorded is a failure, and its readers are skipped`()
    async throws
  {
    let project = try Scenario("a\nb <- a\nc")

    let run = try await Run(project, unrecordable: "a")

    #expect(run.events == ["started a", "failed a", "skipped b", "started c", "materialized c"])
    #expect(run.results[0].failure == Diagnostic("the disk is full"))
  }

  @Test(.timeLimit(.minutes(5)))
  func `cancelling ends what runs, and nothing more is started`() async throws {
    let project = try Scenario("a\nb\nc <- a")
    project.warehouse[behavior: "a"].runsUntilCancelled = true

    let run = try await Run(project, cancelsAtStart: true)

    #expect(run.events == ["started a", "cancelled a"])
    #expect(run.results.map(\.outcome) == [.cancelled, .cancelled, .cancelled])
    #expect(run.results.map(\.key) == ["a", "b", "c"])
    #expect(run.ends.map(\.result.outcome) == [.cancelled])
  }

  @Test func `what is recorded holds the provenance and the new materialization`() async throws {
    let project = try Scenario("source events\na <- events(day)")
    project.alter("events", to: "day=1 note=x")

    let run = try await Run(project)

    let end = try #require(run.ends.first)
    let provenance = Provenance(
      definition: try #require(try project.graph["a"]).definitionDigest,
      inputs: [.asset("events"): ConsumedInput(.columns(["day"]), "fake1:day=1")])
    #expect(run.ends.count == 1)
    #expect(end.causes == [.neverMaterialized])
    #expect(end.provenance == provenance)
    #expect(end.materialization?.id == "test/a")
    #expect(end.materialization?.provenance == provenance)
    #expect(end.materialization?.product.rows == 1)
    #expect(end.attempt == nil)
  }

  @Test func `after somebody else wrote everything is looked at again`() async throws {
    let project = try Scenario("source events\na <- events\nb <- a")
    project.warehouse[behavior: "a"].meanwhile = [["events": "x=2"]]

    let run = try await Run(project)

    #expect(
      run.events == ["started a", "started a", "materialized a", "started b", "materialized b"])
    #expect(
      run.ends.first?.provenance?.inputs == [.asset("events"): ConsumedInput(.whole, "fake1:x=2")])
  }
}
