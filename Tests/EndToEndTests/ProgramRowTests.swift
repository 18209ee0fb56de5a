import AssetTestSupport
import Testing

/// Programs that are given just some rows of their inputs.
@Suite struct ProgramRowTests {
  private func project(_ condition: String, _ files: [String: String] = [:]) throws
    -> TemporaryProject
  {
    try TemporaryProject(
      [
        "assetctl.yml": "project: shop\nvars: {least: 1}",
        "assets/raw.csv": "region,n\neu,1\nus,2\nit's,3\n",
        "assets/daily.sql": "select region, n from raw",
        "assets/model.sh": """
        # @asset
        # foreach: [eu, us, "it's"]
        # kind: model
        # inputs:
        #   daily: {columns: [n], where: "\(condition)"}
        # outputs: ["build/{stem}.txt"]
        cat "$ASSETCTL_INPUT_DAILY" > "$ASSETCTL_OUTPUT"
        """,
      ].merging(files) { _, new in new })
  }

  @Test(arguments: ["region = :item", "n >= :least and region = :item", "region in (:item)"])
  func `a new row reruns the one of three models that is given it`(condition: String) async throws {
    let project = try project(condition)
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try project.read("build/eu.txt") == "n\n1\n")
    #expect(try project.read("build/it's.txt") == "n\n3\n")

    try project.write("assets/raw.csv", "region,n\nus,5\neu,1\nus,2\nit's,3\n")
    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(
      try run.assets("outcome") == [
        "raw": "materialized", "daily": "materialized", "model_eu": "fresh",
        "model_us": "materialized", "model_it_s": "fresh",
      ])
    #expect(try project.read("build/us.txt") == "n\n2\n5\n")
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `rows that change another column, or move, count`() async throws {
    let project = try project("region = :item")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.edit("assets/raw.csv", "eu,1", to: "us,1")

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(try run.assets("outcome")["model_eu"] == "materialized")
    #expect(try run.assets("outcome")["model_us"] == "materialized")
    #expect(try run.assets("outcome")["model_it_s"] == "fresh")
    #expect(try project.read("build/eu.txt") == "n\n")
  }

  @Test func `another condition is another definition`() async throws {
    let project = try project("n >= :least")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.write("assetctl.yml", "project: shop\nvars: {least: 2}")

    let why = try await project.assetctl("why", "model_eu")

    #expect(why.output.contains("its definition changed"), "\(why.output)")
    #expect(why.output.contains("where.daily"), "\(why.output)")
  }

  @Test func `a partition is given of these rows those of its own`() async throws {
    let project = try project(
      "region = :item",
      [
        "assets/raw.csv": """
        day,region,n
        2024-01-01,eu,1
        2024-01-01,us,2
        2024-01-02,eu,3

        """,
        "assets/daily.sql": "select day, region, n from raw",
        "assets/model.sh": """
        # @asset
        # kind: table
        # partitions: {column: day, every: day, start: 2024-01-01, end: 2024-01-03}
        # inputs:
        #   daily: {where: "region = 'eu'", window: {before: 0}}
        cat "$ASSETCTL_INPUT_DAILY" > "$ASSETCTL_OUTPUT"
        """,
      ])
    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    #expect(try await project.sqlite("select n from model order by n") == [[1], [3]])

    try project.edit("assets/raw.csv", "01-01,us,2", to: "01-01,us,9")
    let other = try await project.assetctl("materialize")
    #expect(!other.output.contains("materialized  model"), "\(other.output)")
    try project.edit("assets/raw.csv", "01-02,eu,3", to: "01-02,eu,4")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.sqlite("select n from model order by n") == [[1], [4]])
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `a column that the input surely does not have is an error in every command`()
    async throws
  {
    let project = try project("regoin = :item")
    let list = try await project.assetctl("list")

    #expect(list.exitCode == 2)
    #expect(list.errors.contains("assets/model.sh:5:5: error: `daily` has no column `regoin`"))
    #expect(list.errors.contains("did you mean `region`?"), "\(list.errors)")
  }

  @Test func `a column that turns out not to be there fails the program alone`() async throws {
    let project = try project(
      "regoin = :item",
      [
        "assets/daily.sql": "select 1",
        "assets/other.sh":
          "# @asset\n# name: other\n# kind: table\n# inputs: [raw]\ncp \"$ASSETCTL_INPUT_RAW\" \"$ASSETCTL_OUTPUT\"\n",
      ])
    try project.edit("assets/model.sh", "daily:", to: "other:")
    try project.edit("assets/model.sh", "INPUT_DAILY", to: "INPUT_OTHER")
    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1, "\(run.output)")
    #expect(run.output.contains("regoin"), "\(run.output)")
    #expect(run.output.contains("materialized  other"))
    let plan = try await project.assetctl("plan")
    #expect(plan.errors.contains("did you mean `region`?"), "\(plan.errors)")
    try project.edit("assets/model.sh", "regoin", to: "region")
    #expect(try await project.assetctl("materialize").exitCode == 0)
  }

  @Test(
    arguments: [
      ("n > (select 1)", "it reads other tables"), ("count(*) > 1", "the aggregate `count`"),
      ("random() > 1", "at another time"), ("n > 1) or (1", "closes nothing"),
      ("n >", "no condition on rows"), ("no_such(n) = 1", "no such function: no_such"),
      ("n > 1; drop table daily", "`;` has no place in it"), ("n = :nope", "no var `nope`"),
    ])
  func `what is no condition on rows is an error in every command`(
    condition: String, words: String
  ) async throws {
    let project = try project(condition)
    let list = try await project.assetctl("list")

    #expect(list.exitCode == 2)
    #expect(list.errors.contains("assets/model.sh:5:34: error:"), "\(list.errors)")
    #expect(list.errors.contains(words), "\(list.errors)")
  }

  @Test func `a query has its condition in its text`() async throws {
    let project = try project(
      "region = :item",
      ["assets/sum.sql": "/* @asset\ninputs: {raw: {where: n > 1}}\n*/ select sum(n) as n from raw"]
    )
    let list = try await project.assetctl("list")

    #expect(list.exitCode == 2)
    #expect(list.errors.contains("write the condition in the query"), "\(list.errors)")
  }
}
