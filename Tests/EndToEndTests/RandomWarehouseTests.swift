import AssetTestSupport
import Foundation
import Testing

/// Sources that show what assetctl writes: whatever happens, what is called fresh is what its query gives.
///
/// `ASSETCTL_RANDOM_SEED` repeats a test, `ASSETCTL_RANDOM_STEPS` lengthens it.
@Suite(.timeLimit(.minutes(60))) struct RandomWarehouseTests {
  @Test func `what is fresh is what its query gives now`() async throws {
    let environment = ProcessInfo.processInfo.environment
    let seed =
      environment["ASSETCTL_RANDOM_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...999_999)
    let steps = environment["ASSETCTL_RANDOM_STEPS"].flatMap { Int($0) } ?? 24
    print("random warehouse: ASSETCTL_RANDOM_SEED=\(seed) ASSETCTL_RANDOM_STEPS=\(steps)")
    var random = try await RandomWarehouse(seed: seed)
    var seen = 0

    for step in 1...steps {
      for _ in 0..<2 { try await random.change() }
      var problem: String?
      if step.isMultiple(of: 4) {
        // A source has no place in a run's order, and one that shows what it wrote is due in the next.
        for _ in 0..<3 { try await random.run("materialize") }
        problem = try await problemOfRest(random.project)
      }
      let (wrong, count) = try await wronglyFresh(random)
      seen += count
      if !wrong.isEmpty { problem = "fresh, and not what their queries give: \(wrong)" }
      guard let problem else { continue }
      random.project.keep()
      Issue.record(
        "seed \(seed), step \(step): \(problem)\n\(random.log.joined(separator: "\n"))")
      return
    }
    #expect(seen > steps)
  }

  /// What is left to do although nothing changes any more, beside what fails.
  private func problemOfRest(_ project: TemporaryProject) async throws -> String? {
    let status = try await project.assetctl("status", "--format", "json").assets("status")
    let stale = status.filter { $0.value == "stale" }
    return stale.isEmpty ? nil : "still stale: \(stale.keys.sorted())"
  }

  /// The tables that are called fresh and hold other rows than their queries give, and how many are fresh.
  private func wronglyFresh(_ random: RandomWarehouse) async throws -> ([String], Int) {
    let project = random.project
    let status = try await project.assetctl("status", "--format", "json").assets("status")
    let fresh = RandomWarehouse.tables.filter { status[$0] == "fresh" }
    let script = """
      import json, sqlite3, sys
      database = sqlite3.connect(".assetctl/warehouse.sqlite", timeout=30)
      def rows(query): return sorted(map(repr, database.execute(query)))
      pairs = json.loads(sys.argv[1])
      print(json.dumps([t for t, q in pairs if rows("select * from " + t) != rows(q)]))
      """
    let pairs = fresh.map { [$0, random.query(of: $0) ?? ""] }
    let text = String(decoding: try JSONEncoder().encode(pairs), as: UTF8.self)
    return (try await project.python(script, [text]).json.elements.map(\.text), fresh.count)
  }
}
