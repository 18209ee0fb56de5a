import AssetTestSupport
import Foundation
import Testing

/// Shake's perturbation: after any edits and accidents, a run brings what a build from nothing
/// would have brought, and leaves nothing to do.
///
/// `ASSETCTL_RANDOM_SEED` repeats a test, `ASSETCTL_RANDOM_STEPS` lengthens it.
@Suite(.timeLimit(.minutes(60))) struct RandomBuildTests {
  @Test func `a run after random edits gives what a build from nothing gives`() async throws {
    let environment = ProcessInfo.processInfo.environment
    let seed =
      environment["ASSETCTL_RANDOM_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...999_999)
    let steps = environment["ASSETCTL_RANDOM_STEPS"].flatMap { Int($0) } ?? 12
    print("random edits: ASSETCTL_RANDOM_SEED=\(seed) ASSETCTL_RANDOM_STEPS=\(steps)")
    var random = try RandomProject(seed: seed)

    for step in 0...steps {
      if step > 0 { for _ in 0..<3 { try await random.change() } }
      let problem = try await problem(of: random)

      guard let problem else { continue }
      random.project.keep()
      Issue.record(
        "seed \(seed), step \(step): \(problem)\n\(random.log.joined(separator: "\n"))")
      return
    }
  }

  /// What is wrong after a run; nothing if all is well.
  private func problem(of random: RandomProject) async throws -> String? {
    let project = random.project
    let run = try await project.assetctl("materialize")
    guard run.exitCode == 0 else { return "the run failed: \(run.output)\(run.errors)" }

    let clean = try TemporaryProject(copying: RandomProject.sources, from: project.folder)
    let build = try await clean.assetctl("materialize")
    guard build.exitCode == 0 else { return "the clean build failed: \(build.output)" }
    let tables = try await differingTables(project, clean, random.tables)
    guard tables.isEmpty else { return "tables differ from a clean build: \(tables)" }
    for path in RandomProject.outputs where try project.read(path) != clean.read(path) {
      return "\(path) differs from a clean build"
    }

    // Sometimes what is no longer declared goes, and sometimes it may come back to what it left.
    let isCleaned = random.log.count.isMultiple(of: 2)
    if isCleaned {
      let cleaned = try await project.assetctl("clean")
      guard cleaned.exitCode == 0 else { return "clean says: \(cleaned.output)\(cleaned.errors)" }
    }
    let again = try await project.assetctl("materialize")
    let fresh = "nothing to do: all \(random.count) assets are fresh\n"
    let left =
      "1 asset is no longer declared: extra (its output is kept; `assetctl clean` removes it)\n"
    let known = [fresh] + (isCleaned ? [] : [fresh + left])
    guard known.map({ CommandResult(exitCode: 0, output: $0) }).contains(again) else {
      return "a further run says: \(again.output)\(again.errors)"
    }
    let status = try await project.assetctl("status")
    return status.exitCode == 0 ? nil : "status says: \(status.output)"
  }

  private func differingTables(
    _ left: TemporaryProject, _ right: TemporaryProject, _ tables: [String]
  ) async throws -> [String] {
    let script = """
      import json, sqlite3, sys
      left, right = (sqlite3.connect(p + "/.assetctl/warehouse.sqlite") for p in sys.argv[1:3])
      def content(database, table):
          rows = database.execute("select * from " + table)
          return [c[0] for c in rows.description], sorted(map(repr, rows))
      print(json.dumps([t for t in sys.argv[3:] if content(left, t) != content(right, t)]))
      """
    return try await left.python(script, [left.folder, right.folder] + tables).json.elements
      .map(\.text)
  }
}
