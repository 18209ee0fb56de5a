#if os(Linux)
  import AssetTestSupport
  import Foundation
  import Testing

  /// What `sandbox:` reports of programs, and what it keeps from them.
  @Suite(.timeLimit(.minutes(15))) struct SandboxTests {
    /// A project of one program, `made`, with what else there is.
    private func project(
      _ mode: String, _ settings: String..., run script: String, files: [String: String] = [:]
    ) throws -> TemporaryProject {
      let header = (["@asset", "outputs: [build/made.txt]"] + settings).map { "# \($0)\n" }
      return try TemporaryProject(
        [
          "assetctl.yml": "project: shop\nsandbox: \(mode)\n",
          "assets/made.sh": header.joined() + script + "\n",
          "data/regions.csv": "north\n",
        ].merging(files) { _, new in new })
    }

    @Test func `a file that is read without being declared is told, with the line to add`()
      async throws
    {
      let project = try project("check", run: "cat data/regions.csv > $ASSETCTL_OUTPUT")

      let run = try await project.assetctl("materialize")

      #expect(run.exitCode == 0)
      #expect(
        run.output == """
          materialized  made  <duration>
            assets/made.sh: warning: the program of `made` reads a file that it does not declare
              reads: data/regions.csv

            hint: add `code: [data/regions.csv]`

          1 materialized in <duration>

          """)
      #expect(try project.read("build/made.txt") == "north\n")
    }

    @Test func `once the line is added there is nothing to tell`() async throws {
      let project = try project(
        "check", "code: [data/*.csv]", run: "cat data/regions.csv > $ASSETCTL_OUTPUT")

      let run = try await project.assetctl("materialize", "--format", "json")

      #expect(run.exitCode == 0)
      #expect(try run.json["assets"].elements.map { $0["warnings"] } == [.null])
    }

    @Test(arguments: [false, true])
    func `a module beside a Python program is found, compiled already or not`(
      isCompiled: Bool
    ) async throws {
      let project = try TemporaryProject([
        "assetctl.yml": "project: shop\n",
        "assets/made.py": """
        # @asset
        # sandbox: check
        # outputs: [build/made.txt]
        import os, helper
        open(os.environ["ASSETCTL_OUTPUT"], "w").write(helper.text)
        """,
        "assets/helper.py": "text = 'hello'\n",
      ])
      if isCompiled {
        _ = try await project.python("import py_compile; py_compile.compile('assets/helper.py')")
        #expect(project.files(under: "assets/__pycache__").count == 1)
      }

      let run = try await project.assetctl("materialize", "--format", "json")

      #expect(
        try run.json["assets"].elements[0]["warnings"].elements.map { $0["hint"].text } == [
          "add `code: [assets/helper.py]`"
        ])
    }

    @Test func `children are followed, wherever they are`() async throws {
      let project = try project(
        "check",
        run: """
          (cd data && bash -c 'cat regions.csv') > $ASSETCTL_OUTPUT
          python3 -c 'import subprocess; subprocess.run(["cat", "data/a b.csv"])'
          ./tool.sh &
          wait
          """,
        files: ["data/a b.csv": "", "tool.sh": "#!/bin/sh\ncat 'data/a\nb'\n", "data/a\nb": ""])
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: project.folder + "/tool.sh")

      let run = try await project.assetctl("materialize", "--format", "json")

      let warning = try run.json["assets"].elements[0]["warnings"].elements[0]
      #expect(
        warning["details"].elements.map(\.text) == [
          "reads: data/a\nb", "data/a b.csv", "data/regions.csv", "tool.sh",
        ])
      #expect(
        warning["hint"].text
          == #"add `code: ["data/a\nb", "data/a b.csv", data/regions.csv, tool.sh]`"#)
    }

    @Test func `a file is known however it is opened`() async throws {
      let names = ["folder", "process", "link", "outer link", "hard link", "how"]
      let project = try TemporaryProject(
        [
          "assetctl.yml": "project: shop\nsandbox: check\n",
          "assets/made.py": """
          # @asset
          # outputs: [build/made.txt]
          import ctypes, os, struct, tempfile
          folder = os.open("data", os.O_RDONLY | os.O_DIRECTORY)
          os.open("folder", os.O_RDONLY, dir_fd=folder)
          open("/proc/self/cwd/data/process")
          os.symlink("link", "data/name of link"); open("data/name of link")
          outside = tempfile.mkdtemp()
          os.symlink(os.path.abspath("data/outer link"), outside + "/name"); open(outside + "/name")
          os.link("data/hard link", "data/second name"); open("data/second name")
          how = ctypes.create_string_buffer(struct.pack("QQQ", os.O_RDONLY, 0, 0))
          openat2 = 437
          assert ctypes.CDLL(None).syscall(openat2, folder, b"how", how, 24) >= 0
          os.symlink(outside, "data/outside"); open(outside + "/own", "w"); open("data/outside/own")
          open(os.environ["ASSETCTL_OUTPUT"], "w")
          """,
        ].merging(names.map { ("data/" + $0, "") }) { _, new in new })

      let run = try await project.assetctl("materialize", "--format", "json")

      let warning = try run.json["assets"].elements[0]["warnings"].elements[0]
      #expect(
        warning["details"].elements.map(\.text).map { $0.replacing("reads: ", with: "") }
          == names.map { "data/" + $0 }.sorted())
    }

    @Test func `a failure is tried again by its exit code, whatever was hidden`() async throws {
      let project = try project(
        "strict", "retries: {max: 1, delay: 0, on: [3]}",
        run: "echo try >> tries; cat data/regions.csv; exit 3")

      let run = try await project.assetctl("materialize", "--format", "json")

      #expect(run.exitCode == 1)
      #expect(try project.read("tries") == "try\ntry\n")
    }

    @Test(arguments: ["check", "strict"])
    func `a program that takes too long is ended with its children`(mode: String) async throws {
      let project = try project(
        mode, "timeout: 8s", run: "sleep 600 & echo $! > child; wait; sleep 600")

      let run = try await project.assetctl("materialize", "--format", "json")

      #expect(run.exitCode == 1)
      let child = try #require(Int32(project.read("child").dropLast()))
      try await project.wait(for: "the child to end") { kill(child, 0) != 0 }
    }

    @Test func `what another asset published, and the warehouse, are told apart`() async throws {
      let project = try project(
        "check",
        run: """
          cat build/other.txt > $ASSETCTL_OUTPUT
          python3 -c 'import sqlite3; sqlite3.connect(".assetctl/warehouse.sqlite").execute(
            "select 1 from sqlite_master").fetchall()'
          """,
        files: [
          "assets/numbers.sql": "select 1 as n",
          "assets/other.sh": "# @asset\n# outputs: [build/other.txt]\necho 1 > $ASSETCTL_OUTPUT\n",
        ])
      try await project.assetctl("materialize", "numbers", "other")

      let run = try await project.assetctl("materialize", "made")

      #expect(
        run.output == """
          materialized  made  <duration>
            assets/made.sh: warning: the program of `made` reads 2 files that it does not declare
              reads: .assetctl/warehouse.sqlite, the warehouse
                     build/other.txt, published by `other`

            hint: add `inputs: [other]`; declare the tables under `inputs:`, and read `ASSETCTL_INPUT_<KEY>`

          1 materialized in <duration>

          """)
    }

    @Test func `what it made itself, declared or does not read is no input`() async throws {
      let project = try project(
        "check", "inputs: [other, numbers]",
        run: """
          echo new > data/scratch.txt && cat data/scratch.txt > /dev/null
          echo 1 > data/first && mv data/first data/second && cat data/second > /dev/null
          mkdir data/one && echo 1 > data/one/file && mv data/one data/two && cat data/two/file
          echo replaced > data/old.txt && cat data/old.txt
          echo more >> data/log.txt
          stat data/regions.csv > /dev/null; ls data > /dev/null
          cat build/other.txt $ASSETCTL_INPUT_OTHER $ASSETCTL_INPUT_NUMBERS > $ASSETCTL_OUTPUT
          cat $ASSETCTL_OUTPUT "$0"
          """,
        files: [
          "assets/numbers.sql": "select 1 as n", "data/old.txt": "old", "data/log.txt": "old",
          "assets/other.sh": "# @asset\n# outputs: [build/other.txt]\necho 1 > $ASSETCTL_OUTPUT\n",
        ])

      let run = try await project.assetctl("materialize", "--format", "json")

      #expect(run.exitCode == 0)
      for asset in try run.json["assets"].elements { #expect(asset["warnings"] == .null) }
    }

    @Test func `a file that was moved is still the one that was not declared`() async throws {
      let project = try project(
        "check", run: "mv data/regions.csv data/moved && cat data/moved > $ASSETCTL_OUTPUT")

      let run = try await project.assetctl("materialize", "--format", "json")

      #expect(
        try run.json["assets"].elements[0]["warnings"].elements.map { $0["hint"].text } == [
          "add `code: [data/regions.csv]`"
        ])
    }

    @Test func `a virtual environment is like what lies outside`() async throws {
      let project = try project(
        "check", run: "cat .venv/lib/module.py .git/HEAD > $ASSETCTL_OUTPUT",
        files: [".venv/pyvenv.cfg": "", ".venv/lib/module.py": "", ".git/HEAD": ""])

      let run = try await project.assetctl("materialize", "--format", "json")

      #expect(try run.json["assets"].elements[0]["warnings"] == .null)
    }

    @Test func `strict hides what is not declared, and a failure names it`() async throws {
      let project = try project("strict", run: "cat data/regions.csv > $ASSETCTL_OUTPUT || exit 3")

      let run = try await project.assetctl("materialize")

      #expect(run.exitCode == 1)
      #expect(
        run.output == """
          failed  made  <duration>
            error: the program of `made` ended with exit code 3
              log:  .assetctl/runs/<run>/made.log
                      cat: data/regions.csv: No such file or directory
              hidden: data/regions.csv

            hint: the program sees only what it declares; add `code: [data/regions.csv]`

          1 failed in <duration>

          """)
    }

    @Test(arguments: ["true", "sleep 60", "echo 1 > $ASSETCTL_OUTPUT"])
    func `whatever way a program fails under strict, what was hidden is named`(
      end: String
    ) async throws {
      let project = try project(
        "strict", "timeout: 8s", "checks: [{metric: {name: rows, min: 1}}]",
        run: "cat data/regions.csv; \(end)")

      let run = try await project.assetctl("materialize", "--format", "json")

      let result = try run.json["assets"][0]
      #expect(result["outcome"].text == "failed")
      #expect(result["details"].elements.map(\.text).contains("hidden: data/regions.csv"))
    }

    @Test(arguments: ["mv", "ln"])
    func `a file that is published by a new name alone is known, too`(tool: String) async throws {
      let checked = try project("check", run: "\(tool) data/regions.csv $ASSETCTL_OUTPUT")
      let hidden = try project("strict", run: "\(tool) data/regions.csv $ASSETCTL_OUTPUT")

      let warned = try await checked.assetctl("materialize", "--format", "json")
      let refused = try await hidden.assetctl("materialize", "--format", "json")

      let warning = try warned.json["assets"][0]["warnings"][0]
      #expect(warning["details"].elements.map(\.text) == ["reads: data/regions.csv"])
      #expect(refused.exitCode == 1)
      #expect(try hidden.read("data/regions.csv") == "north\n")
    }

    @Test func `strict shows what is declared, and all that is outside`() async throws {
      let project = try project(
        "strict", "code: [data/*.csv]", "inputs: [other, numbers]",
        run: """
          temporary=$(mktemp) && echo scratch > $temporary
          cat data/regions.csv $ASSETCTL_INPUT_OTHER $ASSETCTL_INPUT_NUMBERS $temporary \
            > $ASSETCTL_OUTPUT
          rm $temporary
          """,
        files: [
          "assets/numbers.sql": "select 1 as n",
          "assets/other.sh": "# @asset\n# outputs: [build/other.txt]\necho 1 > $ASSETCTL_OUTPUT\n",
        ])

      let run = try await project.assetctl("materialize")

      #expect(run.exitCode == 0)
      #expect(try project.read("build/made.txt") == "north\n1\nn\n1\nscratch\n")
    }

    @Test func `strict hides a program that is not declared`() async throws {
      let project = try TemporaryProject([
        "assetctl.yml": "project: shop\n",
        "tools/tool.sh": "#!/bin/sh\necho 1 > $ASSETCTL_OUTPUT\n",
        "assets/made.yml": """
        assets:
          - name: made
            kind: file
            run: env PATH=tools:/usr/bin:/bin tool.sh
            outputs: [build/made.txt]
            sandbox: strict
        """,
      ])
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: project.folder + "/tools/tool.sh")

      let hidden = try await project.assetctl("materialize")
      try project.edit(
        "assets/made.yml", "env PATH=tools:/usr/bin:/bin tool.sh", to: "./tools/tool.sh")
      let named = try await project.assetctl("materialize")

      #expect(hidden.exitCode == 1)
      #expect(hidden.output.contains("hidden: tools/tool.sh\n"))
      #expect(hidden.output.contains("add `code: [tools/tool.sh]`"))
      // What `run:` names is declared by that.
      #expect(named.exitCode == 0)
    }

    @Test func `where the system refuses to watch, check says so and strict fails`() async throws {
      // A program that is watched cannot be watched by another one.
      let outer = try project(
        "check", run: "cd inner; $ASSETCTL materialize > ../text; echo 1 > $ASSETCTL_OUTPUT",
        files: [
          "inner/assetctl.yml": "project: inner\n",
          "inner/assets/a.sh":
            "# @asset\n# sandbox: check\n# outputs: [a]\necho a > $ASSETCTL_OUTPUT\n",
          "inner/assets/b.sh":
            "# @asset\n# inputs: [a]\n# sandbox: strict\n# outputs: [b]\n"
            + "echo b > $ASSETCTL_OUTPUT\n",
        ])
      try outer.edit("assets/made.sh", "$ASSETCTL ", to: try BuiltProgram.path + " ")

      try await outer.assetctl("materialize")

      #expect(
        try outer.read("text").replacing(#/; longest: .*/#, with: "")
          .replacing(#/ +[0-9.]+ m?s\b/#, with: " <duration>") == """
            materialized  a <duration>
              warning: `sandbox: check` is not available here: Device or resource busy

              hint: set `sandbox: off`, or run it on Linux, where unprivileged filters are allowed
            failed        b <duration>
              error: `sandbox: strict` is not available here: Device or resource busy

              hint: to run the program of `b` here, set `sandbox: check` or `sandbox: off`

            1 materialized, 1 failed in <duration>

            """)
      #expect(outer.exists("inner/a"))
      #expect(!outer.exists("inner/b"))
    }

    @Test(arguments: ["check", "strict"])
    func `how a program ends comes through`(mode: String) async throws {
      for (script, end) in [
        ("exit 41", "ended with exit code 41"), ("kill -9 $$", "was ended by signal 9"),
      ] {
        let project = try project(mode, run: script)

        let run = try await project.assetctl("materialize", "--format", "json")

        #expect(try run.assets("error") == ["made": "the program of `made` \(end)"])
      }
    }

    @Test(arguments: ["check", "strict"])
    func `a program that is not installed has failed as ever`(mode: String) async throws {
      let project = try project(mode, "run: no-such-program {file}", run: "")

      let run = try await project.assetctl("materialize", "--format", "json")

      #expect(
        try run.assets("error") == [
          "made": "`no-such-program`, which makes `made`, is not installed"
        ])
    }

    @Test func `secrets are masked, and words are handed over as they are`() async throws {
      let project = try TemporaryProject([
        "assetctl.yml": "project: shop\nsecrets: [TOKEN]\n",
        "assets/made.yml": """
        assets:
          - name: made
            kind: file
            run: 'bash -c ''printf "%s\\n" "$TOKEN" "$@" | tee $ASSETCTL_OUTPUT'' sh "a b" "$(id)"'
            outputs: [build/made.txt]
            sandbox: check
        """,
      ])

      let run = try await project.assetctl("materialize", environment: ["TOKEN": "hush"])

      #expect(run.exitCode == 0, "\(run)")
      #expect(try project.read("build/made.txt") == "hush\na b\n$(id)\n")
      let logs = try project.files(under: ".assetctl/runs").map(project.read)
      #expect(logs == ["***\na b\n$(id)\n"])
    }

    @Test(arguments: ["check", "strict"])
    func `a run that is interrupted ends the program and its children`(mode: String) async throws {
      let project = try project(
        mode, run: "sleep 600 & echo $! > running.new; mv running.new running; wait")
      let run = try project.start(["materialize"])
      try await project.wait(for: "the program to run") { project.exists("running") }
      let child = try #require(Int32(project.read("running").dropLast()))

      run.send(SIGINT)

      #expect(try await run.result().exitCode == 130)
      try await project.wait(for: "the child to end") { kill(child, 0) != 0 }
    }
  }
#endif
