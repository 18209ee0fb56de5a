import AssetCore
import AssetTestSupport
import AssetWarehouse
import Testing

@testable import AssetExecution

/// What is looked at so that steps know what they read.
@Suite struct ConsumptionTests {
  var project: Scenario

  init() throws {
    project = try Scenario("source events\ntotals\na <- events(day) totals(sum)\nb <- a(x)")
    project.alter("events", to: "day=1 note=x")
    project.pinContent(of: "totals", to: "sum=5 of=3")
    project.pinContent(of: "a", to: "x=1 y=2")
  }

  /// What is looked at while the body goes on.
  private func looks(
    _ body: () async throws -> Void
  ) async throws -> [[AssetKey: Set<Consumption>]] {
    let before = project.warehouse.looks.count
    try await body()
    return Array(project.warehouse.looks.dropFirst(before))
  }

  @Test mutating func `sources are looked at once, as all that read them will read them`()
    async throws
  {
    try project.declare("c <- events(note) a(y)")
    let project = project

    let looks = try await looks { _ = try await Run(project) }

    // A first run asks for nothing to plan by, and for tables that it makes when it makes them.
    #expect(
      looks == [
        ["totals": [.whole], "a": [.whole], "b": [.whole], "c": [.whole]],
        ["events": [.columns(["day"]), .columns(["note"])]],
      ])
  }

  @Test mutating func `a new reader of other columns costs one look, and makes nothing again`()
    async throws
  {
    _ = try await project.run()
    try project.declare("c <- totals(of) a(y)")

    let (plan, _) = try await project.prepare()
    let before = project.warehouse.looks.count
    #expect(plan.steps == [.init("c", .materialize([.neverMaterialized]))])
    #expect(try await project.run() == ["c"])

    #expect(
      project.warehouse.looks.dropFirst(before + 1) == [
        [
          "totals": [.whole, .columns(["sum"]), .columns(["of"])],
          "a": [.whole, .columns(["x"]), .columns(["y"])],
        ]
      ])
    #expect(try await project.statuses() == [])
  }

  @Test mutating func `what was not foreseen is looked at before it is read`() async throws {
    // Until `totals` is made, it is taken to have other columns.
    project.reader = ColumnsReader()
    let project = project

    let run = try await Run(project)

    #expect(run.results.map(\.outcome) == [.materialized, .materialized, .materialized])
    #expect(
      run.ends.first { $0.key == "a" }?.provenance?.inputs == [
        .asset("events"): ConsumedInput(.columns(["day", "note"]), "fake1:day=1 note=x"),
        .asset("totals"): ConsumedInput(.columns(["of", "sum"]), "fake1:of=3 sum=5"),
      ])
    #expect(project.warehouse.looks.last?.keys.sorted() == ["a"])
  }

  @Test mutating func `inputs keep the details that explain their changes`() async throws {
    let run = try await Run(project)

    let inputs = run.ends.first { $0.key == "a" }?.materialization?.provenance.inputs
    #expect(
      inputs?[.asset("events")]?.details
        == ContentDetails(
          rows: 1, columns: [ColumnContent(name: "day", type: "text", digest: "fake1:day=1")]))
  }

  @Test mutating func `what the database reads and the analysis missed makes it the whole`()
    async throws
  {
    project.reader = ColumnsReader()
    project.warehouse.tell(
      programReads: ["events": .columns(["day", "no"]), "totals": .columns(["sum"])],
      of: "a <- events(day) totals(sum)")

    let run = try await Run(project)

    let end = try #require(run.ends.first { $0.key == "a" })
    #expect(end.provenance?.inputs[.asset("events")]?.consumption == .whole)
    #expect(
      end.provenance?.inputs[.asset("events")]?.wholeBecause
        == "the database reads `no`, which the analysis of the query missed")
    #expect(end.provenance?.inputs[.asset("totals")]?.consumption != .whole)
    #expect(end.result.warnings.map(\.summary).contains { $0.contains("consumes all of `events`") })
  }

  @Test mutating func `where the text tells nothing the database is asked`() async throws {
    project.reader = UnreadableReader(mentioned: ["day", "sum"])
    project.warehouse.tell(
      reads: ["events": .columns(["day"]), "totals": .rowCount],
      of: "a <- events(day) totals(sum)")

    let run = try await Run(project)

    #expect(
      run.ends.first { $0.key == "a" }?.provenance?.inputs.mapValues(\.consumption) == [
        .asset("events"): .columns(["day"], names: ["sum"]),
        .asset("totals"): .columns([], names: ["day", "sum"]),
      ])
    #expect(
      run.ends.first { $0.key == "b" }?.provenance?.inputs.mapValues(\.consumption) == [
        .asset("a"): .whole
      ])
  }

  @Test(
    arguments: [
      (nil, ["events": .columns(["day"]), "totals": .rowCount]),
      (["day"], ["events": .columns(["day"]), "others": .rowCount]),
    ] as [([String]?, [TableName: Consumption])])
  mutating func `what the database says does not count without names, or of other tables`(
    mentioned: [String]?, reads: [TableName: Consumption]
  ) async throws {
    project.reader = UnreadableReader(mentioned: mentioned)
    project.warehouse.tell(reads: reads, of: "a <- events(day) totals(sum)")

    let run = try await Run(project)

    #expect(
      run.ends.first { $0.key == "a" }?.provenance?.inputs.mapValues(\.consumption) == [
        .asset("events"): .whole, .asset("totals"): .whole,
      ])
  }

  @Test mutating func `a refused query is explained by what was found in its text`() async throws {
    let problem = Diagnostic(
      "there is no column `dya`", at: Place(file: "a.sql", line: 3, column: 9),
      hint: "did you mean `day`?")
    project.reader = ProblemReader(problem: problem)

    // The database decides: without its refusal all is read and nothing is said.
    var run = try await Run(project)
    #expect(
      run.ends.first { $0.key == "a" }?.provenance?.inputs.mapValues(\.consumption) == [
        .asset("events"): .whole, .asset("totals"): .whole,
      ])

    project.edit("a", to: "a@2")
    project.fail("a", with: "no such column: dya")
    run = try await Run(project)
    #expect(run.results.first { $0.key == "a" }?.failure == problem)
  }

  @Test mutating func `another failure than a refusal is told as it is`() async throws {
    project.reader = ProblemReader(problem: Diagnostic("there is no column `dya`"))
    project.warehouse[behavior: "a"].failure = .foreignTable("a")

    let run = try await Run(project)

    #expect(
      run.results.first { $0.key == "a" }?.failure?.summary
        == "the warehouse holds a table `a` that assetctl did not make")
  }

  @Test func `what a query gives is recorded with where it comes from`() async throws {
    let run = try await Run(project)

    #expect(
      run.ends.first { $0.key == "a" }?.materialization?.columnLineage == [
        ColumnLineage(name: "definition"),
        ColumnLineage(
          name: "read", from: [AssetColumn("events", "day"), AssetColumn("totals", "sum")]),
      ])
  }
}

/// Takes a query to read every column that its inputs have.
private struct ColumnsReader: QueryReader {
  func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
    QueryReading(
      inputs: Dictionary(
        uniqueKeysWithValues: asset.inputs.map { input in
          (input.key, InputReading(Consumption(columns: columns(input.key) ?? ["guessed"])))
        }),
      columns: [ColumnLineage(name: "guessed")])
  }
}

/// Can read no query.
private struct UnreadableReader: QueryReader {
  var mentioned: [String]?

  func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
    QueryReading(unreadable: "it is all Greek", mentioned: mentioned)
  }
}

/// Finds a problem in the query of `a`.
private struct ProblemReader: QueryReader {
  var problem: Diagnostic

  func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
    var reading = ScenarioReader().read(asset, columns: columns)
    if asset.key == "a" { reading.problems = [problem] }
    return reading
  }
}
