import AssetTestSupport
import Testing

/// What assetctl writes in the warehouse, seen by whoever reads it by another name.
@Suite struct OwnWriteTests {
  private static let good = """
    /* @asset
    quarantine: true
    checks: [{expression: a > 0}]
    */
    select a from raw
    """

  private func project(_ files: [String: String]) throws -> TemporaryProject {
    try TemporaryProject(
      ["assetctl.yml": "project: shop", "assets/raw.csv": "a\n1\n-1\n"]
        .merging(files) { _, new in new })
  }

  /// Makes sure that a table that counts as fresh is what its query gives.
  private func expectTrue(_ project: TemporaryProject, _ asset: String, _ query: String)
    async throws
  {
    let status = try await project.assetctl("status", "--format", "json").assets("status")[asset]
    let rows = try await project.sqlite("select * from \(asset)")
    let wanted = try await project.sqlite(query)
    #expect(status == "stale" || rows == wanted, "\(status ?? "") \(rows) \(wanted)")
  }

  @Test func `a candidate that was kept anew makes its readers stale`() async throws {
    let project = try project(["assets/good.sql": Self.good])
    try await project.assetctl("materialize")
    try project.write(
      "assets/s.yml", "sources:\n  - {name: held, table: assetctl_quarantine_good}\n")
    try project.write("assets/report.sql", "select count(*) as n, min(a) as worst from held")
    try await project.assetctl("materialize")
    #expect(try await project.sqlite("select n, worst from report") == [[2, -1]])

    for rows in ["a\n1\n-1\n-5\n", "a\n-7\n", "a\n1\n-1\n"] {
      try project.write("assets/raw.csv", rows)
      try await project.assetctl("materialize")
      let query = "select count(*) as n, min(a) as worst from assetctl_quarantine_good"
      try await expectTrue(project, "report", query)
      try await project.assetctl("materialize", "report")
      try await expectTrue(project, "report", query)
    }
    // With nothing held back the table is gone.
    try project.write("assets/raw.csv", "a\n3\n")
    try await project.assetctl("materialize")
    #expect(try await project.assetctl("status", "report").exitCode != 0)
  }

  @Test func `a view of others follows a run, a rollback and a clean`() async throws {
    let project = try project([
      "assets/base.sql": "/* @asset\nkeep: 2\n*/\nselect a * 10 as a from raw"
    ])
    try await project.assetctl("materialize")
    try await project.sqlite(
      "create view theirs as select sum(a) as a from base",
      "create view over as select a + 1 as a from theirs")
    try project.write("assets/s.yml", "sources: [{name: shown, table: over}]")
    try project.write("assets/report.sql", "select a from shown")
    try await project.assetctl("materialize")

    try project.write("assets/raw.csv", "a\n5\n")
    try await project.assetctl("materialize", "base")
    #expect(try await project.assetctl("status", "report").exitCode == 3)
    try await project.assetctl("materialize")
    #expect(try await project.sqlite("select a from report") == [[51]])

    #expect(try await project.assetctl("rollback", "base").exitCode == 0)
    #expect(try await project.assetctl("status", "report").exitCode == 3)
    try await project.assetctl("materialize", "report", "--only")
    #expect(try await project.sqlite("select a from report") == [[1]])
  }

  @Test func `a write that a view does not show lets it be`() async throws {
    let project = try project([
      "assets/shown.sql": "/* @asset\nmaterialized: view\n*/\nselect sum(a) as a from raw",
      "assets/reader.sql": "select a from shown", "assets/other.csv": "x\n1\n",
    ])
    try await project.assetctl("materialize")
    try await project.assetctl("status")

    try project.write("assets/other.csv", "x\n2\n")
    try await project.assetctl("materialize")
    let debug = ["ASSETCTL_LOG": "debug"]
    let unrelated = try await project.assetctl(["status"], environment: debug)
    try project.write("assets/raw.csv", "a\n8\n")
    try await project.assetctl("materialize", "raw")
    let related = try await project.assetctl(["status"], environment: debug)

    #expect(unrelated.exitCode == 0)
    #expect(!unrelated.errors.contains("reading tables"), "\(unrelated.errors)")
    #expect(related.exitCode == 3)
    #expect(related.errors.contains("reading tables"), "\(related.errors)")
  }
}
