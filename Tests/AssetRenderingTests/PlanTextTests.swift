import AssetCore
import AssetRendering
import AssetTestSupport
import Testing

@Suite struct PlanTextTests {
  /// A plan with these steps, made by the planner out of a scenario.
  static func report(_ project: Scenario, freshCount: Int = 0) async throws -> PlanReport {
    let assets = try project.graph.sortedAssets
    return PlanReport(
      project: "shop", plan: try await project.plan(),
      assets: Dictionary(uniqueKeysWithValues: assets.map { ($0.key, $0) }), freshCount: freshCount)
  }

  @Test func `each step has a line with its reason`() async throws {
    var project = try Scenario("orders\ndaily <- orders\nreport <- daily events\nsource events")
    _ = try await project.run()
    project.edit("orders", to: "orders@2")
    try project.declare("a_b <- gone")
    try project.declare("source gone")
    project.drop("gone")

    #expect(
      text(of: try await Self.report(project, freshCount: 1200)) == """
        impossible   a_b     its input `gone` is unknown: there is no table `gone`
        materialize  orders  its definition changed
        if changed   daily   waits for `orders`
        if changed   report  waits for `daily`

        1 to materialize, 2 decided once their inputs are done, 1 impossible, 1,200 fresh

        """)
  }

  @Test(
    arguments: [
      (0, "nothing to do: no assets are selected\n"), (1, "nothing to do: the asset is fresh\n"),
      (1200, "nothing to do: all 1,200 assets are fresh\n"),
    ])
  func `a plan without steps says so`(freshCount: Int, expected: String) async throws {
    let project = try Scenario("source events")

    #expect(text(of: try await Self.report(project, freshCount: freshCount)) == expected)
  }

  @Test func `readers that are expected to stay fresh are counted, and named if asked for`()
    async throws
  {
    var project = try Scenario("orders\na <- orders\nb <- orders\nc <- b")
    _ = try await project.run()
    project.edit("orders", to: "orders@2")
    var report = try await Self.report(project)
    report.expectedFresh = ["b", "c"]

    #expect(
      text(of: report).split(separator: "\n").suffix(2) == [
        "1 to materialize, 3 decided once their inputs are done",
        "2 readers are expected to stay fresh",
      ])
    #expect(
      text(of: report, isVerbose: true).hasSuffix(
        "\n2 readers are expected to stay fresh: `b` and `c`\n"))
    report.expectedFresh = ["b"]
    #expect(text(of: report).hasSuffix("\n1 reader is expected to stay fresh\n"))
    #expect(json(of: report).contains("\"expected_fresh\" : [\n    \"b\"\n  ]"))
  }

  @Test func `in JSON each step has a decision`() async throws {
    var project = try Scenario("orders\ndaily <- orders(day)")
    _ = try await project.run("orders")
    project.alter("orders", to: "x=1")

    #expect(
      json(of: try await Self.report(project, freshCount: 1)) == """
        {
          "command" : "plan",
          "expected_fresh" : [

          ],
          "project" : "shop",
          "steps" : [
            {
              "asset" : "orders",
              "causes" : [
                {
                  "cause" : "output_altered"
                }
              ],
              "decision" : "materialize",
              "kind" : "table"
            },
            {
              "asset" : "daily",
              "causes" : [
                {
                  "cause" : "never_materialized"
                }
              ],
              "decision" : "materialize",
              "kind" : "table"
            }
          ],
          "summary" : {
            "fresh" : 1,
            "impossible" : 0,
            "materialize" : 2,
            "undecided" : 0
          },
          "version" : 1
        }

        """)
  }
}
