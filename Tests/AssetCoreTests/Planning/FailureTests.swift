import AssetCore
import AssetTestSupport
import Testing

/// A failure stops what is downstream of it, and stays one until something changes.
@Suite struct FailureTests {
  var project: Scenario

  init() throws {
    project = try Scenario(
      """
      orders
      rates
      daily <- orders
      report <- daily
      prices <- rates
      """)
  }

  @Test mutating func `a failure skips what is downstream, and nothing else`() async throws {
    project.fail("daily", with: "no such column: day")

    #expect(try await project.run() == ["orders", "rates", "prices"])

    #expect(
      project.results
        == [
          StepResult(
            "orders", .materialized, causes: [.neverMaterialized], rows: 1, durationMilliseconds: 0),
          StepResult(
            "daily", .failed, causes: [.neverMaterialized], durationMilliseconds: 0,
            failure: Diagnostic("no such column: day", at: Place(file: "daily.sql"))),
          StepResult(
            "rates", .materialized, causes: [.neverMaterialized], rows: 1, durationMilliseconds: 0),
          StepResult(
            "prices", .materialized, causes: [.neverMaterialized], rows: 1, durationMilliseconds: 0),
          StepResult("report", .skipped, because: "daily"),
        ].sorted(like: project.results))
  }

  @Test mutating func `a failed asset stays failed until something changes`() async throws {
    project.fail("daily", with: "no such column: day")
    _ = try await project.run()

    #expect(
      try await project.status(of: "daily")
        == AssetStatus(.failed, causes: [.neverMaterialized], message: "no such column: day"))

    project.edit("daily", to: "daily@2")
    #expect(
      try await project.status(of: "daily") == AssetStatus(.stale, causes: [.neverMaterialized]))
  }

  @Test mutating func `a failed asset is stale again when an input changes`() async throws {
    _ = try await project.run()
    project.edit("daily", to: "daily@2")
    project.fail("daily")
    _ = try await project.run()
    #expect(try await project.statuses() == ["daily: failed", "report: waiting"])

    project.edit("orders", to: "orders@2")
    _ = try await project.run("orders")

    #expect(try await project.statuses() == ["daily: stale", "report: waiting"])
  }

  @Test mutating func `a failed asset is tried again by each run`() async throws {
    project.fail("daily")
    _ = try await project.run()

    project.mend("daily")

    #expect(try await project.run() == ["daily", "report"])
    #expect(try await project.statuses() == [])
  }

  @Test mutating func `a failed asset whose definition is put back is fresh`() async throws {
    _ = try await project.run()
    project.edit("daily", to: "daily@2")
    project.fail("daily")
    _ = try await project.run()

    project.edit("daily", to: "daily")

    #expect(try await project.statuses() == [])
  }

  @Test mutating func `the old content stays when a build fails`() async throws {
    _ = try await project.run()
    let before = project.warehouse["daily"]
    project.edit("daily", to: "daily@2")
    project.fail("daily")

    _ = try await project.run()

    #expect(project.warehouse["daily"] == before)
  }

  @Test mutating func `with fail-fast nothing is started after a failure`() async throws {
    project.stopsAtFailure = true
    project.fail("daily")

    #expect(try await project.run() == ["orders"])

    #expect(project.outcome(of: "daily") == .failed)
    #expect(project.outcome(of: "report") == .cancelled)
    #expect(project.outcome(of: "prices") == .cancelled)
  }

  @Test mutating func `a skipped asset names the failure that is nearest to the root`() async throws
  {
    project.fail("orders")

    _ = try await project.run()

    #expect(project.results.first { $0.key == "daily" }?.because == "orders")
    #expect(project.results.first { $0.key == "report" }?.because == "orders")
  }

  @Test mutating func `a forced attempt that fails is not forgotten`() async throws {
    _ = try await project.run()
    project.fail("daily")
    _ = try await project.run(forced: ["daily"])

    let status = try await project.status(of: "daily")
    #expect(status?.kind == .failed)
    #expect(status?.causes == [.attemptFailed])

    project.mend("daily")
    #expect(try await project.run() == ["daily"])
    #expect(try await project.statuses() == [])
  }

  @Test mutating func `an attempt without an end makes an asset stale`() async throws {
    _ = try await project.run()

    project.leaveUnfinished("prices")

    #expect(
      try await project.status(of: "prices") == AssetStatus(.stale, causes: [.attemptUnfinished]))
    #expect(try await project.run() == ["prices"])
    #expect(try await project.statuses() == [])
  }
}

extension [StepResult] {
  /// The same results in the order of others.
  fileprivate func sorted(like others: [StepResult]) -> [StepResult] {
    others.compactMap { other in first { $0.key == other.key } }
  }
}
