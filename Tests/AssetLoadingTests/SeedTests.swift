import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

@Suite struct SeedTests {
  @Test(
    arguments: [
      "assets/raw/airlines.csv", "assets/raw/airlines.jsonl", "assets/raw/airlines.ndjson",
    ]
  )
  func `a data file is a seed by itself`(path: String) throws {
    let asset = try loadAsset([path: ""])

    #expect(
      asset
        == Asset(
          key: "airlines", recipe: .seed(SeedRecipe(files: [path])), group: "raw",
          place: Place(file: path), definition: asset.definition))
    #expect(asset.materialized == .seed)
  }

  @Test func `settings for a seed stand in a YAML file, which then declares it`() throws {
    let project = try load([
      "assets/raw/airlines.csv": "",
      "assets/raw/seeds.yml": """
      assets:
        - name: carriers
          file: ./assets/raw/airlines.csv
          description: All carriers.
          tags: reference
          csv: {delimiter: ";", null: ["", "NA"]}
          columns: {carrier: text, name: {type: Text}}
      """,
    ])

    let asset = try #require(project.assets.first)
    #expect(project.assets.count == 1)
    #expect(
      asset
        == Asset(
          key: "carriers",
          recipe: .seed(
            SeedRecipe(
              files: ["assets/raw/airlines.csv"], pattern: "./assets/raw/airlines.csv",
              format: RowFormat(delimiter: ";", nulls: ["", "NA"]))),
          group: "raw", description: "All carriers.", tags: ["reference"],
          place: Place(file: "assets/raw/seeds.yml", line: 2, column: 5),
          definition: asset.definition,
          columns: [
            DeclaredColumn(name: "carrier", type: .text), DeclaredColumn(name: "name", type: .text),
          ]))
  }

  @Test(arguments: [("tab", "\t"), ("\"\\t\"", "\t"), ("'|'", "|")])
  func `a delimiter is one character, a tab has a name`(written: String, delimiter: String) throws {
    let asset = try loadAsset([
      "data/a.csv": "",
      "assets/a.yml": "assets: [{name: a, file: data/a.csv, csv: {delimiter: \(written)}}]",
    ])

    #expect(
      asset.recipe
        == .seed(SeedRecipe(files: ["data/a.csv"], format: RowFormat(delimiter: delimiter))))
  }

  @Test(
    arguments: [
      ("data/*.csv", ["data/a.csv", "data/b.csv"]), ("data/?.csv", ["data/a.csv", "data/b.csv"]),
      ("data/**/*.csv", ["data/2013/c.csv", "data/a.csv", "data/b.csv"]),
      ("data/*/*.csv", ["data/2013/c.csv"]), ("./data//x/../a.csv", ["data/a.csv"]),
      ("**/c.csv", ["data/2013/c.csv"]),
    ])
  func `files are named by a path or a pattern`(pattern: String, files: [String]) throws {
    let asset = try loadAsset([
      "data/b.csv": "", "data/a.csv": "", "data/2013/c.csv": "", "data/a.txt": "",
      "assets/s.yml": "sources:\n  - {name: s, file: \"\(pattern)\"}\n",
    ])

    let glob = pattern.contains { "*?".contains($0) } ? pattern : nil
    #expect(
      asset.recipe
        == .seed(SeedRecipe(files: files, pattern: pattern, glob: glob, isSource: true)))
  }

  @Test(arguments: ["assets/raw/*.csv", "assets/raw/?.csv"])
  func `files that a pattern names are no seeds of their own`(pattern: String) throws {
    let project = try load([
      "assets/raw/a.csv": "", "assets/raw/b.csv": "",
      "assets/s.yml": "assets:\n  - {name: both, file: \"\(pattern)\"}\n",
    ])

    #expect(project.assets.map(\.key) == ["both"])
  }

  @Test func `a source is a table of the warehouse, by its own name or another`() throws {
    let project = try load([
      "assets/raw/sources.yml": """
      sources:
        - name: events
          table: App_Events
          description: What users do.
          columns: {id: integer}
        - name: orders
      """
    ])

    #expect(
      project.assets.map(\.recipe) == [.source(table: "App_Events"), .source(table: "orders")])
    #expect(project.assets.map(\.kind) == [.source, .source])
    #expect(project.assets[0].description == "What users do.")
    #expect(project.assets[0].columns == [DeclaredColumn(name: "id", type: .integer)])
    #expect(project.assets[1].place == Place(file: "assets/raw/sources.yml", line: 6, column: 5))
  }
}
