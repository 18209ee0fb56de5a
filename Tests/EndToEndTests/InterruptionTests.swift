import AssetTestSupport
import Foundation
import Testing

/// Runs that are ended from outside, by Ctrl-C or worse.
@Suite(.timeLimit(.minutes(15))) struct InterruptionTests {
  /// A program that says when it runs, and waits for a file `gate` before it writes.
  static let gated = """
    # @asset
    # outputs: [build/made.txt]
    echo $$ > running
    until [ -e gate ]; do sleep 0.02; done
    echo second > "$ASSETCTL_OUTPUT"
    """

  /// A query that is long enough to be ended in its middle, and fills the write-ahead log.
  static let long = """
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < 30000000)
    select n, 'a text to fill the pages of the table' as text from numbers
    """

  /// A project whose first version of `made` is there, and whose second one waits at the gate.
  private func projectAtGate() async throws -> TemporaryProject {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/quick.sql": "select 1 as id",
      "assets/made.sh":
        "# @asset\n# outputs: [build/made.txt]\necho first > \"$ASSETCTL_OUTPUT\"\n",
    ])
    try await project.assetctl("materialize")
    try project.write("assets/made.sh", Self.gated)
    return project
  }

  private func startAndWaitForProgram(_ project: TemporaryProject) async throws -> RunningCommand {
    let run = try project.start(["materialize"])
    try await project.wait(for: "the program to run") {
      try project.exists("running") && project.read("running").hasSuffix("\n")
    }
    return run
  }

  @Test func `after a kill the next run repairs`() async throws {
    let project = try await projectAtGate()
    let run = try await startAndWaitForProgram(project)

    run.send(SIGKILL)

    #expect(try await run.result().exitCode == 128 + SIGKILL)
    #expect(try project.read("build/made.txt") == "first\n")
    let status = try await project.assetctl("status", "--format", "json")
    #expect(status.exitCode == 3)
    #expect(try status.causes == ["made": ["definition_changed", "attempt_unfinished"]])
    try project.write("gate", "")
    let next = try await project.assetctl("materialize", "--format", "json")
    #expect(try next.assets("outcome") == ["made": "materialized", "quick": "fresh"])
    #expect(try project.read("build/made.txt") == "second\n")
    #expect(try await project.assetctl("status").exitCode == 0)
    #expect(
      try await project.assetctl("runs", "--format", "json").json["runs"].elements
        .map(\.["outcome"]) == ["succeeded", "cancelled", "succeeded"])
  }

  @Test func `an interrupted run ends its programs and their children`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/made.sh": """
      # @asset
      # outputs: [build/made.txt]
      sleep 600 & echo $! > child
      echo $$ > running
      wait
      """,
      "assets/reader.sh": "# @asset\n# inputs: [made]\n# outputs: [build/reader.txt]\n",
    ])
    let run = try await startAndWaitForProgram(project)
    let processes = try ["running", "child"].map(project.read)

    run.send(SIGINT)

    let result = try await run.result()
    #expect(result.exitCode == 130)
    #expect(
      result.output == """
        cancelled  made

        2 cancelled in <duration>
        not started: reader

        """)
    for process in processes {
      try await project.wait(for: "the process \(process) to end") { !Self.isAlive(process) }
    }
    #expect(!project.exists("build/made.txt"))
    #expect(
      try await project.assetctl("runs", "--format", "json").json["runs"][0]["outcome"]
        == "cancelled")
    #expect(
      try await project.assetctl("status", "--format", "json").assets("status")
        == ["made": "stale", "reader": "stale"])
  }

  @Test func `what waits to be tried again is cancelled by name`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/made.sh":
        "# @asset\n# outputs: [build/made]\n# retries: {max: 1, delay: 10m}\nexit 3\n",
      "assets/reader.sh": "# @asset\n# inputs: [made]\n# outputs: [build/reader.txt]\n",
    ])
    let run = try project.start(["materialize", "--format", "jsonl"])
    try await project.wait(for: "the first try to fail") { run.outputSoFar.contains("retrying") }

    run.send(SIGINT)

    let result = try await run.result()
    #expect(result.exitCode == 130)
    #expect(result.errors.hasSuffix("\ncancelled  made\n"))
    let events = try result.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    #expect(
      events.map { [$0["event"], $0["asset"], $0["outcome"]].map(\.text) }.suffix(3) == [
        ["retrying", "made", ""], ["asset_finished", "made", "cancelled"],
        ["run_ended", "", "cancelled"],
      ])
    #expect(events.last?["not_started"] == ["reader"])
  }

  @Test func `with --fail-fast nothing waits to be tried again`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/a.sh":
        "# @asset\n# outputs: [build/a]\n# retries: {max: 1, delay: 10m}\nexit 3\n",
      "assets/b.sh":
        "# @asset\n# outputs: [build/b]\nuntil [ -e gate ]; do sleep 0.02; done; exit 4\n",
      "assets/c.sql": "select 1 as id from d",
      "assets/d.sh":
        "# @asset\n# kind: table\n# inputs: [a]\n",
    ])
    let run = try project.start(["materialize", "--fail-fast", "-j", "2"])
    try await project.wait(for: "the first try to fail") { run.outputSoFar.contains("retrying") }

    try project.write("gate", "")

    let result = try await run.result()
    #expect(result.exitCode == 1)
    #expect(
      result.output.hasSuffix(
        """
        cancelled  a

        1 failed, 3 cancelled in <duration>
        not started: d, c

        """))
  }

  @Test func `a second interrupt ends at once what does not listen to the first`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/made.sh": """
      # @asset
      # outputs: [build/made.txt]
      trap 'echo > asked' TERM INT
      echo $$ > running
      while true; do sleep 0.05; done
      """,
    ])
    let run = try await startAndWaitForProgram(project)
    let process = try project.read("running")

    run.send(SIGINT)
    try await project.wait(for: "the program to be asked to end") { project.exists("asked") }
    run.send(SIGINT)

    #expect(try await run.result().exitCode == 130)
    try await project.wait(for: "the process \(process) to end") { !Self.isAlive(process) }
  }

  @Test(arguments: [SIGINT, SIGKILL])
  func `a table whose building was ended is the old one, and whole`(signal: Int32) async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/long.sql": "select 1 as n, 'old' as text",
    ])
    try await project.assetctl("materialize")
    try project.write("assets/long.sql", Self.long)

    let run = try project.start(["materialize"])
    let log = project.folder + "/.assetctl/warehouse.sqlite-wal"
    try await project.wait(for: "the table to be written") {
      let size = try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int
      return size ?? 0 > 100_000
    }
    run.send(signal)

    #expect(try await run.result().exitCode == (signal == SIGINT ? 130 : 128 + SIGKILL))
    #expect(try await project.sqlite("select * from long") == [[1, "old"]])
    #expect(try await project.assetctl("status").exitCode == 3)
    try project.write("assets/long.sql", "select 1 as n, 'old' as text")
    #expect(try await project.assetctl("status").exitCode == 0)
    try project.write("assets/long.sql", "select 2 as n, 'new' as text")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.sqlite("select * from long") == [[2, "new"]])
  }

  /// Whether a process is there and not merely waiting to be reaped.
  static func isAlive(_ process: String) -> Bool {
    let number = process.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let status = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8) else {
      return Int32(number).map { kill($0, 0) == 0 } ?? false
    }
    return !status.contains(") Z ")
  }
}
