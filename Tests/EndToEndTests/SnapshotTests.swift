import AssetTestSupport
import Testing

/// Snapshots: the history of rows, which nothing throws away.
@Suite(.timeLimit(.minutes(10))) struct SnapshotTests {
  private func project(
    _ settings: String = "unique_key: id", query: String = "select * from customers",
    _ files: [String: String] = [:]
  ) async throws -> TemporaryProject {
    let project = try TemporaryProject(
      [
        "assetctl.yml": "project: shop\n",
        "assets/sources.yml": "sources:\n  - name: customers\n",
        "assets/history.sql": "/* @asset\nmaterialized: snapshot\n\(settings)\n*/\n\(query)\n",
      ].merging(files) { _, new in new })
    try project.write(".assetctl/keep", "")
    try await project.sqlite(
      "pragma journal_mode = wal", "create table customers (id integer, city text)",
      "insert into customers values (1, 'Oslo'), (2, 'Rome')")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    return project
  }

  /// The versions, each with whether it has ended.
  private func versions(
    of project: TemporaryProject, _ columns: String = "id, city"
  ) async throws -> [[JSONValue]] {
    try await project.sqlite(
      "select \(columns), valid_to is not null from history order by id, valid_from")
  }

  @Test func `a changed row is another version, and a repeated run changes nothing`() async throws {
    let project = try await project()
    try await project.sqlite("update customers set city = 'Bergen' where id = 1")

    let run = try await project.assetctl("materialize", "--format", "json")
    let again = try await project.assetctl("materialize", "--force", "--format", "json")

    let asset = try run.json["assets"].elements.first { $0["asset"] == "history" }
    #expect([asset?["rows_added"], asset?["rows_updated"], asset?["rows"]] == [1, 1, 3])
    #expect(try again.assets("outcome") == ["history": "unchanged"])
    #expect(
      try await versions(of: project) == [[1, "Oslo", 1], [1, "Bergen", 0], [2, "Rome", 0]])
    let times = try await project.sqlite(
      "select a.valid_to = b.valid_from, a.valid_from < b.valid_from, b.valid_from glob '????-??-??T??:??:??.???Z' from history a, history b where a.city = 'Oslo' and b.city = 'Bergen'"
    )
    #expect(times == [[1, 1, 1]])
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `a row that is gone ends if that is asked for, and may come back`() async throws {
    let project = try await project("unique_key: id\nhard_deletes: invalidate")
    try await project.sqlite("delete from customers where id = 2")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await versions(of: project) == [[1, "Oslo", 0], [2, "Rome", 1]])

    try await project.sqlite("insert into customers values (2, 'Rome')")
    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(
      try await versions(of: project) == [[1, "Oslo", 0], [2, "Rome", 1], [2, "Rome", 0]])
  }

  @Test func `a changed definition goes on with the history`() async throws {
    let project = try await project()
    try project.edit(
      "assets/history.sql", "select * from customers",
      to: "select id, upper(city) as name from customers")

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 0, "\(run.output)")
    #expect(
      try await versions(of: project, "id, city, name") == [
        [1, "Oslo", .null, 1], [1, .null, "OSLO", 0], [2, "Rome", .null, 1],
        [2, .null, "ROME", 0],
      ])
  }

  @Test func `a full refresh never begins a history anew`() async throws {
    let project = try await project()
    try await project.sqlite("update customers set city = 'Bergen' where id = 1")

    let alone = try await project.assetctl("materialize", "history", "--full-refresh")
    let forced = try await project.assetctl("materialize", "--force")

    #expect(alone.exitCode == 2)
    #expect(
      alone.errors.contains("`history` keeps a history, which cannot be built anew"),
      "\(alone.errors)")
    #expect(forced.exitCode == 0)
    #expect(try await versions(of: project).count == 3)
  }

  @Test func `a history that was altered by hand goes on from what it holds`() async throws {
    let project = try await project()
    try await project.sqlite(
      "insert into history values (3, 'Wien', '2020-01-01T00:00:00.000Z', '2021-01-01T00:00:00.000Z')"
    )

    let status = try await project.assetctl("status", "history")
    #expect(try await project.assetctl("materialize").exitCode == 0)

    #expect(status.output.contains("its output was altered"))
    #expect(try await versions(of: project).last == [3, "Wien", 1])
    #expect(try await project.assetctl("status").exitCode == 0)

    try await project.sqlite("alter table history drop column valid_to")
    let broken = try await project.assetctl("materialize")
    #expect(broken.exitCode == 1)
    #expect(
      broken.output.contains("the table `history` is no longer the history that was published"))
    #expect(try await project.sqlite("select count(*) from history") == [[3]])
  }

  @Test func `a history that is missing begins anew, with a warning`() async throws {
    let project = try await project()
    try await project.sqlite("drop table history")

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 0)
    #expect(
      run.output.contains(
        "warning: the table `history` was missing, so that its history begins anew"),
      "\(run.output)")
    #expect(try await versions(of: project) == [[1, "Oslo", 0], [2, "Rome", 0]])
  }

  @Test(arguments: [
    "select * from customers", "/* @asset\nmaterialized: view\n*/ select * from customers",
    "/* @asset\nmaterialized: incremental\ncursor: id\n*/ select * from customers "
      + "where :cursor is null or id > :cursor",
    "/* @asset\npartitions: {column: id, values: [1, 2]}\n*/ select * from customers "
      + "where id = :partition_key",
  ])
  func `what is no longer a snapshot does not take the place of its history`(
    declaration: String
  ) async throws {
    let project = try await project()
    try project.write("assets/history.sql", declaration)

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(
      run.output.contains(
        "the table `history` holds the history of a snapshot, which `history` no longer is"),
      "\(run.output)")
    #expect(try await versions(of: project).count == 2)
    try await project.sqlite("drop table history")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await project.assetctl("status").exitCode == 0)
  }

  @Test func `cleaning keeps a history unless it is told otherwise`() async throws {
    let project = try await project(
      "unique_key: id", ["assets/other.sql": "select 1 as x"])
    try project.remove("assets/history.sql")

    let kept = try await project.assetctl("clean", "--format", "json")
    let text = try await project.assetctl("clean")
    #expect(try await versions(of: project).count == 2)
    let removed = try await project.assetctl("clean", "--snapshots")

    #expect(
      try kept.json["assets"].elements.first?["outputs"].elements.first?["because"] == "history")
    #expect(text.output.contains("the table, because it holds the history of a snapshot"))
    #expect(removed.output.contains("1 output removed"), "\(removed.output)")
    #expect(
      try await project.sqlite("select count(*) from sqlite_schema where name = 'history'")
        == [[0]])
  }

  @Test func `a contract and checks hold for the columns of the query`() async throws {
    let project = try await project(
      """
      unique_key: id
      contract: enforced
      columns: {id: {type: integer, checks: [not_null]}, city: text}
      checks: [expression: city <> 'Nowhere']
      """)
    try await project.sqlite("update customers set city = 'Nowhere' where id = 1")

    #expect(try await project.assetctl("materialize").exitCode == 1)
    #expect(try await versions(of: project) == [[1, "Oslo", 0], [2, "Rome", 0]])
    try await project.sqlite("update customers set city = 'Bergen' where id = 1")
    #expect(try await project.assetctl("materialize").exitCode == 0)
    #expect(try await versions(of: project).count == 3)
  }

  @Test func `keys that do not tell rows apart change nothing`() async throws {
    let project = try await project("unique_key: id\ncolumns: {id: {sensitive: true}}")
    try await project.sqlite("insert into customers values (1, 'Wien')")

    let run = try await project.assetctl("materialize")

    #expect(run.exitCode == 1)
    #expect(run.output.contains("gives several rows with the same `id`"))
    #expect(run.output.contains("id •••: 2 rows"))
    #expect(try await versions(of: project) == [[1, "Oslo", 0], [2, "Rome", 0]])
  }
}
