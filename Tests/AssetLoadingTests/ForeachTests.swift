import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

/// What `foreach:` makes of one declaration.
@Suite struct ForeachTests {
  private func programs(_ files: [String: String]) throws -> [AssetKey: ProgramRecipe] {
    let assets = try load(files).assets
    return Dictionary(
      uniqueKeysWithValues: assets.compactMap { asset in
        guard case .program(let program) = asset.recipe else { return nil }
        return (asset.key, program)
      })
  }

  @Test func `each item of a list is an asset, in the order of their names`() throws {
    let assets = try load([
      "assets/sales.sh": """
      # @asset
      # foreach: [it, de, it]
      # description: Sales of {item} ({stem}, {other})
      # tags: [daily, "{item}"]
      # inputs: ["orders_{item}"]
      # run: bash {file} --region={item} {stem}
      # outputs: {report: "build/{item}/sales.csv"}
      # metrics: build/{item}.json
      # code: ["lib/{item}.sh"]
      """,
      "lib/de.sh": "", "lib/it.sh": "", "assets/orders_de.csv": "a\n1\n",
      "assets/orders_it.csv": "a\n1\n",
    ]).assets.filter { $0.kind == .file }

    #expect(assets.map(\.key) == ["sales_de", "sales_it"])
    let asset = try #require(assets.first)
    #expect(asset.description == "Sales of de (de, {other})")
    #expect(asset.tags == ["daily", "de"])
    #expect(asset.inputs.map(\.key) == ["orders_de"])
    #expect(
      asset.recipe.withoutWholeFiles
        == .program(
          ProgramRecipe(
            product: .file,
            command: ["bash", "assets/sales.sh", "--region=de", "de"],
            outputs: [
              ProgramOutput("build/de/sales.csv", name: "REPORT"), ProgramOutput("build/de.json"),
            ], codeFiles: ["assets/sales.sh", "lib/de.sh"], metrics: "build/de.json",
            item: ProgramItem(text: "de", stem: "de", isFile: false))))
    #expect(Set(assets.map(\.definitionDigest)).count == 2)
  }

  @Test(arguments: ["data/*/*.csv", "{glob: data/*/*.csv}"])
  func `each file of a pattern is an asset that is made from it`(pattern: String) throws {
    let files = [
      "assets/load.sh": "# @asset\n# kind: table\n# foreach: \(pattern)\n",
      "data/eu/de north.csv": "", "data/eu/it.csv": "", "data/us.csv": "",
    ]

    #expect(
      try programs(files).mapValues(\.item) == [
        "load_de_north": ProgramItem(
          text: "data/eu/de north.csv", stem: "de north", isFile: true),
        "load_it": ProgramItem(text: "data/eu/it.csv", stem: "it", isFile: true),
      ])
    #expect(
      try load(files).assets.map(\.dataFiles) == [["data/eu/de north.csv"], ["data/eu/it.csv"]])
  }

  @Test(
    arguments: [
      ("", "sales_north_east"), ("name: by_{stem}", "by_north_east"),
      ("name: \"{stem}_sales\"", "north_east_sales"),
      ("name: s_{item}", "s_data_north_east_csv"), ("name: other", "other_north_east"),
    ])
  func `a name is a template`(name: String, key: String) throws {
    let asset = try loadAsset([
      "assets/sales.sh": "# @asset\n# kind: table\n# foreach: data/*.csv\n# \(name)\n",
      "data/north-east.csv": "",
    ])

    #expect(asset.key.name == key)
  }

  static let odd = [
    "a b", "it's", "\"q\"", "$(touch x)", "`x`", "new\nline", "{file}", "{stem}", "*",
  ]

  @Test(arguments: odd)
  func `an item stays one word, whatever it holds`(item: String) throws {
    let escaped = item.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
    let program = try #require(
      try programs([
        "assets/sales.yml": """
        assets:
          - name: odd_{stem}_x
            foreach: ["\(escaped)"]
            run: python3 -c pass {item} 'two {item}' {file}
            outputs: ["build/{item}.csv"]
        """
      ]).values.first)

    #expect(program.command == ["python3", "-c", "pass", item, "two " + item, "{file}"])
    #expect(program.outputs.map(\.path) == ["build/\(item).csv"])
    #expect(program.item?.text == item)
  }

  @Test func `a query gets its item as a quoted parameter`() throws {
    let assets = try load([
      "assets/sales.sql": """
      /* @asset
      foreach: [7, "o'x", "'\u{301}); drop"]
      name: q_{stem}
      */
      select :item as item, ':item' as text
      """
    ]).assets

    let queries = assets.compactMap { asset in
      if case .query(let query) = asset.recipe {
        query.sql.split(separator: "\n").last
      } else {
        nil
      }
    }
    #expect(
      queries == [
        "select 7 as item, ':item' as text",
        "select '''\u{301}); drop' as item, ':item' as text",
        "select 'o''x' as item, ':item' as text",
      ])
    #expect(Set(assets.map(\.definitionDigest)).count == 3)
  }

  @Test func `an item stands before a var of its name`() throws {
    let asset = try loadAsset([
      "assetctl.yml": "project: shop\nvars: {item: var, other: 2}\n",
      "assets/a.sql": "/* @asset\nforeach: [x]\n*/\nselect :item as a, :other as b, :stem as c",
    ])

    guard case .query(let query) = asset.recipe else { return }
    #expect(query.sql.hasSuffix("select 'x' as a, 2 as b, 'x' as c"))
  }

  @Test func `a seed for each file takes the place of the files' own seeds`() throws {
    let assets = try load([
      "assets/regions/regions.yml":
        "assets:\n  - {name: region, foreach: assets/regions/*.csv, file: \"{item}\"}\n",
      "assets/regions/de.csv": "a\n1\n", "assets/regions/*.csv": "a\n1\n",
    ]).assets

    #expect(assets.map(\.key) == ["region__", "region_de"])
    // A wildcard in a file's name is none.
    #expect(assets.map(\.dataFiles) == [["assets/regions/*.csv"], ["assets/regions/de.csv"]])
  }

  @Test func `inputs can be patterns of names`() throws {
    let files = [
      "assets/sales.sql": "/* @asset\nforeach: [de, it]\n*/\nselect :item as a",
      "assets/sales_total.sh": """
      # @asset
      # kind: table
      # inputs: {sales_*: {columns: [a]}, sales_it: {format: jsonl}, rates}
      """,
      "assets/rates.csv": "a\n1\n",
    ]
    let asset = try loadAsset(files, "sales_total")
    let file = "assets/sales_total.sh"

    #expect(
      asset.inputs == [
        AssetInput(
          key: "sales_de", consumption: .columns(["a"]), exportedColumns: ["a"],
          place: at(file, 3, 12)),
        AssetInput(key: "sales_it", format: .jsonl, place: at(file, 3, 37)),
        AssetInput(key: "rates", place: at(file, 3, 64)),
      ])
  }

  @Test func `nothing to make assets for is a warning`() throws {
    let project = try load([
      "assets/a.sh": "# @asset\n# kind: table\n# foreach: data/*.csv\n",
      "assets/b.sh": "# @asset\n# kind: table\n# foreach: []\n",
      "assets/c.sh": "# @asset\n# kind: table\n# inputs: [\"a_*\"]\n",
    ])

    #expect(project.assets.map(\.key) == ["c"])
    #expect(
      project.warnings == [
        Diagnostic(
          "no file matches `data/*.csv`, so `a` makes no assets", severity: .warning,
          at: at("assets/a.sh", 3, 12)),
        Diagnostic(
          "`foreach` is an empty list, so `b` makes no assets", severity: .warning,
          at: at("assets/b.sh", 3, 12)),
        Diagnostic(
          "no asset matches `a_*`, so `c` reads none by it", severity: .warning,
          at: at("assets/c.sh", 3, 12)),
      ])
  }

  @Test func `what was parsed is read again from the cache`() throws {
    let files = [
      "assetctl.yml": "project: shop\n",
      "assets/a.sh": "# @asset\n# kind: table\n# foreach: data/*.csv\n",
      "assets/b.sql": "/* @asset\nforeach: [1, \"1x\"]\n*/\nselect :item as a",
      "data/x.csv": "", "data/y.csv": "",
    ]
    let key = SealingKey()
    var cache = DeclarationCache(sealedBy: key)
    let first = try ProjectLoader(.memory(files)).load(LoadRequest(), cache: &cache)
    var again = DeclarationCache(entries: cache.entries, sealedBy: key)

    #expect(try ProjectLoader(.memory(files)).load(LoadRequest(), cache: &again) == first)
    #expect(again.changed == [])
    // The files that are there are not remembered.
    let fewer = files.filter { $0.key != "data/x.csv" }
    let keys = try ProjectLoader(.memory(fewer)).load(LoadRequest(), cache: &again).assets.map(
      \.key)
    #expect(keys == ["a_y", "b_1", "b_1x"])
  }

  static let problems: [(String, Diagnostic)] = [
    (
      "foreach: [a-b, a.b]",
      Diagnostic(
        "the items `a-b` and `a.b` of `foreach` both make the asset `a_a_b`",
        at: at("assets/a.sh", 3, 12),
        hint: "tell them apart with `name:`, as in `name: sales_{item}`")
    ),
    (
      "{foreach: [2024], name: \"{item}\"}",
      Diagnostic(
        "the item `2024` of `foreach` makes an asset `2024`, which cannot be its name",
        at: at("assets/a.sh", 3, 13),
        hint: "use letters, digits and `_` in `name:`, not beginning with a digit, "
          + "as in `name: sales_{stem}`")
    ),
    (
      "foreach: data.csv",
      Diagnostic(
        "`foreach` must be a list, or a pattern of files such as `data/*.csv`",
        at: at("assets/a.sh", 3, 12))
    ),
    (
      "code: [lib/{item}.py]",
      Diagnostic(
        "the YAML cannot be read: did not find expected ',' or ']'", at: at("assets/a.sh", 3, 14),
        hint: "put a text with `{item}` or `{stem}` in quotes")
    ),
    (
      "foreach: [[a]]",
      Diagnostic("`foreach` must be a list of texts", at: at("assets/a.sh", 3, 13))
    ),
    (
      "foreach: {glob: ../*.csv}",
      Diagnostic(
        "the path `../*.csv` leads out of the project's folder", at: at("assets/a.sh", 3, 12),
        hint: "write a path inside the project, relative to its folder")
    ),
    (
      "{foreach: [a, b], run: \"bash -c 'echo {item}'\"}",
      Diagnostic(
        "`{item}` in the script of `bash -c` would be read by the shell",
        at: at("assets/a.sh", 3, 26),
        hint: "write `\"$ASSETCTL_ITEM\"` or `\"$ASSETCTL_STEM\"` there")
    ),
    (
      "{foreach: [a, b], run: \"bash 'x\"}",
      Diagnostic(
        "the command `bash 'x` cannot be split into words: a quote is not closed",
        at: at("assets/a.sh", 3, 26),
        hint: "no shell reads it; for one, write `run: bash -c '…'`")
    ),
  ]

  @Test(arguments: problems)
  func `what is wrong is said once, with its place`(settings: String, problem: Diagnostic) {
    let rest = settings.hasPrefix("{") ? "" : "# kind: table\n"
    let text =
      rest.isEmpty ? "# @asset\n#\n# \(settings)\n" : "# @asset\n\(rest)# \(settings)\n"

    #expect(AssetLoadingTests.problems(["assets/a.sh": text]) == [problem])
  }
}
