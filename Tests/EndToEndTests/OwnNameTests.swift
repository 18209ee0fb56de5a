import AssetTestSupport
import Testing

/// A common table expression that has the name of the table that it reads.
@Suite struct OwnNameTests {
  private func project(_ query: String, _ more: [String: String] = [:]) throws -> TemporaryProject {
    try TemporaryProject(
      [
        "assetctl.yml": "project: shop\n", "assets/orders.csv": "id,total,note\n1,5,a\n2,7,b\n",
        "assets/customers.csv": "id,name\n1,x\n2,y\n", "assets/report.sql": query + "\n",
      ].merging(more) { _, new in new })
  }

  @Test(
    arguments: [
      "with orders as (select * from orders where id = 1) select total as n from orders",
      "with orders as (select id, total from orders), customers as (select * from customers) "
        + "select o.total as n from orders o join customers c using (id) where c.name = 'x'",
      "with a as (with orders as (select * from orders) select * from orders) "
        + "select total as n from a where id = 1",
      "with ORDERS as (select id, total from \"orders\" as o where o.id = 1) "
        + "select total as n from Orders",
      "with orders as (select orders.total, orders.id from orders where orders.id = 1) "
        + "select total as n from orders",
      "with orders as (with orders as (select * from orders) select * from orders where id = 1) "
        + "select total as n from orders",
      "with recursive orders as (select * from orders where id = 1) select total as n from orders",
    ])
  func `it means the table`(query: String) async throws {
    let project = try project(query)

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 0, "\(run.output + run.errors)")
    #expect(try await project.sqlite("select n from report") == [[5]])
    #expect(try await project.assetctl("lineage", "report").output.contains("orders"))
    try project.write("assets/orders.csv", "id,total,note\n1,6,a\n2,7,b\n")
    #expect(try await project.assetctl("status", "report").exitCode == 3)
  }

  @Test func `just what it reads is consumed`() async throws {
    let project = try project(
      "with orders as (select id, total from orders) select total as n from orders where id = 1")
    try await project.assetctl("materialize")

    try project.write("assets/orders.csv", "id,total,note\n1,5,other\n2,7,b\n")
    try await project.assetctl("materialize", "orders")

    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test(
    arguments: [
      (
        "with orders as (select * from orders), z as (with orders as (select id from orders) "
          + "select * from orders) select * from z", "orders", 36
      ),
      (
        "with orders as (select * from orders union all select * from orders) select * from orders",
        "orders", 6
      ),
      ("with q as (select * from o), o as (select * from q) select * from o", "o", 6),
      ("with recursive a as (select id from a union select 1) select * from a", "a", 16),
    ])
  func `a circle is refused before anything is built`(
    query: String, name: String, column: Int
  ) async throws {
    let project = try project(query)
    for command in ["list", "plan", "validate"] {
      let result = try await project.assetctl(command)
      #expect(result.exitCode == 2)
      let text = result.output + result.errors
      #expect(text.contains("`\(name)` of the `with` clause reads itself"), "\(text)")
      #expect(text.contains("assets/report.sql:1:"), "\(text)")
      #expect(text.contains("give it another name than what it reads"))
    }
  }

  @Test func `a circle that nothing uses is none`() async throws {
    let project = try project(
      "with a as (select * from b), b as (select * from a) select 6 as n from orders limit 1")
    #expect(try await project.assetctl("list").exitCode == 0)
  }

  @Test func `what is recursive stays it`() async throws {
    let project = try project(
      """
      with recursive orders as (select 1 as n union all select n + 1 from orders where n < 3)
      select sum(n) as n from orders
      """)

    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.sqlite("select n from report") == [[6]])
  }

  @Test func `a unit test and a var work with it`() async throws {
    let project = try project(
      "with orders as (select * from orders where id = :id) select total as n from orders",
      [
        "assetctl.yml": "project: shop\nvars: {id: 1}\n",
        "tests/report.yml": """
        tests:
          - name: one
            asset: report
            given: {orders: [{id: 1, total: 9}, {id: 2, total: 4}]}
            expect: [{n: 9}]

        """,
      ])

    #expect(try await project.assetctl("test").exitCode == 0)
    #expect(try await project.assetctl("materialize").exitCode == 0)
  }

  @Test func `under another table's name it is an error with a way out`() async throws {
    let project = try project(
      "with events as (select * from events) select count(*) as n from events",
      ["assets/sources.yml": "sources: [{name: events, table: app_events}]\n"])

    let list = try await project.assetctl("list")

    #expect(list.exitCode == 2)
    #expect(list.errors.contains("call the common table expression something else"))
  }
}
