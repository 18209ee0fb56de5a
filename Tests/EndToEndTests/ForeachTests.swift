import AssetTestSupport
import Testing

/// One declaration with `foreach:` makes assets that live by themselves.
@Suite struct ForeachTests {
  /// A table for each file of regions, and a file that is made from all of them.
  private func regions(_ more: [String: String] = [:]) throws -> TemporaryProject {
    try TemporaryProject(
      [
        "assetctl.yml": "project: shop\n",
        "assets/sales.sh": """
        # @asset
        # kind: table
        # foreach: data/*.csv
        cp "$ASSETCTL_ITEM" "$ASSETCTL_OUTPUT"
        """,
        "assets/total.sh": """
        # @asset
        # inputs: ["sales_*"]
        # outputs: [build/total.txt]
        env | grep '^ASSETCTL_INPUT_' | cut -d= -f1 | sort > "$ASSETCTL_OUTPUT"
        """,
        "data/de.csv": "n\n1\n", "data/it.csv": "n\n2\n",
      ].merging(more) { _, new in new })
  }

  private func outcomes(_ project: TemporaryProject) async throws -> [String: String] {
    try await project.assetctl("materialize", "--format", "json").assets("outcome")
  }

  @Test func `a file that is edited makes just its own asset stale`() async throws {
    let project = try regions()
    #expect(
      try await outcomes(project)
        == ["sales_de": "materialized", "sales_it": "materialized", "total": "materialized"])
    #expect(
      try project.read("build/total.txt") == "ASSETCTL_INPUT_SALES_DE\nASSETCTL_INPUT_SALES_IT\n")
    #expect(
      try await project.sqlite("select n from sales_de union all select n from sales_it")
        == [[1], [2]])

    try project.write("data/it.csv", "n\n3\n")

    #expect(
      try await project.assetctl("status", "--format", "json").causes
        == ["sales_it": ["input_changed data/it.csv"], "total": ["input_stale sales_it"]])
    #expect(
      try await outcomes(project)
        == ["sales_de": "fresh", "sales_it": "materialized", "total": "unchanged"])
    // The same content again makes nothing stale.
    try project.touch("data/de.csv")
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `a file that is edited while it is read is not taken for what was read`() async throws
  {
    let project = try regions([
      "assets/sales.sh": """
      # @asset
      # kind: table
      # foreach: data/*.csv
      cp "$ASSETCTL_ITEM" "$ASSETCTL_OUTPUT"
      [ "$ASSETCTL_STEM" = de ] || echo 9 >> "$ASSETCTL_ITEM"
      """
    ])

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(run.exitCode == 1)
    #expect(
      try run.assets("outcome")
        == ["sales_de": "materialized", "sales_it": "failed", "total": "skipped"])
    #expect(try run.assets("error")["sales_it"]?.contains("data/it.csv") == true)
  }

  @Test func `an item that comes is an asset more, and an input of who reads all`() async throws {
    let project = try regions()
    try await project.assetctl("materialize")

    try project.write("data/fr.csv", "n\n5\n")

    let causes = try await project.assetctl("status", "--format", "json").causes
    #expect(causes["sales_fr"] == ["never_materialized"])
    #expect(causes["total"]?.contains("input_added sales_fr") == true)
    #expect(
      try await outcomes(project) == [
        "sales_de": "fresh", "sales_fr": "materialized", "sales_it": "fresh",
        "total": "materialized",
      ])
  }

  @Test func `an item that goes is told of, and its output is kept until it is cleaned`()
    async throws
  {
    let project = try regions()
    try await project.assetctl("materialize")
    let line =
      "1 asset is no longer declared: sales_it (its output is kept; `assetctl clean` removes it)\n"

    try project.remove("data/it.csv")

    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 0)
    #expect(run.output.hasSuffix(line))
    #expect(try project.read("build/total.txt") == "ASSETCTL_INPUT_SALES_DE\n")
    #expect(
      try await project.assetctl("status")
        == CommandResult(exitCode: 0, output: "all 2 assets are fresh\n" + line))
    #expect(
      try await project.assetctl("status", "--format", "json").json["orphaned"] == ["sales_it"])
    #expect(try await project.sqlite("select n from sales_it") == [[2]])
    // The item comes back as it was, and nothing has to be done for it.
    try project.write("data/it.csv", "n\n2\n")
    #expect(try await outcomes(project)["sales_it"] == "fresh")
  }

  @Test func `the last item may go`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n", "data/a.csv": "n\n1\n",
      "assets/load.yml": "assets: [{name: l, foreach: data/*.csv, file: \"{item}\"}]\n",
    ])
    try await project.assetctl("materialize")

    try project.remove("data/a.csv")

    let status = try await project.assetctl("status")
    #expect(status.exitCode == 0)
    #expect(
      status.output == """
        there are no assets
        1 asset is no longer declared: l_a (its output is kept; `assetctl clean` removes it)

        """)
    #expect(
      status.errors == """
        assets/load.yml:1:29: warning: no file matches `data/*.csv`, so `l` makes no assets


        """)
    #expect(try await project.assetctl("clean").output.hasSuffix("1 output removed\n"))
    #expect(try await project.assetctl("status").output == "there are no assets\n")
    #expect(try await project.assetctl("materialize").exitCode == 0)
  }

  @Test func `a query has a table for each item of a list`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/orders.csv": "region,amount\nde,1\nde,2\nit's,4\n3,8\n",
      "assets/sales.sql": """
      /* @asset
      foreach: [de, "it's", 3]
      */
      select sum(amount) as total from orders where region = :item
      """,
    ])

    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(
      try await project.sqlite(
        "select 'de', * from sales_de union all select 'it', * from sales_it_s "
          + "union all select '3', * from sales_3") == [["de", 3], ["it", 4], ["3", 8]])
    // An item that is added makes the others no staler than they were.
    try project.edit("assets/sales.sql", "3]", to: "3, 'x');drop table sales_de;--']")
    try project.edit("assets/sales.sql", "'x')", to: "'x'')")
    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(
      try run.assets(where: "outcome", is: "fresh") == [
        "orders", "sales_3", "sales_de", "sales_it_s",
      ])
    #expect(
      try run.assets(where: "outcome", is: "materialized") == ["sales_x___drop_table_sales_de___"])
    #expect(try await project.sqlite("select * from sales_de") == [[3]])
  }

  static let odd = [
    "a b", "it's \"q\"", "$(touch pwned)", "`touch pwned`; touch pwned", "x\ny", "-n",
  ]

  @Test func `no item is ever read by a shell`() async throws {
    var files = [
      "assetctl.yml": "project: shop\n",
      "assets/copy.sh": """
      # @asset
      # foreach: data/*.txt
      # run: bash {file} {item} '{stem}'
      # outputs: ["build/out {stem}.txt"]
      [ "$1" = "$ASSETCTL_ITEM" ] && [ "$2" = "$ASSETCTL_STEM" ] && [ $# = 2 ] || exit 1
      printf '%s' "$2" > "$ASSETCTL_OUTPUT"
      """,
    ]
    for name in Self.odd { files["data/\(name).txt"] = name }
    let project = try TemporaryProject(files)

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(run.exitCode == 0)
    #expect(try run.assets(where: "outcome", is: "materialized").count == Self.odd.count)
    for name in Self.odd { #expect(try project.read("build/out \(name).txt") == name) }
    #expect(!project.exists("pwned"))
    #expect(try await project.assetctl("status").exitCode == 0)
    try project.remove("assets/copy.sh")
    try project.write("assets/one.sql", "select 1 as a")
    #expect(try await project.assetctl("clean").output.hasSuffix("6 outputs removed\n"))
    #expect(project.files(under: "build") == [])
  }
}
