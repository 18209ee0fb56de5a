import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

/// What makes another definition, and what does not.
@Suite struct DefinitionTests {
  struct Change: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var files: [String: String]
    var environment: [String: String] = [:]
  }

  static let queryFiles = [
    "assetctl.yml": "project: shop\nvars: {min: 1, other: 2}\n",
    "assets/a.sql": "-- @asset\n-- columns: {x: text}\nselect X as x from b where y > :min",
  ]

  static func query(_ description: String, _ file: String, _ text: String) -> Change {
    Change(testDescription: description, files: queryFiles.merging([file: text]) { $1 })
  }

  @Test(
    arguments: [
      query(
        "comments and white space", "assets/a.sql",
        "-- @asset\n-- columns: {x: text}\nselect X as x /* why */\n  from b -- of b\nwhere y>:min ;"
      ),
      query(
        "letter case", "assets/a.sql",
        "-- @asset\n-- columns: {x: text}\nSELECT x AS x FROM B WHERE Y > :min"),
      query(
        "description, owner, tags, volatility", "assets/a.sql",
        """
        -- @asset
        -- description: x
        -- owner: me
        -- tags: [t]
        -- volatile: always
        -- columns: {x: {type: text, description: y}}
        select X as x from b where y > :min
        """),
      query("a var that is not used", "assetctl.yml", "project: shop\nvars: {min: 1, other: 3}\n"),
      query(
        "the project's name and warehouse", "assetctl.yml",
        "project: other\nwarehouse: sqlite:x\nvars: {min: 1, other: 2}\n"),
    ])
  func `a query stays the same`(change: Change) throws {
    let before = try loadAsset(Self.queryFiles)

    let after = try loadAsset(change.files)

    #expect(after.definitionDigest == before.definitionDigest)
  }

  @Test(
    arguments: [
      query(
        "a filter", "assets/a.sql",
        "-- @asset\n-- columns: {x: text}\nselect X as x from b where y >= :min"),
      query(
        "a string's case", "assets/a.sql",
        "-- @asset\n-- columns: {x: text}\nselect 'X' as x from b where y > :min"),
      query(
        "a column's type", "assets/a.sql",
        "-- @asset\n-- columns: {x: integer}\nselect X as x from b where y > :min"),
      query(
        "an index", "assets/a.sql",
        "-- @asset\n-- indexes: [[x]]\n-- columns: {x: text}\nselect X as x from b where y > :min"),
      query(
        "a view", "assets/a.sql",
        "-- @asset\n-- materialized: view\n-- columns: {x: text}\nselect X as x from b where y > :min"
      ),
      query("a used var", "assetctl.yml", "project: shop\nvars: {min: 2, other: 2}\n"),
      query("a used var's type", "assetctl.yml", "project: shop\nvars: {min: '1', other: 2}\n"),
    ])
  func `a query becomes another`(change: Change) throws {
    let before = try loadAsset(Self.queryFiles)

    let after = try loadAsset(change.files)

    #expect(after.definitionDigest != before.definitionDigest)
  }

  static let programFiles = [
    "assetctl.yml": "project: shop\nvars: {level: 1, other: 2}\n",
    "assets/a.py": """
    # @asset
    # inputs: {b: {columns: [x]}}
    # outputs: [build/a]
    # code: [lib/*.py]
    # env: [THREADS]
    print("ASSETCTL_VAR_LEVEL")
    """,
    "lib/x.py": "x", "README.md": "r",
  ]

  static func program(
    _ description: String, _ file: String, _ text: String?, threads: String? = "1"
  ) -> Change {
    var files = programFiles
    files[file] = text ?? files[file]
    return Change(
      testDescription: description, files: files,
      environment: threads.map { ["THREADS": $0] } ?? [:])
  }

  @Test(
    arguments: [
      program(
        "a var that is not used", "assetctl.yml", "project: shop\nvars: {level: 1, other: 3}\n"),
      program("a file that is not code", "README.md", "other"),
      program("nothing", "README.md", nil),
    ])
  func `a program stays the same`(change: Change) throws {
    let before = try definition(Self.program("", "README.md", nil))

    #expect(try definition(change) == before)
  }

  @Test(
    arguments: [
      program("its own bytes", "assets/a.py", programFiles["assets/a.py"].map { $0 + "\n" }),
      program("bytes of its code", "lib/x.py", "y"),
      program("another file of code", "lib/y.py", ""),
      program("a used var", "assetctl.yml", "project: shop\nvars: {level: 2, other: 2}\n"),
      program("the environment", "README.md", nil, threads: "2"),
      program("an empty variable", "README.md", nil, threads: ""),
      program("a variable that is not set", "README.md", nil, threads: nil),
    ])
  func `a program becomes another`(change: Change) throws {
    let before = try definition(Self.program("", "README.md", nil))

    #expect(try definition(change) != before)
  }

  @Test func `not set, empty and other values of the environment are three definitions`() throws {
    let digests = try [nil, "", "not set", "=1"].map {
      try definition(Self.program("", "README.md", nil, threads: $0))
    }

    #expect(Set(digests).count == 4)
  }

  private func definition(_ change: Change) throws -> DefinitionDigest {
    try loadAsset(change.files, "a", LoadRequest(environment: change.environment))
      .definitionDigest
  }

  @Test func `the forms of definitions are pinned`() throws {
    let query = try loadAsset(Self.queryFiles)
    let program = try loadAsset(
      Self.programFiles, "a", LoadRequest(environment: ["THREADS": "1"]))
    let seed = try loadAsset(["assets/a.csv": ""])

    #expect(
      query.definition
        == CanonicalForm(
          tag: "assetctl.definition.1",
          fields: [
            .init("kind", "table"), .init("materialized", "table"),
            .init("query", "select x as x from b where y > :min"), .init("var.min", "1"),
            .init("type.x", "text"),
          ]))
    #expect(
      program.definition
        == CanonicalForm(
          tag: "assetctl.definition.1",
          fields: [
            .init("kind", "file"), .init("run", "python3"), .init("run", "assets/a.py"),
            .init("output", "build/a"), .init("input.b", "csv x"),
            .init(
              "code.assets/a.py",
              "sha256:e1419fcdf621ddc075e5dbbbf2307c907b53876a3341be88728768a9adfce4d7"),
            .init(
              "code.lib/x.py",
              "sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"),
            .init("var.level", "1"), .init("env.THREADS", "=1"),
          ]))
    #expect(
      seed.definition
        == CanonicalForm(
          tag: "assetctl.definition.1",
          fields: [
            .init("kind", "table"), .init("materialized", "seed"), .init("delimiter", ","),
            .init("null", ""),
          ]))
  }
}
