import AssetTestSupport
import Foundation
import Testing

/// More than one process at work on a project, and readers of what it makes.
@Suite(.timeLimit(.minutes(15))) struct ConcurrencyTests {
  @Test func `an asset is never built by two processes`() async throws {
    var files = ["assetctl.yml": "project: shop"]
    for number in 1...4 {
      files["assets/p\(number).sh"] = """
        # @asset
        # outputs: [build/p\(number).txt]
        echo "$ASSETCTL_ASSET" >> started
        echo \(number) > "$ASSETCTL_OUTPUT"
        """
      files["assets/t\(number).sql"] = "select \(number) as id"
    }
    let project = try TemporaryProject(files)

    let runs = try (1...3).map { _ in try project.start(["materialize", "--format", "json"]) }
    var results: [CommandResult] = []
    for run in runs { results.append(try await run.result()) }

    #expect(results.map(\.exitCode) == [0, 0, 0])
    #expect(
      try project.read("started").split(separator: "\n").sorted() == ["p1", "p2", "p3", "p4"])
    let outcomes = try results.map { try $0.assets(where: "outcome", is: "materialized").count }
    #expect(outcomes.sorted() == [0, 0, 8])
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `a second run waits for the first, and status does not`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/made.sh": InterruptionTests.gated,
    ])
    let first = try project.start(["materialize"])
    try await project.wait(for: "the program to run") { project.exists("running") }

    let second = try project.start(["materialize"])
    try await project.wait(for: "the second run to wait") { !second.errorsSoFar.isEmpty }
    let status = try await project.assetctl("status", "--format", "json")
    try project.write("gate", "")

    #expect(status.exitCode == 3)
    #expect(try await first.result().exitCode == 0)
    #expect(
      try await second.result()
        == CommandResult(
          exitCode: 0, output: "nothing to do: the asset is fresh\n",
          errors: "waiting for the run <run> to end\n"))
  }

  @Test func `readers see only whole old or whole new rows`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/seed.csv": rows(version: 0),
      "assets/made.sql": "select n, version from seed",
      "assets/seen.sql": "/* @asset\nmaterialized: view\n*/\nselect n, version from made",
    ])
    try await project.assetctl("materialize")
    let reader = try project.startPython(
      """
      import json, os, sqlite3, sys
      database = sqlite3.connect(".assetctl/warehouse.sqlite", timeout=30)
      database.execute("pragma query_only = on")
      print("reading", flush=True, file=sys.stderr)
      seen = set()
      while not os.path.exists("stop"):
          for table in ("seed", "made", "seen"):
              seen.add(database.execute(
                  "select count(*), count(distinct n), min(version), max(version) from " + table
              ).fetchone())
      print(json.dumps(sorted(seen)))
      """)
    try await project.wait(for: "the reader to read") { !reader.errorsSoFar.isEmpty }

    for version in 1...5 {
      try project.write("assets/seed.csv", rows(version: version))
      #expect(try await project.assetctl("materialize").exitCode == 0)
    }
    try project.write("stop", "")

    let result = try await reader.result()
    #expect(result.exitCode == 0, "\(result.errors)")
    // As many rows as belong to its version, all of one version.
    let whole = (0...5).map { version -> JSONValue in
      let rows = JSONValue.number(Double(2000 + version))
      return [rows, rows, .number(Double(version)), .number(Double(version))]
    }
    for seen in try result.json.elements { #expect(whole.contains(seen)) }
    #expect(try result.json.elements.count > 1)
  }

  /// Three runs that each waited for the reader would take longer than the limit.
  @Test(.timeLimit(.minutes(15)))
  func `an open read transaction keeps no run from ending`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/seed.csv": rows(version: 0),
    ])
    try await project.assetctl("materialize")
    let reader = try project.startPython(
      """
      import os, sqlite3, sys, time
      database = sqlite3.connect(".assetctl/warehouse.sqlite", isolation_level=None)
      database.execute("begin")
      count = "select count(*) from seed"
      before = database.execute(count).fetchone()
      print("reading", flush=True, file=sys.stderr)
      while not os.path.exists("stop"):
          time.sleep(0.01)
      assert database.execute(count).fetchone() == before
      """)
    try await project.wait(for: "the reader to read") { !reader.errorsSoFar.isEmpty }

    for version in 1...3 {
      try project.write("assets/seed.csv", rows(version: version))
      #expect(try await project.assetctl("materialize").exitCode == 0)
    }

    #expect(reader.isRunning)
    try project.write("stop", "")
    #expect(try await reader.result() == CommandResult(exitCode: 0, errors: "reading\n"))
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  private func rows(version: Int) -> String {
    "n,version\n" + (1...(2000 + version)).map { "\($0),\(version)\n" }.joined()
  }

  @Test func `what is edited while a program reads it is not recorded as read`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/made.sh": InterruptionTests.gated,
    ])
    let run = try project.start(["materialize"])
    try await project.wait(for: "the program to run") { project.exists("running") }

    try project.write("assets/made.sh", InterruptionTests.gated + " # edited")
    try project.write("gate", "")

    #expect(
      try await run.result()
        == CommandResult(
          exitCode: 1,
          output: """
            failed  made  <duration>
              error: `assets/made.sh` was edited while `made` was made from it

              hint: materialize again once it is no longer edited

            1 failed in <duration>

            """))
    #expect(!project.exists("build/made.txt"))
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try project.read("build/made.txt") == "second\n")
  }

  @Test func `a table that another program alters during a run is not taken for ours`() async throws
  {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/made.sh": InterruptionTests.gated,
      "assets/seed.csv": "n\n1\n2\n",
      "assets/after.sql": "/* @asset\ninputs: [made]\n*/\nselect n from seed",
    ])
    try await project.assetctl("materialize", "seed")
    let run = try project.start(["materialize"])
    try await project.wait(for: "the program to run") { project.exists("running") }

    try await project.sqlite("update seed set n = 3 where n = 2")
    try project.write("gate", "")

    #expect(try await run.result().exitCode == 0)
    #expect(
      try await project.assetctl("status", "--format", "json").causes["seed"]
        == ["output_altered"])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.sqlite("select n from after order by n") == [[1], [2]])
  }
}
