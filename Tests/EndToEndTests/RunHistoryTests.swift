import AssetTestSupport
import Foundation
import Testing

/// What `runs` tells of runs that are over.
@Suite(.timeLimit(.minutes(15))) struct RunHistoryTests {
  @Test func `metrics are compared with those of earlier materializations`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "rmse": "12.9",
      "assets/delay_model.sh": """
      # @asset
      # kind: model
      # code: [rmse]
      # outputs: [build/model.json]
      printf '{"metrics": {"rmse": %s, "trees": 7}}' "$(cat rmse)" > "$ASSETCTL_OUTPUT"
      """,
      "assets/other.sql": "select 1 as id",
    ])
    try await project.assetctl("materialize")
    try project.write("rmse", "12.31")
    try await project.assetctl("materialize")
    try await project.assetctl("materialize", "--force")

    let runs = try await project.assetctl("runs")
    let document = try await project.assetctl("runs", "--format", "json")

    #expect(
      runs.output == """
        RUN  OUTCOME  STARTED  TOOK  ASSETS  COMMAND
        <run>  succeeded  <time>  <duration>  2 unchanged  materialize --force
        <run>  succeeded  <time>  <duration>  1 materialized  materialize
          delay_model  rmse 12.31 (was 12.9, -4.6 %)
        <run>  succeeded  <time>  <duration>  2 materialized  materialize
          delay_model  rmse 12.9, trees 7

        """)
    #expect(
      try document.json["runs"].elements.map { run in
        run["assets"].elements.first { $0["asset"] == "delay_model" }?["metrics"]
      } == [
        [
          "rmse": ["value": 12.31, "previous": 12.31], "trees": ["value": 7, "previous": 7],
        ],
        ["rmse": ["value": 12.31, "previous": 12.9], "trees": ["value": 7, "previous": 7]],
        ["rmse": ["value": 12.9], "trees": ["value": 7]],
      ])
    #expect(try await Schemas.problems(in: [("runs", document)], of: project) == [])
  }

  @Test func `an asset that was tried twice is one asset`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\ndefaults: {retries: {max: 2, delay: 0}}\n",
      "assets/bad.sh": "# @asset\n# outputs: [build/bad]\nexit 3\n",
      "assets/flaky.sh":
        "# @asset\n# outputs: [build/f]\n[ -e tried ] || { : > tried; exit 7; }\n: > $ASSETCTL_OUTPUT\n",
    ])
    try await project.assetctl("materialize")

    let runs = try await project.assetctl("runs")
    let document = try await project.assetctl("runs", "--format", "json")

    #expect(runs.output.contains("  1 materialized, 1 failed  "))
    let tries = try document.json["runs"][0]["assets"].elements.map {
      [$0["asset"], $0["outcome"], $0["tries"]]
    }
    #expect(
      tries.sorted { $0[0].text < $1[0].text } == [
        ["bad", "failed", 3], ["flaky", "materialized", 2],
      ])
    #expect(
      try await project.sqlite(
        "select materialized, failed from v_runs", in: ".assetctl/state.sqlite") == [[1, 1]])
    #expect(try await Schemas.problems(in: [("runs", document)], of: project) == [])
  }

  @Test func `of a killed run it is told how long it is known to have taken`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/quick.sql": "select 1 as id",
      "assets/made.sh": InterruptionTests.gated,
    ])
    let run = try project.start(["materialize", "made"])
    try await project.wait(for: "the program to run") { project.exists("running") }
    let started = Date()
    // Until the run has been seen to go on for a while, though nothing happens in it.
    try await project.wait(for: "a sign of life") {
      let lock = project.folder + "/.assetctl/lock"
      let seen = try FileManager.default.attributesOfItem(atPath: lock)[.modificationDate] as? Date
      return seen.map { $0.timeIntervalSince(started) > 1 } ?? false
    }
    run.send(SIGKILL)
    _ = try await run.result()
    try project.write("gate", "")

    // A run that does nothing, too, is the next one to hold the lock.
    try await project.assetctl("clean")
    try await project.assetctl("materialize", "quick")

    let document = try await project.assetctl("runs", "--format", "json")
    let killed = try document.json["runs"][1]
    #expect(killed["outcome"] == "cancelled")
    #expect(killed["duration_ms"] == nil)
    let known = try #require(Int(killed["at_least_ms"].text))
    #expect(known > 1000)
    #expect(killed["assets"].elements.map(\.keys.count) == [3])
    let lines = try await project.assetctl("runs").output.split(separator: "\n")
    #expect(lines.contains { $0.contains("  at least ") && $0.contains("  1 unfinished") })
    #expect(try await Schemas.problems(in: [("runs", document)], of: project) == [])
  }
}
