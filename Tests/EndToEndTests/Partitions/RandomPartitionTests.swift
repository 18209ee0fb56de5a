import AssetTestSupport
import Foundation
import Testing

/// Random projects with partitions: after any edits a run brings what a build from nothing brings, and
/// leaves nothing to do.
///
/// `ASSETCTL_RANDOM_SEED` repeats a test, `ASSETCTL_RANDOM_STEPS` lengthens it.
@Suite(.timeLimit(.minutes(60))) struct RandomPartitionTests {
  /// How often each round is begun by runs that are killed.
  @Test(arguments: [0, 1])
  func `partitions hold what a build from nothing gives`(kills: Int) async throws {
    let environment = ProcessInfo.processInfo.environment
    let seed =
      environment["ASSETCTL_RANDOM_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...999_999)
    let steps = environment["ASSETCTL_RANDOM_STEPS"].flatMap { Int($0) } ?? 8
    print("random partitions: ASSETCTL_RANDOM_SEED=\(seed) ASSETCTL_RANDOM_STEPS=\(steps)")
    let project = try TemporaryProject()

    let result = try await project.startPython(
      RandomPartitions.program, [try BuiltProgram.path, "\(seed)", "\(steps)", "\(kills)"]
    ).result()

    if result.exitCode != 0 { project.keep() }
    #expect(result.exitCode == 0, "\(result.errors)")
  }
}
