import AssetCore
import AssetTestSupport
import Testing

/// `events` and `rates` are sources; `orders` is loaded from a file; the rest reads on.
func selectionGraph() throws -> AssetGraph {
  func observed(_ key: AssetKey) -> Asset {
    Asset(
      key: key, recipe: .source(table: TableName(key.name)), group: "raw",
      place: Place(file: "assets/raw/sources.yml", line: 2),
      definition: CanonicalForm(tag: "test", fields: []))
  }
  func loaded(_ key: AssetKey, isSource: Bool) -> Asset {
    Asset(
      key: key,
      recipe: .seed(SeedRecipe(files: ["data/2013/\(key.name).csv"], isSource: isSource)),
      group: "raw", place: Place(file: "assets/raw/sources.yml", line: 9),
      definition: CanonicalForm(tag: "test", fields: []))
  }
  var view = asset("daily_view", reads: ["daily"], tags: ["nightly"], group: "marts/day")
  view.recipe = .query(QueryRecipe(form: .view, sql: "select 1"))
  var model = asset("model", reads: ["daily"], tags: ["ml"], group: "models")
  model.recipe = .program(
    ProgramRecipe(product: .model, command: ["true"], outputs: [ProgramOutput("build/model.json")]))
  return try AssetGraph([
    observed("events"), loaded("rates", isSource: true), loaded("orders", isSource: false),
    asset("clean", reads: ["events", "orders"], group: "staging"),
    asset("daily", reads: ["clean", "rates"], tags: ["nightly", "core"], group: "marts"),
    view, model, asset("report", reads: ["model", "rates"], group: "marts"),
  ])
}

@Suite struct SelectionTests {
  static let all = ["clean", "daily", "daily_view", "events", "model", "orders", "rates", "report"]

  @Test(
    arguments: [
      ("", all),
      ("daily", ["daily"]),
      ("DAILY", ["daily"]),
      ("daily model", ["daily", "model"]),
      ("d*", ["daily", "daily_view"]),
      ("?aily", ["daily"]),
      ("+daily", ["clean", "daily", "events", "orders", "rates"]),
      ("1+daily", ["clean", "daily", "rates"]),
      ("0+daily", ["daily"]),
      ("daily+", ["daily", "daily_view", "model", "report"]),
      ("daily+1", ["daily", "daily_view", "model"]),
      ("1+daily+1", ["clean", "daily", "daily_view", "model", "rates"]),
      ("+model+", ["clean", "daily", "events", "model", "orders", "rates", "report"]),
      ("@clean", all),
      ("@orders", all),
      ("@daily_view", ["clean", "daily", "daily_view", "events", "orders", "rates"]),
      ("tag:nightly", ["daily", "daily_view"]),
      ("tag:n*", ["daily", "daily_view"]),
      ("tag:ml+", ["model", "report"]),
      ("group:marts", ["daily", "daily_view", "report"]),
      ("group:marts/day", ["daily_view"]),
      ("group:m*", ["daily", "daily_view", "model", "report"]),
      ("kind:model", ["model"]),
      ("kind:source", ["events", "rates"]),
      ("kind:view", ["daily_view"]),
      ("kind:seed", ["orders", "rates"]),
      ("kind:table", ["clean", "daily", "daily_view", "orders", "rates", "report"]),
      ("path:assets/marts", ["daily", "daily_view", "report"]),
      ("path:assets/marts/", ["daily", "daily_view", "report"]),
      ("path:assets/staging/clean.sql", ["clean"]),
      ("path:data/2013", ["orders", "rates"]),
      ("path:assets/*/da*.sql", ["daily", "daily_view"]),
      ("source:events", ["events"]),
      ("source:events+1", ["clean", "events"]),
      ("source:*", ["events", "rates"]),
      ("tag:nightly,kind:view", ["daily_view"]),
      ("+daily,kind:source", ["events", "rates"]),
      ("tag:nightly,kind:view model", ["daily_view", "model"]),
      ("tag:ml,tag:core", []),
    ])
  func `each form names these`(words: String, expected: [String]) throws {
    let selection = try Selection(words.split(separator: " ").map(String.init))

    let keys = try selection.keys(in: try selectionGraph())

    #expect(keys.map(\.name).sorted() == expected)
  }

  @Test func `statuses are asked for only where they are named`() throws {
    let selection = try Selection(["status:stale,group:marts", "status:fail*"])
    let statuses: [AssetKey: AssetStatus.Kind] = [
      "daily": .stale, "clean": .stale, "model": .failed, "report": .fresh,
    ]

    let keys = try selection.keys(in: try selectionGraph()) { statuses[$0] }

    #expect(selection.asksForStatus)
    #expect(try !Selection(["tag:status", "daily+"]).asksForStatus)
    #expect(keys == ["daily", "model"])
  }

