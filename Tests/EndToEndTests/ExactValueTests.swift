import AssetTestSupport
import Testing

/// Tables hold just what their queries and files give.
@Suite(.timeLimit(.minutes(10))) struct ExactValueTests {
  private func project(_ files: [String: String]) async throws -> TemporaryProject {
    let project = try TemporaryProject(
      ["assetctl.yml": "project: shop\n"].merging(files) { _, new in new })
    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 0, "\(run.output)")
    return project
  }

  @Test func `a number that no double holds keeps its digits in a seed`() async throws {
    let project = try await project([
      "assets/rates.csv": "id,rate\n1,9007199254740993.5\n2,0.5\n",
      "assets/lines.jsonl": #"{"rate": 1e999}"# + "\n" + #"{"rate": 0.12345678901234567890}"#
        + "\n",
      "assets/plain.csv": "id,rate\n1,0.1\n2,1e300\n",
    ])

    #expect(
      try await project.sqlite("select rate, typeof(rate) from rates order by id")
        == [["9007199254740993.5", "text"], ["0.5", "text"]])
    #expect(
      try await project.sqlite("select rate, typeof(rate) from lines order by rate")
        == [["0.12345678901234567890", "text"], ["1e999", "text"]])
    #expect(
      try await project.sqlite("select typeof(rate) from plain") == [["real"], ["real"]])
  }

  @Test func `a number that is too large for its declared type is an error`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop\n",
      "assets/lines.yml":
        "assets: [{name: lines, file: data/lines.jsonl, columns: {rate: real}}]\n",
      "data/lines.jsonl": #"{"rate": 1e999}"# + "\n",
    ])

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(run.output.contains("data/lines.jsonl:1"), "\(run.output)")
  }

  @Test func `a var of more than 64 bits keeps its digits`() async throws {
    let project = try await project([
      "assetctl.yml": "project: shop\nvars: {account: 31415926535897932384}\n",
      "assets/q.sql": "select :account as account",
    ])
    #expect(
      try await project.sqlite("select account from q") == [["31415926535897932384"]])

    let run = try await project.assetctl("materialize", "--var", "account=27182818284590452353")

    #expect(run.exitCode == 0)
    #expect(
      try await project.sqlite("select account from q") == [["27182818284590452353"]])
  }

  @Test func `a column keeps its name, whatever word that is`() async throws {
    let project = try await project([
      "assets/s.csv": "id,true,False\n1,2,3\n", "assets/q.sql": "select * from s",
    ])

    #expect(
      try await project.sqlite("select name from pragma_table_info('q')")
        == [["id"], ["true"], ["False"]])

    try project.write(
      "assets/v.sql", "/* @asset\nmaterialized: view\n*/\nselect * from s")
    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 1)
    #expect(
      run.output.contains("SQLite would give the column `true` of the view `v` another name"),
      "\(run.output)")
  }

  @Test func `a union of numbers and texts holds both`() async throws {
    let project = try await project([
      "assets/numbers.csv": "v\n7\n", "assets/texts.csv": "v\n007\n",
      "assets/q.sql": "select v from numbers union all select v from texts",
    ])

    #expect(
      try await project.sqlite("select v, typeof(v) from q order by typeof(v)")
        == [[7, "integer"], ["007", "text"]])
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `a snapshot sees that a number becomes a text`() async throws {
    let project = try await project([
      "assets/plans.csv": "id,plan\n1,10\n2,20\n",
      "assets/hist.sql":
        "/* @asset\nmaterialized: snapshot\nunique_key: id\n*/\nselect id, plan from plans",
    ])
    try project.write("assets/plans.csv", "id,plan\n1,010\n2,20\n")

    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(
      try await project.sqlite(
        "select plan, typeof(plan), valid_to is null from hist where id = 1 order by valid_from")
        == [[10, "integer", 0], ["010", "text", 1]])
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test(arguments: [
    "materialized: snapshot\nunique_key: \"true\"",
    "materialized: incremental\nunique_key: \"true\"\ncursor: id",
    "partitions: {column: id, values: [1, 2]}",
    "contract: enforced\ncolumns: {id: integer, \"true\": integer, \"false\": text}",
  ])
  func `a column named true is like any other`(settings: String) async throws {
    let condition =
      settings.contains("cursor")
      ? "where :cursor is null or id > :cursor"
      : settings.contains("partitions") ? "where id = :partition_key" : ""
    let project = try await project([
      "assets/s.csv": "id,true,false\n1,2,x\n2,3,y\n",
      "assets/q.sql": "/* @asset\n\(settings)\n*/\nselect * from s \(condition)",
    ])

    #expect(
      try await project.sqlite(#"select id, "true", "false" from q order by id"#)
        == [[1, 2, "x"], [2, 3, "y"]])
    try project.write("assets/s.csv", "id,true,false\n1,2,x\n2,3,z\n")
    let run = try await project.assetctl("materialize")
    #expect(run.exitCode == 0, "\(run.output)")
    #expect(try await project.assetctl("status").exitCode == 0)
  }
}
