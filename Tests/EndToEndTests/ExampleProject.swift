import AssetTestSupport

/// The repository's own example, and copies of it to change.
enum ExampleProject {
  /// A copy that was never materialized.
  static func new() throws -> TemporaryProject {
    try TemporaryProject(
      copying: ["assetctl.yml", "assets", "unit-tests"], from: BuiltProgram.repository)
  }

  /// A copy in which everything was materialized once; building it is the dear part, so it is
  /// built once and copied.
  static func materialized() async throws -> TemporaryProject {
    try await built.value.copy()
  }

  private static let built = Task {
    let project = try new()
    let result = try await project.assetctl("materialize")
    guard result.exitCode == 0 else { throw TestProblem(result.output + result.errors) }
    return project
  }

  static let flightsClean = "assets/staging/flights_clean.sql"

  /// What reads `flights_clean`, directly or not.
  static let downstream = [
    "carrier_punctuality", "daily_delays", "delay_chart", "delay_model", "fleet", "fleet_age",
    "flights_with_weather", "route_performance",
  ]
}
