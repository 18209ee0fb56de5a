import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

@Suite struct QueryDeclarationTests {
  @Test func `a query alone declares a table by its file's name`() throws {
    let asset = try loadAsset(
      ["assets/staging/clean.sql": "select a\nfrom raw.x join y using (a)"]
        .mapValues { $0.replacing("raw.", with: "main.") })

    #expect(
      asset
        == Asset(
          key: "clean",
          recipe: .query(
            QueryRecipe(
              form: .table, sql: "select a\nfrom main.x join y using (a)", columns: ["a"])),
          group: "staging", place: Place(file: "assets/staging/clean.sql"),
          inputs: [
            AssetInput(
              key: "x", isDerived: true,
              place: Place(file: "assets/staging/clean.sql", line: 2, column: 6)),
            AssetInput(
              key: "y", isDerived: true,
              place: Place(file: "assets/staging/clean.sql", line: 2, column: 18)),
          ],
          definition: asset.definition))
  }

  @Test func `all settings of a query are read`() throws {
    let asset = try loadAsset([
      "assets/marts/day/daily.sql": """
      /* @asset
      name: daily_delays
      description: Departure delay per day.
      owner: ops@example.com
      tags: [daily, core]
      materialized: table
      volatile: 6h
      columns:
        carrier: {type: text, description: IATA code}
        flights: integer
        note:
      indexes: [[carrier, day], [day]]
      inputs: [holidays]
      */
      select 1 as carrier
      """
    ])

    #expect(asset.key.name == "daily_delays")
    #expect(asset.group == "marts/day")
    #expect(asset.description == "Departure delay per day.")
    #expect(asset.owner == "ops@example.com")
    #expect(asset.tags == ["daily", "core"])
    #expect(asset.volatility == .after(seconds: 21_600))
    #expect(
      asset.columns == [
        DeclaredColumn(name: "carrier", type: .text, description: "IATA code"),
        DeclaredColumn(name: "flights", type: .integer), DeclaredColumn(name: "note"),
      ])
    #expect(asset.inputs.map(\.key) == ["holidays"])
    guard case .query(let query) = asset.recipe else {
      Issue.record("it is a query")
      return
    }
    #expect(query.form == .table)
    #expect(query.indexes == [["carrier", "day"], ["day"]])
  }

  @Test func `a setting without a value is as if it were not there`() throws {
    let asset = try loadAsset([
      "assets/a.sql": """
      /* @asset
      name:
      description:
      owner: ~
      tags:
      materialized:
      volatile:
      columns:
      indexes:
      inputs:
      */
      select 1
      """
    ])

    #expect(asset.key == "a")
    #expect([asset.description, asset.owner] == [nil, nil])
    #expect(asset.tags == [])
    #expect(asset.inputs == [])
    #expect(asset.columns == [])
    #expect(asset.materialized == .table)
    #expect(asset.definition == (try loadAsset(["assets/a.sql": "select 1"])).definition)
  }

  @Test func `a view is declared by its setting`() throws {
    let asset = try loadAsset(["assets/a.sql": "-- @asset\n-- materialized: view\nselect 1"])

    #expect(asset.materialized == .view)
    #expect(asset.kind == .table)
  }

  @Test(
    arguments: [
      ("/* @asset\ntags: [x]\n*/\n", "a block"), ("/* @asset tags: [x] */\n", "a block of a line"),
      ("/*@asset\ntags: [x]*/\n", "a tight block"), ("-- @asset\n-- tags: [x]\n", "lines"),
      ("-- @asset tags: [x]\n", "one line"), ("--@asset\n--tags: [x]\n", "tight lines"),
      ("-- a remark\n\n/* another */\n/* @asset\ntags: [x] */\n", "not the first comment"),
      ("/* @asset\r\ntags: [x]\r\n*/\r\n", "Windows line ends"),
      ("\u{FEFF}/* @asset\ntags: [x]\n*/\n", "a byte order mark"),
    ])
  func `settings may stand in each form of comment`(header: String, form: String) throws {
    let asset = try loadAsset(["assets/a.sql": header + "select 1"])

    #expect(asset.tags == ["x"], "\(form)")
  }

  @Test(
    arguments: [
      "/* @assetsy\ntags: [x] */", "/* the @asset of the year */", "-- see @asset\n",
      "select '/* @asset tags: [x] */' as a union ",
    ])
  func `what only looks like settings is none`(text: String) throws {
    let asset = try loadAsset(["assets/a.sql": text + " select 1"])

    #expect(asset.tags == [])
  }

  @Test func `declared inputs come first, and each name once`() throws {
    let asset = try loadAsset([
      "assets/a.sql": "-- @asset\n-- inputs: {b: {}, c: {columns: [X, y]}}\nselect 1 from B, d, D"
    ])

    #expect(
      asset.inputs == [
        AssetInput(key: "b", place: Place(file: "assets/a.sql", line: 2, column: 13)),
        AssetInput(
          key: "c", consumption: .columns(["x", "y"]), exportedColumns: ["X", "y"],
          place: Place(file: "assets/a.sql", line: 2, column: 20)),
        AssetInput(
          key: "d", isDerived: true, place: Place(file: "assets/a.sql", line: 3, column: 18)),
      ])
  }

  @Test func `names that only the query knows are no inputs`() throws {
    let asset = try loadAsset([
      "assets/a.sql": """
      with recent as (select * from orders)
      -- from nothing
      select 'from nowhere', r.* from recent as r, (select 1 from "Rates" t) as x
      """
    ])

    #expect(asset.inputs.map(\.key.name) == ["orders", "Rates"])
  }

  @Test(
    arguments: [
      ("always", .always), ("never", .judgedByInputs), ("30s", .after(seconds: 30)),
      ("10m", .after(seconds: 600)), ("2d", .after(seconds: 172_800)),
    ] as [(String, Volatility)])
  func `volatility is a word or a time`(text: String, volatility: Volatility) throws {
    let asset = try loadAsset(["assets/a.sql": "-- @asset\n-- volatile: \(text)\nselect 1"])

    #expect(asset.volatility == volatility)
  }

  @Test(
    arguments: [
      ("select random() as x", "`random` is random", 1, 8),
      ("select\n  date('now')", "`date` reads the clock", 2, 3),
      ("select last_insert_rowid()", "`last_insert_rowid` depends on what ran before", 1, 8),
      ("select a from b limit 5", "a `limit` without `order by` takes any rows", 1, 17),
    ])
  func `what may change by itself is warned of`(
    query: String, reason: String, line: Int, column: Int
  ) throws {
    let warned = try load(["assets/a.sql": query])
    let said = try load(["assets/a.sql": query + "\n-- @asset volatile: never\n"])

    #expect(
      warned.warnings == [
        Diagnostic(
          "the result of `a` may change by itself: \(reason)", severity: .warning,
          at: Place(file: "assets/a.sql", line: line, column: column),
          hint: "say how to treat it with `volatile: always`, `never` or a time such as `6h`")
      ])
    #expect(said.warnings == [])
  }
}
