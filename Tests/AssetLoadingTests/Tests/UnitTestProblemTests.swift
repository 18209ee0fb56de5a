import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

/// What can be wrong with the files of tests.
@Suite struct UnitTestProblemTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var summary: String
    var line: Int
    var column: Int
    var hint: String?

    init(_ text: String, _ summary: String, _ line: Int, _ column: Int, hint: String? = nil) {
      self.text = text
      self.summary = summary
      self.line = line
      self.column = column
      self.hint = hint
    }

    var testDescription: String { summary }
  }

  /// Each on the lines behind `tests:`.
  static let cases = [
    Case(
      "- {name: t, asset: payd, expect: []}", "there is no asset `payd`", 2, 20,
      hint: "did you mean `paid`?"),
    Case(
      "- {name: t, asset: orders, expect: []}",
      "`orders` is loaded from files, and only queries can be tested", 2, 20,
      hint: "test the queries that read it, with rows of it under `given:`"),
    Case(
      "- {name: t, asset: report, expect: []}",
      "`report` is made by a program, and only queries can be tested", 2, 20,
      hint: "test the queries that read it, with rows of it under `given:`"),
    Case(
      "- {name: t, asset: events, expect: []}",
      "`events` is a source, and only queries can be tested", 2, 20,
      hint: "test the queries that read it, with rows of it under `given:`"),
    Case(
      "- {name: t, asset: paid, given: {orders: []}, expect: [], colums: all}",
      "`colums` is not a setting here", 2, 59, hint: "did you mean `columns`?"),
    Case(
      "- {name: t, asset: paid, given: {ordrs: [], orders: []}, expect: []}",
      "`ordrs` is no input of `paid`", 2, 34, hint: "did you mean `orders`?"),
    Case(
      "- {name: t, asset: paid, given: {events: [], orders: []}, expect: []}",
      "`events` is no input of `paid`", 2, 34, hint: "it reads `orders`"),
    Case(
      "- {name: t, asset: kinds, given: {orders: []}, expect: []}",
      "the test gives no rows of `events`, which `kinds` reads", 2, 34,
      hint: "add them under `given:`; an empty table is `events: []`"),
    Case(
      "- {name: t, asset: paid, expect: []}",
      "the test gives no rows of `orders`, which `paid` reads", 2, 3,
      hint: "add them under `given:`; an empty table is `orders: []`"),
    Case(
      "- {name: t, asset: paid, given: {orders: [], ORDERS: []}, expect: []}",
      "`ORDERS` is given twice".replacing("ORDERS", with: "orders"), 2, 46,
      hint: "keep one of the two"),
    Case(
      "- {name: t, asset: paid, vars: {laest: 1}, given: {orders: []}, expect: []}",
      "the query of `paid` does not use a var `laest`", 2, 33, hint: "did you mean `least`?"),
    Case(
      "- {name: t, asset: paid, given: {orders: []}}", "the test has no `expect`", 2, 3,
      hint: "add `expect:`"),
    Case(
      "- {asset: paid, given: {orders: []}, expect: []}", "the test has no `name`", 2, 3,
      hint: "add `name:`"),
    Case(
      "- {name: t, asset: paid, given: {orders: []}, expect: [], tolerance: -1}",
      "`tolerance` must be a number from 0 to 1", 2, 70),
    Case(
      "- {name: t, asset: paid, given: {orders: [{id: [1]}]}, expect: []}",
      "`id` must be a text or a number", 2, 48),
    Case(
      "- {name: t, asset: paid, given: {orders: [{id: 1, Id: 2}]}, expect: []}",
      "the row has the column `Id` twice", 2, 51, hint: "keep one of the two"),
    Case(
      "- {name: t, asset: paid, given: {orders: [{id: !!binary x}]}, expect: []}",
      "the value is not Base64, as `!!binary` asks for", 2, 48),
    Case(
      "- {name: t, asset: paid, given: {orders: }, expect: []}",
      "`orders` must be a list of rows or CSV; an empty table is `[]`", 2, 42),
    Case(
      "- {name: t, asset: paid, given: {orders: {file: x.csv}}, expect: []}",
      "there is no file `x.csv`", 2, 49, hint: "paths are relative to the project's folder"),
    Case(
      "- {name: t, asset: paid, given: {orders: {file: ../x.csv}}, expect: []}",
      "the path `../x.csv` leads out of the project's folder", 2, 49,
      hint: "write a path inside the project, relative to its folder"),
    Case(
      "- {name: t, asset: paid, given: {orders: {columns: {a: int}}}, expect: []}",
      "`int` is not a value of `type`", 2, 56,
      hint:
        "use one of `text`, `integer`, `real`, `blob`, `boolean`, `date`, `timestamp`, `numeric`"
    ),
  ]

  @Test(arguments: cases)
  func `is told with its place and a way out`(problem: Case) {
    #expect(
      UnitTestFiles.problems("tests:\n" + problem.text) == [
        Diagnostic(
          problem.summary, at: at("tests/a.yml", problem.line, problem.column), hint: problem.hint)
      ])
  }

  @Test func `two tests have two names, in whichever files they stand`() {
    let text = "tests:\n- {name: t, asset: paid, given: {orders: []}, expect: []}"

    #expect(
      UnitTestFiles.problems(text, beside: ["tests/b.yml": text]) == [
        Diagnostic(
          "there is already a test `t`, at tests/a.yml:2:3", at: at("tests/b.yml", 2, 3),
          hint: "give one of them another name")
      ])
  }

  @Test func `all problems are told, sorted by place`() {
    let found = UnitTestFiles.problems(
      "tests:\n- {name: t, asset: payd, expect: []}\n- {name: u, asset: orders, expect: 1: 2}",
      beside: ["tests/0.yml": "test: []\n"])

    #expect(found.map(\.place) == [at("tests/0.yml", 1, 1), at("tests/a.yml", 3, 37)])
  }
}
