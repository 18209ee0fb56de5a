import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

@Suite struct TestLoaderTests {
  @Test func `a test is read with all that it says`() throws {
    let tests = try UnitTestFiles.load(
      """
      tests:
        - name: large orders count
          asset: PAID
          description: Small ones do not.
          vars: {least: 20}
          given:
            Orders:
              - {id: 1, amount: 20}
          expect:
            - {id: 1}
          ordered: true
          columns: all
          tolerance: 0.5
      """)

    #expect(
      tests == [
        UnitTest(
          name: "large orders count", asset: "paid", description: "Small ones do not.",
          vars: ["least": .integer(20)],
          query: "select id, customer from orders where amount >= 20",
          given: [
            GivenRows(
              "orders",
              TestRows(
                columns: [
                  .init("id", at: at("tests/a.yml", 8, 12)),
                  .init("amount", at: at("tests/a.yml", 8, 19)),
                ], content: .cells([[.integer(1), .integer(20)]]), at: at("tests/a.yml", 8, 9)))
          ],
          expected: TestRows(
            columns: [.init("id", at: at("tests/a.yml", 10, 10))],
            content: .cells([[.integer(1)]]), at: at("tests/a.yml", 10, 7)),
          isOrdered: true, namesAllColumns: true, tolerance: 0.5, place: at("tests/a.yml", 2, 5))
      ])
  }

  @Test func `what a test leaves out has its usual value`() throws {
    let tests = try UnitTestFiles.load(
      "tests: [{name: t, asset: paid, given: {orders: []}, expect: []}]")

    let test = try #require(tests.first)
    #expect(test.query == "select id, customer from orders where amount >= 10")
    #expect(!test.isOrdered && !test.namesAllColumns)
    #expect(test.tolerance == 1e-9)
    #expect(test.vars == [:])
  }

  @Test func `sources go by their own names`() throws {
    let tests = try UnitTestFiles.load(
      "tests: [{name: t, asset: kinds, given: {orders: [], events: []}, expect: []}]")

    #expect(tests.first?.query == "select kind, 'x' as label from events join orders using (id)")
  }

  @Test func `what the engine fills in is the test's to say, but for the cursor`() throws {
    let text = "tests: [{name: t, asset: days, given: {orders: []}, expect: [], vars: {"
    let tests = try UnitTestFiles.load(text + "partition_start: 2026-01-01}}]")

    #expect(
      tests.first?.query == "select * from orders where day >= '2026-01-01' and id > null")
    #expect(
      UnitTestFiles.problems(text + "cursor: 4}}]") == [
        Diagnostic(
          "the test does not say what `:partition_start` is, which the query of `days` uses",
          at: at("tests/a.yml", 1, 9), hint: "add it under `vars:` of the test")
      ])
  }

  @Test func `values are typed as YAML types them`() throws {
    let rows = try UnitTestFiles.rows(
      """
      [{a: 1, b: 1.0, c: "1", d: true, e: null, f: ~, g: text, h: 2013-01-01, i: 007, j: .inf,
        k: !!binary "AP/+", l: "", m: 'null', n: -5, o: !!binary ""}]
      """)

    #expect(
      rows.content
        == .cells([
          [
            .integer(1), .real(1), .text("1"), .integer(1), .null, .null, .text("text"),
            .text("2013-01-01"), .text("007"), .real(.infinity), .blob("00fffe"), .text(""),
            .text("null"), .integer(-5), .blob(""),
          ]
        ]))
  }

  @Test func `what a row does not name is null, whatever the case of the others' names`() throws {
    let rows = try UnitTestFiles.rows("[{id: 1}, {amount: 2, ID: 3}, {}]")

    #expect(rows.columns.map(\.name) == ["id", "amount"])
    #expect(
      rows.content
        == .cells([[.integer(1), .null], [.integer(3), .integer(2)], [.null, .null]]))
  }

  @Test func `rows may be CSV, in a file, and have declared columns`() throws {
    #expect(
      try UnitTestFiles.rows("|\n        id\n        1\n").content == .csv("id\n1\n", line: 6))
    #expect(try UnitTestFiles.rows("\"id\\n1\"").content == .csv("id\n1", line: 5))
    #expect(try UnitTestFiles.rows("{file: ./data/x.csv}").content == .file("data/x.csv"))

    let empty = try UnitTestFiles.rows("{columns: [a, b]}")
    #expect(empty.columns.map(\.name) == ["a", "b"])
    #expect(empty.content == .cells([]))

    let typed = try UnitTestFiles.rows("{columns: {a: real, b: }, rows: [{c: 1, A: 2}]}")
    #expect(typed.columns.map(\.name) == ["a", "b", "c"])
    #expect(typed.columns.map(\.type) == [.real, nil, nil])
    #expect(typed.columns.map(\.isDeclared) == [true, true, false])
    #expect(typed.content == .cells([[.integer(2), .null, .integer(1)]]))
  }

  @Test func `tests are read from files at any depth, and without any there are none`() throws {
    let text = "tests: [{name: NAME, asset: paid, given: {orders: []}, expect: []}]"
    let tests = try UnitTestFiles.load(
      text.replacing("NAME", with: "a"),
      beside: ["tests/b/c.yaml": text.replacing("NAME", with: "c"), "tests/x.csv": "id\n"])

    #expect(tests.map(\.name) == ["a", "c"])
    #expect(try UnitTestFiles.load("") == [])
    #expect(try UnitTestFiles.load("tests:\n") == [])
  }

  @Test func `the folder of the tests can be set`() throws {
    let project = try load([
      "assetctl.yml": "project: shop\ntests: ./spec/\n", "assets/a.csv": "a\n",
    ])

    #expect(project.testsFolder == "spec")
    #expect(try load(["assets/a.csv": "a\n"]).testsFolder == "tests")
    #expect(
      problems(["assetctl.yml": "project: shop\ntests: assets/tests\n", "assets/a.csv": "a\n"]) == [
        Diagnostic(
          "the tests' folder `assets/tests` lies under `assets/`", at: at("assetctl.yml", 2, 8),
          hint: "choose another one, such as `tests`")
      ])
  }
}
