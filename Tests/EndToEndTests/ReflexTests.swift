import AssetTestSupport
import Testing

/// What users of other tools type first.
@Suite struct ReflexTests {
  @Test(
    arguments: [
      ["list", "-s", "paid"], ["list", "--select", "paid"], ["list", "-spaid"],
      ["list", "assets/staging/paid.sql"], ["list", "./assets/staging/paid.sql"],
    ])
  func `a selection may be written as elsewhere`(words: [String]) async throws {
    let project = try ShopProject.new()

    let list = try await project.assetctl(words)

    #expect(list.exitCode == 0)
    #expect(list.output.contains("paid"))
    #expect(!list.output.contains("per_customer"))
  }

  @Test func `an option and its value may be joined`() async throws {
    let project = try ShopProject.new()

    #expect(try await project.assetctl("materialize", "-j2").exitCode == 0)
    #expect(try await project.assetctl("materialize", "--jobs", "2").exitCode == 0)
    #expect(try await project.assetctl("preview", "paid", "-n1").exitCode == 0)
    #expect(try await project.assetctl("runs", "-n1").exitCode == 0)
    #expect(try await project.assetctl("-Cassets", "status", "-q").exitCode == 0)
    #expect(try await project.assetctl("status", "-q", "-Cassets").exitCode == 0)
  }

  @Test(
    arguments: [
      ("build", "assetctl materialize"), ("run", "assetctl materialize"), ("ls", "assetctl list"),
      ("compile", "assetctl show ASSET"),
    ])
  func `commands of other tools get a hint`(word: String, hint: String) async throws {
    let project = try ShopProject.new()

    let result = try await project.assetctl(word)

    #expect(result.exitCode == 64)
    #expect(result.errors.contains(hint))
  }

  @Test func `options and selections of other tools get a hint`() async throws {
    let project = try ShopProject.new()

    let full = try await project.assetctl("materialize", "--full")
    let state = try await project.assetctl("list", "state:modified")

    #expect(full.exitCode == 64)
    #expect(full.errors.contains("`--full-refresh` builds"))
    #expect(state.exitCode == 64)
    #expect(state.errors.contains("`status:stale` is what changed"))
  }

  @Test func `show prints the query`() async throws {
    let project = try ShopProject.new()

    #expect(try await project.assetctl("show", "paid").output.contains("\nquery\n  select"))
  }

  @Test func `templates in queries are told with what to write here`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n", "assets/orders.csv": "id\n1\n",
      "assets/a.sql": """
      {{ config(materialized='table') }}
      select * from {{ ref('orders') }} where id > {{ var('least') }}
      {% if is_incremental() %} and id > (select max(id) from {{ this }}) {% endif %}
      """,
      "assets/b.sql": "select * from {{ source('raw', 'events') }}",
      "assets/c.sql": "select '{{ ref(''x'') }}' as x from orders",
    ])

    let list = try await project.assetctl("list")

    #expect(list.exitCode == 2)
    let lines = list.errors.split(separator: "\n").map(String.init)
    #expect(
      lines.filter { $0.contains("error:") } == [
        "assets/a.sql:1:1: error: `{{ config(materialized='table') }}` is a template, and no SQL",
        "assets/a.sql:2:15: error: `{{ ref('orders') }}` is a template, and no SQL",
        "assets/a.sql:2:46: error: `{{ var('least') }}` is a template, and no SQL",
        "assets/a.sql:3:1: error: `{% if is_incremental() %}` is a template, and no SQL",
        "assets/a.sql:3:57: error: `{{ this }}` is a template, and no SQL",
        "assets/a.sql:3:69: error: `{% endif %}` is a template, and no SQL",
        "assets/b.sql:1:15: error: `{{ source('raw', 'events') }}` is a template, and no SQL",
      ])
    let hints = lines.filter { $0.hasPrefix("hint:") }
    #expect(hints[1] == "hint: write `orders`: the name of an asset, as of any table")
    #expect(hints[2].hasPrefix("hint: write `:least`"))
    #expect(hints[6].hasPrefix("hint: write `events`, and declare it under `sources:`"))
  }

  @Test(
    arguments: [
      ("version: 2", "version", "remove it; the keys are `assets:` and `sources:`"),
      ("models: [{name: a}]", "models", "settings of a query stand in its file"),
      (
        "sources: [{name: raw, tables: [{name: orders}]}]", "tables",
        "write each table as a source of its own"
      ),
      ("sources: [{name: raw, tests: [unique]}]", "tests", "write `checks:`"),
      ("sources: [{name: raw, tabel: x}]", "tabel", "did you mean `table`?"),
    ])
  func `keys of other tools are told with what they are here`(
    yaml: String, key: String, hint: String
  ) async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n", "assets/a.yml": yaml + "\n",
    ])

    let list = try await project.assetctl("list")

    #expect(list.exitCode == 2)
    #expect(list.errors.contains("error: `\(key)` is not a setting here"))
    #expect(list.errors.contains("hint: \(hint)"))
  }

  @Test func `lineage without an asset is the whole graph`() async throws {
    let project = try ShopProject.new()

    let tree = try await project.assetctl("lineage")
    let json = try await project.assetctl("lineage", "--format", "json").json
    let half = try await project.assetctl("lineage", "--upstream")

    #expect(
      tree
        == CommandResult(
          exitCode: 0,
          output: """
            customers
              └─ per_customer
                 ├─ best
                 └─ report  (file)
            orders
              └─ paid
                 └─ per_customer  (above)

            """))
    #expect(
      json["assets"].elements.map { $0["asset"].text } == [
        "customers", "orders", "paid", "per_customer", "best", "report",
      ])
    #expect(json["edges"].elements.count == 5)
    #expect(half.exitCode == 64)
  }
}
