import AssetTestSupport
import Testing

/// Data, warehouses and stores that are wrong: what was there before is lost in none of the cases.
@Suite struct BadDataTests {
  @Test(
    arguments: [
      (
        "x,y\n1,2\n3\n",
        """
          assets/a.csv:3: error: the row has 1 field, but the header has 2

          hint: complete the row, or put fields that hold a delimiter in quotes
        """
      ),
      (
        "x,y\n1,\"2\n3,4\n",
        """
          assets/a.csv:2:3: error: a quote is opened here and never closed

          hint: close it, and double the quotes that belong to the field: `""`
        """
      ),
      (
        "x,y\n1,2\n\"3\"z,4\n",
        """
          assets/a.csv:3:4: error: text stands behind a closing quote

          hint: double the quotes that belong to the field: `""`
        """
      ),
      (
        "x,X\n1,2\n",
        """
          assets/a.csv:1:3: error: `X` and `x` are one name, as case does not count

          hint: rename one of the two
        """
      ),
      (
        "",
        """
          assets/a.csv: error: `assets/a.csv` is empty, so that its columns have no names

          hint: write a header with the columns' names as the first line
        """
      ),
      (
        "x,y\n1,a\"b\"\n",
        """
          assets/a.csv:2:4: error: a quote stands inside of an unquoted field

          hint: put the whole field in quotes, and double those that belong to it: `""`
        """
      ),
    ])
  func `a broken seed fails with its place, and the old table stays`(
    csv: String, message: String
  ) async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/a.csv": "x,y\n5,6\n",
      "assets/b.sql": "select x from a",
    ])
    try await project.assetctl("materialize")

    try project.write("assets/a.csv", csv)

    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 1)
    #expect(
      run.output
        == "failed  a  <duration>\n\(message)\nskipped  b  because `a` failed\n\n"
        + "1 failed, 1 skipped in <duration>\n")
    #expect(try await project.sqlite("select * from a") == [[5, 6]])
    try project.write("assets/a.csv", "x,y\n7,8\n")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.sqlite("select * from b") == [[7]])
  }

  @Test func `a seed that is not UTF-8 is told with line and column`() async throws {
    let project = try TemporaryProject(["assetctl.yml": "project: shop"])
    try project.write("assets/a.csv", bytes: Array("x,y\n1,caf".utf8) + [0xe9, 0x0a])

    #expect(
      try await project.assetctl("materialize").output == """
        failed  a  <duration>
          assets/a.csv:2:6: error: the file is not UTF-8 here

          hint: save the file as UTF-8, for example with `iconv -f latin1 -t utf-8`

        1 failed in <duration>

        """)
  }

  @Test func `the name of a column is never read as SQL`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/odd.csv": "\"a\"\"\u{301}, b); --\"\n1\n", "assets/reader.sql": "select * from odd",
    ])

    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(
      try await project.assetctl("preview", "reader", "--format", "json").json["columns"]
        == ["a\"\u{301}, b); --"])
  }

  @Test func `a broken line of JSON is told with line and column`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/a.jsonl": "{\"x\": 1}\n{\"x\": }\n",
    ])

    #expect(
      try await project.assetctl("materialize").output == """
        failed  a  <duration>
          assets/a.jsonl:2:7: error: the line is not JSON here
            expected: a string, a number, an object, an array, `true`, `false` or `null`

          hint: write one JSON object on each line

        1 failed in <duration>

        """)
  }

  @Test func `a folder that cannot be written is named`() async throws {
    let project = try ShopProject.new([".assetctl": "a file that is in the way"])

    #expect(
      try await project.assetctl("materialize")
        == CommandResult(
          exitCode: 2,
          errors: """
            error: the folder `<folder>/.assetctl` cannot be made or written: Not a directory

            hint: check what is there, and the rights on it

            """))
    #expect(try project.read(".assetctl") == "a file that is in the way")
  }

  @Test func `an output that cannot be written fails, and the rest goes on`() async throws {
    let project = try ShopProject.new(["build": "a file that is in the way"])

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(run.exitCode == 1)
    #expect(try run.assets(where: "outcome", is: "failed") == ["report"])
    #expect(
      try run.assets("error")["report"]
        == "`<folder>/build/report.txt` cannot be written: Not a directory")
    #expect(try project.read("build") == "a file that is in the way")
  }

  @Test func `a store from a newer version is left alone`() async throws {
    let project = try await ShopProject.materialized()
    try await project.sqlite(
      "insert into grdb_migrations values ('99')", in: ".assetctl/state.sqlite")
    let expected = CommandResult(
      exitCode: 2,
      errors: """
        error: the state store `<folder>/.assetctl/state.sqlite` was written by a newer assetctl

        hint: use that version; nothing was changed

        """)

    for command in ["status", "materialize", "runs", "plan"] {
      #expect(try await project.assetctl(command) == expected)
    }
    #expect(
      try await project.sqlite("select count(*) from run", in: ".assetctl/state.sqlite") == [[1]])
  }

  @Test func `a corrupt store is never replaced silently`() async throws {
    let project = try await ShopProject.materialized()
    let garbage = String(repeating: "this is no database\n", count: 500)
    for suffix in ["-wal", "-shm"] { try? project.remove(".assetctl/state.sqlite\(suffix)") }
    try project.write(".assetctl/state.sqlite", garbage)
    let expected = CommandResult(
      exitCode: 2,
      errors: """
        error: the state store `<folder>/.assetctl/state.sqlite` is not a whole SQLite file

        hint: move it away: what the warehouse holds is then recognized from its publications, and only files are made anew

        """)

    for command in ["status", "materialize"] {
      #expect(try await project.assetctl(command) == expected)
    }
    #expect(try project.read(".assetctl/state.sqlite") == garbage)
  }

  @Test func `without its store only files are made anew`() async throws {
    let project = try await ShopProject.materialized()
    for file in project.files(under: ".assetctl") where file.contains("state.sqlite") {
      try project.remove(file)
    }

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(run.exitCode == 0)
    #expect(
      try run.assets("outcome").filter { $0.value != "fresh" } == ["report": "materialized"])
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `a warehouse that is no database is told, and left alone`() async throws {
    let garbage = String(repeating: "this is no database\n", count: 500)
    let project = try ShopProject.new([".assetctl/warehouse.sqlite": garbage])
    let expected = CommandResult(
      exitCode: 2,
      errors: """
        error: the warehouse `sqlite:.assetctl/warehouse.sqlite` cannot be used: file is not a database

        hint: check `warehouse:` in `assetctl.yml` and the rights on the file; a damaged file may be moved away, and is then built anew

        """)

    for command in ["status", "materialize"] {
      #expect(try await project.assetctl(command) == expected)
    }
    #expect(try project.read(".assetctl/warehouse.sqlite") == garbage)
  }

  @Test func `a table that is not ours is not overwritten`() async throws {
    let project = try ShopProject.new([".assetctl/keep": ""])
    try await project.sqlite("create table paid (mine)", "insert into paid values (1)")

    let run = try await project.assetctl("materialize", "paid", "-j", "1")

    #expect(run.exitCode == 1)
    #expect(
      run.output == """
        materialized  orders  4 rows  <duration>
        failed  paid  <duration>
          error: the warehouse holds a table `paid` that assetctl did not make

          hint: rename or drop it, give the asset another `name:`, or declare it under `sources:`

        1 materialized, 1 failed in <duration>

        """)
    #expect(try await project.sqlite("select * from paid") == [[1]])
  }

  @Test func `a source that is not there is unknown, and what reads it, too`() async throws {
    let project = try ShopProject.new([
      "assets/raw/sources.yml": "sources:\n  - name: events\n",
      "assets/marts/visits.sql": "select count(*) as visits from events",
    ])

    let status = try await project.assetctl("status", "visits", "events")
    let run = try await project.assetctl("materialize", "visits", "--format", "json")

    #expect(
      status
        == CommandResult(
          exitCode: 1,
          output: """
            unknown  events  there is no table `events`
            unknown  visits  its input `events` is unknown: there is no table `events`

            2 unknown

            """))
    #expect(run.exitCode == 1)
    #expect(try run.assets("outcome") == ["visits": "failed"])
    try await project.sqlite("create table events (id)", "insert into events values (1), (2)")
    #expect(try await project.assetctl("materialize", "visits").exitCode == 0)
    #expect(try await project.sqlite("select visits from visits") == [[2]])
    try await project.sqlite("insert into events values (3)")
    #expect(
      try await project.assetctl("status", "visits", "--format", "json").causes
        == ["visits": ["input_changed events"]])
  }
}