  @Test func `a status that no asset has names nothing, which is no error`() throws {
    #expect(try Selection(["status:failed"]).keys(in: try selectionGraph()) { _ in .fresh } == [])
  }

  @Test func `no words are everything`() throws {
    #expect(try Selection([]) == Selection.all)
    #expect(Selection.all.isAll)
    #expect(try !Selection(["daily"]).isAll)
  }
}

@Suite struct SelectionErrorTests {
  @Test(
    arguments: [
      ("", .malformed("", "it names no asset")),
      ("+", .malformed("+", "it names no asset")),
      ("daily,", .malformed("daily,", "it names no asset")),
      ("tag:", .malformed("tag:", "it names no asset")),
      ("daily+x", .malformed("daily+x", "a `+` is followed by a number or by nothing")),
      (
        "daily+99999999999999999999",
        .malformed("daily+99999999999999999999", "the number of steps is too large")
      ),
      ("tog:x", .unknownMethod("tog", nearest: "tag")),
      ("weather:x", .unknownMethod("weather", nearest: nil)),
      ("name:x", .unknownMethod("name", nearest: "name")),
      (
        "kind:vie",
        .unknownValue(
          "vie", of: "kind",
          known: [
            "file", "incremental", "model", "seed", "snapshot", "source", "table", "view",
          ])
      ),
      (
        "status:old",
        .unknownValue(
          "old", of: "status", known: ["failed", "fresh", "stale", "unknown", "waiting"])
      ),
      ("col:orders", .malformed("col:orders", "it names no column, as in `col:orders.total`")),
      ("col:orders.", .malformed("col:orders.", "it names no column, as in `col:orders.total`")),
    ] as [(String, SelectionError)])
  func `what cannot be read is an error`(word: String, error: SelectionError) {
    #expect(throws: error) { try Selection([word]) }
  }

  @Test(
    arguments: [
      ("dayly", .namesNothing("dayly", nearest: "daily")),
      ("+dayly+2", .namesNothing("+dayly+2", nearest: "daily")),
      ("weather", .namesNothing("weather", nearest: nil)),
      ("tag:nightli", .namesNothing("tag:nightli", nearest: "tag:nightly")),
      ("group:mart", .namesNothing("group:mart", nearest: "group:marts")),
      ("source:daily", .namesNothing("source:daily", nearest: nil)),
      ("source:event", .namesNothing("source:event", nearest: "source:events")),
      (
        "path:assets/staging/clan.sql",
        .namesNothing("path:assets/staging/clan.sql", nearest: "path:assets/staging/clean.sql")
      ),
      ("kind:file", .namesNothing("kind:file", nearest: nil)),
      ("daily,nothing", .namesNothing("daily,nothing", nearest: nil)),
    ] as [(String, SelectionError)])
  func `a word that names nothing is an error`(word: String, error: SelectionError) throws {
    let selection = try Selection([word])
    let graph = try selectionGraph()

    #expect(throws: error) { try selection.keys(in: graph) }
  }

  @Test(
    arguments: [
      (
        .malformed("+", "it names no asset"),
        Diagnostic(
          "the selection `+` cannot be read: it names no asset",
          hint: "write it like `daily`, `+daily`, `2+daily+1`, `@daily` or `tag:nightly`")
      ),
      (
        .unknownMethod("tog", nearest: "tag"),
        Diagnostic("`tog:` selects nothing that assets have", hint: "did you mean `tag:`?")
      ),
      (
        .unknownMethod("weather", nearest: nil),
        Diagnostic(
          "`weather:` selects nothing that assets have",
          hint: "use `tag:`, `group:`, `kind:`, `path:`, `status:`, `source:` or `col:`")
      ),
      (
        .unknownValue("old", of: "status", known: ["failed", "fresh"]),
        Diagnostic("`old` is no status", hint: "use one of `failed`, `fresh`")
      ),
      (
        .unknownColumn("totl", of: "orders", nearest: "total"),
        Diagnostic(
          "`orders` has no column `totl`", hint: "did you mean `col:orders.total`?")
      ),
      (
        .unknownColumn("x", of: "orders", nearest: nil),
        Diagnostic(
          "`orders` has no column `x`",
          hint: "see its columns with `assetctl lineage orders --columns`")
      ),
      (
        .namesNothing("dayly", nearest: "daily"),
        Diagnostic("the selection `dayly` names no asset", hint: "did you mean `daily`?")
      ),
      (
        .namesNothing("x", nearest: nil),
        Diagnostic(
          "the selection `x` names no asset", hint: "see all assets with `assetctl list`")
      ),
    ] as [(SelectionError, Diagnostic)])
  func `every error has its words`(error: SelectionError, diagnostic: Diagnostic) {
    #expect(error.diagnostics == [diagnostic])
  }
}
