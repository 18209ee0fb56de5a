import AssetCore
import AssetLoading
import Testing

/// What can be wrong with `assetctl.yml`, and with a project as a whole.
@Suite struct ProjectProblemTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var text: String
    var expected: Diagnostic
    var target: String?
    var vars: [String: String] = [:]
  }

  static let cases = [
    Case(
      testDescription: "no name", text: "vars: {a: 1}\n",
      expected: Diagnostic(
        "the project has no `project`", at: at("assetctl.yml"), hint: "add `project:`")),
    Case(
      testDescription: "an empty name", text: "project:\nvars: {a: 1}\n",
      expected: Diagnostic(
        "the project has no `project`", at: at("assetctl.yml"), hint: "add `project:`")),
    Case(
      testDescription: "an unknown key", text: "project: shop\nwarehose: x\n",
      expected: Diagnostic(
        "`warehose` is not a setting here", at: at("assetctl.yml", 2, 1),
        hint: "did you mean `warehouse`?")),
    Case(
      testDescription: "an unknown key that is near to none", text: "project: shop\nweather: x\n",
      expected: Diagnostic(
        "`weather` is not a setting here", at: at("assetctl.yml", 2, 1),
        hint: "remove it, or see the docs for what is")),
    Case(
      testDescription: "a key of later", text: "project: shop\nschedules: {daily: 2}\n",
      expected: Diagnostic(
        "`schedules` is not supported yet", at: at("assetctl.yml", 2, 1),
        hint: "remove it for now")),
    Case(
      testDescription: "a key twice", text: "project: shop\nvars: {}\nproject: other\n",
      expected: Diagnostic(
        "`project` is set twice", at: at("assetctl.yml", 3, 1), hint: "remove one of the two")),
    Case(
      testDescription: "a key twice further in",
      text: "project: shop\nvars:\n  level: 1\n  other: 2\n  level: 3\n",
      expected: Diagnostic(
        "`level` is set twice", at: at("assetctl.yml", 5, 3), hint: "remove one of the two")),
    Case(
      testDescription: "not a mapping", text: "- project\n",
      expected: Diagnostic("`the file` must be a mapping", at: at("assetctl.yml", 1, 1))),
    Case(
      testDescription: "a name that is a list", text: "project: [a]\n",
      expected: Diagnostic("`project` must be a text", at: at("assetctl.yml", 1, 10))),
    Case(
      testDescription: "a target that is a text", text: "project: shop\ntargets:\n  prod: x\n",
      expected: Diagnostic("`prod` must be a mapping", at: at("assetctl.yml", 3, 9))),
    Case(
      testDescription: "an unknown key of a target",
      text: "project: shop\ntargets:\n  prod: {var: {}}\n",
      expected: Diagnostic(
        "`var` is not a setting here", at: at("assetctl.yml", 3, 10), hint: "did you mean `vars`?")),
    Case(
      testDescription: "a target that is not there",
      text: "project: shop\ntargets:\n  prod: {vars: {}}\n",
      expected: Diagnostic(
        "there is no target `prd`", at: at("assetctl.yml"), hint: "did you mean `prod`?"),
      target: "prd"),
    Case(
      testDescription: "a target where there are none", text: "project: shop\n",
      expected: Diagnostic(
        "there is no target `prod`", at: at("assetctl.yml"), hint: "add it under `targets:`"),
      target: "prod"),
    Case(
      testDescription: "another kind of warehouse", text: "project: shop\nwarehouse: duckdb:x\n",
      expected: Diagnostic(
        "`duckdb:…` is not an address of a warehouse", at: at("assetctl.yml", 2, 12),
        hint: "write it like `sqlite:.assetctl/warehouse.sqlite`")),
    Case(
      testDescription: "a warehouse without a path", text: "project: shop\nwarehouse: 'sqlite:'\n",
      expected: Diagnostic(
        "`sqlite:…` is not an address of a warehouse", at: at("assetctl.yml", 2, 12),
        hint: "write it like `sqlite:.assetctl/warehouse.sqlite`")),
    Case(
      testDescription: "a variable that is not set",
      text: "project: shop\nwarehouse: sqlite:${DATA_DIR}/x\n",
      expected: Diagnostic(
        "the environment has no variable `DATA_DIR`", at: at("assetctl.yml", 2, 12),
        hint: "set it, for example with `export DATA_DIR=…`")),
    Case(
      testDescription: "a var that is a list", text: "project: shop\nvars:\n  days: [1]\n",
      expected: Diagnostic(
        "`days` must be a text or a number", at: at("assetctl.yml", 3, 9))),
    Case(
      testDescription: "a var with a bad name", text: "project: shop\nvars: {a-b: 1}\n",
      expected: Diagnostic(
        "`a-b` cannot be the name of a var", at: at("assetctl.yml", 2, 8),
        hint: "use letters, digits and `_`, not starting with a digit")),
    Case(
      testDescription: "a var of the command line that is not there",
      text: "project: shop\nvars: {level: 1}\n",
      expected: Diagnostic(
        "there is no var `levle_x`", hint: "add it under `vars:` in `assetctl.yml`"),
      vars: ["levle_x": "1"]),
    Case(
      testDescription: "broken YAML", text: "project: shop\nvars: {a: 1\n",
      expected: Diagnostic(
        "the YAML cannot be read: did not find expected ',' or '}'", at: at("assetctl.yml", 3, 1))),
    Case(
      testDescription: "a tab in YAML", text: "project: shop\nvars:\n\ta: 1\n",
      expected: Diagnostic(
        "the YAML cannot be read: found character that cannot start any token",
        at: at("assetctl.yml", 3, 1))),
  ]

  @Test(arguments: cases)
  func `what is wrong with the project's file has a place and a way out`(example: Case) {
    let files = ["assetctl.yml": example.text, "assets/a.sql": "select 1"]

    #expect(
      problems(files, LoadRequest(target: example.target, vars: example.vars)) == [
        example.expected
      ])
  }

  @Test func `a project without assets says how to begin`() {
    #expect(
      problems([:]) == [
        Diagnostic(
          "the project declares no assets", at: at("assetctl.yml"),
          hint: "add a query such as `assets/hello.sql` that says `select 'hello' as greeting`")
      ])
  }

  @Test func `a folder without a project's file is told`() {
    let found = #expect(throws: Problems.self) {
      try ProjectLoader(.memory(["assets/a.sql": "select 1"])).load()
    }

    #expect(
      found?.diagnostics == [
        Diagnostic(
          "there is no file `assetctl.yml`", at: at("assetctl.yml"),
          hint: "paths are relative to the project's folder")
      ])
  }

  @Test func `a file that cannot be read is told, and the others still are read`() {
    var folder = ProjectFolder.memory([
      "assetctl.yml": "project: shop", "assets/a.sql": "", "assets/b.sql": "select",
    ])
    let read = folder.read
    folder.read = { (path) throws(FileProblem) in
      if path == "assets/b.sql" { throw .unreadable("permission denied") }
      return try read(path)
    }

    let found = #expect(throws: Problems.self) { try ProjectLoader(folder).load() }

    #expect(
      found?.diagnostics == [
        Diagnostic(
          "`assets/b.sql` cannot be read: permission denied", hint: "check its rights"),
        Diagnostic(
          "the definition has no query", at: at("assets/a.sql", 1, 1),
          hint: "write one query that begins with `select`, `with` or `values`"),
      ])
  }

  @Test func `bytes that are not UTF-8 are told by line`() {
    var folder = ProjectFolder.memory(["assetctl.yml": "project: shop", "assets/a.sql": ""])
    let read = folder.read
    folder.read = { (path) throws(FileProblem) in
      try path == "assets/a.sql" ? Array("select 1\n-- ".utf8) + [0xE9] : read(path)
    }

    let found = #expect(throws: Problems.self) { try ProjectLoader(folder).load() }

    #expect(
      found?.diagnostics == [
        Diagnostic(
          "the file is not UTF-8 here", at: at("assets/a.sql", 2), hint: "save the file as UTF-8")
      ])
  }

  @Test func `all problems are told at once, sorted by place`() {
    let files = [
      "assetctl.yml": "project: shop\ncolour: red\nvars: {a: [1]}\n",
      "assets/z.sql": "select :b from x; select 2",
      "assets/m.yml": "sources:\n  - {table: t}\nassets:\n  - {name: s, file: nowhere.csv}\n",
      "assets/b.sql": "-- @asset\n-- tag: x\n-- materialised: view\nselect :c",
      "assets/9.csv": "",
    ]

    #expect(
      problems(files).map { "\($0.place.map { "\($0)" } ?? "-"): \($0.summary)" } == [
        "assetctl.yml:2:1: `colour` is not a setting here",
        "assetctl.yml:3:11: `a` must be a text or a number",
        "assets/9.csv: `9` cannot be an asset's name",
        "assets/b.sql:2:4: `tag` is not a setting here",
        "assets/b.sql:3:4: `materialised` is not a setting here",
        "assets/b.sql:4:8: there is no var `c`",
        "assets/m.yml:2:5: the source has no `name`",
        "assets/m.yml:4:21: there is no file `nowhere.csv`",
        "assets/z.sql:1:19: a second statement follows the query",
      ])
  }
}
