import AssetTestSupport
import Testing

/// Programs that fail, in each way in which a program can.
@Suite struct ProgramFailureTests {
  /// What `materialize` says when this program is the only asset.
  private func run(_ script: String) async throws -> (CommandResult, TemporaryProject) {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "build/made.txt": "",
      "assets/made.sh": "# @asset\n# outputs: [build/made.txt]\n\(script)\n",
    ])
    try project.remove("build/made.txt")
    return (try await project.assetctl("materialize"), project)
  }

  @Test func `a failure shows the log and its last lines`() async throws {
    let (run, project) = try await run(
      "echo hm; echo oops >&2; echo half > $ASSETCTL_OUTPUT; exit 3")

    #expect(run.exitCode == 1)
    #expect(
      run.output == """
        failed  made  <duration>
          error: the program of `made` ended with exit code 3
            log: .assetctl/runs/<run>/made.log
                 hm
                 oops

        1 failed in <duration>

        """)
    #expect(!project.exists("build/made.txt"))
    #expect(try await project.assetctl("logs", "last", "made").output == "hm\noops\n")
    #expect(
      try await project.assetctl("status").output == """
        failed  made  the program of `made` ended with exit code 3

        1 failed

        """)
  }

  @Test func `of a long log the last twelve lines are shown`() async throws {
    let (_, project) = try await run("seq 1 20; exit 3")

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(
      try run.json["assets"][0]["details"].elements.dropFirst().map(\.text)
        == (9...20).map(String.init))
    #expect(
      try await project.assetctl("logs", "last", "made").output
        == (1...20).map { "\($0)\n" }.joined())
  }

  @Test func `a failed asset is tried again by the next run`() async throws {
    let (run, project) = try await run("[ -e ready ] && echo done > $ASSETCTL_OUTPUT")
    #expect(run.exitCode == 1)

    try project.write("ready", "")

    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try project.read("build/made.txt") == "done\n")
  }

  @Test func `a program that writes nothing has failed`() async throws {
    let (run, _) = try await run("true")

    #expect(
      run.output == """
        failed  made  <duration>
          error: the program of `made` ended without writing `build/made.txt`
            log: .assetctl/runs/<run>/made.log

          hint: write it to the path in the environment variable `ASSETCTL_OUTPUT`

        1 failed in <duration>

        """)
  }

  @Test func `a program that a signal ended has failed`() async throws {
    let (run, _) = try await run("kill -9 $$")

    #expect(
      run.output == """
        failed  made  <duration>
          error: the program of `made` was ended by signal 9
            log: .assetctl/runs/<run>/made.log

        1 failed in <duration>

        """)
  }

  @Test func `a program that is not installed has failed`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/made.sh":
        "# @asset\n# run: no-such-program {file}\n# outputs: [build/made.txt]\n",
    ])

    #expect(
      try await project.assetctl("materialize").output == """
        failed  made  <duration>
          error: `no-such-program`, which makes `made`, is not installed

          hint: install it, or set another command with `run:`

        1 failed in <duration>

        """)
  }

  @Test func `ragged rows of a program are told with their line`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/made.sh": "# @asset\n# kind: table\nprintf 'a,b\\n1,2\\n3\\n' > $ASSETCTL_OUTPUT\n",
    ])

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(
      run.output == """
        failed  made  <duration>
          $ASSETCTL_OUTPUT:3: error: the row has 1 field, but the header has 2

          hint: complete the row, or put fields that hold a delimiter in quotes

        1 failed in <duration>

        """)
  }

  @Test func `a file that is not ours is kept aside`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "build/made.txt": "by hand",
      "assets/made.sh": "# @asset\n# outputs: [build/made.txt]\necho made > $ASSETCTL_OUTPUT\n",
    ])

    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(try project.read("build/made.txt") == "made\n")
    #expect(try project.files(under: ".assetctl/replaced").map(project.read) == ["by hand"])
  }
}
