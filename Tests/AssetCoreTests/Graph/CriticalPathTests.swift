import AssetCore
import AssetTestSupport
import Testing

@Suite struct CriticalPathTests {
  @Test func `the longest way to the end counts, with what it takes itself`() throws {
    let graph = try AssetGraph([
      asset("a"), asset("b", reads: ["a"]), asset("c", reads: ["a"]),
      asset("d", reads: ["b", "c"]),
    ])

    let paths = graph.remainingPaths(
      of: ["a", "b", "c", "d"], durations: ["a": 5, "b": 100, "c": 20, "d": 7])

    #expect(paths == ["a": 112, "b": 107, "c": 27, "d": 7])
  }

  @Test func `what will not be materialized takes no time, and what has no past takes one`() throws
  {
    let graph = try AssetGraph([
      asset("a"), asset("b", reads: ["a"]), asset("c", reads: ["b"]), asset("d", reads: ["a"]),
    ])

    #expect(
      graph.remainingPaths(of: ["a", "b", "d"], durations: ["c": 900, "d": 0])
        == ["a": 2, "b": 1, "d": 1])
  }

  @Test func `a run starts the longest path first`() async throws {
    var project = try Scenario("a\nb\nc\nd <- c")
    project.slow("a", to: 10)
    project.slow("b", to: 30)
    project.slow("c", to: 5)
    project.slow("d", to: 40)
    #expect(try await project.run() == ["c", "a", "b", "d"])

    for key in ["a", "b", "c", "d"] as [AssetKey] { project.edit(key, to: "\(key)@2") }

    #expect(try await project.run() == ["c", "d", "b", "a"])
  }
}
