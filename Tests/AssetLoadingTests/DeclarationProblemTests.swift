import AssetCore
import AssetLoading
import Testing

/// What can be wrong with declarations, each with its exact place.
@Suite struct DeclarationProblemTests {
  static let naming =
    "use letters, digits and `_`, not starting with a digit; `name:` gives a file's asset another "
    + "name"

  static let queries: [(String, Diagnostic)] = [
    (
      "-- one\n/* @Assets\ntags: [a]\n*/ select 1",
      Diagnostic(
        "`@Assets` is not a setting here", at: at("assets/a.sql", 2), hint: "did you mean `@asset`?"
      )
    ),
    (
      "/* @asset\ntgas: [a]\n*/ select 1",
      Diagnostic(
        "`tgas` is not a setting here", at: at("assets/a.sql", 2, 1), hint: "did you mean `tags`?")
    ),
    (
      "/* @asset\n\n  owner: a\n  weather: b\n*/ select 1",
      Diagnostic(
        "`weather` is not a setting here", at: at("assets/a.sql", 4, 3),
        hint: "remove it, or see the docs for what is")
    ),
    (
      "/* @asset weather: b */ select 1",
      Diagnostic(
        "`weather` is not a setting here", at: at("assets/a.sql", 1, 11),
        hint: "remove it, or see the docs for what is")
    ),
    (
      "select 1 -- one\n-- @asset\n-- weather: b",
      Diagnostic(
        "`weather` is not a setting here", at: at("assets/a.sql", 3, 4),
        hint: "remove it, or see the docs for what is")
    ),
    (
      "-- @asset weather: b\nselect 1",
      Diagnostic(
        "`weather` is not a setting here", at: at("assets/a.sql", 1, 11),
        hint: "remove it, or see the docs for what is")
    ),
    (
      "  -- @asset\n  -- owner: x\n  --   weather: b\nselect 1",
      Diagnostic(
        "the YAML cannot be read: mapping values are not allowed in this context",
        at: at("assets/a.sql", 3, 15))
    ),
    (
      "--@asset\n--weather: b\nselect 1",
      Diagnostic(
        "`weather` is not a setting here", at: at("assets/a.sql", 2, 3),
        hint: "remove it, or see the docs for what is")
    ),
    (
      "/* @asset weather: x\nowner: b */\nselect 1",
      Diagnostic(
        "`weather` is not a setting here", at: at("assets/a.sql", 1, 11),
        hint: "remove it, or see the docs for what is")
    ),
    (
      "/* @asset owner: x\nweather: b */\nselect 1",
      Diagnostic(
        "`weather` is not a setting here", at: at("assets/a.sql", 2, 1),
        hint: "remove it, or see the docs for what is")
    ),
    (
      "/* @asset\nowner: x\n",
      Diagnostic(
        "the `@asset` comment has no end", at: at("assets/a.sql", 1, 1), hint: "close the comment")
    ),
    (
      "/* @asset\nowner: x\nowner: y\n*/ select 1",
      Diagnostic(
        "`owner` is set twice", at: at("assets/a.sql", 3, 1), hint: "remove one of the two")
    ),
    (
      "/* @asset\n- a\n*/ select 1",
      Diagnostic("`the settings` must be a mapping", at: at("assets/a.sql", 2, 1))
    ),
    (
      "/* @asset\nowner: [a\n*/ select 1",
      Diagnostic(
        "the YAML cannot be read: did not find expected ',' or ']'", at: at("assets/a.sql", 3, 1))
    ),
    (
      "-- @asset\n-- checks: [uniqe: a]\nselect 1",
      Diagnostic(
        "`uniqe` is not a value of `checks`", at: at("assets/a.sql", 2, 13),
        hint: "did you mean `unique`?")
    ),
    (
      "-- @asset\n-- columns: {é: {type: text, checks: [row_count]}}\nselect 1",
      Diagnostic(
        "`row_count` is not a value of `checks`", at: at("assets/a.sql", 2, 39),
        hint: "use one of `accepted_values`, `freshness`, `matches`, `not_null`, `range`, "
          + "`relationships`, `unique`")
    ),
    (
      "-- @asset\n-- materialized: weekly\nselect 1",
      Diagnostic(
        "`weekly` is not a value of `materialized`", at: at("assets/a.sql", 2, 18),
        hint: "use one of `table`, `view`, `incremental`, `snapshot`")
    ),
    (
      "-- @asset\n-- materialized: tables\nselect 1",
      Diagnostic(
        "`tables` is not a value of `materialized`", at: at("assets/a.sql", 2, 18),
        hint: "did you mean `table`?")
    ),
    (
      "-- @asset\n-- kind: model\nselect 1",
      Diagnostic(
        "`model` is not a value of `kind`", at: at("assets/a.sql", 2, 10),
        hint: "use one of `table`")
    ),
    (
      "-- @asset\n-- materialized: view\n-- indexes: [[a]]\nselect 1",
      Diagnostic(
        "`materialized: view` and `indexes` exclude each other", at: at("assets/a.sql", 3, 4),
        hint: "keep one of them")
    ),
    (
      "-- @asset\n-- indexes: [a]\nselect 1",
      Diagnostic("`indexes` must be a list of lists", at: at("assets/a.sql", 2, 14))
    ),
    (
      "-- @asset\n-- name: a b\nselect 1",
      Diagnostic("`a b` cannot be an asset's name", at: at("assets/a.sql", 2, 10), hint: naming)
    ),
    (
      "-- @asset\n-- inputs: [a-b]\nselect 1",
      Diagnostic("`a-b` cannot be an asset's name", at: at("assets/a.sql", 2, 13), hint: naming)
    ),
    (
      "-- @asset\n-- inputs: [b, c, B]\nselect 1",
      Diagnostic("`B` is set twice", at: at("assets/a.sql", 2, 19), hint: "remove one of the two")
    ),
    (
      "-- @asset\n-- inputs: {b: [x]}\nselect 1",
      Diagnostic(
        "`b` must be a mapping such as `{columns: [a, b]}`", at: at("assets/a.sql", 2, 16))
    ),
    (
      "-- @asset\n-- inputs: {b: {colums: [x]}}\nselect 1",
      Diagnostic(
        "`colums` is not a setting here", at: at("assets/a.sql", 2, 17),
        hint: "did you mean `columns`?")
    ),
    (
      "-- @asset\n-- inputs: {b: {format: xml}}\nselect 1",
      Diagnostic(
        "`xml` is not a value of `format`", at: at("assets/a.sql", 2, 25),
        hint: "use one of `csv`, `jsonl`")
    ),
    (
      "-- @asset\n-- columns: {x: integr}\nselect 1",
      Diagnostic(
        "`integr` is not a value of `type`", at: at("assets/a.sql", 2, 17),
        hint: "did you mean `integer`?")
    ),
    (
      "-- @asset\n-- columns: {x: [text]}\nselect 1",
      Diagnostic("`x` must be a type", at: at("assets/a.sql", 2, 17))
    ),
    (
      "-- @asset\n-- columns: [x]\nselect 1",
      Diagnostic(
        "`columns` must be a mapping", at: at("assets/a.sql", 2, 13),
        hint: "write `columns: {id: integer, name: {type: text, checks: [not_null]}}`")
    ),
    (
      "-- @asset\n-- tags: {a: b}\nselect 1",
      Diagnostic("`tags` must be a list of texts", at: at("assets/a.sql", 2, 10))
    ),
    (
      "-- @asset\n-- owner: [a]\nselect 1",
      Diagnostic("`owner` must be a text", at: at("assets/a.sql", 2, 11))
    ),
    (
      "-- @asset\n-- volatile: sometimes\nselect 1",
      Diagnostic(
        "`volatile` must be `always`, `never` or a time such as `6h`", at: at("assets/a.sql", 2, 14)
      )
    ),
    (
      "-- ü\nselect 'ü', :nothing",
      Diagnostic(
        "there is no var `nothing`", at: at("assets/a.sql", 2, 13),
        hint: "add it under `vars:` in `assetctl.yml`")
    ),
    (
      "select :levels",
      Diagnostic(
        "there is no var `levels`", at: at("assets/a.sql", 1, 8), hint: "did you mean `level`?")
    ),
    (
      "select :cursor",
      Diagnostic(
        "`a` asks for `:cursor` and has no `cursor`", at: at("assets/a.sql", 1, 8),
        hint: "set `materialized: incremental` and name the column with `cursor:`")
    ),
    (
      "select 1 from\n  raw.orders",
      Diagnostic(
        "`raw.orders` is in the schema `raw`, which assetctl does not know",
        at: at("assets/a.sql", 2, 3), hint: "write `orders` alone")
    ),
    (
      "delete from a",
      Diagnostic(
        "`delete` stands where a query must begin", at: at("assets/a.sql", 1, 1),
        hint: "write one query that begins with `select`, `with` or `values`")
    ),
    (
      "select 1;\nselect 2",
      Diagnostic(
        "a second statement follows the query", at: at("assets/a.sql", 2, 1),
        hint: "keep one query in this file and move the rest to a file of its own")
    ),
    (
      "select (1",
      Diagnostic("`(` is never closed", at: at("assets/a.sql", 1, 8), hint: "close it with `)`")
    ),
  ]

  @Test(arguments: queries)
  func `what is wrong with a query has a place and a way out`(text: String, expected: Diagnostic) {
    #expect(
      problems(["assetctl.yml": "project: shop\nvars: {level: 1}\n", "assets/a.sql": text])
        == [expected])
  }

  @Test func `a file's name that is no key is told without a line`() {
    #expect(
      problems(["assets/2013-daily.sql": "select 1"]) == [
        Diagnostic(
          "`2013-daily` cannot be an asset's name", at: at("assets/2013-daily.sql"),
          hint: Self.naming)
      ])
  }
}
