import AssetTestSupport
import Testing

/// Tables that are loaded from files that programs write.
@Suite struct WrittenFileTests {
  private func project(_ files: [String: String]) throws -> TemporaryProject {
    try TemporaryProject(
      [
        "assetctl.yml": "project: shop",
        "assets/raw.csv": "id,n\n1,10\n",
        "assets/pull.sh": """
        # @asset
        # inputs: [raw]
        # outputs: [build/orders.csv]
        cp "$ASSETCTL_INPUT_RAW" "$ASSETCTL_OUTPUT"
        """,
        "assets/split.sh": """
        # @asset
        # inputs: [raw]
        # outputs: [build/parts/]
        tail -n +2 "$ASSETCTL_INPUT_RAW" | while IFS=, read -r id n; do
          printf 'id,n\\n%s,%s\\n' "$id" "$n" > "$ASSETCTL_OUTPUT/$id.csv"
        done
        """,
        "assets/s.yml": """
        sources:
          - {name: orders, file: build/orders.csv}
          - {name: parts, file: "build/parts/*.csv"}
        """,
        "assets/sum.sql": "select sum(n) as n from orders",
        "assets/count.sql": "select count(*) as n from parts",
      ].merging(files) { _, new in new })
  }

  private let fresh = ["raw", "pull", "split", "orders", "parts", "sum", "count"]

  @Test func `the first run extracts, loads and transforms`() async throws {
    let project = try project([:])
    let plan = try await project.assetctl("plan")
    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(plan.exitCode == 0, "\(plan.output)")
    #expect(run.exitCode == 0, "\(run.output)")
    #expect(
      try run.assets("outcome")
        == Dictionary(uniqueKeysWithValues: fresh.map { ($0, "materialized") }))
    #expect(try await project.sqlite("select sum.n, count.n from sum, count") == [[10, 1]])
    let status = try await project.assetctl("status")
    #expect(status.exitCode == 0, "\(status.output)")
  }

  @Test func `one run takes over what programs write anew, files that come and go among it`()
    async throws
  {
    let project = try project([:])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    for (rows, expected) in [
      ("1,10\n2,5\n3,1\n", [16, 3] as [JSONValue]), ("1,10\n3,2\n", [12, 2]),
    ] {
      try project.write("assets/raw.csv", "id,n\n" + rows)
      #expect(try await project.assetctl("status").exitCode == 3)
      let run = try await project.assetctl("materialize")
      #expect(run.exitCode == 0, "\(run.output)")
      #expect(try await project.sqlite("select sum.n, count.n from sum, count") == [expected])
      let status = try await project.assetctl("status")
      #expect(status.exitCode == 0, "\(status.output)")
    }
  }

  @Test func `a program that writes the same bytes again leaves its readers fresh`() async throws {
    let project = try project([:])
    #expect(try await project.assetctl("materialize").exitCode == 0)

    let run = try await project.assetctl("materialize", "+sum", "--force", "--format", "json")
    let again = try await project.assetctl("materialize", "pull", "--force")

    #expect(run.exitCode == 0 && again.exitCode == 0)
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `what waits for a program says so, and is skipped when that fails`() async throws {
    let project = try project([:])
    #expect(try await project.assetctl("materialize").exitCode == 0)
    try project.write(
      "assets/pull.sh", "# @asset\n# inputs: [raw]\n# outputs: [build/orders.csv]\nexit 1\n")

    let status = try await project.assetctl("status", "--format", "json")
    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(try status.assets("status")["orders"] == "waiting")
    #expect(try run.assets("outcome")["orders"] == "skipped")
    #expect(try run.assets("outcome")["parts"] == "fresh")
  }

  @Test func `the edge is part of lineage and of selections`() async throws {
    let project = try project([:])
    let lineage = try await project.assetctl("lineage", "orders")
    let list = try await project.assetctl("list", "+sum", "--format", "json")

    #expect(lineage.output.contains("pull"), "\(lineage.output)")
    #expect(list.output.contains("\"pull\""), "\(list.output)")
    #expect(!list.output.contains("\"split\""), "\(list.output)")
  }

  @Test(
    arguments: [
      ("build/lnk", "real", "build/lnk/x.txt"), ("alias", "build", "alias/real/"),
      ("alias", "build", "alias/real/*.txt"), ("given.txt", "build/real/x.txt", "given.txt"),
      ("build/far", "near/", "build/far/x.txt"),
    ])
  func `links hide no writer`(link: String, target: String, path: String) async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: t\n", "build/keep": "",
      "assets/sources.yml": "sources: [{name: given, path: \"\(path)\"}]\n",
      "assets/writer.sh":
        "# @asset\n# outputs: [build/real/x.txt]\necho one > \"$ASSETCTL_OUTPUT\"\n",
      "assets/reader.sh":
        "# @asset\n# inputs: [given]\n# outputs: [out.txt]\ncp -rL \"$ASSETCTL_INPUT_GIVEN\" \"$ASSETCTL_OUTPUT\"\n",
    ])
    // What the link leads to is not there yet, and may lie behind another one.
    try project.link(link, to: target)
    if target == "near/" { try project.link("build/near", to: project.folder + "/build/real") }

    for word in ["one", "two"] {
      let run = try await project.assetctl("materialize")
      #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
      #expect(try await project.assetctl("status").exitCode == 0)
      #expect(try await project.assetctl("lineage", "reader").output.contains("writer"))
      if word == "one" { try project.edit("assets/writer.sh", "one", to: "two") }
    }
    #expect(try project.read("build/real/x.txt") == "two\n")
  }

  @Test func `a circle through a link is one`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: t\n", "build/zz/keep": "",
      "assets/c.sh":
        "# @asset\n# inputs: [build/lz/]\n# outputs: [build/zz/c.txt]\ndate > \"$ASSETCTL_OUTPUT\"\n",
    ])
    try project.link("build/lz", to: "zz")
    for command in ["list", "validate"] {
      #expect(try await project.assetctl(command).exitCode == 2)
    }
  }
}
