import AssetTestSupport
import Foundation
import Testing

/// Retries, timeouts and limits of what runs at once.
@Suite(.timeLimit(.minutes(15))) struct PolicyTests {
  private func project(
    _ settings: String, _ body: String, project: String = ""
  ) throws -> TemporaryProject {
    try TemporaryProject([
      "assetctl.yml": "project: shop\n" + project,
      "assets/made.sh":
        "# @asset\n# outputs: [build/made.txt]\n\(settings)\n\(body)\necho done > \"$ASSETCTL_OUTPUT\"\n",
    ])
  }

  @Test func `what fails is tried again, as often as it may`() async throws {
    let project = try project(
      "# retries: {max: 2, delay: 10ms, backoff: exponential, jitter: true}",
      "echo try >> tries; [ $(wc -l < tries) -ge 3 ] || exit 7")

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 0)
    #expect(try project.read("tries") == "try\ntry\ntry\n")
    #expect(try project.read("build/made.txt") == "done\n")
    #expect(run.output.contains("retrying  made  try 2 of 3 in "))
    #expect(run.output.contains("the program of `made` ended with exit code 7"))
    let attempts = try await project.sqlite(
      "select outcome from attempt order by id", in: ".assetctl/state.sqlite")
    #expect(attempts == [["failed"], ["failed"], ["materialized"]])
  }

  @Test(arguments: ["0", "0s", "0ms"])
  func `only some exit codes are tried again`(delay: String) async throws {
    let project = try project(
      "# retries: {max: 5, delay: \(delay), on: [75]}",
      "echo try >> tries; [ $(wc -l < tries) -ge 2 ] && exit 1; exit 75")

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(try project.read("tries") == "try\ntry\n")
    #expect(run.output.contains("ended with exit code 1"))
  }

  @Test func `defaults hold for all that do not set them`() async throws {
    let project = try project(
      "", "echo try >> tries; exit 1", project: "defaults: {retries: {max: 1, delay: 0}}\n")

    #expect(try await project.assetctl("materialize").exitCode == 1)
    #expect(try project.read("tries") == "try\ntry\n")
  }

  @Test func `what takes too long is stopped, and so is all that it started`() async throws {
    // It does not listen, and forks twice into a session of its own.
    let project = try project(
      "# timeout: 30s",
      """
      trap '' TERM
      python3 -c '
      import os, signal, time
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      if os.fork(): os._exit(0)
      os.setsid()
      if os.fork(): os._exit(0)
      open("grandchild", "w").write(str(os.getpid()))
      time.sleep(600)
      '
      until [ -s grandchild ]; do sleep 0.01; done
      echo nearly there
      echo $$ > running
      while true; do sleep 0.05; done
      """)

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(
      run.output.contains("`made` took longer than its `timeout` of <duration> and was stopped"))
    #expect(run.output.contains("nearly there"))
    #expect(run.output.contains("log: .assetctl/runs/"))
    for process in try ["running", "grandchild"].map(project.read) {
      #expect(!InterruptionTests.isAlive(process))
    }
    #expect(!project.exists("build/made.txt"))
  }

  @Test func `a query that takes too long is stopped`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/long.sql": "/* @asset\ntimeout: 200ms\n*/\n" + InterruptionTests.long,
    ])

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(run.output.contains("`long` took longer than its `timeout` of <duration>"))
  }

  @Test func `a pool holds no more than its limit`() async throws {
    let body = """
      mkdir "$ASSETCTL_ASSET.here"
      ls -d *.here | wc -l >> counts
      sleep 0.1
      rmdir "$ASSETCTL_ASSET.here"
      """
    let names = ["a", "b", "c", "d"]
    var files = ["assetctl.yml": "project: shop\npools: {gpu: 3}\n"]
    for name in names {
      files["assets/\(name).sh"] =
        "# @asset\n# outputs: [build/\(name)]\n# pool: gpu\n# weight: 2\n\(body)\necho > $ASSETCTL_OUTPUT\n"
    }
    let project = try TemporaryProject(files)

    #expect(try await project.assetctl("materialize", "-j", "4").exitCode == 0)

    #expect(
      try project.read("counts").split(separator: "\n").map { $0.filter(\.isNumber) }
        == ["1", "1", "1", "1"])
  }
}
