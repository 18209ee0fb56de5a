import AssetTestSupport
import Testing

/// `assetctl test`: unit tests of queries.
@Suite struct UnitTestTests {
  private func project(_ tests: String, _ more: [String: String] = [:]) throws -> TemporaryProject {
    try ShopProject.new(["tests/shop.yml": "tests:\n" + tests].merging(more) { _, new in new })
  }

  private static let paid = """
      - name: small orders do not count
        asset: paid
        given:
          orders:
            - {id: 1, amount: 10}
            - {id: 2, amount: 9}
        expect:
          - {id: 1, customer: null}

    """

  @Test func `a test passes on a fresh clone, and nothing is written`() async throws {
    let project = try project(Self.paid)

    let result = try await project.assetctl("test")

    #expect(result.exitCode == 0)
    #expect(
      result.output == """
        ok  paid  small orders do not count

        1 ok in <duration>

        """)
    #expect(result.errors == "")
    #expect(!project.exists(".assetctl"))
  }

  @Test func `one that fails shows what differs`() async throws {
    let project = try project(
      Self.paid.replacing("- {id: 1, customer: null}", with: "- {id: 1, customer: 7}"))

    let result = try await project.assetctl("test")

    #expect(result.exitCode == 1)
    #expect(
      result.output == """
        failed  paid  small orders do not count
          tests/shop.yml:2:5
          0 of 1 row as expected; 1 changed (~, expected → actual)
               id  customer
            ~  1  7 → ∅

        1 failed in <duration>

        """)
    #expect(try await project.assetctl("test", "-q").output.hasSuffix("7 → ∅\n\n"))
    #expect(
      try await project.assetctl("test", "--format", "json").json["tests"] == [
        [
          "test": "small orders do not count", "asset": "paid", "file": "tests/shop.yml", "line": 2,
          "outcome": "failed", "columns": ["id", "customer"], "missing": [], "unexpected": [],
          "changed": [["expected": [1, 7], "actual": [1, nil]]], "is_reordered": false,
        ]
      ])
  }

  @Test func `vars are the project's, the target's, the command line's or the test's`() async throws
  {
    let project = try project(Self.paid)
    #expect(try await project.assetctl("test", "--var", "min_amount=9").exitCode == 1)
    #expect(try await project.assetctl("test", "--target", "prod").exitCode == 1)

    try project.edit("tests/shop.yml", "asset: paid", to: "asset: paid\n    vars: {min_amount: 10}")

    #expect(try await project.assetctl("test", "--var", "min_amount=9").exitCode == 0)
    #expect(try await project.assetctl("test", "--target", "prod").exitCode == 0)
  }

  @Test func `views and ordered rows are tested, and CSV stands for rows`() async throws {
    let project = try project(
      """
        - name: the best come first
          asset: ranking
          given:
            paid: |
              customer,amount
              1,10
              2,30
              1,5
          expect: |
            customer,total
            2,30
            1,15
          ordered: true
          columns: all
      """,
      [
        "assets/ranking.sql": """
        /* @asset
        materialized: view
        */
        select customer, sum(amount) as total from paid group by 1 order by 2 desc
        """
      ])

    #expect(try await project.assetctl("test").exitCode == 0)

    try project.edit("assets/ranking.sql", "desc", to: "asc")
    let result = try await project.assetctl("test")
    #expect(result.exitCode == 1)
    #expect(result.output.contains("the rows are as expected, but in another order"))

    try project.edit("assets/ranking.sql", "as total", to: "as total, 1 as more")
    #expect(
      try await project.assetctl("test").output.contains(
        "the result has a column `more`, which `expect` does not name"))
  }

  @Test func `given values have the affinity that they have in the real table`() async throws {
    // Half of an integer column is whole, of a real one it is not; the seed's and the query's types
    // are those of the file and of the engine.
    let project = try project(
      """
        - name: halves
          asset: halves
          given:
            numbers: [{i: 5, r: 5, t: 5}]
          expect: [{i: 2, r: 2.5, t: "5"}]
        - name: halves of what a query gives
          asset: more_halves
          given:
            copies: [{i: 5, r: 5, t: 5, declared: 5}]
          expect: [{i: 2, r: 2.5, t: "5", declared: 2.5}]
        - name: a source has the types that are declared
          asset: of_source
          given:
            events: [{n: 5, at: 5}]
          expect: [{n: 2.5, at: "5"}]
      """,
      [
        "assets/numbers.csv": "i,r,t\n1,1.5,x\n",
        "assets/raw/sources.yml": """
        sources:
          - {name: events, table: raw_events, columns: {n: real, at: text}}
        """,
        "assets/copies.sql": """
        /* @asset
        columns: {declared: real}
        */
        select *, i as declared from numbers
        """,
        "assets/halves.sql": "select i / 2 as i, r / 2 as r, t from numbers",
        "assets/more_halves.sql": """
        select i / 2 as i, r / 2 as r, t, declared / 2 as declared from copies
        """,
        "assets/of_source.sql": "select n / 2 as n, at from events",
      ])

    let result = try await project.assetctl("test")

    #expect(result.output.hasSuffix("3 ok in <duration>\n"), "\(result.output)\(result.errors)")

    // The same once everything is there.
    try await project.assetctl("materialize", "more_halves", "halves")
    #expect(try await project.assetctl("test").exitCode == 0)
  }

  @Test func `what the rows lack is told before anything runs`() async throws {
    let project = try project(
      """
        - name: a
          asset: paid
          given: {orders: [{id: 1, amuont: 2}]}
          expect: []
        - name: b
          asset: kinds
          given: {events: [{knid: 1}]}
          expect: []
        - name: c
          asset: kinds
          given: {events: []}
          expect: []
        - name: d
          asset: paid
          given:
            orders: |
              id,amount
              1,2,3
          expect: []
      """,
      [
        "assets/raw/sources.yml": "sources: [{name: events}]\n",
        "assets/kinds.sql": "select kind from events",
      ])

    let result = try await project.assetctl("test")

    #expect(result.exitCode == 2)
    #expect(result.output == "")
    #expect(
      result.errors == """
        tests/shop.yml:4:30: error: `orders` has no column `amuont`

        hint: did you mean `amount`?

        tests/shop.yml:6:5: error: the given rows are not enough for the query: `events` has no column `kind`
          query: assets/kinds.sql:1:8

        hint: did you mean `knid`?

        tests/shop.yml:12:21: error: nothing tells which columns `events` has

        hint: name them, as in `events: {columns: [a, b]}`, or declare them under its `columns:`

        tests/shop.yml:19: error: the row has 3 fields, but the header has 2

        hint: complete the row, or put fields that hold a delimiter in quotes

        """)
  }

  @Test func `a query that cannot be carried out fails its tests`() async throws {
    let project = try project(Self.paid)
    try project.edit("assets/staging/paid.sql", "id, customer", to: "id, custmer")

    let result = try await project.assetctl("test")

    #expect(result.exitCode == 1)
    #expect(result.output.contains("error: `orders` has no column `custmer`"))
    #expect(result.output.contains("assets/staging/paid.sql:5:12: "))
  }

  @Test func `selections, names and their absence`() async throws {
    let project = try project(
      Self.paid + """
          - {name: none, asset: best, given: {per_customer: []}, expect: []}

        """)

    func tests(_ words: String...) async throws -> [String] {
      try await project.assetctl(["test", "--format", "json"] + words).json["tests"].elements
        .map { $0["test"].text }
    }
    #expect(try await tests() == ["small orders do not count", "none"])
    #expect(try await tests("paid") == ["small orders do not count"])
    #expect(try await tests("orders+", "--exclude", "paid") == ["none"])
    #expect(try await tests("--name", "SMALL*") == ["small orders do not count"])
    #expect(try await tests("--name", "*o*", "best") == ["none"])
    #expect(try await tests("customers") == [])

    let empty = try await project.assetctl("test", "customers")
    #expect(empty.exitCode == 0)
    #expect(empty.output == "no test of what is selected; the project has 2 tests\n")
    let unknown = try await project.assetctl("test", "--name", "nome")
    #expect(unknown.exitCode == 64)
    #expect(
      unknown.errors == "error: there is no test `nome`\n\nhint: did you mean `none`?\n")
    #expect(try await project.assetctl("test", "nosuch").exitCode == 64)
    #expect(try await project.assetctl("test", "--rows", "3").exitCode == 64)
    try project.remove("tests/shop.yml")
    #expect(
      try await project.assetctl("test").output
        == "there are no tests; write one from real rows with `assetctl test --generate ASSET`\n")
  }

  @Test func `other commands do not care for tests that are wrong`() async throws {
    let project = try project("  - nonsense\n")

    #expect(try await project.assetctl("test").exitCode == 2)
    #expect(try await project.assetctl("list").exitCode == 0)
  }
}
