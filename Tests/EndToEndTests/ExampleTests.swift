import AssetTestSupport
import Testing

/// What a newcomer sees on the repository's own example: build, build again, edit, build again.
@Suite struct ExampleTests {
  static let allFresh = CommandResult(exitCode: 0, output: "all 15 assets are fresh\n")

  @Test func `the first run materializes every asset`() async throws {
    let project = try ExampleProject.new()

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(run.exitCode == 0)
    #expect(try run.json["outcome"] == "succeeded")
    #expect(!run.output.contains("warning"), "\(run.output)")
    #expect(try run.json["assets"].elements.count == 15)
    #expect(try Set(run.assets("outcome").values) == ["materialized"])
    #expect(try Set(run.causes.values.joined()).contains("never_materialized"))
    #expect(project.files(under: "build") == ["build/delay_chart.svg", "build/delay_model.json"])
  }

  @Test func `a second run starts nothing and says that all are fresh`() async throws {
    let project = try await ExampleProject.materialized()

    let run = try await project.assetctl("materialize")

    #expect(run == CommandResult(exitCode: 0, output: "nothing to do: all 15 assets are fresh\n"))
    #expect(try await project.assetctl("status") == Self.allFresh)
    #expect(try await project.assetctl("runs", "--format", "json").json["runs"].elements.count == 1)
  }

  @Test func `a comment in a query changes nothing`() async throws {
    let project = try await ExampleProject.materialized()

    try project.edit(
      ExampleProject.flightsClean, "from flights\n", to: "from flights -- of January\n")

    #expect(try await project.assetctl("status") == Self.allFresh)
  }

  @Test func `a touched file changes nothing`() async throws {
    let project = try await ExampleProject.materialized()

    for path in [
      "assets/raw/planes.csv", ExampleProject.flightsClean, "assets/models/delay_model.py",
      "build/delay_chart.svg",
    ] {
      try project.touch(path)
    }

    #expect(try await project.assetctl("status") == Self.allFresh)
  }

  @Test func `a changed filter makes its asset stale and its readers wait`() async throws {
    let project = try await ExampleProject.materialized()

    try project.edit(ExampleProject.flightsClean, "<= 1440", to: "<= 1200")

    let status = try await project.assetctl("status", "--format", "json")
    #expect(status.exitCode == 3)
    #expect(try status.assets(where: "status", is: "stale") == ["flights_clean"])
    #expect(try status.causes["flights_clean"] == ["definition_changed"])
    #expect(try status.assets(where: "status", is: "waiting") == ExampleProject.downstream)
    #expect(try status.causes["fleet"] == ["input_stale flights_clean"])
    #expect(try status.causes["fleet_age"] == ["input_stale fleet"])
  }

  @Test func `a reader whose inputs came out equal is not run`() async throws {
    let project = try await ExampleProject.materialized()

    try project.edit(ExampleProject.flightsClean, "<= 1440", to: "<= 1200")

    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(run.exitCode == 0)
    #expect(try run.json["outcome"] == "succeeded")
    #expect(try run.assets(where: "outcome", is: "unchanged") == ["fleet"])
    #expect(
      try run.assets(where: "outcome", is: "materialized")
        == (ExampleProject.downstream + ["flights_clean"]).sorted()
        .filter { !["fleet", "fleet_age"].contains($0) })
    #expect(try run.assets("outcome")["fleet_age"] == "fresh")
    #expect(try await project.assetctl("status") == Self.allFresh)
  }

  @Test func `a filter that keeps the same rows runs no reader`() async throws {
    let project = try await ExampleProject.materialized()

    try project.edit(ExampleProject.flightsClean, "<= 1440", to: "<= 1400")

    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(run.exitCode == 0)
    #expect(try run.assets(where: "outcome", is: "unchanged") == ["flights_clean"])
    #expect(try run.assets(where: "outcome", is: "materialized") == [])
    #expect(try run.assets(where: "outcome", is: "fresh").count == 14)
    #expect(try await project.assetctl("status") == Self.allFresh)
  }

  @Test func `a changed value in a seed runs its readers`() async throws {
    let project = try await ExampleProject.materialized()

    try project.edit("assets/raw/airlines.csv", "Virgin America", to: "Virgin")

    let status = try await project.assetctl("status", "--format", "json")
    #expect(
      try status.causes == [
        "airlines": ["input_changed assets/raw/airlines.csv"],
        "carrier_punctuality": ["input_stale airlines"], "fleet_age": ["input_stale airlines"],
      ])
    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(
      try run.assets(where: "outcome", is: "materialized") == [
        "airlines", "carrier_punctuality", "fleet_age",
      ])
    #expect(try run.causes["fleet_age"] == ["input_changed airlines"])
    #expect(
      try await project.sqlite("select name from fleet_age where carrier = 'VX'") == [["Virgin"]])
  }

  @Test func `rows of a seed in another order run no reader`() async throws {
    let project = try await ExampleProject.materialized()

    let lines = try project.read("assets/raw/airlines.csv").split(separator: "\n")
    try project.write(
      "assets/raw/airlines.csv",
      ([lines[0]] + lines.dropFirst().reversed()).joined(separator: "\n") + "\n")

    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(try run.assets(where: "outcome", is: "unchanged") == ["airlines"])
    #expect(try run.assets(where: "outcome", is: "materialized") == [])
  }

  @Test func `its unit tests pass without a warehouse`() async throws {
    let project = try ExampleProject.new()

    let result = try await project.assetctl("test", "--format", "json")

    #expect(result.exitCode == 0)
    #expect(try result.json["summary"] == ["ok": 2, "failed": 0])
    #expect(!project.exists(".assetctl"))
  }
}
