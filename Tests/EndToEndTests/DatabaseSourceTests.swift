import AssetTestSupport
import Foundation
import Testing

/// Sources in other SQLite files.
@Suite struct DatabaseSourceTests {
  private static let sources = """
    sources:
      - {name: events, database: data/app.sqlite}
      - {name: people, database: ./data/app.sqlite, table: App Users}
      - {name: orders, database: "${CRM}"}
    """
  private static let environment = ["CRM": "data/crm.sqlite"]

  private func project(_ files: [String: String] = [:]) async throws -> TemporaryProject {
    let project = try TemporaryProject(
      [
        "assetctl.yml": "project: shop", "assets/sources.yml": Self.sources, "data/x": "",
        "assets/per_person.sql": """
        select name, count(*) as n from events join people on people.id = events.person group by 1
        """,
        "assets/total.sql": "select sum(amount) as total from orders",
        "assets/top.sql": "select max(n) as n from per_person",
      ].merging(files) { _, new in new })
    try await project.sqlite(
      "create table events (person integer, at text)",
      "create table \"App Users\" (id integer, name text, phone text)",
      "insert into events values (1, '2026-01-01'), (1, '2026-01-02'), (2, '2026-01-02')",
      "insert into \"App Users\" values (1, 'Ada', '1'), (2, 'Grace', '2')", in: "data/app.sqlite")
    try await project.sqlite(
      "create table orders (id integer, amount real)", "insert into orders values (1, 2.5)",
      in: "data/crm.sqlite")
    return project
  }

  private func run(_ project: TemporaryProject, _ words: String...) async throws -> CommandResult {
    try await project.assetctl(words, environment: Self.environment)
  }

  private func statuses(_ project: TemporaryProject) async throws -> [String: String] {
    try await run(project, "status", "--format", "json").assets("status")
  }

