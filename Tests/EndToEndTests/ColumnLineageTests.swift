import AssetTestSupport
import Testing

/// `lineage` of columns, before anything was materialized.
@Suite struct ColumnLineageTests {
  @Test func `a column is followed to the sources and to the readers`() async throws {
    let project = try ShopProject.new()

    #expect(
      try await project.assetctl("lineage", "paid.amount").output == """
        paid.amount
          made from
          └─ orders.amount
          read by
          └─ per_customer.total
             ├─ report  (file)
             └─ best.name  (influences)

        """)
    #expect(!project.exists(".assetctl"))
  }

  @Test func `the columns of all assets`() async throws {
    let project = try ShopProject.new()

    #expect(
      try await project.assetctl("lineage", "paid", "--columns").output == """
        paid
          made from
          └─ orders
          read by
          └─ per_customer
             ├─ best
             └─ report  (file)

        columns of orders
          id, customer, amount

        columns of paid
          id  from orders.id
          customer  from orders.customer
          amount  from orders.amount
          all of them influenced by orders.amount

        columns of per_customer
          name  from customers.name
          total  from paid.amount
          all of them influenced by customers.id, customers.name, paid.customer

        columns of best
          name  from per_customer.name, influenced by per_customer.total

        """)
  }

  @Test func `every column of the example is known on a fresh clone`() async throws {
    let project = try ExampleProject.new()

    let lineage = try await project.assetctl(
      "lineage", "flights_with_weather", "--columns", "--format", "json"
    ).json

    let columns = lineage["columns"].elements
    func column(_ asset: String, _ name: String) -> JSONValue? {
      columns.first { $0["asset"].text == asset && $0["column"].text == name }
    }
    #expect(columns.count { $0["asset"] == "flights" } == 19)
    #expect(columns.count { $0["asset"] == "weather" } == 15)
    #expect(
      column("flights_clean", "day")?["from"] == [
        ["asset": "flights", "column": "day"], ["asset": "flights", "column": "month"],
        ["asset": "flights", "column": "year"],
      ])
    #expect(
      column("weather_hourly", "temp_c") == [
        "asset": "weather_hourly", "column": "temp_c",
        "from": [["asset": "weather", "column": "temp"]],
        "influenced_by": [
          ["asset": "weather", "column": "origin"], ["asset": "weather", "column": "time_hour"],
        ],
      ])
    #expect(
      lineage["edges"].elements.allSatisfy { !$0["consumes"].elements.isEmpty })
    #expect(!project.exists(".assetctl"))
  }

  @Test func `the columns of a source are those of its table or, offline, those declared`()
    async throws
  {
    let project = try ShopProject.new([
      "assets/sources.yml": "sources:\n  - name: events\n    columns: {id: integer, at: text}\n",
      "assets/days.sql": "select at from events where kind = 'x'",
    ])

    let offline = try await project.assetctl("lineage", "days.at", "--upstream")
    try await project.assetctl("materialize", "orders")
    try await project.sqlite("create table events (id integer, at text, kind text)")
    let online = try await project.assetctl("lineage", "days.at", "--upstream")

    #expect(offline.exitCode == 0)
    #expect(offline.errors.hasPrefix("assets/days.sql:1:29: warning: "))
    #expect(
      online
        == CommandResult(
          exitCode: 0,
          output: """
            days.at
              made from
              ├─ events.at
              └─ events.kind  (influences)

            """))
  }

  @Test func `drawings have columns, too`() async throws {
    let project = try ShopProject.new()

    #expect(
      try await project.assetctl(
        "lineage", "best.name", "--upstream", "--depth", "1", "--format", "mermaid"
      ).output == """
        flowchart LR
          subgraph n_per_customer["per_customer"]
            c0["name"]
            c1["total"]
          end
          subgraph n_best["best"]
            c2["name"]
          end
          c0 --> c2
          c1 -.-> c2
          style c2 stroke-width:3px

        """)
  }

  @Test(
    arguments: [
      ("paid.amuont", "`paid` has no column `amuont`", "did you mean `paid.amount`?"),
      (
        "paid.x", "`paid` has no column `x`",
        "see its columns with `assetctl lineage paid --columns`"
      ),
      ("piad.amount", "there is no asset `piad`", "did you mean `paid`?"),
      (
        "report.name", "`report` has no columns, as it is not a table",
        "see what it is made from with `assetctl lineage report`"
      ),
    ])
  func `a column that is not there is a mistake`(
    name: String, summary: String, hint: String
  ) async throws {
    let project = try ShopProject.new()

    #expect(
      try await project.assetctl("lineage", name)
        == CommandResult(exitCode: 64, errors: "error: \(summary)\n\nhint: \(hint)\n"))
  }

  @Test func `columns are those of today, not of a run`() async throws {
    let project = try await ShopProject.materialized()

    #expect(
      try await project.assetctl("lineage", "paid", "--columns", "--run", "last")
        == CommandResult(
          exitCode: 64,
          errors: """
            error: columns cannot be shown as they were in a run

            hint: leave out `--run` to see them as they are declared today

            """))
  }
}
