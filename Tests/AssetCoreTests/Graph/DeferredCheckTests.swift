import AssetCore
import AssetTestSupport
import Testing

/// Which checks wait until both sides are published.
@Suite struct DeferredCheckTests {
  private func checked(_ name: AssetKey, reads: [AssetKey] = [], against other: AssetKey) -> Asset {
    var declared = asset(name, reads: reads)
    declared.checks = [
      Check(
        name: "to \(other)", .relationships("x", to: other, field: "x"),
        place: declared.place)
    ]
    return declared
  }

  private func deferred(_ graph: AssetGraph) -> [AssetKey] {
    graph.order.filter { graph[$0]?.checks.contains(where: \.isDeferred) == true }
  }

  @Test func `a check that can wait for the other side does`() throws {
    let graph = try AssetGraph([checked("a", against: "b"), asset("b"), asset("c", reads: ["a"])])

    #expect(graph.order == ["b", "a", "c"])
    #expect(deferred(graph) == [])
    #expect(graph.closure(of: ["a"]) == ["a", "b"])
  }

  @Test func `two that are checked against each other wait for neither`() throws {
    let graph = try AssetGraph([checked("a", against: "b"), checked("b", against: "a")])

    #expect(graph.order == ["a", "b"])
    #expect(deferred(graph) == ["a", "b"])
    #expect(graph.closure(of: ["a"]) == ["a"])
  }

  @Test func `a check against a reader is deferred, those downstream of it are not`() throws {
    let graph = try AssetGraph([
      checked("a", against: "far"), asset("near", reads: ["a"]), asset("far", reads: ["near"]),
      checked("late", reads: ["far"], against: "a"), checked("other", against: "late"),
    ])

    #expect(graph.order == ["a", "near", "far", "late", "other"])
    #expect(deferred(graph) == ["a"])
  }

  @Test func `three in a ring are all deferred`() throws {
    let graph = try AssetGraph([
      checked("a", against: "b"), checked("b", against: "c"), checked("c", against: "a"),
    ])

    #expect(deferred(graph) == ["a", "b", "c"])
  }

  @Test func `inputs in a circle are an error, whatever checks there are`() {
    let declared = [
      checked("a", reads: ["b"], against: "c"), asset("b", reads: ["a"]),
      checked("c", against: "a"),
    ]

    let problems = #expect(throws: Problems.self) { try AssetGraph(declared) }
    #expect(problems?.diagnostics.map(\.summary) == ["assets read each other in a circle"])
    #expect(problems?.diagnostics.first?.facts.map(\.text) == ["a -> b -> a"])
  }
}
