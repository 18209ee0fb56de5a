import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

/// Sources that are tables of other databases, and how new they are expected to be.
@Suite struct SourceTests {
  private func source(_ settings: String, _ request: LoadRequest = LoadRequest()) throws -> Asset {
    try loadAsset(
      ["assets/s.yml": "sources:\n  - {name: events, \(settings)}\n"], "events", request)
  }

  @Test(
    arguments: [
      ("data/app.sqlite", "data/app.sqlite"), ("./data//x/../app.sqlite", "data/app.sqlite"),
      ("/srv/app.sqlite", "/srv/app.sqlite"), ("../app.sqlite", "../app.sqlite"),
      ("a/../../b/app.sqlite", "../b/app.sqlite"), ("/../srv/app.sqlite", "/srv/app.sqlite"),
      ("MAIN", "./MAIN"), ("temp", "./temp"), ("'${ROOT}/app.sqlite'", "/data/app.sqlite"),
    ])
  func `a database is named by a path inside the project or outside`(
    path: String, normal: String
  ) throws {
    let request = LoadRequest(environment: ["ROOT": "/data"])

    #expect(
      try source("database: \(path)", request).recipe
        == .source(table: TableName("events", in: normal)))
    #expect(
      try source("database: \(path), table: App Events", request).recipe
        == .source(table: TableName("App Events", in: normal)))
  }

  @Test func `a query reads a table of another database by the source's name`() throws {
    let files = [
      "assets/s.yml": """
      sources:
        - {name: events, database: data/app.sqlite}
        - {name: orders, database: data/o"r.sqlite, table: Orders}
        - {name: clicks, database: data/app.sqlite, table: events}
      """,
      "assets/a.sql": "select * from events join orders using (id) join clicks using (id)",
    ]
    let asset = try loadAsset(files, "a")

    guard case .query(let query) = asset.recipe else {
      Issue.record("it is a query")
      return
    }
    #expect(
      query.sql == """
        with "clicks" as not materialized (select * from "data/app.sqlite"."events"), \
        "events" as not materialized (select * from "data/app.sqlite"."events"), \
        "orders" as not materialized (select * from "data/o""r.sqlite"."Orders") \
        select * from events join orders using (id) join clicks using (id)
        """)
    #expect(asset.inputs.map(\.key) == ["events", "orders", "clicks"])
  }

  @Test func `where a source's file is does not matter to a definition, its table does`() throws {
    func definition(_ source: String) throws -> CanonicalForm {
      try loadAsset(
        [
          "assets/s.yml": "sources: [{name: events, \(source)}]",
          "assets/a.sql": "select * from events",
        ], "a"
      ).definition
    }
    let plain = try definition("description: x")

    #expect(try definition("database: a.sqlite") == plain)
    #expect(try definition("database: /b/c.sqlite, table: events") == plain)
    #expect(try definition("database: a.sqlite, table: other") == definition("table: other"))
    #expect(try definition("table: other") != plain)
  }

  @Test func `views and names with a schema cannot lead to another database`() {
    let sources = "sources: [{name: events, database: data/app.sqlite}]"
    #expect(
      problems([
        "assets/s.yml": sources,
        "assets/v.sql": "/* @asset\nmaterialized: view\n*/\nselect * from events",
        "assets/w.sql": "select * from main.events",
      ]) == [
        Diagnostic(
          "the view `v` cannot read `events`, which is in another database, `data/app.sqlite`",
          at: at("assets/v.sql", 4, 15),
          hint: "make it a table: a view can only show what is in the warehouse"),
        Diagnostic(
          "the source `events` stands for the table `events` in `data/app.sqlite`, "
            + "so that `main.events` names nothing",
          at: at("assets/w.sql", 1, 15), hint: "write `events` alone"),
      ])
  }

  @Test(arguments: ["base", "Base", "\"BASE\""])
  func `a source is no table that an asset makes`(table: String) {
    #expect(
      problems([
        "assets/base.sql": "select 1 as x",
        "assets/s.yml": "sources:\n  - {name: other, table: \(table)}",
      ]) == [
        Diagnostic(
          "the source `other` is the table that the asset `base` makes",
          at: at("assets/s.yml", 2, 5),
          hint: "name the asset in `from`, as in `from base`, and remove the source")
      ])
  }

  @Test func `a source is no table that is loaded or that a program gives`() {
    #expect(
      problems([
        "assets/base.csv": "x\n1\n",
        "assets/rows.py": "# @asset\n# kind: table\nprint()\n",
        "assets/s.yml": "sources: [{name: a, table: base}, {name: b, table: rows}]",
      ]).count == 2)
  }

  @Test(arguments: [".assetctl/warehouse.sqlite", "./x/../.assetctl/warehouse.sqlite", "'${W}'"])
  func `the warehouse is no database beside itself`(path: String) {
    let request = LoadRequest(environment: ["W": ".assetctl/warehouse.sqlite"])
    let found = problems(
      ["assets/s.yml": "sources: [{name: events, database: \(path)}]"], request)
    #expect(
      found.map(\.summary) == [
        "the database `.assetctl/warehouse.sqlite` of the source `events` is the warehouse itself"
      ])
  }

  @Test func `databases that differ only by case are refused`() {
    #expect(
      problems([
        "assets/s.yml": """
        sources:
          - {name: a, database: data/App.sqlite}
          - {name: b, database: data/App.sqlite}
          - {name: c, database: data/app.sqlite}
        """
      ]) == [
        Diagnostic(
          "the databases `data/App.sqlite` and `data/app.sqlite` differ only by case",
          at: at("assets/s.yml", 4, 25),
          hint: "SQLite cannot tell them apart; rename one of the files")
      ])
  }

  @Test func `freshness is read with its limits, of files without a column`() throws {
    #expect(
      try source("freshness: {column: at, warn_after: 6h, error_after: 2d}").freshness
        == Freshness(
          column: "at", warnAfterMilliseconds: 21_600_000, errorAfterMilliseconds: 172_800_000))
    #expect(
      try source("file: data/*.csv, freshness: {error_after: 30m}").freshness
        == Freshness(errorAfterMilliseconds: 1_800_000))
    #expect(try source("table: x").freshness == nil)
  }

  @Test func `what is read from the cache is what was written`() throws {
    let loader = ProjectLoader(
      .memory([
        "assetctl.yml": "project: p",
        "assets/s.yml": """
        sources:
          - {name: a, database: data/app.sqlite, freshness: {column: at, warn_after: 1h}}
          - {name: b, file: "x/*.csv", freshness: {error_after: 1h}}
        """,
      ]))
    let key = SealingKey()
    var cache = DeclarationCache(sealedBy: key)

    let parsed = try loader.load(LoadRequest(), cache: &cache)
    var known = DeclarationCache(entries: cache.entries, sealedBy: key)
    let recalled = try loader.load(LoadRequest(), cache: &known)

    #expect(recalled.assets == parsed.assets)
    #expect(known.changed.isEmpty)
  }

  @Test func `files of a source need not be there yet`() throws {
    #expect(
      try source("file: \"data/*.csv\"").recipe
        == .seed(SeedRecipe(files: [], pattern: "data/*.csv", glob: "data/*.csv", isSource: true)))
    #expect(
      try source("file: data/a.csv").recipe
        == .seed(SeedRecipe(files: ["data/a.csv"], isSource: true)))
  }
}
