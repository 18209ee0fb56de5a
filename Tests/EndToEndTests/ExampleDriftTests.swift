import AssetTestSupport
import Testing

/// What the example's user does beside assetctl, or gets wrong, and how it is mended.
@Suite struct ExampleDriftTests {
  @Test func `a broken query fails, skips its readers and leaves the old table whole`() async throws
  {
    let project = try await ExampleProject.materialized()
    let before = try await project.sqlite("select count(*), sum(seats) from fleet")
    try project.edit("assets/raw/planes.csv", "N12109,1994", to: "N12109,1995")
    try project.edit("assets/raw/airlines.csv", "Virgin America", to: "Virgin")

    try project.edit("assets/marts/fleet.sql", "planes.seats,", to: "planes.chairs,")

    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(run.exitCode == 1)
    #expect(try run.json["outcome"] == "failed")
    #expect(
      try run.assets("outcome").filter { $0.value != "fresh" } == [
        "planes": "materialized", "airlines": "materialized", "fleet": "failed",
        "fleet_age": "skipped", "carrier_punctuality": "materialized",
      ])
    let failed = try run.json["assets"].elements.first { $0["asset"] == "fleet" }
    #expect(failed?["error"] == "assets/marts/fleet.sql:31:10: `planes` has no column `chairs`")
    #expect(try await project.sqlite("select count(*), sum(seats) from fleet") == before)
    let status = try await project.assetctl("status")
    #expect(
      status
        == CommandResult(
          exitCode: 1,
          output: """
            failed  fleet  `planes` has no column `chairs`
            stale  fleet_age  `airlines` changed in `name`

            13 fresh, 1 stale, 1 failed

            """))
  }

  @Test func `after a query is mended only what is left is built`() async throws {
    let project = try await ExampleProject.materialized()
    try project.edit("assets/raw/planes.csv", "N12109,1994", to: "N12109,1995")
    try project.edit("assets/marts/fleet.sql", "planes.seats,", to: "planes.chairs,")
    #expect(try await project.assetctl("materialize").exitCode == 1)

    try project.edit("assets/marts/fleet.sql", "planes.chairs,", to: "planes.seats,")

    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(run.exitCode == 0)
    #expect(
      try run.assets("outcome").filter { $0.value != "fresh" } == [
        "fleet": "materialized", "fleet_age": "unchanged",
      ])
    #expect(try await project.assetctl("status") == ExampleTests.allFresh)
  }

  @Test func `an updated table is altered, and only it is repaired`() async throws {
    let project = try await ExampleProject.materialized()
    let before = try await project.sqlite("select * from daily_delays order by day")

    try await project.sqlite("update daily_delays set flown = flown + 1 where day = '2013-01-07'")

    let status = try await project.assetctl("status", "--format", "json")
    #expect(status.exitCode == 3)
    #expect(
      try status.causes == [
        "daily_delays": ["output_altered"], "delay_chart": ["input_stale daily_delays"],
      ])
    let run = try await project.assetctl("materialize")
    #expect(
      run.output == """
        unchanged  daily_delays  31 rows  <duration>
        fresh  delay_chart  its inputs came out the same

        1 unchanged, 14 fresh in <duration>

        """)
    #expect(try await project.sqlite("select * from daily_delays order by day") == before)
  }

  @Test func `a dropped table is missing, and only it is repaired`() async throws {
    let project = try await ExampleProject.materialized()

    try await project.sqlite("drop table route_performance")

    #expect(
      try await project.assetctl("status")
        == CommandResult(
          exitCode: 3,
          output: """
            stale  route_performance  its output is missing

            14 fresh, 1 stale

            """))
    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(
      try run.assets("outcome").filter { $0.value != "fresh" }.keys.sorted()
        == ["route_performance"])
    #expect(try await project.sqlite("select count(*) from route_performance") == [[186]])
  }

  @Test func `a deleted file is missing, and only it is made again`() async throws {
    let project = try await ExampleProject.materialized()
    let chart = try project.read("build/delay_chart.svg")

    try project.remove("build/delay_chart.svg")

    let status = try await project.assetctl("status", "--format", "json")
    #expect(try status.causes == ["delay_chart": ["output_missing"]])
    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(
      try run.assets("outcome").filter { $0.value != "fresh" } == ["delay_chart": "unchanged"])
    #expect(try project.read("build/delay_chart.svg") == chart)
  }

  @Test func `an edited file is altered, and what was written to it is kept aside`() async throws {
    let project = try await ExampleProject.materialized()
    let chart = try project.read("build/delay_chart.svg")

    try project.write("build/delay_chart.svg", "my own drawing")

    let status = try await project.assetctl("status", "--format", "json")
    #expect(try status.causes == ["delay_chart": ["output_altered"]])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try project.read("build/delay_chart.svg") == chart)
    #expect(
      try project.files(under: ".assetctl/replaced").map(project.read) == ["my own drawing"])
  }
}
