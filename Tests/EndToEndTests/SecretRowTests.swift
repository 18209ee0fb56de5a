import AssetTestSupport
import Foundation
import Testing

/// Secrets in rows: in the warehouse they are data, and wherever rows leave it they are masked.
@Suite struct SecretRowTests {
  private static let dsn = "postgres://u:pw%40zz@h/db"
  private static let environment = ["DSN": dsn]

  private func project(_ more: [String: String] = [:]) throws -> TemporaryProject {
    try TemporaryProject(
      [
        "assetctl.yml": "project: shop\nsecrets: [DSN]\nvars: {dsn: 'dsn=${DSN}'}\n",
        "assets/leak.sh": """
        # @asset
        # kind: table
        # checks: [{expression: "a = 1", severity: warn}]
        printf 'a\\n%s\\n' "$DSN" > "$ASSETCTL_OUTPUT"

        """,
        "assets/q.sql": """
        /* @asset
        keep: 1
        checks: [{expression: "a = 1", severity: warn}]
        */
        select a from leak

        """,
      ].merging(more) { _, new in new })
  }

  private func run(_ project: TemporaryProject, _ words: String...) async throws -> String {
    let result = try await project.assetctl(words, environment: Self.environment)
    return result.output + result.errors
  }

  private func expectNothing(in shown: String, _ project: TemporaryProject) async throws {
    #expect(!shown.contains("pw%40zz"))
    // What is kept of a run, and the record beside the published table.
    #expect(try RuntimeTests.holds("pw%40zz", in: project.folder + "/.assetctl/runs") == false)
    let store = FileManager.default.contents(atPath: project.folder + "/.assetctl/state.sqlite")
    #expect(try #require(store).range(of: Data("pw%40zz".utf8)) == nil)
    let records = try await project.sqlite("select group_concat(record) from assetctl_publication")
    #expect(!"\(records)".contains("pw%40zz"))
  }

  @Test func `no row that is shown or kept has a secret`() async throws {
    let project = try project()
    var shown = try await run(project, "materialize", "--format", "jsonl")
    try project.edit("assets/q.sql", "select a from", to: "select a || '!' as a from")
    shown += try await run(project, "materialize", "--dry-run", "--diff")
    shown += try await run(project, "materialize")
    for words in [
      ["check"], ["check", "--format", "json"], ["preview", "leak"], ["preview", "q"],
      ["preview", "q", "--format", "json"], ["diff", "q"], ["diff", "q", "--format", "json"],
      ["show", "q"], ["show", "q", "--format", "json"], ["runs", "last"],
      ["runs", "last", "--format", "json"], ["test", "--generate", "q"],
    ] {
      let result = try await project.assetctl(words, environment: Self.environment)
      shown += result.output + result.errors
    }

    #expect(shown.contains("***"))
    try await expectNothing(in: shown, project)
    #expect(try RuntimeTests.holds("pw%40zz", in: project.folder + "/tests") == false)
    #expect(try await project.sqlite("select a from leak") == [[.string(Self.dsn)]])
  }

  @Test func `a failing test masks what its query gave`() async throws {
    let project = try project([
      "assets/v.sql": "select :dsn as a, id from ids\n", "assets/ids.csv": "id\n1\n",
      "tests/v.yml":
        "tests:\n  - name: one\n    asset: v\n    given: {ids: [{id: 1}]}\n    expect: [{a: x, id: 1}]\n",
    ])

    let shown = try await run(project, "test")

    #expect(shown.contains("***"))
    #expect(!shown.contains("pw%40zz"))
  }

  @Test func `a var that is filled from a secret is one`() async throws {
    let project = try project([
      "assets/v.sql": """
      /* @asset
      checks: [{expression: "a <> :dsn", severity: warn}]
      */
      select :dsn as a

      """
    ])
    var shown = try await run(project, "materialize")
    shown += try await run(project, "show", "v", "--format", "json")
    shown += try await run(project, "preview", "v")
    let other = try await project.assetctl(["status", "v"], environment: ["DSN": "other"])
    let given = try await project.assetctl(
      ["preview", "v", "--var", "dsn=dsn=\(Self.dsn)"], environment: ["DSN": "other"])

    try await expectNothing(in: shown + given.output, project)
    #expect(other.exitCode == 3)
    #expect(try await project.sqlite("select a from v") == [[.string("dsn=\(Self.dsn)")]])
  }

  @Test func `a view does not keep a secret in its text`() async throws {
    let project = try project([
      "assets/v.sql": "/* @asset\nmaterialized: view\n*/\nselect a = :dsn as is_it from leak\n"
    ])

    let list = try await project.assetctl(["list"], environment: Self.environment)

    #expect(list.exitCode == 2)
    #expect(
      list.errors == """
        assets/v.sql: error: the view `v` would keep the value of `:dsn`, which is filled from a \
        secret, in its text

        hint: make it a table: its text is not kept in the warehouse

        """)
  }
}
