import AssetTestSupport
import Foundation
import Testing

/// What of a program counts, and what is said of one that cannot be run.
@Suite struct ProgramCodeTests {
  private func project(_ files: [String: String]) throws -> TemporaryProject {
    try TemporaryProject(["assetctl.yml": "project: shop\n"].merging(files) { _, new in new })
  }

  @Test(
    arguments: [
      "bash lib/make.sh", "bash ./lib/make.sh", "[bash, lib/make.sh]", "bash -c 'bash lib/make.sh'",
      "env X=1 bash lib/make.sh", "bash -c 'source \"lib/make.sh\"'",
    ])
  func `a script that run names counts`(run: String) async throws {
    let project = try project([
      "lib/make.sh": "echo one > \"$ASSETCTL_OUTPUT\"\n",
      "assets/e.yml": "assets:\n  - name: e\n    outputs: [out/e]\n    run: \(run)\n",
    ])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.assetctl("status").exitCode == 0)

    try project.write("lib/make.sh", "echo two > \"$ASSETCTL_OUTPUT\"\n")

    #expect(try await project.assetctl("status").exitCode == 3)
    #expect(try await project.assetctl("why", "e").output.contains("code.lib/make.sh"))
  }

  @Test func `a module counts, and what other programs write does not`() async throws {
    let project = try project([
      "lib/make.py": "import os\nopen(os.environ['ASSETCTL_OUTPUT'], 'w').write('1')\n",
      "assets/e.yml": """
      assets:
        - {name: e, outputs: [out/e], run: python3 -m lib.make}
        - {name: f, inputs: [e], outputs: [out/f], run: "bash -c 'cp out/e $ASSETCTL_OUTPUT'"}

      """,
    ])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.write(
      "lib/make.py", "import os\nopen(os.environ['ASSETCTL_OUTPUT'], 'w').write('2')\n")

    #expect(
      try await project.assetctl("status").output == """
        stale  e  its definition changed
        waiting  f  waits for `e`

        1 stale, 1 waiting

        """)
  }

  @Test(
    arguments: [
      "description: x", "owner: me", "tags: [a]", "retries: 2", "timeout: 5m",
      "checks: [{metric: {name: acc, min: 0.1}}]",
    ])
  func `settings in a header make nothing stale`(line: String) async throws {
    func program(_ line: String) -> String {
      """
      \"\"\"@asset
      kind: model
      outputs: [out/m.json]
      \(line)
      \"\"\"
      import os
      open(os.environ["ASSETCTL_OUTPUT"], "w").write('{"metrics": {"acc": 0.9}}')
      """
    }
    let project = try project(["assets/m.py": program("")])
    #expect(try await project.assetctl("materialize").exitCode == 0)

    try project.write("assets/m.py", program(line))
    #expect(try await project.assetctl("status").exitCode == 0)
    try project.write("assets/m.py", program(line).replacing("0.9", with: "0.8"))
    #expect(try await project.assetctl("status").exitCode == 3)
  }

  @Test func `a program that cannot be run is called what it is`() async throws {
    let project = try project([
      "assets/c.yml": "assets: [{name: c, run: ./bin/x, outputs: [out/c]}]\n",
      "bin/x": "#!/bin/sh\ntrue\n",
    ])
    func failure() async throws -> String { try await project.assetctl("materialize").output }

    #expect(try await failure().contains("`./bin/x`, which makes `c`, may not be executed"))
    try project.write("bin/x", "#!/no/such/shell\n")
    chmod(project.folder + "/bin/x", 0o755)
    #expect(
      try await failure().contains("names the interpreter `/no/such/shell` in its first line"))
    try project.write("bin/x", "#!/usr/bin/env no-such-shell\n")
    #expect(try await failure().contains("names the interpreter `no-such-shell`"))
    try project.write("bin/x", "#!/bin/sh\r\ntrue\r\n")
    #expect(try await failure().contains("its lines end as on Windows"))
    try project.remove("bin/x")
    #expect(try await failure().contains("there is no program `./bin/x`, which is to make `c`"))
    try FileManager.default.createDirectory(
      atPath: project.folder + "/bin/x", withIntermediateDirectories: true)
    #expect(try await failure().contains("`./bin/x`, which makes `c`, is a folder"))
  }

  @Test func `a program that writes another one's output fails`() async throws {
    let project = try project([
      "assets/b.sh": "# @asset\n# outputs: [out/b.txt]\necho good > \"$ASSETCTL_OUTPUT\"\n",
      "assets/a.sh": "# @asset\n# outputs: [out/a.txt]\necho x > \"$ASSETCTL_OUTPUT\"\n",
    ])
    #expect(try await project.assetctl("materialize", "-j", "1").exitCode == 0)
    try project.write(
      "assets/a.sh",
      "# @asset\n# outputs: [out/a.txt]\necho y > \"$ASSETCTL_OUTPUT\"; echo bad > out/b.txt\n")

    let run = try await project.assetctl("materialize", "a")

    #expect(run.exitCode == 1)
    #expect(run.output.contains("the program of `a` wrote `out/b.txt`, which `b` publishes"))
    #expect(try project.read("out/a.txt") == "x\n")
  }

  @Test func `a table without rows has the declared columns`() async throws {
    let project = try project([
      "assets/x.sh":
        "# @asset\n# kind: table\n# columns: {id: integer, price: real}\n: > \"$ASSETCTL_OUTPUT\"\n",
      "assets/y.sql": "select count(id) as n, sum(price) as total from x\n",
    ])

    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.sqlite("select n, total from y") == [[0, .null]])
  }

  @Test func `only the variables of the target are needed`() async throws {
    let project = try project([
      "assets/a.sql": "select :x as x\n"
    ])
    try project.write(
      "assetctl.yml",
      """
      project: shop
      warehouse: sqlite:${NOT_THERE}
      vars: {x: "${NOT_THERE_EITHER}"}
      targets: {prod: {warehouse: "sqlite:prod.sqlite", vars: {x: 1}}}

      """)

    #expect(try await project.assetctl("materialize", "--target", "prod").exitCode == 0)
    let other = try await project.assetctl("status")
    #expect(other.exitCode == 2)
    #expect(other.errors.contains("NOT_THERE"))
  }

  @Test func `code takes folders, and a pattern without a match is a warning`() async throws {
    let project = try project([
      "lib/a.sh": "one\n",
      "assets/e.sh":
        "# @asset\n# outputs: [out/e]\n# code: [lib/, 'more/*.sh']\necho 1 > \"$ASSETCTL_OUTPUT\"\n",
    ])

    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 0)
    #expect(run.errors.contains("warning: no file matches `more/*.sh` under `code:`"))
    try project.write("lib/b.sh", "two\n")
    #expect(try await project.assetctl("status").exitCode == 3)
  }

  @Test func `a large file under code counts by its content`() async throws {
    let project = try project([
      "assets/e.sh":
        "# @asset\n# outputs: [out/e]\n# code: [big.bin]\necho 1 > \"$ASSETCTL_OUTPUT\"\n"
    ])
    var bytes = [UInt8](repeating: 7, count: 3 << 20)
    try project.write("big.bin", bytes: bytes)
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.assetctl("status").exitCode == 0)

    bytes[2 << 20] = 8
    try project.write("big.bin", bytes: bytes)
    #expect(try await project.assetctl("status").exitCode == 3)
    bytes[2 << 20] = 7
    try project.write("big.bin", bytes: bytes)
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `nothing outside of the project is replaced`() async throws {
    let outside = try TemporaryProject(["x.txt": "precious"])
    let project = try project([
      "assets/q.yml": """
      assets:
        - name: q
          outputs: [build/sub/x.txt]
          run: bash -c "mkdir -p build; ln -s \(outside.folder) build/sub; echo hi > $ASSETCTL_OUTPUT"

      """
    ])

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(run.output.contains("build/sub/x.txt"))
    #expect(try outside.read("x.txt") == "precious")
  }

  @Test(arguments: ["mkfifo build/x", "ln -s /dev/zero build/x"])
  func `what is no file at an output's place ends in an error`(command: String) async throws {
    let project = try project([
      "assets/q.yml":
        "assets: [{name: q, outputs: [build/x], run: bash -c 'echo hi > $ASSETCTL_OUTPUT'}]\n"
    ])
    _ = try await project.startShell("mkdir build; \(command)").result()

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(run.output.contains("`build/x`"))
  }

  @Test func `a warehouse that is a pipe is an error`() async throws {
    let project = try project(["assets/a.sql": "select 1 as n\n"])
    _ = try await project.startShell("mkdir .assetctl; mkfifo .assetctl/warehouse.sqlite").result()

    let status = try await project.assetctl("status")

    #expect(status.exitCode == 2)
    #expect(status.errors.contains("is not a file"))
  }

  @Test func `a check that fails is not tried again`() async throws {
    let project = try project([
      "assets/m.sh": """
      # @asset
      # kind: table
      # retries: {max: 3, delay: 0s}
      # checks: [{not_null: id}]
      echo run >> runs.txt
      printf 'id,x\\n,1\\n' > "$ASSETCTL_OUTPUT"

      """
    ])

    #expect(try await project.assetctl("materialize").exitCode == 1)
    #expect(try project.read("runs.txt") == "run\n")
  }
}
