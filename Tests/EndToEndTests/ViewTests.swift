import AssetTestSupport
import Testing

/// Views, which hold no rows but those of what they read.
@Suite struct ViewTests {
  private static let view = "/* @asset\nmaterialized: view\n*/\n"

  /// Two views over a seed, and a table that reads the second.
  private func project(_ files: [String: String]) throws -> TemporaryProject {
    try TemporaryProject(
      ["assetctl.yml": "project: shop", "assets/seed.csv": "n\n1\n2\n"]
        .merging(files) { _, new in new })
  }

  @Test(
    arguments: [
      ("select n from seed", "select n from v", [[1], [2]]),
      ("select n from seed", "select count(*) as n from v", [[2]]),
      ("select count(*) as n from seed", "select n from v", [[2]]),
      ("select n from inner_view", "select n from v", [[2], [3]]),
      ("select n from inner_view", "select count(*) as n from v", [[2]]),
      ("with x as (select * from seed) select n from x", "select n from v", [[1], [2]]),
      ("with x as (select * from seed) select n from x", "select count(*) as n from v", [[2]]),
      (
        "select n from inner_view", "with x as (select * from v) select sum(x.n) as n from x, v",
        [[10]]
      ),
    ] as [(String, String, [[JSONValue]])])
  func `a query reads what a view reads`(
    view: String, query: String, rows: [[JSONValue]]
  ) async throws {
    let project = try project([
      "assets/inner_view.sql": Self.view + "select n + 1 as n from seed",
      "assets/v.sql": Self.view + view, "assets/reader.sql": query,
    ])

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 0, "\(run.output)")
    #expect(try await project.sqlite("select n from reader order by n") == rows)
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `a changed seed reaches what reads a view of it`() async throws {
    let project = try project([
      "assets/v.sql": Self.view + "select sum(n) as n from seed",
      "assets/reader.sql": "select n from v",
    ])
    try await project.assetctl("materialize")

    try project.write("assets/seed.csv", "n\n5\n")

    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(
      try run.assets("outcome")
        == ["seed": "materialized", "v": "materialized", "reader": "materialized"])
    #expect(try await project.sqlite("select n from reader") == [[5]])
  }

  @Test func `a view whose table was dropped is repaired after its table`() async throws {
    let project = try project([
      "assets/t.sql": "select n from seed",
      "assets/v.sql": Self.view + "select n from t",
      "assets/copy.sh": """
      # @asset
      # inputs: {v: {columns: [n]}}
      # outputs: [build/copy.csv]
      cp "$ASSETCTL_INPUT_V" "$ASSETCTL_OUTPUT"
      """,
    ])
    try await project.assetctl("materialize")

    try await project.sqlite("drop table t")

    let status = try await project.assetctl("status", "--format", "json")
    #expect(
      try status.assets("status")
        == ["seed": "fresh", "t": "stale", "v": "waiting", "copy": "waiting"])
    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(run.exitCode == 0)
    #expect(
      try run.assets("outcome")
        == ["seed": "fresh", "t": "unchanged", "v": "fresh", "copy": "fresh"])
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `what was read through a view of an altered table is not fresh once that is repaired`()
    async throws
  {
    let project = try project([
      "assets/v.sql": Self.view + "select n from seed", "assets/reader.sql": "select n from v",
    ])
    try await project.assetctl("materialize")
    try await project.sqlite("update seed set n = 100")
    try await project.assetctl("materialize", "reader", "--only", "--force")
    #expect(try await project.sqlite("select n from reader") == [[100], [100]])

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(
      try run.assets("outcome") == ["seed": "unchanged", "v": "fresh", "reader": "materialized"])
    #expect(try await project.sqlite("select n from reader order by n") == [[1], [2]])
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `a view that is left out still shows its reader what its table became`() async throws {
    let project = try project([
      "assets/v.sql": Self.view + "select n from seed", "assets/reader.sql": "select n from v",
    ])
    try await project.assetctl("materialize")
    try project.write("assets/seed.csv", "n\n7\n")
    try await project.assetctl("materialize", "seed", "reader", "--only", "--force")
    #expect(try await project.sqlite("select n from reader") == [[7]])
    try project.write("assets/seed.csv", "n\n1\n2\n")

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(
      try run.assets("outcome") == ["seed": "materialized", "v": "fresh", "reader": "materialized"])
    #expect(try await project.sqlite("select n from reader order by n") == [[1], [2]])
  }
}
