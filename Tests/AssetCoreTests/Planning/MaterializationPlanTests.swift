import AssetCore
import AssetTestSupport
import Testing

@Suite struct MaterializationPlanTests {
  var project: Scenario

  init() throws {
    project = try Scenario(
      """
      orders
      rates
      daily <- orders rates
      report <- daily
      """)
  }

  @Test mutating func `a second run has nothing to do`() async throws {
    #expect(try await project.run("report") == ["orders", "rates", "daily", "report"])

    #expect(try await project.plan("report").steps == [])
    #expect(try await project.run("report") == [])
  }

  @Test mutating func `an edited asset is materialized and its readers wait`() async throws {
    _ = try await project.run()

    project.edit("daily", to: "daily@2")

    #expect(
      try await project.plan().steps == [
        .init("daily", .materialize([.definitionChanged])),
        .init("report", .materializeIfInputsChange([.inputStale("daily")])),
      ])
    #expect(try await project.statuses() == ["daily: stale", "report: waiting"])
  }

  @Test
  mutating func `everything is stale before the first run, and readers say for what they wait`()
    async throws
  {
    let plan = try await project.plan("daily")

    #expect(
      plan.steps == [
        .init("orders", .materialize([.neverMaterialized])),
        .init("rates", .materialize([.neverMaterialized])),
        .init("daily", .materialize([.neverMaterialized])),
      ])
  }

  @Test mutating func `only what is asked for and what is upstream of it is planned`() async throws
  {
    #expect(try await project.plan("daily").steps.map(\.key) == ["orders", "rates", "daily"])
    #expect(try await project.plan("rates").steps.map(\.key) == ["rates"])
  }

  @Test mutating func `readers stay fresh when an input comes out the same`() async throws {
    project.pinContent(of: "daily", to: "rows=same")
    _ = try await project.run()
    project.edit("daily", to: "daily@2")

    #expect(try await project.run() == ["daily"])

    #expect(
      project.results == [
        StepResult(
          "daily", .unchanged, causes: [.definitionChanged], rows: 1, durationMilliseconds: 0),
        StepResult("report", .fresh),
      ])
    #expect(try await project.statuses() == [])
  }

  @Test mutating func `readers run when an input comes out different`() async throws {
    _ = try await project.run()
    project.edit("orders", to: "orders@2")

    #expect(try await project.run() == ["orders", "daily", "report"])

    #expect(
      project.results.map(\.causes) == [
        [.definitionChanged],
        [.inputChanged(.asset("orders"), columns: ["definition"])],
        [.inputChanged(.asset("daily"), columns: ["read"])],
      ])
  }

  @Test mutating func `a new input and a lost one are causes of their own`() async throws {
    _ = try await project.run()

    try project.declare("daily <- orders prices")
    try project.declare("prices")

    #expect(
      try await project.plan("daily").steps == [
        .init("prices", .materialize([.neverMaterialized])),
        .init(
          "daily", .materialize([.inputAdded(.asset("prices")), .inputRemoved(.asset("rates"))])),
      ])
    #expect(try await project.run() == ["prices", "daily", "report"])
  }

  @Test mutating func `what is consumed of an input decides`() async throws {
    try project.declare("daily <- orders(total)")
    try project.declare("tally <- orders()")
    project.pinContent(of: "orders", to: "total=1 note=a\ntotal=2 note=b")
    _ = try await project.run()

    project.pinContent(of: "orders", to: "total=1 note=c\ntotal=2 note=d")
    #expect(try await project.run(forced: ["orders"]) == ["orders"])

    project.pinContent(of: "orders", to: "total=1 note=c\ntotal=3 note=d")
    #expect(try await project.run(forced: ["orders"]) == ["orders", "daily", "report"])
    #expect(
      project.results.first { $0.key == "daily" }?.causes == [
        .inputChanged(.asset("orders"), columns: ["total"])
      ])

    project.pinContent(of: "orders", to: "total=1 note=c")
    #expect(try await project.run(forced: ["orders"]) == ["orders", "daily", "report", "tally"])
    #expect(
      project.results.first { $0.key == "tally" }?.causes == [
        .inputChanged(.asset("orders"), columns: [])
      ])
  }

  @Test mutating func `a reader that is declared to consume other columns than before is stale`()
    async throws
  {
    try project.declare("daily <- !orders(total)")
    _ = try await project.run()

    try project.declare("daily <- !orders(note)")

    #expect(
      try await project.status(of: "daily")
        == AssetStatus(.stale, causes: [.inputChanged(.asset("orders"), columns: nil)]))
  }

  @Test mutating func `a forced asset runs, and its readers only if it comes out different`()
    async throws
  {
    _ = try await project.run()

    #expect(try await project.run("daily", forced: ["daily"]) == ["daily"])

    #expect(project.results.map(\.causes) == [[.forced]])
    #expect(try await project.statuses() == [])
  }

  @Test mutating func `with only, stale inputs are judged by what is published of them`()
    async throws
  {
    _ = try await project.run()
    project.edit("orders", to: "orders@2")
    project.edit("daily", to: "daily@2")

    #expect(
      try await project.plan("daily", only: true).steps == [
        .init("daily", .materialize([.definitionChanged]))
      ])
    #expect(try await project.run("daily", only: true) == ["daily"])
    #expect(try await project.statuses() == ["orders: stale", "daily: waiting", "report: waiting"])
  }

  @Test mutating func `with only, an input that was never materialized is a failure`() async throws
  {
    #expect(try await project.run("daily", only: true) == [])

    #expect(
      project.results.map(\.failure) == [
        Diagnostic(
          "`daily` reads `orders`, which was never materialized",
          hint: "materialize it first: `assetctl materialize orders`")
      ])
  }
}
