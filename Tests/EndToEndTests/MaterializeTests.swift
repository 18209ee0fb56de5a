import AssetTestSupport
import Testing

/// What decides which assets `materialize` runs.
@Suite struct MaterializeTests {
  @Test func `a selected asset comes with what is stale upstream of it`() async throws {
    let project = try ShopProject.new()

    let run = try await project.assetctl("materialize", "paid", "--format", "json")

    #expect(try run.assets("outcome") == ["orders": "materialized", "paid": "materialized"])
    #expect(
      try await project.assetctl("status", "--format", "json")
        .assets(where: "status", is: "stale") == ["best", "customers", "per_customer", "report"])
  }

  @Test func `only the selected assets are run with --only`() async throws {
    let project = try await ShopProject.materialized()
    try project.edit("assets/raw/orders.csv", "1,1,25", to: "1,1,26")
    try project.edit("assets/marts/best.sql", "select name", to: "select name as best")

    let run = try await project.assetctl("materialize", "best", "--only", "--format", "json")

    #expect(try run.assets("outcome") == ["best": "materialized"])
    #expect(try await project.sqlite("select best from best") == [["Grace"]])
    #expect(
      try await project.assetctl("status", "--format", "json").causes["orders"]
        == ["input_changed assets/raw/orders.csv"])
  }

  @Test func `an input that was never materialized cannot be read with --only`() async throws {
    let project = try ShopProject.new()

    let run = try await project.assetctl("materialize", "paid", "--only")

    #expect(
      run
        == CommandResult(
          exitCode: 1,
          output: """
            failed  paid
              error: `paid` reads `orders`, which was never materialized

              hint: materialize it first: `assetctl materialize orders`

            1 failed in <duration>

            """))
  }

  @Test func `a forced asset is run although it is fresh, and its readers are not`() async throws {
    let project = try await ShopProject.materialized()

    let run = try await project.assetctl("materialize", "paid", "--force", "--format", "json")
    let all = try await project.assetctl("materialize", "--force", "--format", "json")

    #expect(try run.assets("outcome") == ["orders": "fresh", "paid": "unchanged"])
    #expect(try run.causes == ["paid": ["forced"]])
    #expect(try all.assets(where: "outcome", is: "unchanged") == ShopProject.assets)
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `excluded assets stay as they are`() async throws {
    let project = try ShopProject.new()

    let run = try await project.assetctl(
      "materialize", "--exclude", "report", "--exclude", "kind:view", "--format", "json")

    #expect(
      try run.assets(where: "outcome", is: "materialized")
        == ["customers", "orders", "paid", "per_customer"])
    #expect(try run.assets("outcome").count == 4)
  }

  @Test func `a dry run does nothing`() async throws {
    let project = try ShopProject.new()

    let plan = try await project.assetctl("materialize", "--dry-run", "--format", "json")

    #expect(plan.exitCode == 0)
    #expect(try plan.json["command"] == "plan")
    #expect(try plan.json["summary"]["materialize"] == 6)
    #expect(!project.exists(".assetctl"))
    #expect(!project.exists("build"))
  }

  @Test func `after a failure what does not depend on it goes on`() async throws {
    let project = try ShopProject.new([
      "assets/a_broken.sql": "select nix from orders",
      "assets/z_reader.sql": "select * from a_broken",
    ])

    let run = try await project.assetctl("materialize", "-j", "1", "--format", "json")

    #expect(run.exitCode == 1)
    #expect(try run.assets(where: "outcome", is: "failed") == ["a_broken"])
    #expect(try run.assets("because")["z_reader"] == "a_broken")
    #expect(try run.assets(where: "outcome", is: "materialized") == ShopProject.assets)
  }

  @Test func `nothing more is started after a failure with --fail-fast`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/a.sql": "select nix from (select 1)",
      "assets/b.sql": "select 1 as id from c",
      "assets/c.sql": "select * from a",
    ])

    let run = try await project.assetctl(
      "materialize", "-j", "1", "--fail-fast", "--format", "json")

    #expect(run.exitCode == 1)
    #expect(try run.json["outcome"] == "failed")
    #expect(try run.assets("outcome") == ["a": "failed", "b": "cancelled", "c": "cancelled"])
    #expect(try run.json["not_started"] == ["c", "b"])
    #expect(
      try await project.assetctl("materialize", "-j", "1", "--fail-fast").output.hasSuffix(
        "1 failed, 2 cancelled in <duration>\nnot started: c, b\n"))
  }

  @Test func `another value of a var makes stale what uses it, and nothing else`() async throws {
    let project = try await ShopProject.materialized()

    let status = try await project.assetctl("status", "--var", "min_amount=5", "--format", "json")

    #expect(
      try status.causes == [
        "paid": ["definition_changed"], "per_customer": ["input_stale paid"],
        "best": ["input_stale per_customer"], "report": ["input_stale per_customer"],
      ])
    #expect(try await project.assetctl("materialize", "--var", "min_amount=5").exitCode == 0)
    #expect(try await project.sqlite("select count(*) from paid") == [[4]])
    #expect(try await project.assetctl("status", "--var", "min_amount=5").exitCode == 0)
    #expect(try await project.assetctl("status").exitCode == 3)
  }

  @Test func `a var is a value, never a piece of the query`() async throws {
    let project = try await ShopProject.materialized()

    let run = try await project.assetctl(
      "materialize", "--var", "min_amount=0 or 1=1; drop table orders; --'")

    #expect(run.exitCode == 0)
    // SQLite sorts every number before every text.
    #expect(try await project.sqlite("select count(*) from paid") == [[0]])
    #expect(try await project.sqlite("select count(*) from orders") == [[4]])
  }

  @Test func `each target has a warehouse, vars and a history of its own`() async throws {
    let project = try await ShopProject.materialized()

    let before = try await project.assetctl(
      "status", "paid", "--target", "prod", "--format", "json")
    let run = try await project.assetctl(
      "materialize", "--exclude", "report", "--target", "prod", "--format", "json")

    #expect(try before.causes == ["paid": ["never_materialized"]])
    #expect(try Set(run.assets("outcome").values) == ["materialized"])
    #expect(try await project.sqlite("select count(*) from paid") == [[3]])
    #expect(
      try await project.sqlite("select count(*) from paid", in: ".assetctl/prod.sqlite") == [[1]])
    #expect(try await project.assetctl("status").exitCode == 0)
    #expect(
      try await project.assetctl("runs", "--target", "prod", "--format", "json")
        .json["runs"].elements.count == 1)
  }

  @Test func `a project is found from a folder inside it, and by -C`() async throws {
    let project = try await ShopProject.materialized()
    let elsewhere = try TemporaryProject()

    let inside = try await project.assetctl("status", "-C", "assets/marts")
    let outside = try await elsewhere.assetctl("status", "-C", project.folder)

    #expect(inside == CommandResult(exitCode: 0, output: "all 6 assets are fresh\n"))
    #expect(outside == inside)
  }
}
