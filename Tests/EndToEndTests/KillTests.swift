import AssetTestSupport
import Foundation
import Testing

/// Programs and assetctl itself that are killed at random moments: the next run repairs just what is due.
@Suite(.timeLimit(.minutes(10))) struct KillTests {
  enum Victim: String, CaseIterable, Sendable {
    case program, assetctl, both
  }

  private func makeProject() throws -> TemporaryProject {
    try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/other.sql": "select 1 as id",
      "assets/rows.csv": "id\n1\n2\n",
      "assets/made.sh": Self.program(0),
      "assets/reader.sh":
        "# @asset\n# inputs: [made]\n# outputs: [build/reader]\ncat $ASSETCTL_INPUT_MADE $ASSETCTL_INPUT_MADE_SECOND > $ASSETCTL_OUTPUT\n",
    ])
  }

  /// A program that writes its number to a file and a folder, piece by piece.
  private static func program(_ number: Int) -> String {
    """
    # @asset
    # inputs: [rows]
    # outputs: {first: build/first, second: build/second, folder: build/folder/}
    echo $$ > running
    printf '\(number)' > "$ASSETCTL_OUTPUT_FIRST"
    sleep 0.02
    echo " \(number)" >> "$ASSETCTL_OUTPUT_FIRST"
    echo '\(number)' > "$ASSETCTL_OUTPUT_SECOND"
    for part in a b c; do echo '\(number)' > "$ASSETCTL_OUTPUT_FOLDER/$part"; done

    """
  }

  @Test(arguments: Victim.allCases)
  func `what was killed is repaired, and nothing else is touched`(victim: Victim) async throws {
    let project = try makeProject()
    #expect(try await project.assetctl("materialize").exitCode == 0)
    let other = try await project.assetctl("show", "other", "--format", "json")
    let seed = UInt64.random(in: 1...999_999)
    var random = SeededRandom(seed: seed)

    for number in 1...50 {
      try project.write("assets/made.sh", Self.program(number))
      try? project.remove("running")
      let run = try project.start(["materialize"])
      try await Task.sleep(for: .milliseconds(random.next() % 120))
      if victim != .program { run.send(SIGKILL) }
      if victim != .assetctl, let text = try? project.read("running"),
        let process = Int32(text.filter(\.isNumber))
      {
        kill(process, SIGKILL)
      }
      _ = try await run.result()

      let repaired = try await project.assetctl("materialize", "--format", "json")

      let place = "\(victim) \(number), seed \(seed)"
      #expect(repaired.exitCode == 0, "\(place): \(repaired.errors)")
      #expect(try project.read("build/first") == "\(number) \(number)\n", "\(place)")
      #expect(try project.read("build/reader") == "\(number) \(number)\n\(number)\n", "\(place)")
      for part in ["second", "folder/a", "folder/b", "folder/c"] {
        #expect(try project.read("build/" + part) == "\(number)\n", "\(place)")
      }
      #expect(try repaired.assets("outcome")["other"] == "fresh", "\(place)")
      #expect(try await project.assetctl("status").exitCode == 0, "\(place)")
    }
    #expect(
      try await project.assetctl("show", "other", "--format", "json").json["materializations"]
        == other.json["materializations"])
    #expect(project.files(under: ".assetctl/runs").allSatisfy { !$0.contains(".work/") })
  }

  @Test func `what a killed run left running is ended by the next`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/made.sh": """
      # @asset
      # outputs: [build/a]
      if [ -e second ]; then echo > "$ASSETCTL_OUTPUT"; exit; fi
      setsid sleep 600 &
      echo $! > child
      echo $$ > running
      trap '' TERM
      while true; do sleep 0.05; done
      """,
    ])
    let run = try project.start(["materialize"])
    try await project.wait(for: "the program to run") {
      try project.exists("running") && project.read("running").hasSuffix("\n")
    }
    let processes = try ["running", "child"].map(project.read)
    run.send(SIGKILL)
    _ = try await run.result()
    for process in processes { #expect(InterruptionTests.isAlive(process)) }
    try project.write("second", "")

    #expect(try await project.assetctl("materialize").exitCode == 0)

    for process in processes { #expect(!InterruptionTests.isAlive(process)) }
  }
}
