import AssetTestSupport
import Testing

/// What a run makes good, or refuses to take for good.
@Suite struct RepairTests {
  private static let view = "/* @asset\nmaterialized: view\n*/\n"

  private func project(_ files: [String: String]) throws -> TemporaryProject {
    try TemporaryProject(
      ["assetctl.yml": "project: shop", "assets/seed.csv": "n\n1\n2\n"]
        .merging(files) { _, new in new })
  }

  @Test func `a view whose column went away is built again once it is mended`() async throws {
    let project = try project(["assets/v.sql": Self.view + "select n from seed"])
    try await project.assetctl("materialize")
    try project.write("assets/seed.csv", "m\n1\n2\n")
    let broken = try await project.assetctl("materialize", "--format", "json")
    #expect(try broken.assets("outcome") == ["seed": "materialized", "v": "failed"])

    try project.write("assets/v.sql", Self.view + "select m from seed")

    let run = try await project.assetctl("materialize", "--format", "json")
    #expect(try run.assets("outcome") == ["seed": "fresh", "v": "materialized"])
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `a table with an index is built again after its table was renamed by hand`()
    async throws
  {
    let project = try project([
      "assets/t.sql": "/* @asset\nindexes: [[n]]\n*/\nselect n from seed"
    ])
    try await project.assetctl("materialize")
    try await project.sqlite("alter table t rename to t_backup")

    let run = try await project.assetctl("materialize", "--format", "json")

    #expect(try run.assets("outcome") == ["seed": "fresh", "t": "unchanged"])
    #expect(try await project.sqlite("select n from t_backup order by n") == [[1], [2]])
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `a program that was edited and put back while it ran has failed`() async throws {
    let project = try project([
      "assets/p.sh": """
      # @asset
      # outputs: [build/p.txt]
      cp assets/p.sh build-copy
      echo '# edited' >> assets/p.sh
      cp build-copy assets/p.sh
      echo made > "$ASSETCTL_OUTPUT"
      """
    ])

    let run = try await project.assetctl("materialize", "p", "--format", "json")

    #expect(try run.assets("outcome") == ["p": "failed"])
    #expect(
      try run.assets("error")["p"] == "`assets/p.sh` was edited while `p` was made from it")
    #expect(!project.exists("build/p.txt"))
  }

  @Test func `a warehouse that is removed during a run is seen to be gone`() async throws {
    let project = try project([
      "assets/q.sql": "select n from seed",
      "assets/p.sh": """
      # @asset
      # inputs: [q]
      # outputs: [build/p.txt]
      rm -f .assetctl/warehouse.sqlite*
      echo made > "$ASSETCTL_OUTPUT"
      """,
    ])
    try await project.assetctl("materialize")

    let status = try await project.assetctl("status", "--format", "json")

    #expect(try status.assets("status") == ["seed": "stale", "q": "stale", "p": "waiting"])
    #expect(try await project.assetctl("materialize", "q").exitCode == 0)
    #expect(try await project.assetctl("status", "q").exitCode == 0)
  }

  @Test func `a file from the future is loaded`() async throws {
    let project = try project([:])
    _ = try await project.python(
      "import os, time; later = time.time() + 86400; os.utime('assets/seed.csv', (later, later))")

    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `how a source compares texts is part of its content`() async throws {
    let project = try project([
      "assets/sources.yml": "sources: [{name: ext}]",
      "assets/q.sql": "select count(*) as n from ext where e = 'a'",
    ])
    try await project.assetctl("materialize", "seed")
    try await project.sqlite("create table ext (e text)")
    try await project.sqlite("insert into ext values ('A')")
    try await project.assetctl("materialize")
    #expect(try await project.sqlite("select n from q") == [[0]])

    try await project.sqlite("drop table ext")
    try await project.sqlite("create table ext (e text collate nocase)")
    try await project.sqlite("insert into ext values ('A')")

    #expect(try await project.assetctl("status").exitCode == 3)
    try await project.assetctl("materialize")
    #expect(try await project.sqlite("select n from q") == [[1]])
  }

  @Test func `an output may not be the warehouse`() async throws {
    let project = try project([
      "assetctl.yml": "project: shop\nwarehouse: sqlite:wh.sqlite",
      "assets/p.sh": "# @asset\n# outputs: [wh.sqlite]\necho hi > $ASSETCTL_OUTPUT\n",
    ])

    #expect(
      try await project.assetctl("materialize")
        == CommandResult(
          exitCode: 2,
          errors: """
            assets/p.sh: error: `p` writes `wh.sqlite`, which is the warehouse

            hint: write to another path; a program whose rows are a table has `kind: table`

            """))
  }

  @Test func `the warehouse may not be the state store`() async throws {
    let project = try project([
      "assetctl.yml": "project: shop\nwarehouse: sqlite:.assetctl/state.sqlite"
    ])

    #expect(
      try await project.assetctl("materialize")
        == CommandResult(
          exitCode: 2,
          errors: """
            assetctl.yml: error: the warehouse `sqlite:.assetctl/state.sqlite` is assetctl's own state store

            hint: give the warehouse a file of its own

            """))
  }

  @Test func `a folder that leads back to itself is read once`() async throws {
    let project = try project(["assets/t.sql": "select n from seed"])
    _ = try await project.python("import os; os.symlink('.', 'assets/loop')")

    #expect(try await project.assetctl("materialize").exitCode == 0)
  }
}
