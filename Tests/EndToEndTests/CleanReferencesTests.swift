import AssetTestSupport
import Foundation
import Testing

/// Whatever a project still refers to, `clean` keeps.
@Suite struct CleanReferencesTests {
  /// A project whose asset `old` is no longer declared, with the given files beside it.
  private func project(
    _ old: [String: String], then rest: [String: String]
  ) async throws -> TemporaryProject {
    let project = try TemporaryProject(
      ["assetctl.yml": "project: shop\n", "assets/one.sql": "select 1 as n"]
        .merging(old) { $1 })
    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    for path in old.keys { try project.remove(path) }
    for (path, text) in rest { try project.write(path, text) }
    return project
  }

  private static let database = """
    # @asset
    # outputs: [data/app.sqlite]
    python3 -c "import sqlite3, os; c = sqlite3.connect(os.environ['ASSETCTL_OUTPUT']); \
    c.execute('create table t (x)'); c.commit()"
    """

  @Test(arguments: ["data/app.sqlite", "./data/../data/app.sqlite", "FOLDER/data/app.sqlite"])
  func `the database of a source is kept`(path: String) async throws {
    let project = try await project(["assets/old.sh": Self.database], then: [:])
    let database = path.replacing("FOLDER", with: project.folder)
    try project.write("assets/s.yml", "sources:\n  - {name: e, database: \(database), table: t}\n")

    let clean = try await project.assetctl("clean")

    #expect(clean.output == "kept  old  data/app.sqlite, because it belongs to `e`\n\n1 kept\n")
    #expect(project.exists("data/app.sqlite"))
  }

  @Test func `a file that a source reaches by a link is kept`() async throws {
    let project = try await project(
      ["assets/old.sh": "# @asset\n# outputs: [data/a.csv]\necho n > \"$ASSETCTL_OUTPUT\"\n"],
      then: ["assets/s.yml": "sources:\n  - {name: e, file: latest.csv}\n"])
    try project.link("latest.csv", to: "data/a.csv")

    #expect(try await project.assetctl("clean").output.contains("belongs to `e`"))
    #expect(project.exists("data/a.csv"))
  }

  @Test(
    arguments: [
      "sources:\n  - {name: e, path: data/}\n", "sources:\n  - {name: e, path: \"data/*.csv\"}\n",
      "assets:\n  - {name: e, run: cat, inputs: [data/a.csv], outputs: [x]}\n",
      "assets:\n  - {name: e, run: cat, inputs: [\"data/?.csv\"], outputs: [x]}\n",
    ])
  func `files that are taken as they are are kept`(list: String) async throws {
    let project = try await project(
      ["assets/old.sh": "# @asset\n# outputs: [data/a.csv]\necho n > \"$ASSETCTL_OUTPUT\"\n"],
      then: ["assets/s.yml": list])

    let clean = try await project.assetctl("clean")

    #expect(clean.output == "kept  old  data/a.csv, because it belongs to `e`\n\n1 kept\n")
    #expect(project.exists("data/a.csv"))
  }

  @Test func `a file that only a unit test names is kept`() async throws {
    let project = try await project(
      ["assets/old.sh": "# @asset\n# outputs: [data/a.csv]\necho n > \"$ASSETCTL_OUTPUT\"\n"],
      then: [
        "assets/two.sql": "select n from one",
        "tests/two.yml": """
        tests:
          - {name: t, asset: two, given: {one: {file: data/a.csv}}, expect: {rows: []}}
        """,
      ])

    let clean = try await project.assetctl("clean")

    #expect(
      clean.output
        == "kept  old  data/a.csv, because a file of the project names it\n\n1 kept\n")
    #expect(
      try await project.assetctl("clean", "--format", "json").json["assets"].elements.first?[
        "outputs"]
        == [["file": "data/a.csv", "outcome": "kept", "because": "read"]])

    // What the tests name cannot be told while they cannot be read.
    try project.write("tests/two.yml", "tests: [")
    #expect(try await project.assetctl("clean").exitCode == 2)
    #expect(project.exists("data/a.csv"))
  }

  @Test func `a table that a source is, is kept until nothing reads it`() async throws {
    let project = try await project(
      ["assets/old.sql": "select 1 as x"],
      then: ["assets/s.yml": "sources:\n  - {name: e, table: OLD}\n"])

    let clean = try await project.assetctl("clean")

    #expect(clean.output == "kept  old  the table, because `e` reads it\n\n1 kept\n")
    #expect(try await project.sqlite("select x from old") == [[1]])

    // It is told of again until nothing reads it.
    try project.remove("assets/s.yml")
    #expect(try await project.assetctl("clean").output.contains("removed  old"))
  }

  @Test func `a version that a source reads is kept`() async throws {
    let path = "assets/old.sql"
    let project = try await project([path: "-- @asset\n-- keep: 1\nselect 1 as x"], then: [:])
    try project.write(path, "-- @asset\n-- keep: 1\nselect 2 as x")
    try await project.assetctl("materialize")
    try project.remove(path)
    let version = try await project.sqlite(
      "select name from sqlite_schema where name like 'assetctl_version_old%'")[0][0].text
    try project.write("assets/s.yml", "sources:\n  - {name: e, table: \(version)}\n")

    #expect(try await project.assetctl("clean").output.contains("because `e` reads it"))
    #expect(try await project.sqlite("select x from \(version)") == [[1]])
  }

  @Test func `what views show is kept, also behind other views`() async throws {
    let project = try await project(
      ["assets/old.sql": "select 1 as x", "assets/other.sql": "select 1 as x, 2 as y"], then: [:])
    try await project.sqlite("create view inner_view as select x from old join other using (x)")
    try await project.sqlite("create view outer_view as select x from inner_view")
    try project.write("assets/s.yml", "sources:\n  - {name: e, table: outer_view}\n")

    let clean = try await project.assetctl("clean")

    #expect(
      clean.output == """
        kept  old  the table, because the view `inner_view` reads it
        kept  other  the table, because the view `inner_view` reads it

        2 kept

        """)
    #expect(try await project.sqlite("select x from outer_view") == [[1]])
  }

  @Test func `views are removed before what they show`() async throws {
    let view = "/* @asset\nmaterialized: view\n*/\n"
    let project = try await project(
      [
        "assets/a_table.sql": "select 1 as x", "assets/b_view.sql": view + "select x from a_table",
        "assets/c_view.sql": view + "select x from b_view",
      ], then: [:])
    let expected = """
      removed  a_table  the table
      removed  b_view  the table
      removed  c_view  the table

      3 outputs removed

      """

    let dry = try await project.assetctl("clean", "--dry-run")
    #expect(
      dry.output
        == expected.replacing("removed  ", with: "remove  ")
        .replacing("removed\n", with: "removed (nothing yet: this is a dry run)\n"))
    #expect(try await project.assetctl("clean").output == expected)
  }
}
