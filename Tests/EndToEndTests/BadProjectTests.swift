import AssetTestSupport
import Testing

/// Projects that are wrong: all problems are told at once with their places, nothing runs, and the
/// exit code is 2.
@Suite struct BadProjectTests {
  /// What every command says of a project of these files.
  private func errors(
    _ files: [String: String], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let project = try TemporaryProject(["assetctl.yml": "project: shop\n"].merging(files) { $1 })

    let status = try await project.assetctl("status")
    let run = try await project.assetctl("materialize")

    #expect(status.exitCode == 2, sourceLocation: sourceLocation)
    #expect(status.output == "", sourceLocation: sourceLocation)
    #expect(run == status, sourceLocation: sourceLocation)
    #expect(!project.exists(".assetctl"), sourceLocation: sourceLocation)
    return status.errors
  }

  @Test func `an unknown name is told with the nearest one`() async throws {
    let errors = try await errors([
      "assets/orders.sql": "select 1 as id", "assets/paid.sql": "select *\nfrom ordres",
      "assets/lone.sql": "select * from elsewhere",
    ])

    #expect(
      errors == """
        assets/lone.sql:1:15: error: `lone` reads `elsewhere`, which no file declares

        hint: declare it as an asset, or under `sources:` if others write it

        assets/paid.sql:2:6: error: `paid` reads `ordres`, which no file declares

        hint: did you mean `orders`?

        """)
  }

  @Test func `a cycle is told as its path`() async throws {
    let errors = try await errors([
      "assets/a.sql": "select * from b", "assets/b.sql": "select * from c",
      "assets/c.sql": "select * from a, d", "assets/d.sql": "select 1 as id",
    ])

    #expect(
      errors == """
        assets/a.sql: error: assets read each other in a circle
          cycle: a -> c -> b -> a

        hint: break the circle by removing one of these inputs

        """)
  }

  @Test func `a key that is set twice is told with its place`() async throws {
    let errors = try await errors(["assets/a.sql": "/* @asset\ntags: [x]\ntags: [y]\n*/\nselect 1"])

    #expect(
      errors == """
        assets/a.sql:3:1: error: `tags` is set twice

        hint: remove one of the two

        """)
  }

  @Test func `two assets of one name are told with both places`() async throws {
    let errors = try await errors(["assets/x.sql": "select 1", "assets/more/X.sql": "select 2"])

    #expect(
      errors == """
        assets/x.sql: error: `x` is declared twice
          first: assets/more/X.sql

        hint: give one of them another name with `name:`

        """)
  }

  @Test func `two assets cannot write one file`() async throws {
    let errors = try await errors([
      "assets/a.sh": "# @asset\n# outputs: [build/x.txt]\n",
      "assets/b.sh": "# @asset\n# outputs: [build/y.txt, build/../build/x.txt]\n",
    ])

    #expect(
      errors == """
        assets/b.sh: error: `b` and `a` both write `build/x.txt`

        hint: give one of them another path under `outputs:`

        """)
  }

  @Test func `outputs stay inside the project, and outside of what is ours`() async throws {
    let errors = try await errors([
      "assets/a.sh": "# @asset\n# outputs: [build/../../x.txt]\n",
      "assets/b.sh": "# @asset\n# outputs: [/tmp/y.txt]\n",
      "assets/c.sh": "# @asset\n# outputs: [.assetctl/state.sqlite]\n",
    ])

    #expect(
      errors == """
        assets/a.sh:2:13: error: the path `build/../../x.txt` leads out of the project's folder

        hint: write a path inside the project, relative to its folder

        assets/b.sh:2:13: error: the path `/tmp/y.txt` is absolute

        hint: write a path inside the project, relative to its folder

        assets/c.sh:2:13: error: the output `.assetctl/state.sqlite` lies under `.assetctl/`

        hint: write outputs elsewhere, such as `build/`

        """)
  }

  @Test func `outputs replace nothing that is declared or read`() async throws {
    let errors = try await errors([
      "data/x.csv": "n\n1\n", "assets/s.yml": "sources:\n  - {name: x, file: data/x.csv}\n",
      "assets/a.sh": "# @asset\n# outputs: [assetctl.yml]\n",
    ])
    let inside = try await self.errors([
      "data/x.csv": "n\n1\n", "assets/s.yml": "sources:\n  - {name: x, file: data/x.csv}\n",
      "assets/a.sh": "# @asset\n# inputs: [x]\n# outputs: [data/x.csv]\n",
      "assets/b.sh": "# @asset\n# outputs: [build/x]\n",
      "assets/c.sh": "# @asset\n# outputs: [build/x/y]\n",
    ])

    #expect(
      errors == """
        assets/a.sh:2:13: error: the output would replace `assetctl.yml`

        hint: write outputs elsewhere, such as `build/`

        """)
    #expect(
      inside == """
        assets/c.sh: error: `c` writes `build/x/y`, but `b` writes a file `build/x`

        hint: give one of them another path under `outputs:`

        """)
  }

  @Test func `a query is one select`() async throws {
    let errors = try await errors([
      "assets/a.sql": "select 1; select 2", "assets/b.sql": "delete from a", "assets/c.sql": "",
      "assets/d.sql": "select\n  (1",
    ])

    #expect(
      errors == """
        assets/a.sql:1:11: error: a second statement follows the query

        hint: keep one query in this file and move the rest to a file of its own

        assets/b.sql:1:1: error: `delete` stands where a query must begin

        hint: write one query that begins with `select`, `with` or `values`

        assets/c.sql:1:1: error: the definition has no query

        hint: write one query that begins with `select`, `with` or `values`

        assets/d.sql:2:3: error: `(` is never closed

        hint: close it with `)`

        """)
  }

  @Test func `settings are read strictly`() async throws {
    let errors = try await errors([
      "assetctl.yml": "project: shop\nwharehouse: sqlite:x.sqlite\n",
      "assets/a.sql": "/* @asset\nmaterialised: view\nschedule: 3\nowner: [1]\n*/\nselect 1",
      "assets/b.yml": "assets:\n  - {name: b, file: assets/b.csv}\n  - {file: assets/c.csv}\n",
    ])

    #expect(
      errors == """
        assetctl.yml:2:1: error: `wharehouse` is not a setting here

        hint: did you mean `warehouse`?

        assets/a.sql:2:1: error: `materialised` is not a setting here

        hint: did you mean `materialized`?

        assets/a.sql:3:1: error: `schedule` is not supported yet

        hint: remove it for now

        assets/a.sql:4:8: error: `owner` must be a text

        assets/b.yml:2:21: error: there is no file `assets/b.csv`

        hint: paths are relative to the project's folder

        assets/b.yml:3:5: error: the asset has no `name`

        hint: add `name:`

        """)
  }

  @Test func `broken YAML is told with its place`() async throws {
    let errors = try await errors(["assets/a.yml": "assets:\n  - name: [a\n"])

    #expect(errors.hasPrefix("assets/a.yml:3:1: error: the YAML cannot be read: "))
  }

  @Test func `a missing environment variable is named`() async throws {
    let errors = try await errors([
      "assetctl.yml": "project: shop\nwarehouse: sqlite:${SHOP_FOLDER}/x.sqlite\n",
      "assets/a.sql": "select 1 as id",
    ])

    #expect(
      errors == """
        assetctl.yml:2:12: error: the environment has no variable `SHOP_FOLDER`

        hint: set it, for example with `export SHOP_FOLDER=…`

        """)
  }

  @Test func `an unknown var is told with the nearest one`() async throws {
    let errors = try await errors([
      "assetctl.yml": "project: shop\nvars: {limit: 1}\n", "assets/a.sql": "select :limt as id",
    ])

    #expect(
      errors == """
        assets/a.sql:1:8: error: there is no var `limt`

        hint: did you mean `limit`?

        """)
  }

  @Test func `a project without assets says how to make one`() async throws {
    let errors = try await errors(["assets/notes.md": "# Notes"])

    #expect(
      errors == """
        assetctl.yml: error: the project declares no assets

        hint: add a query such as `assets/hello.sql` that says `select 'hello' as greeting`

        """)
  }

  @Test func `no project says how to start one`() async throws {
    let folder = try TemporaryProject()

    #expect(
      try await folder.assetctl("status")
        == CommandResult(
          exitCode: 2,
          errors: """
            error: there is no `assetctl.yml` in `<folder>` or above it

            hint: start a project there: write `project: NAME` to a file `assetctl.yml`, and a query to `assets/hello.sql`

            """))
  }

  @Test func `text that is not UTF-8 is told with its line`() async throws {
    let project = try TemporaryProject(["assetctl.yml": "project: shop\n"])
    try project.write("assets/a.sql", bytes: Array("select 1\n  as ".utf8) + [0xff, 0xfe])

    #expect(
      try await project.assetctl("status")
        == CommandResult(
          exitCode: 2,
          errors: """
            assets/a.sql:2: error: the file is not UTF-8 here

            hint: save the file as UTF-8

            """))
  }
}