  @Test func `queries read tables of several files by the sources' names`() async throws {
    let project = try await project()

    let run = try await run(project, "materialize")

    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    #expect(
      try await project.sqlite("select name, n from per_person order by 1")
        == [["Ada", 2], ["Grace", 1]])
    #expect(try await project.sqlite("select total from total") == [[2.5]])
    #expect(try await self.run(project, "status").output == "all 3 assets are fresh\n")
  }

  @Test(arguments: [true, false])
  func `the warehouse is no database beside itself, by whatever link`(isSymbolic: Bool) async throws
  {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop", "assets/base.sql": "select 1 as x",
    ])
    try await project.assetctl("materialize")
    let warehouse = project.folder + "/.assetctl/warehouse.sqlite"
    let link = project.folder + "/link.sqlite"
    if isSymbolic {
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: warehouse)
    } else {
      try FileManager.default.linkItem(atPath: warehouse, toPath: link)
    }
    try project.write(
      "assets/s.yml", "sources: [{name: other, database: link.sqlite, table: base}]")
    try project.write("assets/reader.sql", "select x from other")

    for command in ["status", "list", "plan", "materialize", "clean"] {
      let result = try await project.assetctl(command)
      #expect(result.exitCode == 2)
      #expect(result.errors.contains("is the warehouse itself"), "\(result.errors)")
    }
  }

  @Test func `a change makes stale just who reads the column`() async throws {
    let project = try await project()
    _ = try await run(project, "materialize")

    try await project.sqlite("update \"App Users\" set phone = '3'", in: "data/app.sqlite")
    try await project.sqlite("update orders set id = 2", in: "data/crm.sqlite")
    #expect(try await run(project, "status").exitCode == 0)

    try await project.sqlite(
      "update \"App Users\" set name = 'A' where id = 1", in: "data/app.sqlite")
    let status = try await run(project, "status")

    #expect(
      status.output == """
        stale  per_person  `people` changed in `name`
        waiting  top  waits for `per_person`

        1 fresh, 1 stale, 1 waiting

        """)
    #expect(
      try await run(project, "materialize", "--format", "json").assets("outcome")
        == ["per_person": "materialized", "top": "fresh", "total": "fresh"])
  }

  @Test func `a file that is replaced by another is looked at`() async throws {
    let project = try await project()
    _ = try await run(project, "materialize")
    try await project.sqlite(
      "create table orders (id integer, amount real)", "insert into orders values (1, 2.5)",
      in: "data/new.sqlite")
    _ = try await project.python("import os; os.replace('data/new.sqlite', 'data/crm.sqlite')")
    #expect(try await run(project, "status").exitCode == 0)

    try await project.sqlite(
      "create table orders (id integer, amount real)", "insert into orders values (1, 9)",
      in: "data/new.sqlite")
    _ = try await project.python("import os; os.replace('data/new.sqlite', 'data/crm.sqlite')")

    #expect(try await statuses(project)["total"] == "stale")
  }

  @Test func `a file that cannot be read stops just its readers`() async throws {
    let project = try await project()
    _ = try await run(project, "materialize")
    try await project.sqlite("insert into orders values (2, 1)", in: "data/crm.sqlite")
    _ = try await project.python("import os; os.rename('data/app.sqlite', 'data/away.sqlite')")

    #expect(
      try await run(project, "status").output == """
        unknown  events  there is no file `data/app.sqlite`
        unknown  people  there is no file `data/app.sqlite`
        unknown  per_person  its input `events` is unknown: there is no file `data/app.sqlite`
        unknown  top  its input `per_person` is unknown: its input `events` is unknown: \
        there is no file `data/app.sqlite`
        stale  total  `orders` changed in `amount`

        1 stale, 4 unknown

        """)
    let run = try await run(project, "materialize", "--format", "json")

    #expect(run.exitCode == 1)
    #expect(
      try run.assets("outcome")
        == ["per_person": "failed", "top": "skipped", "total": "materialized"])
    #expect(try await project.sqlite("select count(*) from per_person") == [[2]])
    #expect(!project.exists("data/app.sqlite"))

    _ = try await project.python("import os; os.rename('data/away.sqlite', 'data/app.sqlite')")
    #expect(try await self.run(project, "materialize").exitCode == 0)
  }

  @Test func `preview, show and lineage know of the other file`() async throws {
    let project = try await project([
      "assets/s.sh": """
      # @asset
      # outputs: [build/people.csv]
      # inputs: {people: {columns: [name]}}
      cat "$ASSETCTL_INPUT_PEOPLE" > "$ASSETCTL_OUTPUT"
      """
    ])

    #expect(
      try await run(project, "preview", "people").output
        == "id  name  phone\n 1  Ada  1\n 2  Grace  2\n")
    #expect(
      try await run(project, "show", "people").output == """
        people
          kind:  source
          declared in: assets/sources.yml
          table:  App Users
          database:  data/app.sqlite
          readers:  per_person, s
          status:  fresh

        """)
    #expect(
      try await run(project, "lineage", "per_person", "--format", "json").json["edges"]
        == .array([
          .object([
            "from": "events", "to": "per_person", "consumes": .array(["person"]),
          ]),
          .object(["from": "people", "to": "per_person", "consumes": .array(["id", "name"])]),
          .object(["from": "per_person", "to": "top", "consumes": .array(["n"])]),
        ]))
    let run = try await run(project, "materialize", "s")
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    #expect(try project.read("build/people.csv") == "name\nAda\nGrace\n")
    #expect(
      try await self.run(project, "preview", "orders", "-C", project.folder).output
        == "id  amount\n 1  2.5\n")
  }

  @Test func `what is written during a run is recorded as it was read`() async throws {
    let project = try await project([
      "assets/early.sh": """
      # @asset
      # kind: table
      # inputs: [total]
      python3 - <<'EOF'
      import sqlite3
      database = sqlite3.connect("data/app.sqlite")
      database.execute("insert into events values (2, '2026-01-03')")
      database.commit()
      EOF
      printf 'x\\n1\\n' > "$ASSETCTL_OUTPUT"
      """,
      "assets/late.sql": "select count(*) as n, max(x) as x from events, early",
    ])

    let run = try await run(project, "materialize", "late")

    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    #expect(try await project.sqlite("select n from late") == [[4]])
    #expect(try await statuses(project)["late"] == "fresh")
    try await project.sqlite(
      "delete from events where at = '2026-01-03'", in: "data/app.sqlite")
    #expect(try await statuses(project)["late"] == "stale")
  }

  @Test func `a column that takes a name over during a run is noticed`() async throws {
    let project = try await project([
      "assets/early.sh": """
      # @asset
      # kind: table
      # inputs: [total]
      python3 - <<'EOF'
      import sqlite3
      database = sqlite3.connect("data/app.sqlite")
      database.execute("alter table events add column name text default 'x'")
      database.commit()
      EOF
      printf 'x\\n1\\n' > "$ASSETCTL_OUTPUT"
      """,
      // An outer name stands for itself as long as the inner table has none.
      "assets/late.sql": """
      select id, x, (select max(name) from events where person = people.id) as name
      from people, early
      """,
    ])

    let run = try await run(project, "materialize", "late")

    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    #expect(try await project.sqlite("select name from late where id = 1") == [["x"]])
    #expect(try await statuses(project)["late"] == "fresh")
    try await project.sqlite("update events set name = 'z'", in: "data/app.sqlite")
    #expect(try await statuses(project)["late"] == "stale")
  }

  @Test func `many readers at once read one file that is written all the time`() async throws {
    let project = try await project(
      Dictionary(
        uniqueKeysWithValues: (0..<12).map {
          ("assets/r\($0).sql", "select count(*) as n, max(at) as at, \($0) as r from events")
        }))
    try await project.sqlite("pragma journal_mode = wal", in: "data/app.sqlite")
    let writer = try project.startPython(
      """
      import os, sqlite3
      # It waits for nobody.
      database = sqlite3.connect("data/app.sqlite", timeout=0, isolation_level=None)
      count = 0
      while not os.path.exists("stop"):
          database.execute("insert into events values (3, ?)", (str(count),))
          count += 1
          open("started", "w").close()
      print(count)
      """)
    try await project.wait(for: "the writer") { project.exists("started") }

    let run = try await run(project, "materialize", "r*")
    try project.write("stop", "")
    let written = try await writer.result()

    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    #expect(written.exitCode == 0, "\(written.errors)")
    let counts = try await project.sqlite(
      (0..<12).map { "select n from r\($0)" }.joined(separator: " union all "))
    // What was read is what is recorded: with just those rows there again it is fresh.
    let least = counts.compactMap { Int($0[0].text) }.min() ?? 0
    try await project.sqlite(
      "delete from events where rowid > \(least)", in: "data/app.sqlite")
    let statuses = try await statuses(project)
    for (index, count) in counts.enumerated() where Int(count[0].text) == least {
      #expect(statuses["r\(index)"] == "fresh")
    }
  }

  @Test func `checks look into other files, too`() async throws {
    let project = try await project([
      "assets/sources.yml": Self.sources.replacing(
        "table: App Users}", with: "table: App Users, checks: [unique: phone]}"),
      "assets/seen.sql": """
      /* @asset
      checks: [relationships: {column: person, to: people.id}]
      */
      select person from events
      """,
    ])
    let run = try await run(project, "materialize", "seen")
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    #expect(try await self.run(project, "check").exitCode == 0)

    try await project.sqlite("update \"App Users\" set id = 7, phone = '1'", in: "data/app.sqlite")
    let check = try await self.run(project, "check", "--format", "json")

    #expect(check.exitCode == 1)
    #expect(try await self.run(project, "materialize", "seen", "--force").exitCode == 1)
    _ = try await project.python("import os; os.rename('data/app.sqlite', 'data/away.sqlite')")
    #expect(
      try await self.run(project, "check").output.contains("there is no file `data/app.sqlite`"))
  }

  @Test func `a source may not be the warehouse itself`() async throws {
    let project = try TemporaryProject([
      "assetctl.yml": "project: shop",
      "assets/s.yml": "sources:\n  - {name: a, database: x/../.assetctl/warehouse.sqlite}\n",
    ])

    let status = try await project.assetctl("status")

    #expect(status.exitCode == 2)
    #expect(
      status.errors == """
        assets/s.yml:2:25: error: the database `.assetctl/warehouse.sqlite` of the source `a` is the \
        warehouse itself

        hint: leave out `database:`; a source without one is a table of the warehouse

        """)
  }
}
