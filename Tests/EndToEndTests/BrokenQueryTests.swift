import AssetTestSupport
import Testing

/// Queries that cannot be carried out whatever their inputs hold: every command says so with the place,
/// before anything is built.
@Suite struct BrokenQueryTests {
  private func errors(
    of query: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n", "assets/orders.csv": "id,day\n1,2026-01-01\n",
      "assets/bad.sql": query,
    ])
    let list = try await project.assetctl("list")
    for command in ["plan", "test", "materialize", "status"] {
      #expect(try await project.assetctl(command) == list, sourceLocation: sourceLocation)
    }
    #expect(list.exitCode == 2, sourceLocation: sourceLocation)
    #expect(!project.exists(".assetctl"), sourceLocation: sourceLocation)
    return list.errors
  }

  @Test(
    arguments: [
      ("select id from orders where id = 1 and", "1:39: error: the query ends too early"),
      (
        "select *, from orders",
        "1:11: error: near \"from\": syntax error\n\nhint: remove the comma in front of it"
      ),
      ("select id\nfrom orders\ngroup id", "3:7: error: near \"id\": syntax error"),
      ("select (select id from orders where) as x", "1:36: error: near \")\": syntax error"),
      ("select id fro orders", "1:15: error: near \"orders\": syntax error"),
      (
        "select id from orders limit 3 order by id",
        "1:31: error: near \"order\": syntax error"
      ),
      (
        "select id from orders natural foo join orders",
        "1:23: error: unknown join type: natural foo"
      ),
    ])
  func `a query that is no SQL is told with its place`(query: String, expected: String)
    async throws
  {
    #expect(try await errors(of: query).hasPrefix("assets/bad.sql:" + expected))
  }

  @Test(
    arguments: [
      ("select id, day as ID from orders", "ID", "1:19", "1:8"),
      ("select count(*), count(*) from orders", "count(*)", "1:18", "1:8"),
      ("select o.id, p.id from orders o, orders p", "id", "1:16", "1:10"),
      ("select *, 1 as a, 2 as a from orders", "a", "1:24", "1:16"),
      ("select 1 as a, 2 as \"A\" union all select 3, 4", "A", "1:21", "1:13"),
    ])
  func `two columns of one name are told with both places`(
    query: String, name: String, second: String, first: String
  ) async throws {
    #expect(
      try await errors(of: query) == """
        assets/bad.sql:\(second): error: the query gives two columns named `\(name)`
          first: assets/bad.sql:\(first)

        hint: name one of them otherwise with `as`

        """)
  }

  @Test func `what a query does not give is not checked`() async throws {
    let errors = try await errors(
      of: """
        /* @asset
        columns:
          id: {checks: [not_null]}
          dya: {checks: [not_null]}
        checks:
          - unique: [id, nope]
          - expression: idd > 0
          - expression: id > 0 and
          - accepted_values: {column: day, values: [a], where: "foo = 1"}
        */
        select id, day from orders
        """)

    #expect(
      errors == """
        assets/bad.sql:4:18: error: `bad` has no column `dya`

        hint: did you mean `day`?

        assets/bad.sql:6:5: error: `bad` has no column `nope`

        hint: its query gives `id` and `day`

        assets/bad.sql:7:17: error: no such column: idd

        hint: did you mean `id`?

        assets/bad.sql:8:17: error: the query ends too early

        hint: something has to follow

        assets/bad.sql:9:56: error: no such column: foo

        """)
  }

  @Test(
    arguments: [
      // Which columns a source has is not known.
      "select *, 1 as id from events", "select events.*, orders.* from events join orders",
      "with orders as (select * from orders) select * from orders",
      "/* @asset\nchecks: [{unique: [nope]}, {expression: nope > 0}]\n*/ select * from events",
      "/* @asset\nchecks: [{unique: [rowid]}, {expression: rowid > 0}]\n*/ select id from orders",
      "/* @asset\nchecks: [{unique: [ID]}, {expression: bad.Id > 0}]\n*/ select id from orders",
      "/* @asset\nchecks: [{sql: 'select * from events where iid = 3'}]\n*/ select id from orders",
      "/* @asset\nchecks: [{not_null: '1'}]\n*/ select :since",
      "/* @asset\nchecks: [{not_null: '1'}]\n*/ select * from (select :since)",
      // Names within are made unique by the database.
      "select * from (select id, id from orders)", "select nope from events",
      "select id from orders where id = :since or id in (select id from orders order by 1 limit 1)",
      "select id from orders where match(id, 1)",
      "select cast(id as decimal(10, 2)) as id from orders",
      "select json_extract(day, '$.a') as a, day ->> 'b' as b from orders, json_each(orders.day)",
      "values (1, 2), (3, 4)", "select 1 as a union select 1 as a",
      "select id from orders; -- done",
    ])
  func `what may be right is let pass`(query: String) async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\nvars: {since: 1}\n",
      "assets/orders.csv": "id,day\n1,2026-01-01\n",
      "assets/sources.yml": "sources: [{name: events}]\n", "assets/bad.sql": query,
    ])

    let list = try await project.assetctl("list", "-q")

    #expect(list.exitCode == 0)
    #expect(list.errors == "")
  }

  @Test func `a query that is mended is no longer refused`() async throws {
    let project = try ShopProject.new()
    #expect(try await project.assetctl("materialize").exitCode == 0)

    try project.edit("assets/staging/paid.sql", "amount from", to: "amount, from")
    #expect(try await project.assetctl("status").exitCode == 2)
    try project.edit("assets/staging/paid.sql", "amount, from", to: "amount from")

    #expect(try await project.assetctl("status").exitCode == 0)
  }
}
