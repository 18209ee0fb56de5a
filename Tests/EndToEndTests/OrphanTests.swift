#if os(Linux)
  import AssetTestSupport
  import Foundation
  import Testing

  /// What programs leave behind without a trace of who they are: in a session of its own, with an empty
  /// environment, the child of nobody.
  @Suite(.timeLimit(.minutes(15))) struct OrphanTests {
    /// Leaves a process behind, and writes its number to a file.
    private static let leave = """
      python3 -c '
      import os, sys
      if os.fork(): os._exit(0)
      os.setsid()
      if os.fork(): os._exit(0)
      os.closerange(0, 100)
      os.execve("/bin/sh", ["sh", "-c", "trap : TERM; sleep 600 & echo $$ $! > left.$0.new; mv left.$0.new left.$0; while :; do sleep 0.1; done", sys.argv[1]], {"PATH": os.environ["PATH"]})
      ' "$ASSETCTL_ASSET"
      until [ -e "left.$ASSETCTL_ASSET" ]; do sleep 0.01; done
      """

    private func project(_ endings: [String: String], settings: String = "") throws
      -> TemporaryProject
    {
      let project = try TemporaryProject(["assetctl.yml": "project: shop"])
      for (name, ending) in endings {
        try project.write(
          "assets/\(name).sh",
          "# @asset\n# outputs: [build/\(name)]\n\(settings)\(Self.leave)\n\(ending)\n")
      }
      return project
    }

    private func left(by name: String, in project: TemporaryProject) throws -> [String] {
      try project.read("left.\(name)").split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private func end(_ processes: [String]) {
      for process in processes.compactMap({ pid_t($0) }) { kill(process, SIGKILL) }
    }

    @Test func `what a failed program left is ended`() async throws {
      let project = try project(["made": "exit 3"])

      #expect(try await project.assetctl("materialize").exitCode == 1)

      let left = try left(by: "made", in: project)
      #expect(left.count == 2)
      for process in left { #expect(!InterruptionTests.isAlive(process)) }
    }

    @Test func `what a program left that was interrupted is ended`() async throws {
      let project = try project(["made": "sleep 600"])
      let run = try project.start(["materialize"])
      try await project.wait(for: "the program to leave something") {
        project.exists("left.made")
      }

      run.send(SIGINT)
      #expect(try await run.result().exitCode == 130)

      for process in try left(by: "made", in: project) {
        #expect(!InterruptionTests.isAlive(process))
      }
    }

    @Test func `what a program left that ended well goes on`() async throws {
      let project = try project(["made": "echo > $ASSETCTL_OUTPUT"])

      #expect(try await project.assetctl("materialize").exitCode == 0)

      let left = try left(by: "made", in: project)
      for process in left { #expect(InterruptionTests.isAlive(process)) }
      end(left)
    }

    @Test func `of programs that run together the one that failed leaves nothing`() async throws {
      // Each waits for the other's, so that nobody can tell whose they are but by the time.
      let project = try project([
        "bad": "until [ -e left.good ]; do sleep 0.01; done; exit 3",
        "good": "until [ -e left.bad ]; do sleep 0.01; done; echo > $ASSETCTL_OUTPUT",
      ])

      #expect(try await project.assetctl("materialize", "-j", "2").exitCode == 1)

      for process in try left(by: "bad", in: project) {
        #expect(!InterruptionTests.isAlive(process))
      }
      end(try left(by: "good", in: project))
    }

    @Test func `what assetctl did not start is none of its business`() async throws {
      let project = try project(["made": "exit 3"])

      let run = try project.startShell(
        "sleep 600 & echo $! > mine; (sleep 0.5; exec sleep 601) & echo $! >> mine; exec \"$0\" materialize"
      )
      _ = try await run.result()

      let mine = try project.read("mine").split(separator: "\n").map(String.init)
      for process in mine { #expect(InterruptionTests.isAlive(process)) }
      end(mine + (try left(by: "made", in: project)))
    }
  }
#endif
