import AssetTestSupport
import Foundation
import Testing

/// What `clean` removes, and what it never removes.
@Suite struct CleanTests {
  /// A shop whose report, its view and one of its tables are no longer declared.
  private func shrunk() async throws -> TemporaryProject {
    let project = try await ShopProject.materialized()
    for path in ["reports/report.sh", "marts/best.sql", "marts/per_customer.sql"] {
      try project.remove("assets/" + path)
    }
    return project
  }

  private func tables(_ project: TemporaryProject) async throws -> [String] {
    try await project.sqlite(
      "select name from sqlite_schema where type in ('table', 'view') order by name"
    ).map { $0[0].text }.filter { !$0.hasPrefix("assetctl_") }
  }

  @Test func `a project that declares nothing any more is cleaned`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/one.sql": "select 1 as n",
    ])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.remove("assets")

    let run = try await project.assetctl("clean")

    #expect(run.output == "removed  one  the table\n\n1 output removed\n")
    #expect(try await tables(project) == [])
  }

  @Test func `what is no longer declared is removed and forgotten`() async throws {
    let project = try await shrunk()
    let expected = """
      removed  best  the table
      removed  per_customer  the table
      removed  report  build/report.txt

      3 outputs removed

      """

    let dry = try await project.assetctl("clean", "--dry-run")
    #expect(
      dry.output
        == expected.replacing("removed  ", with: "remove  ")
        .replacing("removed\n", with: "removed (nothing yet: this is a dry run)\n"))
    #expect(try await tables(project) == ["best", "customers", "orders", "paid", "per_customer"])

    #expect(
      try await project.assetctl("clean") == CommandResult(exitCode: 0, output: expected))
    #expect(try await tables(project) == ["customers", "orders", "paid"])
    #expect(!project.exists("build/report.txt"))
    #expect(try await project.assetctl("status").output == "all 3 assets are fresh\n")
    #expect(try await project.assetctl("clean").output == "nothing to clean\n")
    // The past stays.
    #expect(
      try await project.sqlite(
        "select count(*) from v_materializations where asset = 'best'",
        in: ".assetctl/state.sqlite") == [[1]])
    // What is declared again is made again.
    try project.write("assets/best.sql", "select 1 as a")
    let again = try await project.assetctl("status", "--format", "json")
    #expect(try again.causes == ["best": ["never_materialized"]])
  }

  @Test func `what is not as it was published is kept`() async throws {
    let project = try await shrunk()
    try await project.sqlite("update per_customer set total = 0")
    try await project.sqlite("drop view best", "create view best as select 1 as other")
    try project.write("build/report.txt", "corrected by hand")

    let clean = try await project.assetctl("clean")

    #expect(
      clean
        == CommandResult(
          exitCode: 0,
          output: """
            kept  best  the table, because it is not what was published
            kept  per_customer  the table, because it is not what was published
            kept  report  build/report.txt, because it is not what was published

            3 kept

            """))
    #expect(try await tables(project) == ["best", "customers", "orders", "paid", "per_customer"])
    #expect(try project.read("build/report.txt") == "corrected by hand")
    #expect(try await project.assetctl("status").output == "all 3 assets are fresh\n")
  }

  @Test func `what is gone already is forgotten`() async throws {
    let project = try await shrunk()
    try await project.sqlite("drop table per_customer")
    try project.remove("build/report.txt")

    let clean = try await project.assetctl("clean", "--format", "json").json

    #expect(
      clean == [
        "version": 1, "command": "clean", "project": "shop", "dry_run": false, "runs": [],
        "assets": [
          ["asset": "best", "outputs": [["table": "best", "outcome": "removed"]]],
          ["asset": "per_customer", "outputs": [["table": "per_customer", "outcome": "missing"]]],
          ["asset": "report", "outputs": [["file": "build/report.txt", "outcome": "missing"]]],
        ],
      ])
    #expect(try await project.assetctl("clean").output == "nothing to clean\n")
  }

  @Test func `what a killed clean has left is cleaned by the next`() async throws {
    let shrunk = try await shrunk()
    for milliseconds in stride(from: 0, through: 60, by: 5) {
      let project = try shrunk.copy()
      let run = try project.start(["clean"])
      try await Task.sleep(for: .milliseconds(milliseconds))
      run.send(SIGKILL)
      _ = try await run.result()

      #expect(try await project.assetctl("clean").exitCode == 0)

      #expect(try await tables(project) == ["customers", "orders", "paid"])
      #expect(!project.exists("build/report.txt"))
      #expect(try await project.assetctl("status").output == "all 3 assets are fresh\n")
      #expect(try await project.assetctl("clean").output == "nothing to clean\n")
    }
  }

  @Test func `names choose among what is no longer declared`() async throws {
    let project = try await shrunk()

    #expect(try await project.assetctl("clean", "re*").output.hasPrefix("removed  report  "))
    #expect(try await tables(project) == ["best", "customers", "orders", "paid", "per_customer"])
    #expect(
      try await project.assetctl("clean", "orders")
        == CommandResult(
          exitCode: 64,
          errors: """
            error: `orders` is declared, and only what is no longer declared is cleaned

            hint: remove its declaration first

            """))
    #expect(
      try await project.assetctl("clean", "beast")
        == CommandResult(
          exitCode: 64,
          errors: """
            error: no asset that is no longer declared matches `beast`

            hint: did you mean `best`?

            """))
  }

  @Test func `a table that a published view reads is kept until it does not`() async throws {
    let project = try await shrunk()
    let kept = """
      kept  per_customer  the table, because the view `best` reads it

      1 kept

      """

    #expect(try await project.assetctl("clean", "per_customer").output == kept)
    try project.write("assets/best.sql", "/* @asset\nmaterialized: view\n*/\nselect 1 as name")
    #expect(try await project.assetctl("clean", "per_customer").output == kept)
    #expect(try await project.sqlite("select name from best") == [["Grace"]])

    try await project.assetctl("materialize")
    #expect(try await project.assetctl("clean", "per_customer").output.hasPrefix("removed  "))
  }

  @Test func `a file that another asset publishes now is kept`() async throws {
    let project = try await ShopProject.materialized()
    try project.write(
      "assets/reports/summary.sh",
      try project.read("assets/reports/report.sh").replacing("$ASSETCTL_ASSET", with: "it"))
    try project.remove("assets/reports/report.sh")

    let clean = try await project.assetctl("clean")

    #expect(
      clean.output == """
        kept  report  build/report.txt, because it belongs to `summary`

        1 kept

        """)
    #expect(project.exists("build/report.txt"))
  }

  @Test func `a folder is removed as a whole, if nothing else is in it`() async throws {
    let script = """
      # @asset
      # outputs: [build/NAME/]
      mkdir -p "$ASSETCTL_OUTPUT/inner"
      echo NAME > "$ASSETCTL_OUTPUT/inner/a.txt"
      ln -s inner/a.txt "$ASSETCTL_OUTPUT/link"
      """
    let names = ["one", "two", "three"]
    let project = try TemporaryProject([
      "assetctl.yml": "project: p\n", "assets/a.sql": "select 1 as a",
    ])
    for name in names {
      try project.write("assets/\(name).sh", script.replacing("NAME", with: name))
    }
    #expect(try await project.assetctl("materialize").exitCode == 0)
    for name in names { try project.remove("assets/\(name).sh") }
    try project.write("build/two/mine.txt", "mine")
    try project.write(
      "assets/in.yml", "sources:\n  - {name: inside, file: build/three/inner/a.txt}\n")

    let clean = try await project.assetctl("clean")

    #expect(
      clean.output == """
        removed  one  build/one
        kept  three  build/three, because it belongs to `inside`
        kept  two  build/two, because it is not what was published

        1 output removed, 2 kept

        """)
    #expect(!project.exists("build/one"))
    #expect(project.exists("build/two/inner/a.txt") && project.exists("build/three/link"))
  }

  @Test func `a link that leads out of the project is not followed`() async throws {
    let project = try await shrunk()
    let other = try TemporaryProject(["report.txt": try project.read("build/report.txt")])
    try project.remove("build")
    try FileManager.default.createSymbolicLink(
      atPath: project.folder + "/build", withDestinationPath: other.folder)

    let clean = try await project.assetctl("clean", "report")

    #expect(
      clean.output.hasPrefix("kept  report  build/report.txt, because a link leads out"))
    #expect(other.exists("report.txt"))
  }

  @Test func `what another project has published in the same warehouse is not ours`() async throws {
    let first = try TemporaryProject(["assets/a.sql": "select 1 as a"])
    let warehouse = "warehouse: sqlite:\(first.folder)/shared.sqlite\n"
    try first.write("assetctl.yml", "project: first\n" + warehouse)
    let second = try TemporaryProject([
      "assetctl.yml": "project: second\n" + warehouse, "assets/b.sql": "select 2 as b",
    ])
    try await first.assetctl("materialize")

    let run = try await second.assetctl("materialize")

    #expect(run.exitCode == 0)
    #expect(!run.output.contains("no longer declared"))
    #expect(try await second.assetctl("clean").output == "nothing to clean\n")
    #expect(try await first.assetctl("status").output == "the asset is fresh\n")
  }

  @Test func `only the logs of the newest runs are kept`() async throws {
    let project = try await ShopProject.materialized()
    for number in 10..<35 {
      try project.write(".assetctl/runs/20200101-0000\(number)-00ff/report.log", "old")
    }
    try project.write(".assetctl/runs/notes/mine.txt", "mine")
    try project.write(".assetctl/replaced/20200101-000010-00ff/build/a.txt", "mine")

    let dry = try await project.assetctl("clean", "--dry-run", "--format", "json").json
    #expect(dry["runs"].elements.count == 6)
    #expect(try await project.assetctl("clean").output == "6 old runs removed\n")

    let left = project.files(under: ".assetctl/runs")
    #expect(left.count == 21)
    #expect(left.contains(".assetctl/runs/notes/mine.txt"))
    #expect(!left.contains(".assetctl/runs/20200101-000015-00ff/report.log"))
    #expect(left.contains(".assetctl/runs/20200101-000016-00ff/report.log"))
    #expect(project.exists(".assetctl/replaced/20200101-000010-00ff/build/a.txt"))
    #expect(try await project.assetctl("logs", "last").exitCode == 0)
  }
}
