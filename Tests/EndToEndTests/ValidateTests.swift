import AssetTestSupport
import Testing

/// `validate`, and what every command refuses by the columns that the project itself tells.
@Suite struct ValidateTests {
  private static let seeds = [
    "assetctl.yml": "project: shop\n", "assets/orders.csv": "id,day\n1,2026-01-01\n",
    "assets/customers.csv": "id,name\n1,Ada\n",
    "assets/all_orders.sql": "select * from orders",
    "assets/sources.yml": "sources: [{name: events}]\n",
  ]

  @Test func `all that is wrong is told at once, and nothing is made`() async throws {
    let project = try TemporaryProject(
      Self.seeds.merging([
        "assets/a.sql": "select id from orders where", "assets/b.sql": "select idd from all_orders",
        "assets/c.sql": "select id from elsewhere",
        "assets/d.sql": "select o.nope, e.at from orders o, events e",
        "assets/e.sql": "select foo(id) as f from all_orders",
        "assets/f.sql": "select id from orders union select id, day from orders",
        "assets/g.sql": "select *, random() as r from orders",
        "assets/h.yml": "asets: []\n",
      ]) { $1 })

    let result = try await project.assetctl("validate")

    #expect(result.exitCode == 2)
    #expect(result.errors == "")
    #expect(
      result.output == """
        assets/a.sql:1:28: error: the query ends too early

        hint: something has to follow

        assets/b.sql:1:8: error: `all_orders` has no column `idd`

        hint: did you mean `id`?

        assets/c.sql:1:16: error: `c` reads `elsewhere`, which no file declares

        hint: declare it as an asset, or under `sources:` if others write it

        assets/d.sql:1:10: error: `o` has no column `nope`

        assets/e.sql:1:8: error: no such function: foo

        assets/f.sql: error: SELECTs to the left and right of UNION do not have the same number of result columns

        assets/g.sql:1:11: warning: the result of `g` may change by itself: `random` is random

        hint: say how to treat it with `volatile: always`, `never` or a time such as `6h`

        assets/h.yml:1:1: error: `asets` is not a setting here

        hint: did you mean `assets`?

        7 errors and 1 warning in 11 assets

        """)
    #expect(!project.exists(".assetctl"))
  }

  @Test func `nothing is wrong with a project whose sources nobody knows`() async throws {
    let project = try TemporaryProject(
      Self.seeds.merging([
        "assets/a.sql": "select e.*, o.id as order_id from events e join orders o on o.id = e.x",
        "assets/b.sql":
          "/* @asset\nchecks: [{unique: [y]}, {expression: z > 0}]\n*/ select * from a",
        "assets/c.sql": "select y, z from b where order_id > 1",
        "assets/d.sql": "with orders as (select * from orders) select id, day from orders",
      ]) { $1 })

    let result = try await project.assetctl("validate")

    #expect(result == CommandResult(exitCode: 0, output: "8 assets, nothing is wrong\n"))
    #expect(try await project.assetctl("validate", "-q") == CommandResult(exitCode: 0))
    #expect(!project.exists(".assetctl"))
  }

  @Test func `a project whose own file is wrong is told so`() async throws {
    let project = try TemporaryProject(["assetctl.yml": "projct: shop\n"])

    let text = try await project.assetctl("validate")
    let json = try await project.assetctl("validate", "--format", "json")

    #expect(text.exitCode == 2)
    #expect(text.output.contains("assetctl.yml:1:1: error: `projct` is not a setting here"))
    #expect(json.exitCode == 2)
    #expect(try json.json["outcome"] == "failed")
  }

  @Test func `names that stars share are refused by every command`() async throws {
    let project = try TemporaryProject(
      Self.seeds.merging([
        "assets/both.sql": "select o.*, c.* from all_orders o join customers c on o.id = c.id"
      ]) { $1 })

    for command in ["list", "plan", "materialize"] {
      let result = try await project.assetctl(command)

      #expect(result.exitCode == 2)
      #expect(
        result.errors == """
          assets/both.sql:1:13: error: the query gives two columns named `id`
            first: assets/both.sql:1:8

          hint: name the columns that are needed, and one of these otherwise with `as`

          """)
    }
    try project.write("assets/both.sql", "select * from all_orders join customers using (id)")
    #expect(try await project.assetctl("materialize", "both").exitCode == 0)
  }

  @Test func `checks on columns that stars do not give are refused, also once all was good`()
    async throws
  {
    let project = try TemporaryProject(
      Self.seeds.merging([
        "assets/seeds.yml": """
        assets:
          - name: customers
            file: assets/customers.csv
            checks: [{not_null: name}]
        """,
        "assets/checked.sql": """
        /* @asset
        checks:
          - unique: [id, day]
          - relationships: {column: id, to: customers.id}
          - {expression: day > '2000', where: id > 0}
        */
        select * from all_orders
        """,
      ]) { $1 })
    #expect(try await project.assetctl("materialize", "--exclude", "events").exitCode == 0)
    #expect(try await project.assetctl("list", "-q").exitCode == 0)

    try project.write("assets/customers.csv", "key,nmae\n1,Ada\n")
    let seed = try await project.assetctl("list", "-q")
    try project.write("assets/customers.csv", "id,name\n1,Ada\n")
    #expect(try await project.assetctl("list", "-q").exitCode == 0)
    try project.write("assets/all_orders.sql", "select id from orders")
    let query = try await project.assetctl("status")

    #expect(seed.exitCode == 2)
    #expect(
      seed.errors == """
        assets/checked.sql:4:5: error: `customers` has no column `id`

        hint: it has `key` and `nmae`

        assets/seeds.yml:4:15: error: `customers` has no column `name`

        hint: did you mean `nmae`?

        """)
    #expect(query.exitCode == 2)
    #expect(
      query.errors == """
        assets/checked.sql:3:5: error: `checked` has no column `day`

        hint: it has `id`

        assets/checked.sql:5:6: error: no such column: day

        """)
  }

  @Test func `settings of columns that are not given are told, and stop nothing`() async throws {
    let project = try TemporaryProject(
      Self.seeds.merging([
        "assets/a.sql": """
        /* @asset
        columns: {id: integer, dya: text}
        indexes: [[x]]
        */
        select id, day from orders
        """
      ]) { $1 })

    let result = try await project.assetctl("validate")

    #expect(result.exitCode == 2)
    #expect(
      result.output == """
        assets/a.sql:2:24: error: `a` has no column `dya`

        hint: did you mean `day`?

        assets/a.sql:3:1: error: `a` has no column `x`

        hint: its query gives `id` and `day`

        2 errors in 5 assets

        """)
    #expect(try await project.assetctl("list", "-q").exitCode == 0)
  }

  @Test func `a column that a table keeps may be checked`() async throws {
    let project = try TemporaryProject(
      Self.seeds.merging([
        "assets/kept.sql": """
        /* @asset
        materialized: incremental
        cursor: id
        on_schema_change: append_columns
        checks: [{not_null: gone}]
        */
        select * from orders where :cursor is null or id > :cursor
        """,
        "assets/history.sql": """
        /* @asset
        materialized: snapshot
        unique_key: id
        checks: [{not_null: valid_from}]
        */
        select * from orders
        """,
        "assets/reader.sql": "select gone from kept",
        "assets/now.sql":
          "select id from history where valid_to is null",
      ]) { $1 })

    #expect(try await project.assetctl("validate", "-q") == CommandResult(exitCode: 0))
  }
}
