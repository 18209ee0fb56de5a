import AssetTestSupport
import Testing

/// Incremental tables and snapshots against models written independently, on random edits, and with
/// assetctl killed at random moments.
@Suite(.timeLimit(.minutes(15))) struct MergingModelTests {
  private static let seed = "5"
  private static let rounds = 25
  /// How many rounds with up to two kills each.
  private static let roundsWithKills = 8

  private func run(_ model: String, _ arguments: [String]) async throws {
    let project = try TemporaryProject()
    let result = try await project.startPython(
      model, [try BuiltProgram.path] + arguments
    ).result()
    #expect(result.exitCode == 0, "\(arguments): \(result.errors)")
  }

  @Test(arguments: ["append", "upsert", "delete_insert"])
  func `an incremental table is what its model says, and what a full build gives`(
    strategy: String
  ) async throws {
    try await run(MergingModels.incremental, [strategy, Self.seed, "\(Self.rounds)", "0"])
  }

  @Test(arguments: ["append", "upsert", "delete_insert"])
  func `a killed run neither repeats a row nor leaves one out`(strategy: String) async throws {
    try await run(MergingModels.incremental, [strategy, Self.seed, "\(Self.roundsWithKills)", "2"])
  }

  @Test(arguments: ["all", "city", "changed"], ["ignore", "invalidate"])
  func `a history holds the versions that its model says`(
    comparison: String, deletes: String
  ) async throws {
    try await run(MergingModels.snapshot, [comparison, deletes, Self.seed, "\(Self.rounds)", "0"])
  }

  @Test(arguments: ["append", "upsert", "delete_insert"], [0, 2])
  func `a rolled back table goes on from what it was, also if it is killed`(
    strategy: String, kills: Int
  ) async throws {
    let rounds = kills == 0 ? Self.rounds : Self.roundsWithKills
    try await run(
      MergingModels.incremental, [strategy, Self.seed, "\(rounds)", "\(kills)", "keeps"])
  }

  @Test(arguments: ["all", "changed"], ["ignore", "invalidate"])
  func `no history is lost by rollbacks`(comparison: String, deletes: String) async throws {
    try await run(
      MergingModels.snapshot, [comparison, deletes, Self.seed, "\(Self.rounds)", "0", "keeps"])
  }

  @Test(arguments: ["all", "changed"])
  func `a killed run makes no version twice`(comparison: String) async throws {
    try await run(
      MergingModels.snapshot, [comparison, "invalidate", Self.seed, "\(Self.roundsWithKills)", "2"])
  }
}
