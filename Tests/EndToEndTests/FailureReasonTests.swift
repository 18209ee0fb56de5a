import AssetTestSupport
import Testing

/// Why something failed can be told after the run, too.
@Suite struct FailureReasonTests {
  private func failed() async throws -> TemporaryProject {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/o.csv": "id,v\n1,1\n",
      "assets/q.sql":
        "/* @asset\nchecks: [{unique: id}, {expression: v > 0}]\n*/\nselect id, v from o\n",
      "assets/r.sql": "select count(*) as n from q\n",
      "assets/m.sh": """
      # @asset
      # kind: model
      # inputs: [o]
      # outputs: [build/m.json]
      # checks: [{metric: {name: rmse, max: 2}}]
      rows=$(wc -l < "$ASSETCTL_INPUT_O")
      echo '{"metrics": {"rmse": '$rows'}}' > "$ASSETCTL_OUTPUT"

      """,
    ])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.write("assets/o.csv", "id,v\n1,1\n2,-5\n")
    #expect(try await project.assetctl("materialize").exitCode == 1)
    return project
  }

  @Test func `status, why and show name the check and what it found`() async throws {
    let project = try await failed()
    let reason = "`q` was not published: the check `expression(v > 0)` failed: 1 row"

    #expect(try await project.assetctl("status", "q").output.hasPrefix("failed  q  \(reason)\n"))
    #expect(try await project.assetctl("why", "q").output.contains("\n  \(reason)\n"))
    let show = try await project.assetctl("show", "q").output
    #expect(show.contains("failed: \(reason)\n"))
    #expect(
      show.contains(
        """
        checks of the attempt that failed, <time> in the run <run>
          expression(v > 0)  failed  1 row
            id  v
            2  -5
          unique(id)  passed

        """))
    #expect(!show.contains("expression(v > 0)  passed"))
    let document = try await project.assetctl("show", "q", "--format", "json")
    #expect(try document.json["failed_attempt"]["checks"][0]["failures"] == 1)
  }

  @Test func `a run is shown with the reasons of what came of its assets`() async throws {
    let project = try await failed()

    let text = try await project.assetctl("runs", "last")

    #expect(
      text.output == """
        <run>
          command: materialize
          outcome: failed
          started: <time>
          took:  <duration>
          assets:  1 materialized, 2 failed, 1 skipped

        materialized  o  <duration>  because: `assets/o.csv` changed
        failed  m  <duration>  because: `o` changed in `id` and `v`
          failed  metric(rmse): 3 is more than 2
          log: .assetctl/runs/<run>/m.log
        failed  q  <duration>  because: `o` changed in `id` and `v`
          failed  expression(v > 0): 1 row
            id  v
            2  -5
        skipped  r  because `q` failed

        """)
    let runs = try await project.assetctl("runs", "last", "--format", "json")
    let assets = try runs.json["runs"][0]["assets"]
    #expect(assets[3]["because"] == "q")
    #expect(assets[2]["checks"][0]["check"] == "expression(v > 0)")
    #expect(try await Schemas.problems(in: [("runs", runs)], of: project) == [])
    #expect(try await project.assetctl("runs", "nix").exitCode == 64)
  }

  @Test func `what was repaired is told as it is now`() async throws {
    let project = try await failed()
    try project.write("assets/o.csv", "id,v\n1,1\n2,5\n")
    try await project.assetctl("materialize", "q")

    let show = try await project.assetctl("show", "q").output

    #expect(show.contains("\nchecks\n  unique(id)  passed\n"))
    #expect(!show.contains("failed"))
  }

  @Test func `times have a zone`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n", "assets/o.csv": "id\n1\n",
    ])
    try await project.assetctl("materialize")
    let runs = try await project.startShell(
      "(TZ=Asia/Kolkata $0 runs; TZ=Asia/Kolkata $0 runs --utc) | grep -c -e ' +05:30 ' -e ' UTC '"
    ).result()

    #expect(runs.output == "2\n")
  }
}
