import AssetTestSupport
import Testing

/// `lineage` in its four formats.
@Suite struct LineageTests {
  @Test func `a tree has both sides`() async throws {
    let project = try ShopProject.new()

    let lineage = try await project.assetctl("lineage", "per_customer")

    #expect(
      lineage.output == """
        per_customer
          made from
          ├─ customers
          └─ paid
             └─ orders
          read by
          ├─ best
          └─ report  (file)

        """)
    #expect(try await project.assetctl("lineage", "per_customer", "--format", "text") == lineage)
  }

  @Test func `one side, and a few steps of it`() async throws {
    let project = try ShopProject.new()

    #expect(
      try await project.assetctl("lineage", "best", "--upstream", "--depth", "2").output == """
        best
          made from
          └─ per_customer
             ├─ customers
             └─ paid

        """)
    #expect(
      try await project.assetctl("lineage", "best", "--downstream").output == """
        best
          has no readers

        """)
  }

  @Test func `dot is Graphviz's language`() async throws {
    let project = try ShopProject.new()

    #expect(
      try await project.assetctl("lineage", "paid", "--format", "dot").output == """
        digraph lineage {
          rankdir=LR;
          node [shape=box];
          "orders";
          "paid" [style=bold];
          "per_customer";
          "best";
          "report";
          "orders" -> "paid";
          "paid" -> "per_customer";
          "per_customer" -> "best";
          "per_customer" -> "report";
        }

        """)
  }

  @Test func `mermaid is a flowchart`() async throws {
    let project = try ShopProject.new()

    #expect(
      try await project.assetctl(
        "lineage", "best", "--upstream", "--depth", "1", "--format", "mermaid"
      )
      .output == """
        flowchart LR
          n_per_customer["per_customer"]
          n_best["best"]
          n_per_customer --> n_best
          style n_best stroke-width:3px

        """)
  }

  @Test func `the lineage of a run is that of its time`() async throws {
    let project = try await ShopProject.materialized()
    try project.write("assets/marts/best.sql", "select name from customers")

    let then = try await project.assetctl("lineage", "best", "--run", "last", "--upstream")
    let now = try await project.assetctl("lineage", "best", "--upstream")

    #expect(
      then.output == """
        best
          made from
          └─ per_customer
             ├─ customers
             └─ paid
                └─ orders

        """)
    #expect(now.output == "best\n  made from\n  └─ customers\n")
  }

  @Test func `an unknown asset is a mistake`() async throws {
    let project = try ShopProject.new()

    for command in ["lineage", "why", "show", "preview"] {
      #expect(
        try await project.assetctl(command, "ordres")
          == CommandResult(
            exitCode: 64,
            errors: """
              error: there is no asset `ordres`

              hint: did you mean `orders`?

              """))
    }
  }

  @Test func `json has the edges with what they consume, and the asset's columns`() async throws {
    let project = try ShopProject.new()

    #expect(
      try await project.assetctl("lineage", "per_customer", "--format", "json").json == [
        "version": 1, "command": "lineage", "asset": "per_customer",
        "upstream": ["customers", "orders", "paid"], "downstream": ["best", "report"],
        "edges": [
          ["from": "orders", "to": "paid", "consumes": ["amount", "customer", "id"]],
          ["from": "customers", "to": "per_customer", "consumes": ["id", "name"]],
          ["from": "paid", "to": "per_customer", "consumes": ["amount", "customer"]],
          ["from": "per_customer", "to": "best", "consumes": ["name", "total"]],
          ["from": "per_customer", "to": "report", "consumes": ["name", "total"]],
        ],
        "columns": [
          [
            "asset": "per_customer", "column": "name",
            "from": [["asset": "customers", "column": "name"]],
            "influenced_by": [
              ["asset": "customers", "column": "id"], ["asset": "customers", "column": "name"],
              ["asset": "paid", "column": "customer"],
            ],
          ],
          [
            "asset": "per_customer", "column": "total",
            "from": [["asset": "paid", "column": "amount"]],
            "influenced_by": [
              ["asset": "customers", "column": "id"], ["asset": "customers", "column": "name"],
              ["asset": "paid", "column": "customer"],
            ],
          ],
        ],
      ])
  }
}
