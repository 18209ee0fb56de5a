import AssetCore
import AssetTestSupport
import Testing

/// Which readers a plan expects to stay fresh.
@Suite struct ExpectedFreshTests {
  var project: Scenario

  init() async throws {
    project = try Scenario(
      """
      source events
      daily <- events(day total flag)
      by_total <- daily(sum)
      by_day <- daily(day)
      tally <- daily()
      all <- daily
      top <- by_day(day)
      guarded <- daily(day ?gone)
      """)
    project.reader = LineageReader([
      "daily": [
        ColumnLineage(
          name: "Day", from: [AssetColumn("events", "day")],
          influencedBy: [AssetColumn("events", "flag")]),
        ColumnLineage(
          name: "sum", from: [AssetColumn("events", "total")],
          influencedBy: [AssetColumn("events", "flag")]),
      ],
      "by_day": [ColumnLineage(name: "day", from: [AssetColumn("daily", "day")])],
    ])
    project.alter("events", to: "day=1 total=2 flag=1")
    project.pinContent(of: "daily", to: "day=1 sum=2")
    project.pinContent(of: "by_day", to: "day=1")
    _ = try await project.run()
  }

  private func expected() async throws -> [AssetKey] {
    let (plan, assessor) = try await project.prepare()
    var catalog = ColumnCatalog(of: plan, by: assessor, reader: project.reader)
    return plan.expectedFresh(by: assessor, columns: &catalog)
  }

  @Test func `nothing is expected of a plan without steps`() async throws {
    #expect(try await expected() == [])
  }

  @Test func `readers of other columns than those made of what changed stay fresh`() async throws {
    project.alter("events", to: "day=1 total=9 flag=1")

    #expect(try await expected() == ["by_day", "guarded", "tally", "top"])
  }

  @Test func `what a changed column is made of goes on through readers`() async throws {
    project.alter("events", to: "day=9 total=2 flag=1")

    #expect(try await expected() == ["by_total", "tally"])
  }

  @Test func `what decides which rows count changes everything`() async throws {
    project.alter("events", to: "day=1 total=2 flag=9")

    #expect(try await expected() == [])
  }

  @Test func `further rows change everything`() async throws {
    project.alter("events", to: "day=1 total=2 flag=1\nday=1 total=3 flag=1")

    #expect(try await expected() == [])
  }

  @Test mutating func `another definition changes everything`() async throws {
    project.edit("daily", to: "daily@2")

    #expect(try await expected() == [])
  }

  @Test mutating func `a column that will be there or not touches those that mention it`()
    async throws
  {
    project.alter("events", to: "day=1 total=9 flag=1")
    project.reader = LineageReader([
      "daily": [
        ColumnLineage(name: "Day", from: [AssetColumn("events", "day")]),
        ColumnLineage(name: "gone"),
      ]
    ])

    #expect(try await expected() == ["by_day", "tally", "top"])
  }

  @Test mutating func `where lineage is not known everything may change`() async throws {
    project.reader = LineageReader([:])
    project.alter("events", to: "day=1 total=9 flag=1")

    #expect(try await expected() == [])
  }

  @Test mutating func `a reader of what an input held before is not expected to stay fresh`()
    async throws
  {
    // `daily` is made anew alone, so that `by_day` has not read what is there now.
    project.edit("daily", to: "daily@2")
    project.pinContent(of: "daily", to: "day=7 sum=2")
    _ = try await project.run("daily", only: true)
    project.alter("events", to: "day=1 total=9 flag=1")

    #expect(try await expected() == ["tally"])
  }
}

/// Reads a scenario, and knows the columns of some tables.
private struct LineageReader: QueryReader {
  var lineage: [AssetKey: [ColumnLineage]]

  init(_ lineage: [AssetKey: [ColumnLineage]]) { self.lineage = lineage }

  func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
    var reading = ScenarioReader().read(asset, columns: columns)
    reading.columns = lineage[asset.key]
    return reading
  }
}
