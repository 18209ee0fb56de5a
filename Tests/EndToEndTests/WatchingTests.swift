import AssetTestSupport
import Foundation
import Testing

/// Runs that are watched: events, logs that are followed, and terminals.
@Suite(.timeLimit(.minutes(15))) struct WatchingTests {
  /// A program that prints what is unfit for terminals, and waits for a file `gate` in the middle.
  private static let gated = """
    # @asset
    # outputs: [build/made.txt]
    printf 'one\\n\\033[31mtwo\\033[0m\\007\\twith a tab\\nhal'
    : > running
    until [ -e gate ]; do sleep 0.02; done
    printf 'f\\n\\377 no text\\nno end'
    echo made > "$ASSETCTL_OUTPUT"
    """

  private func project(_ more: [String: String] = [:]) throws -> TemporaryProject {
    try TemporaryProject(
      [
        "assetctl.yml": "project: shop", "assets/quick.sql": "select 1 as id",
        "assets/made.sh": Self.gated,
        "assets/reader.sh":
          "# @asset\n# inputs: [made]\n# outputs: [build/r.txt]\necho read; exit 3\n",
        "assets/last.sh": "# @asset\n# inputs: [reader]\n# outputs: [build/l.txt]\n",
      ].merging(more) { _, new in new })
  }

  private func startAndWaitForProgram(
    _ project: TemporaryProject, _ arguments: [String]
  ) async throws -> RunningCommand {
    let run = try project.start(arguments)
    try await project.wait(for: "the program to run") { project.exists("running") }
    return run
  }

  private func events(of result: CommandResult) throws -> [JSONValue] {
    try result.output.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
  }

  /// What an event says, without the times.
  private func summary(of event: JSONValue) -> String {
    ["event", "asset", "outcome", "line", "because", "exit_code"].map { event[$0].text }
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  @Test func `events come in order and are as their schema says`() async throws {
    let project = try project(["gate": ""])

    let first = try await project.assetctl("materialize", "-j", "1", "--format", "jsonl")
    let events = try self.events(of: first)

    #expect(first.exitCode == 1)
    #expect(
      events.map(summary) == [
        "run_started", "asset_started made", "log made one",
        "log made \u{1B}[31mtwo\u{1B}[0m\u{7}\twith a tab", "log made half",
        "log made \u{FFFD} no text", "log made no end", "asset_finished made materialized",
        "asset_started reader", "log reader read", "asset_finished reader failed",
        "asset_finished last skipped reader", "asset_started quick",
        "asset_finished quick materialized", "run_ended failed 1",
      ])
    #expect(events[0]["steps"].elements.count == 4)
    #expect(
      events.last?["summary"] == [
        "materialized": 2, "unchanged": 0, "fresh": 0, "failed": 1, "skipped": 1, "cancelled": 0,
      ])
    let times = events.map(\.["at"].text)
    #expect(times == times.sorted())

    let again = try await project.assetctl(
      "materialize", "--force", "made", "quick", "--format", "jsonl")
    let nothing = try await project.assetctl("materialize", "quick", "--format", "jsonl")

    let started = try self.events(of: again).filter { $0["event"] == "asset_started" }
    #expect(started.count == 2)
    #expect(started.allSatisfy { !$0["expected_ms"].text.isEmpty })
    #expect(
      try self.events(of: nothing).map(summary) == ["run_started", "run_ended succeeded 0"])
    let lines = [first, again, nothing].flatMap { $0.output.split(separator: "\n") }
    let problems = try await Schemas.problems(
      in: lines.map { ("events", CommandResult(exitCode: 0, output: String($0))) }, of: project)
    #expect(problems == [])
  }

  @Test func `an event of an asset's end is the object of the other format`() async throws {
    let project = try project(["gate": ""])

    let document = try await project.assetctl("materialize", "reader", "--format", "json")
    let stream = try await project.assetctl(
      "materialize", "made", "reader", "--force", "--format", "jsonl")

    let events = try events(of: stream).filter { $0["event"] == "asset_finished" }
    let assets = try document.json["assets"].elements
    #expect(
      zip(events, assets).map { event, asset in
        Set(event.keys).subtracting(["version", "event", "at"]) == Set(asset.keys)
      } == [true, true])
  }

  @Test func `the schema of an event is that of the document in what they share`() throws {
    func schema(_ name: String) throws -> JSONValue {
      let path = BuiltProgram.repository + "/docs/schemas/\(name).schema.json"
      return try JSONValue(parsing: String(contentsOfFile: path, encoding: .utf8))
    }
    let document = try schema("materialize")
    let events = try schema("events")["$defs"]

    let asset = document["properties"]["assets"]["items"]["properties"]
    let event = events["asset_finished"]["properties"]
    #expect(
      event.keys.filter {
        !["version", "event", "at", "partition"].contains($0) && event[$0] != asset[$0]
      } == [])
    #expect(Set(asset.keys).isSubset(of: event.keys))
    #expect(document["$defs"].keys.filter { events[$0] != document["$defs"][$0] } == [])
  }

  @Test func `a program that is tried again has the lines of each try in order`() async throws {
    let project = try project([
      "assets/flaky.sh": """
      # @asset
      # outputs: [build/flaky.txt]
      # retries: {max: 1, delay: 10ms}
      if [ ! -e tried ]; then : > tried; printf 'first'; exit 7; fi
      echo second
      echo x > "$ASSETCTL_OUTPUT"
      """
    ])

    let run = try await project.assetctl("materialize", "flaky", "--format", "jsonl")

    #expect(
      try events(of: run).map(summary) == [
        "run_started", "asset_started flaky", "log flaky first", "retrying flaky",
        "asset_started flaky", "log flaky second", "asset_finished flaky materialized",
        "run_ended succeeded 0",
      ])
    let problems = try await Schemas.problems(
      in: run.output.split(separator: "\n").map {
        ("events", CommandResult(exitCode: 0, output: String($0)))
      }, of: project)
    #expect(problems == [])
  }

  @Test func `a log line is told while its program runs`() async throws {
    let project = try project()

    let run = try project.start(["materialize", "made", "--format", "jsonl"])
    try await project.wait(for: "the second line") { run.outputSoFar.contains("with a tab") }

    #expect(!run.outputSoFar.contains("hal"))
    try project.write("gate", "")
    let result = try await run.result()
    #expect(result.exitCode == 0)
    #expect(result.output.contains("\"line\":\"half\""))
  }

  @Test func `a reader that goes away does not end the run`() async throws {
    let project = try project()

    let run = try project.startShell(
      "{ \"$0\" materialize made --format jsonl; echo $? > code; } | head -n 1")
    try await project.wait(for: "the program to run") { project.exists("running") }
    try project.write("gate", "")

    #expect(try await run.result().output.contains("run_started"))
    try await project.wait(for: "the end of the run") {
      try project.exists("code") && project.read("code") == "0\n"
    }
    #expect(try project.read("build/made.txt") == "made\n")
  }

  @Test func `a log is followed until its program has ended`() async throws {
    let project = try project()
    let run = try await startAndWaitForProgram(project, ["materialize", "made"])

    let one = try project.start(["logs", "last", "made", "-f"])
    let all = try project.start(["logs", "-f", "last"])
    try await project.wait(for: "what is there already") {
      one.outputSoFar.hasSuffix("hal") && all.outputSoFar.hasSuffix("with a tab\n")
    }
    #expect(one.isRunning && all.isRunning)
    try project.write("gate", "")

    #expect(try await run.result().exitCode == 0)
    #expect(
      try await one.result()
        == CommandResult(
          exitCode: 0,
          output: "one\n\u{1B}[31mtwo\u{1B}[0m\u{7}\twith a tab\nhalf\n\u{FFFD} no text\nno end"))
    #expect(
      try await all.result()
        == CommandResult(
          exitCode: 0,
          output: """
            made  | one
            made  | two\twith a tab
            made  | half
            made  | \u{FFFD} no text
            made  | no end

            """))
  }

  @Test func `following ends with the process of the run, and at Ctrl-C`() async throws {
    let project = try project()
    let run = try await startAndWaitForProgram(project, ["materialize", "made"])
    let interrupted = try project.start(["logs", "last", "-f"])
    let other = try project.start(["logs", "last", "made", "-f"])
    try await project.wait(for: "what is there already") {
      !interrupted.outputSoFar.isEmpty && !other.outputSoFar.isEmpty
    }

    interrupted.send(SIGINT)
    #expect(try await interrupted.result().exitCode == 130)
    #expect(other.isRunning)
    run.send(SIGKILL)

    #expect(try await other.result().exitCode == 0)
    let late = try await project.assetctl("logs", "last", "-f")
    #expect(late.exitCode == 0)
    #expect(late.output.hasSuffix("made  | hal\n"))
    try project.write("gate", "")
  }

  @Test func `what has no log is not followed`() async throws {
    let project = try project(["gate": ""])
    try await project.assetctl("materialize", "made")

    let noProgram = try await project.assetctl("logs", "last", "quick", "-f")
    let notRun = try await project.assetctl("logs", "last", "reader", "-f")
    let asJSON = try await project.assetctl("logs", "last", "-f", "--format", "json")
    let dryRun = try await project.assetctl("materialize", "--dry-run", "--format", "jsonl")

    #expect([noProgram, notRun, asJSON, dryRun].map(\.exitCode) == [64, 64, 64, 64])
    #expect(
      noProgram.errors == """
        error: the run `<run>` has no log of `quick`

        hint: only assets that are made by programs have logs

        """)
    #expect(asJSON.errors.hasPrefix("error: `--follow` prints text; leave out `--format json`\n"))
    #expect(dryRun.errors.hasPrefix("error: `--dry-run` has no events; use `--format json`\n"))
  }

  @Test func `without a terminal there are no control characters`() async throws {
    let project = try project([
      "assets/loud.sh": """
      # @asset
      # outputs: [build/loud.txt]
      printf '\\033[2J\\033]0;title\\007\\033[31mred\\033[0m\\ttab\\r 10%%\\r 20%%\\b\\n'
      exit 3
      """
    ])

    let run = try await project.assetctl(
      "materialize", "loud", environment: ["TERM": "xterm-256color"])

    #expect(
      run
        == CommandResult(
          exitCode: 1,
          output: """
            failed  loud  <duration>
              error: the program of `loud` ended with exit code 3
                log: .assetctl/runs/<run>/loud.log
                     red\ttab
                      10%
                      20%

            1 failed in <duration>

            """))
  }

  /// Runs assetctl in a terminal of a width, and collects what is drawn on it.
  private func drawn(
    _ project: TemporaryProject, width: Int, until text: String, _ arguments: String...
  ) async throws -> CommandResult {
    let script = """
      import fcntl, os, pty, struct, sys, termios
      width, text = int(sys.argv[1]), sys.argv[2].encode()
      child, terminal = pty.fork()
      if child == 0:
          os.environ["TERM"] = "xterm-256color"
          os.execv(sys.argv[3], sys.argv[3:])
      fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 20, width, 0, 0))
      drawn = b""
      while True:
          try:
              piece = os.read(terminal, 65536)
          except OSError:
              break
          if not piece:
              break
          drawn += piece
          if text in drawn:
              open("gate", "w").close()
      os.waitpid(child, 0)
      sys.stdout.buffer.write(drawn.replace(b"\\r\\n", b"\\n"))
      """
    return try await project.python(
      script, [String(width), text, try BuiltProgram.path] + arguments)
  }

  @Test func `a terminal shows what runs, and a program cannot steer it`() async throws {
    let project = try project()

    let drawn = try await drawn(project, width: 40, until: "hal", "materialize", "made").output

    #expect(drawn.contains("0 of 1 done"))
    #expect(drawn.contains("\u{1B}[2m  made  "))
    #expect(drawn.contains("  hal\u{1B}[0m"))
    let sequences = Set(drawn.matches(of: /\u{1B}\[[0-9;?]*[A-Za-z]/).map { String($0.output) })
    #expect(
      sequences.isSubset(of: [
        "\u{1B}[2m", "\u{1B}[0m", "\u{1B}[32m", "\u{1B}[1F", "\u{1B}[2F", "\u{1B}[J",
      ]))
    #expect(!drawn.contains("\u{7}"))
    let lines = drawn.replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "\n").split(separator: "\n")
    #expect(lines.allSatisfy { $0.count < 40 })
  }

  @Test func `a narrow terminal shows how long each asset runs`() async throws {
    let long = "made_with_a_name_that_is_too_long"
    let project = try project([
      "assets/\(long).sh": """
      # @asset
      # outputs: [build/long.txt]
      printf '進捗\\t👍 a line that is wider than the window\\r'
      until [ -e gate ]; do sleep 0.02; done
      echo > "$ASSETCTL_OUTPUT"
      """
    ])

    let drawn = try await drawn(project, width: 24, until: " s\u{1B}[0m", "materialize", long)
      .output

    #expect(drawn.contains(/\u{1B}\[2m  made_w…o_long  [0-9]+\.[0-9] s\u{1B}\[0m/))
    // The line of the result is longer than the window, and nothing of it is drawn over.
    let end = try #require(drawn.ranges(of: "materialized").last)
    #expect(!drawn[end.upperBound...].contains("\u{1B}[2F"))
    #expect(drawn.contains("\(long)  "))
  }
}
