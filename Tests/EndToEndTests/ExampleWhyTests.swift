import AssetTestSupport
import Testing

/// `why` on the example: the chain of causes after each kind of change.
@Suite struct ExampleWhyTests {
  private static let last = "  last materialized <time> in the run <run>, because: "

  @Test func `a fresh asset gives its proof`() async throws {
    let project = try await ExampleProject.materialized()

    #expect(
      try await project.assetctl("why", "weather_hourly").output == """
        weather_hourly is fresh
          because nothing changed since it was materialized:
            definition:  <digest>
            weather (humid, origin, precip, temp, time_hour, visib, wind_speed): <digest>
            output:  <digest>
        \(Self.last)never materialized

        """)
  }

  @Test func `a changed definition is told with both of its versions`() async throws {
    let project = try await ExampleProject.materialized()

    try project.edit("assets/marts/fleet.sql", "select distinct", to: "select")

    let why = try await project.assetctl("why", "fleet_age", "--format", "json").json
    #expect(why["status"] == "waiting")
    #expect(why["chain"].elements.map(\.["asset"]) == ["fleet_age", "fleet"])
    #expect(
      why["chain"][0]["causes"] == [["cause": "input_stale", "input": "fleet", "changes": []]])
    let change = why["chain"][1]["causes"][0]
    #expect(change["cause"] == "definition_changed")
    #expect(change["changes"].elements.map(\.["what"]) == ["query"])
    #expect(change["changes"][0]["before"].text.contains("select distinct carrier"))
    #expect(!change["changes"][0]["now"].text.contains("distinct"))
  }

  @Test func `a changed seed is the end of the chain`() async throws {
    let project = try await ExampleProject.materialized()

    try project.edit("assets/raw/airlines.csv", "Virgin America", to: "Virgin")

    #expect(
      try await project.assetctl("why", "fleet_age").output == """
        fleet_age is waiting
          because it waits for `airlines`
        \(Self.last)never materialized

        airlines is stale
          because `assets/raw/airlines.csv` changed
            digest
              before  <digest>
              now  <digest>
        \(Self.last)never materialized

        """)
  }

  @Test func `after a run the last cause is remembered`() async throws {
    let project = try await ExampleProject.materialized()
    try project.edit("assets/raw/airlines.csv", "Virgin America", to: "Virgin")

    #expect(try await project.assetctl("materialize").exitCode == 0)

    let why = try await project.assetctl("why", "fleet_age", "--format", "json").json
    #expect(why["status"] == "fresh")
    #expect(
      why["chain"][0]["last_causes"] == [
        ["cause": "input_changed", "input": "airlines", "columns": ["name"]]
      ])
  }

  @Test func `a failure is told with its error`() async throws {
    let project = try await ExampleProject.materialized()
    try project.edit("assets/marts/fleet.sql", "planes.seats,", to: "planes.chairs,")
    #expect(try await project.assetctl("materialize").exitCode == 1)

    let why = try await project.assetctl("why", "fleet_age").output
    #expect(
      why == """
        fleet_age is waiting
          because it waits for `fleet`
        \(Self.last)never materialized

        fleet is failed
          `planes` has no column `chairs`
          because its definition changed
            query
              before  … model , planes . seats , planes . year …
              now  … model , planes . chairs , planes . year …
        \(Self.last)never materialized

        """)
  }

  @Test func `drift is told with both digests`() async throws {
    let project = try await ExampleProject.materialized()

    try await project.sqlite("delete from weather_hourly where origin = 'JFK'")

    #expect(
      try await project.assetctl("why", "weather_hourly").output == """
        weather_hourly is stale
          because its output was altered
            digest
              before  <digest>
              now  <digest>
        \(Self.last)never materialized

        """)
  }
}
