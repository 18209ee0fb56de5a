import AssetTestSupport
import Foundation
import Testing

/// What becomes of an asset that was fresh and that failed when it was materialized nevertheless.
@Suite struct FailedForceTests {
  /// Asserts that an asset has failed for its attempt alone, and that a retry makes it and then is done.
  private func expectRetry(
    _ project: TemporaryProject, of name: String, makes outcome: String = "unchanged",
    mending: () async throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let status = try await project.assetctl("status", "--format", "json")
    #expect(status.exitCode == 1, sourceLocation: sourceLocation)
    #expect(
      try status.assets("status")[name] == "failed", "\(status.output)",
      sourceLocation: sourceLocation)
    #expect(
      try status.causes[name] == ["attempt_failed"], "\(status.output)",
      sourceLocation: sourceLocation)
    #expect(
      try await project.assetctl("why", name).output.contains("its last attempt failed"),
      sourceLocation: sourceLocation)

    try await mending()
    let retry = try await project.assetctl("materialize", "--retry", "--format", "json")
    #expect(retry.exitCode == 0, "\(retry.output)", sourceLocation: sourceLocation)
    #expect(try retry.assets("outcome")[name] == outcome, sourceLocation: sourceLocation)
    #expect(try await project.assetctl("status").exitCode == 0, sourceLocation: sourceLocation)
    let again = try await project.assetctl("materialize", "--retry")
    #expect(again.output.hasPrefix("nothing to retry"), sourceLocation: sourceLocation)
  }

  @Test func `a program`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/f.sh":
        "# @asset\n# outputs: [build/f]\n[ ! -e broken ] || exit 3\necho f > \"$ASSETCTL_OUTPUT\"\n",
      "assets/g.sh":
        "# @asset\n# inputs: [f]\n# outputs: [build/g]\necho g >> made\necho g > \"$ASSETCTL_OUTPUT\"\n",
    ])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.write("broken", "")
    #expect(try await project.assetctl("materialize", "--force").exitCode == 1)
    #expect(try project.read("build/f") == "f\n")

    // A retry that fails, too, leaves as much to do.
    #expect(try await project.assetctl("materialize", "--retry").exitCode == 1)
    try await expectRetry(project, of: "f") { try project.remove("broken") }
    // What was skipped was to be made in any case, too.
    #expect(try project.read("made") == "g\ng\n")
  }

  @Test func `a check`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n", "assets/limits.csv": "most\n10\n",
      "assets/t.sql":
        "/* @asset\nchecks:\n  - sql: select * from t where n > (select most from limits)\n*/\nselect 5 as n",
    ])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.write("assets/limits.csv", "most\n1\n")
    #expect(try await project.assetctl("materialize", "t", "--force").exitCode == 1)

    try await expectRetry(project, of: "t") {
      try project.write("assets/limits.csv", "most\n7\n")
    }
  }

  @Test func `a full refresh`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n", "assets/limits.csv": "most\n10\n",
      "assets/raw.csv": "id,n\n1,5\n",
      "assets/t.sql": """
      /* @asset
      materialized: incremental
      cursor: id
      checks:
        - sql: select * from t where n > (select most from limits)
      */
      select id, n from raw where (:cursor is null or id > :cursor)
      """,
    ])
    let first = try await project.assetctl("materialize")
    #expect(first.exitCode == 0, "\(first.output)\(first.errors)")
    try project.write("assets/limits.csv", "most\n1\n")
    #expect(try await project.assetctl("materialize", "--full-refresh").exitCode == 1)

    try await expectRetry(project, of: "t") {
      try project.write("assets/limits.csv", "most\n7\n")
    }
  }

  @Test func `a partition`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n", "assets/limits.csv": "most\n10\n",
      "assets/raw.csv": "region,n\neast,5\nwest,6\n",
      "assets/t.sql": """
      /* @asset
      partitions: {column: region, values: [east, west]}
      checks:
        - sql: select * from t where n > (select most from limits)
      */
      select region, n from raw where region = :partition_key
      """,
    ])
    let first = try await project.assetctl("materialize")
    #expect(first.exitCode == 0, "\(first.output)\(first.errors)")
    try project.write("assets/limits.csv", "most\n1\n")
    let run = try await project.assetctl("materialize", "t", "--force", "--partition", "west")
    #expect(run.exitCode == 1)

    try await expectRetry(project, of: "t") {
      try project.write("assets/limits.csv", "most\n7\n")
    }
  }
}
