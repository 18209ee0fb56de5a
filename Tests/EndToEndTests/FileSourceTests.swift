import AssetTestSupport
import Testing

/// Sources that are files, which others add, change and take away.
@Suite struct FileSourceTests {
  private func project(_ files: [String: String]) throws -> TemporaryProject {
    try TemporaryProject(
      [
        "assetctl.yml": "project: shop",
        "assets/s.yml": """
        sources:
          - {name: rates, file: "data/rates/*.csv"}
          - {name: logs, file: "data/logs/**/*.jsonl"}
        """,
        "assets/sum.sql": "select sum(rate) as rate from rates",
        "assets/count.sql": "select count(*) as n from logs",
      ].merging(files) { _, new in new })
  }

  private static let data = [
    "data/rates/a.csv": "day,rate\n1,2\n", "data/rates/b.csv": "day,rate\n2,3\n",
    "data/logs/x/1.jsonl": "{\"at\": 1}\n{\"at\": 2}\n",
  ]

  @Test func `files that come, change and go are read`() async throws {
    let project = try project(Self.data)
    func after(_ change: () throws -> Void) async throws -> [[JSONValue]] {
      try change()
      let status = try await project.assetctl("status")
      let run = try await project.assetctl("materialize")
      #expect(status.exitCode == 3, "\(status.output)")
      #expect(run.exitCode == 0, "\(run.output)")
      return try await project.sqlite("select rate, n from sum, count")
    }

    #expect(try await after {} == [[5, 2]])
    #expect(
      try await after { try project.write("data/rates/c.csv", "day,rate\n3,4\n") } == [[9, 2]])
    #expect(
      try await after { try project.write("data/rates/a.csv", "day,rate\n1,1\n") } == [[8, 2]])
    #expect(try await after { try project.remove("data/rates/b.csv") } == [[5, 2]])
    #expect(try await after { try project.write("data/logs/y/z/2.jsonl", "{}\n") } == [[5, 3]])
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `where no file is there the source is unknown, and the rest is built`() async throws {
    let project = try project(Self.data.filter { !$0.key.hasPrefix("data/rates") })

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(run.exitCode == 1)
    #expect(
      try run.assets("outcome")
        == ["rates": "failed", "sum": "skipped", "logs": "materialized", "count": "materialized"])
    #expect(try run.assets("error")["rates"] == "no file matches `data/rates/*.csv`")
    #expect(try await project.sqlite("select n from count") == [[2]])
    #expect(
      try await project.assetctl("status", "+sum").output == """
        unknown  rates  no file matches `data/rates/*.csv`
        unknown  sum  its input `rates` is unknown: no file matches `data/rates/*.csv`

        2 unknown

        """)
  }

  @Test func `where all files are gone what was loaded stays`() async throws {
    let project = try project(Self.data)
    try await project.assetctl("materialize")
    try project.remove("data/rates/a.csv")
    try project.remove("data/rates/b.csv")

    #expect(try await project.assetctl("materialize").exitCode == 1)
    #expect(try await project.assetctl("status").exitCode == 1)
    #expect(try await project.sqlite("select sum(rate) from rates") == [[5]])
  }

  @Test func `files whose headers differ are both named, and the old rows stay`() async throws {
    let project = try project(Self.data)
    try await project.assetctl("materialize")
    try project.write("data/rates/b.csv", "day,price\n2,3\n")

    let run = try await project.assetctl("materialize", "rates")

    #expect(run.exitCode == 1)
    #expect(
      run.output.contains(
        "data/rates/b.csv:1: error: `data/rates/b.csv` and `data/rates/a.csv` have different headers"
      ),
      "\(run.output)")
    #expect(try await project.sqlite("select sum(rate) from rates") == [[5]])
  }
}
