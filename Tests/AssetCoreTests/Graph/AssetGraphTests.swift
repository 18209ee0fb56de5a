import AssetCore
import AssetTestSupport
import Testing

@Suite struct AssetGraphTests {
  static let declared = [
    asset("report", reads: ["daily", "rates"]), asset("daily", reads: ["Orders"]),
    asset("orders"), asset("rates"), asset("alone"),
  ]

  @Test func `inputs come before readers, and otherwise names decide`() throws {
    let graph = try AssetGraph(Self.declared)

    #expect(graph.order == ["alone", "orders", "daily", "rates", "report"])
    #expect(graph.sortedAssets.map(\.key) == graph.order)
  }

  @Test func `the order of declarations does not matter`() throws {
    var random = SeededRandom(seed: 1)
    let expected = try AssetGraph(Self.declared)

    for _ in 0..<50 {
      let shuffled = try AssetGraph(Self.declared.shuffled(using: &random))
      #expect(shuffled.order == expected.order)
      #expect(shuffled.readers(of: "orders") == ["daily"])
    }
  }

  @Test func `inputs and readers are told by name, in order and without case`() throws {
    let graph = try AssetGraph(Self.declared)

    #expect(graph.inputs(of: "REPORT") == ["daily", "rates"])
    #expect(graph.readers(of: "orders") == ["daily"])
    #expect(graph.readers(of: "report") == [])
    #expect(graph["Daily"]?.key.name == "daily")
    #expect(graph["nothing"] == nil)
  }

  @Test func `upstream and downstream follow as many steps as are asked for`() throws {
    let graph = try AssetGraph(Self.declared)

    #expect(graph.upstream(of: "report") == ["daily", "rates", "orders"])
    #expect(graph.upstream(of: "report", depth: 1) == ["daily", "rates"])
    #expect(graph.upstream(of: "report", depth: 0) == [])
    #expect(graph.downstream(of: "orders") == ["daily", "report"])
    #expect(graph.downstream(of: "orders", depth: 1) == ["daily"])
    #expect(graph.closure(of: ["daily", "alone"]) == ["daily", "orders", "alone"])
  }

  @Test(.timeLimit(.minutes(5)))
  func `a chain of a hundred thousand assets is connected in linear time`() throws {
    let count = 100_000
    let name = { (index: Int) in AssetKey(trusted: "a" + padded(index, 6)) }
    let chain = (0..<count).map { index in
      asset(name(index), reads: index == 0 ? [] : [name(index - 1)])
    }

    let graph = try AssetGraph(chain.reversed())

    #expect(graph.order == (0..<count).map(name))
    #expect(graph.closure(of: [name(count - 1)]).count == count)
    #expect(graph.downstream(of: name(0)).count == count - 1)
    #expect(graph.remainingPaths(of: Set(graph.order), durations: [:])[name(0)] == Int64(count))
  }

  @Test(.timeLimit(.minutes(5)))
  func `a circle of a hundred thousand assets is found in linear time`() throws {
    let count = 100_000
    let name = { (index: Int) in AssetKey(trusted: "a" + padded(index, 6)) }
    let circle = (0..<count).map { asset(name($0), reads: [name(($0 + count - 1) % count)]) }

    let problems = try #require(throws: Problems.self) { try AssetGraph(circle) }

    #expect(problems.diagnostics.map(\.summary) == ["assets read each other in a circle"])
  }
}

/// An asset that reads others.
func asset(
  _ key: AssetKey, reads inputs: [AssetKey] = [], consuming consumption: Consumption = .whole,
  tags: [String] = [], group: String = ""
) -> Asset {
  let file = "assets/" + (group.isEmpty ? "" : group + "/") + key.name + ".sql"
  return Asset(
    key: key, recipe: .query(QueryRecipe(form: .table, sql: "select 1")), group: group, tags: tags,
    place: Place(file: file),
    inputs: inputs.map {
      AssetInput(key: $0, consumption: consumption, place: Place(file: file, line: 1, column: 15))
    },
    definition: CanonicalForm(tag: "test", fields: [.init("key", key.name)]))
}
