import AssetTestSupport
import Foundation
import Testing

/// Several outputs, named outputs and folders.
@Suite struct OutputTests {
  private func project(_ outputs: String, _ body: String) throws -> TemporaryProject {
    try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/made.sh": "# @asset\n# outputs: \(outputs)\n\(body)\n",
      "assets/reader.sh":
        "# @asset\n# inputs: [made]\n# outputs: [build/read.txt]\nenv | grep '^ASSETCTL_INPUT_' | sed 's|=.*/build/|=|' | sort > $ASSETCTL_OUTPUT\n",
    ])
  }

  @Test func `outputs have the names that they are given`() async throws {
    let project = try project(
      "{weights: build/w.bin, report: build/deep/report.html}",
      "echo 1 > $ASSETCTL_OUTPUT_WEIGHTS; echo 2 > $ASSETCTL_OUTPUT_REPORT")

    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(try project.read("build/w.bin") == "1\n")
    #expect(try project.read("build/deep/report.html") == "2\n")
    #expect(
      try project.read("build/read.txt") == """
        ASSETCTL_INPUT_MADE=w.bin
        ASSETCTL_INPUT_MADE_REPORT=deep/report.html
        ASSETCTL_INPUT_MADE_WEIGHTS=w.bin

        """)
  }

  @Test func `a file that somebody else put there is kept, and told of`() async throws {
    let project = try project(
      "[build/made.txt, build/more.txt]",
      "for f in MADE MORE; do eval echo new '>' '$ASSETCTL_OUTPUT_'$f; done")
    try project.write("build/more.txt", "precious")

    let first = try await project.assetctl("materialize", "made")

    #expect(
      first.output == """
        materialized  made  <duration>
          warning: `build/more.txt` was not as assetctl had published it, and was replaced
            kept: .assetctl/replaced/<run>/build/more.txt

        1 materialized in <duration>

        """)
    let kept = project.files(under: ".assetctl/replaced")
    #expect(try kept.map(project.read) == ["precious"])

    try project.write("build/more.txt", "precious again")
    let run = try await project.assetctl("materialize", "made", "--format", "json")
    #expect(
      try run.json["assets"][0]["warnings"] == [
        [
          "warning": "`build/more.txt` was not as assetctl had published it, and was replaced",
          "details": ["kept: .assetctl/replaced/<run>/build/more.txt"],
        ]
      ])
    #expect(project.files(under: ".assetctl/replaced").count == 2)
  }

  @Test func `a folder is published as a whole, and watched as a whole`() async throws {
    let project = try project(
      "[build/site/]",
      "mkdir $ASSETCTL_OUTPUT/b; echo 1 > $ASSETCTL_OUTPUT/a; cp n $ASSETCTL_OUTPUT/b/n")
    try project.write("n", "1")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(project.files(under: "build/site") == ["build/site/a", "build/site/b/n"])
    #expect(try await project.assetctl("status").exitCode == 0)

    // An edit that keeps the size and puts the time back is seen by the inode's change time.
    let before = try FileManager.default.attributesOfItem(
      atPath: project.folder + "/build/site/b/n")
    try project.write("build/site/b/n", "2")
    try FileManager.default.setAttributes(
      [.modificationDate: before[.modificationDate] as Any],
      ofItemAtPath: project.folder + "/build/site/b/n")
    let status = try await project.assetctl("status", "--format", "json")
    #expect(try status.assets("status") == ["made": "stale", "reader": "waiting"])
    let repaired = try await project.assetctl("materialize", "--format", "json")
    #expect(try repaired.assets("outcome") == ["made": "unchanged", "reader": "fresh"])
    #expect(try project.read("build/site/b/n") == "1")

    // A file that is gone from the new content is gone from the folder.
    try project.edit("assets/made.sh", "cp n", to: "cp n $ASSETCTL_OUTPUT/c; true")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(project.files(under: "build/site") == ["build/site/a", "build/site/c"])
  }

  @Test func `a folder need not be declared as one, but rows are a file`() async throws {
    let project = try project("[build/site]", "mkdir $ASSETCTL_OUTPUT; echo 1 > $ASSETCTL_OUTPUT/a")
    try project.write(
      "assets/rows.sh", "# @asset\n# kind: table\nmkdir $ASSETCTL_OUTPUT\n")

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(
      try run.assets("outcome")
        == ["made": "materialized", "reader": "materialized", "rows": "failed"])
    #expect(run.output.contains("the program of `rows` wrote `its rows`, which is not a file"))
    #expect(try project.read("build/site/a") == "1\n")
  }

  @Test func `all outputs are published or none`() async throws {
    let project = try project(
      "[build/a, build/b/c]", "echo 1 > $ASSETCTL_OUTPUT_A; echo 1 > $ASSETCTL_OUTPUT_C")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.edit(
      "assets/made.sh", "echo 1 > $ASSETCTL_OUTPUT_A; echo 1",
      to: "echo 2 > $ASSETCTL_OUTPUT_A; echo 2")
    // Where the second is to go there is no room for it any more.
    try project.edit("assets/made.sh", "build/b/c]", to: "build/a/c]")
    let refused = try await project.assetctl("materialize")
    #expect(refused.exitCode != 0)
    #expect(try project.read("build/a") == "1\n")
    #expect(try project.read("build/b/c") == "1\n")
  }

  @Test func `an output that is missing is named`() async throws {
    let project = try project("[build/a, build/b]", "echo 1 > $ASSETCTL_OUTPUT_A")

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(run.output.contains("the program of `made` ended without writing `build/b`"))
    #expect(run.output.contains("`ASSETCTL_OUTPUT_B`"))
    #expect(!project.exists("build/a"))
  }

  @Test func `all outputs that are missing are named, with the last lines of the log`()
    async throws
  {
    let project = try project(
      "[build/a, build/b, build/c/]", "echo no data today; echo 1 > $ASSETCTL_OUTPUT_A")

    let run = try await project.assetctl("materialize", "made")

    #expect(
      run.output == """
        failed  made  <duration>
          error: the program of `made` ended without writing 2 of its outputs
            missing: build/b
                     build/c
            log:  .assetctl/runs/<run>/made.log
                     no data today

          hint: write them to the paths in the environment variables `ASSETCTL_OUTPUT_B` and `ASSETCTL_OUTPUT_C`

        1 failed in <duration>

        """)
  }

  @Test func `names and values are never read by a shell`() async throws {
    let odd = "a b'c\"d$(touch evil)`touch evil`\n;e"
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\nvars: {odd: \(Self.quoted(odd))}\n",
      "assets/list.yml": """
      assets:
        - name: made
          run: [bash, -c, 'printf %s "$ASSETCTL_VAR_ODD" > "$ASSETCTL_OUTPUT"; printf %s "$1" > "$ASSETCTL_OUTPUT_SECOND"', bash, \(Self.quoted(odd))]
          outputs: {first: \(Self.quoted("build/" + odd)), second: build/second}
      """,
    ])

    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(try project.read("build/" + odd) == odd)
    #expect(try project.read("build/second") == odd)
    #expect(!project.exists("evil"))
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  /// The text as YAML writes it between double quotes.
  private static func quoted(_ text: String) -> String {
    "\""
      + text.replacingOccurrences(of: "\\", with: "\\\\")
      .replacingOccurrences(of: "\"", with: "\\\"")
      .replacingOccurrences(of: "\n", with: "\\n") + "\""
  }

  @Test func `the same rows are exported once`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/t.csv": "a,b\n1,2\n",
      "assets/one.sh":
        "# @asset\n# inputs: {t: {columns: [a]}}\n# outputs: [build/one]\ncp $ASSETCTL_INPUT_T $ASSETCTL_OUTPUT\n",
      "assets/two.sh":
        "# @asset\n# inputs: {t: {columns: [a]}}\n# outputs: [build/two]\ncp $ASSETCTL_INPUT_T $ASSETCTL_OUTPUT\n",
    ])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    let exports = project.files(under: ".assetctl/exports").filter { !$0.hasSuffix(".stamp") }
    #expect(exports.count == 1)

    // What one does to its own copy nobody else gets to see.
    try project.edit(
      "assets/two.sh", "cp ",
      to: "chmod u+w $ASSETCTL_INPUT_T; echo 9 >> $ASSETCTL_INPUT_T; cp ")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    // Neither does one that fails, or puts the time back, spoil what others are given.
    try project.edit(
      "assets/two.sh", "echo 9 >> $ASSETCTL_INPUT_T;", to: "echo 8 >> $ASSETCTL_INPUT_T; exit 1;")
    #expect(try await project.assetctl("materialize", "two").exitCode == 1)
    try project.edit("assets/one.sh", "cp ", to: "true; cp ")
    _ = try await project.assetctl("materialize", "one")
    #expect(try project.read("build/one") == "a\n1\n")
  }

  @Test(arguments: ["echo 9 >> $E", "printf 'a\\n7\\n' > $E", "rm $E; printf 'a\\n7\\n' > $E"])
  func `a kept export that somebody edits is not used`(edit: String) async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/t.csv": "a,b\n1,2\n",
      "assets/one.sh":
        "# @asset\n# inputs: {t: {columns: [a]}}\n# outputs: [build/one]\ncp $ASSETCTL_INPUT_T $ASSETCTL_OUTPUT\n",
    ])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    // The edit keeps the time, and in one case the size, too.
    let shell = try project.startShell(
      "E=$(ls .assetctl/exports/*[!p]); chmod u+w $E; touch -r $E time; \(edit); touch -r time $E")
    _ = try await shell.result()

    try project.edit("assets/one.sh", "cp ", to: "true; cp ")
    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(try project.read("build/one") == "a\n1\n")
  }

  @Test func `a link by the path that the program was given leads to the same when published`()
    async throws
  {
    let project = try project(
      "[build/site/]",
      """
      cd $ASSETCTL_OUTPUT
      mkdir -p v1/sub
      echo 1 > v1/page
      ln -s $ASSETCTL_OUTPUT/v1 latest
      ln -s $(pwd -P)/v1/page v1/sub/page
      ln -s $ASSETCTL_OUTPUT v1/top
      ln -s ../../data/shared shared
      ln -s ../v1/page v1/sibling
      """)
    try project.write("data/shared", "s")

    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(try project.read("build/site/latest/page") == "1\n")
    #expect(try project.read("build/site/v1/sub/page") == "1\n")
    #expect(try project.read("build/site/shared") == "s")
    let links = ["latest", "v1/sub/page", "v1/top", "shared", "v1/sibling"].map {
      try? FileManager.default.destinationOfSymbolicLink(
        atPath: project.folder + "/build/site/" + $0)
    }
    #expect(links == ["v1", "../../v1/page", "..", "../../data/shared", "../v1/page"])
    #expect(try await project.assetctl("status").exitCode == 0)

    // It is a part of what is published, as it is followed.
    try project.write("data/shared", "t")
    #expect(try await project.assetctl("status", "made").output.contains("stale"))
  }

  @Test(arguments: ["$ASSETCTL_OUTPUT_B/b", "../../../1/b/b"])
  func `a link to what is gone after the program is refused`(target: String) async throws {
    let project = try project(
      "[build/a/, build/b/]",
      "echo 1 > $ASSETCTL_OUTPUT_B/b; mkdir $ASSETCTL_OUTPUT_A/in; ln -s \(target) $ASSETCTL_OUTPUT_A/in/link"
    )

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(
      run.output.contains(
        "error: `build/a/in/link`, which the program of `made` wrote, is a symbolic link to `outputs/1/b"
      ))
    #expect(run.output.contains("hint: copy the file, or link to one in the same output"))
    #expect(!project.exists("build/b/b"))
  }

  @Test func `an accent right behind a slash is a part of a name`() async throws {
    let project = try project("[\"build/\u{301}a/\u{301}b.txt\"]", "echo 1 > $ASSETCTL_OUTPUT")
    try project.write("assets/list.yml", "sources: [{name: rows, file: \"data/\u{301}x/*.csv\"}]\n")
    try project.write("data/\u{301}x/1.csv", "a\n1\n")

    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(access(project.folder + "/build/\u{301}a/\u{301}b.txt", F_OK) == 0)
    #expect(try await project.assetctl("preview", "rows").exitCode == 0)
    try project.write(
      "assets/other.sh", "# @asset\n# outputs: [\"assets/\u{301}x\"]\necho > $ASSETCTL_OUTPUT\n")
    #expect(try await project.assetctl("status").errors.contains("lies under `assets/`"))
  }

  @Test func `another version of the runtime is another definition`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/made.sh":
        "# @asset\n# outputs: [build/a]\n# runtime: ./tool --version\necho > $ASSETCTL_OUTPUT\n",
      "tool": "#!/bin/sh\necho asked >> asked; echo tool 1.0\n",
    ])
    func allow() throws {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: project.folder + "/tool")
    }
    try allow()
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.assetctl("status").exitCode == 0)
    let asked = try project.read("asked")
    #expect(try await project.assetctl("status").exitCode == 0)
    #expect(try project.read("asked") == asked, "its file is as before")

    try project.write("tool", "#!/bin/sh\necho tool 2.0\n")
    try allow()
    let why = try await project.assetctl("why", "made")
    #expect(why.output.contains("tool 1.0") && why.output.contains("tool 2.0"))
  }
}
