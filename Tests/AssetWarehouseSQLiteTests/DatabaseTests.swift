import AssetCore
import AssetTestSupport
import AssetWarehouse
import AssetWarehouseSQLite
import Foundation
import Testing

/// Tables of other SQLite files, which are only read.
@Suite struct DatabaseTests {
  let file: TemporaryWarehouse
  let app: SQLiteShell
  private static let events = TableName("events", in: "app.sqlite")

  init() throws {
    file = try TemporaryWarehouse()
    app = try SQLiteShell(file.beside("app.sqlite"))
    try app.execute(
      """
      create table events (id integer primary key, kind text, at text);
      create index events_at on events (at);
      insert into events values (1, 'a', '2026-01-01'), (2, 'b', '2026-01-03');
      create table orders (id integer, total real);
      create view recent as select * from events where at > '2026-01-02'
      """)
  }

  private func look(
    _ table: TableName = events, under consumptions: Set<Consumption> = [.whole],
    newest column: String? = nil
  ) async throws -> Observation? {
    try await file.warehouse.observe([
      TableRequest(
        key: "source", table: table, consumptions: consumptions, isPublished: false,
        timeColumn: column)
    ])["source"]
  }

  private func newest(_ column: String = "at") async throws -> NewestTime.Finding? {
    guard case .present(let content)? = try await look(under: [], newest: column) else {
      return nil
    }
    return content.details?.newest?.finding
  }

  /// Publishes what a query gives of `events`, looked at in the same snapshot.
  @discardableResult
  private func publish(
    _ query: String = "select id from \"app.sqlite\".events",
    reading inputs: Set<TableName> = [events]
  ) async throws -> BuiltTable {
    try await file.publish(
      "t", query, reading: inputs,
      observing: inputs.filter { $0.database != nil }.sorted().map {
        TableRequest(
          key: AssetKey(trusted: $0.name), table: $0, consumptions: [.whole], isPublished: false)
      })
  }

  // MARK: - Looking

  @Test func `a table has the same digests in whatever database it stands`() async throws {
    let consumptions: Set<Consumption> = [.whole, .rowCount, .columns(["kind"])]
    try file.execute(
      """
      create table events (id integer primary key, kind text, at text);
      insert into events values (2, 'b', '2026-01-03'), (1, 'a', '2026-01-01')
      """)

    let beside = try await look(under: consumptions)

    #expect(beside == (try await look("events", under: consumptions)))
    #expect(beside == (try await look(TableName("EVENTS", in: "app.sqlite"), under: consumptions)))
  }

  @Test func `a view of another database is looked at`() async throws {
    guard case .present(let content)? = try await look(TableName("recent", in: "app.sqlite")) else {
      Issue.record("it is there")
      return
    }
    #expect(content.details?.rows == 1)
    #expect(
      try await file.warehouse.preview(
        table: TableName("recent", in: "app.sqlite"), limit: 5
      ).rows == [[.integer(2), .text("b"), .text("2026-01-03")]])
  }

  @Test func `what cannot be read is unknown, each with its reason`() async throws {
    try app.execute("create view broken as select no_column from events")
    try Data("this is no database, but long enough\n".utf8 + Array(repeating: 1, count: 2000))
      .write(to: URL(fileURLWithPath: file.beside("junk.sqlite")))
    try FileManager.default.createDirectory(
      atPath: file.beside("folder.sqlite"), withIntermediateDirectories: true)
    func reason(_ table: TableName) async throws -> Observation? { try await look(table) }

    #expect(
      try await reason(TableName("t", in: "none.sqlite"))
        == .unknown("there is no file `none.sqlite`"))
    #expect(
      try await reason(TableName("t", in: "junk.sqlite"))
        == .unknown("`junk.sqlite` is no SQLite database"))
    #expect(
      try await reason(TableName("t", in: "folder.sqlite"))
        == .unknown("`folder.sqlite` is not a file"))
    #expect(try await reason(TableName("nothing", in: "app.sqlite")) == .missing)
    #expect(
      try await reason(TableName("broken", in: "app.sqlite"))
        == .broken("`app.sqlite` cannot be read: no such column: no_column"))
    #expect(!FileManager.default.fileExists(atPath: file.beside("none.sqlite")))
  }

  @Test func `a page that cannot be read makes its table unknown and no other`() async throws {
    let path = file.beside("app.sqlite")
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let page =
      Int(
        try #require(
          try app.rows(
            "select (rootpage - 1) * 4096 from sqlite_schema where name = 'events'")[0].first)) ?? 0
    bytes.replaceSubrange(page..<page + 64, with: Array(repeating: 255, count: 64))
    try bytes.write(to: URL(fileURLWithPath: file.beside("bad.sqlite")))

    #expect(
      try await look(TableName("events", in: "bad.sqlite"))
        == .unknown("`bad.sqlite` cannot be read: database disk image is malformed"))
    guard case .present? = try await look(TableName("orders", in: "bad.sqlite")) else {
      Issue.record("it is another page")
      return
    }
  }

  @Test func `a write that was cut short is not undone here`() async throws {
    try app.execute(
      """
      pragma cache_size = 2; create table big (x);
      with recursive s(v) as (select 1 union all select v + 1 from s where v < 300)
      insert into big select randomblob(900) from s;
      begin; update big set x = randomblob(900)
      """)
    for suffix in ["", "-journal"] {
      try FileManager.default.copyItem(
        atPath: file.beside("app.sqlite" + suffix), toPath: file.beside("cut.sqlite" + suffix))
    }
    try app.execute("rollback")
    let journal = try Data(contentsOf: URL(fileURLWithPath: file.beside("cut.sqlite-journal")))

    #expect(
      try await look(TableName("big", in: "cut.sqlite"))
        == .unknown(
          "`cut.sqlite` cannot be read: a write to it was cut short, "
            + "and is to be undone by a program that may write it"))
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: file.beside("cut.sqlite-journal"))) == journal)
  }

  @Test func `who writes in WAL mode is neither waited for nor held up`() async throws {
    try app.execute(
      "pragma journal_mode = wal; begin immediate; insert into events values (3, 'c', '')")
    let before = try await look(under: [.rowCount])
    try await publish()
    try app.execute("commit")
    let path = file.beside("app.sqlite")
    let held = try await exportWhile {
      try SQLiteShell(path).execute("insert into events values (4, 'd', '')")
    }

    guard case .present(let content)? = before else {
      Issue.record("it is there")
      return
    }
    #expect(content.details?.rows == 2)
    #expect(held == 3)
    #expect(try file.shell().rows("select count(*) from t") == [["2"]])
  }

  /// Exports the events, while something else happens; gives the number of rows that were seen.
  private func exportWhile(_ body: @escaping @Sendable () throws -> Void) async throws -> Int {
    let sink = CountingSink()
    _ = try await file.warehouse.export(
      TableRequest(key: "source", table: Self.events, consumptions: [.whole], isPublished: false),
      columns: nil
    ) { _ in
      try body()
      return sink
    }
    return sink.count
  }

  @Test func `a stamp tells of each change of its own database alone`() async throws {
    func settled(_ database: String?) async throws -> String {
      for _ in 0..<500 {
        if let stamp = try await file.warehouse.stamp(of: database) { return stamp }
        try await Task.sleep(for: .milliseconds(10))
      }
      throw TestProblem("the file does not settle")
    }
    try await file.publish("x", "select 1 as id")
    _ = try SQLiteShell(file.beside("other.sqlite")).execute("create table t (id)")
    for mode in ["delete", "wal"] {
      try app.execute("pragma journal_mode = \(mode)")
      let before = try await settled("app.sqlite")
      let others = [try await settled("other.sqlite"), try await settled(nil)]
      try app.execute("update events set kind = 'in \(mode)' where id = 1")
      #expect(try await settled("app.sqlite") != before)
      #expect([try await settled("other.sqlite"), try await settled(nil)] == others)
    }
    // Looking changes nothing of it.
    let before = try await settled("app.sqlite")
    _ = try await look()
    #expect(try await settled("app.sqlite") == before)
    // SQLite puts the log beside the file that a link leads to.
    try FileManager.default.createSymbolicLink(
      atPath: file.beside("link.sqlite"), withDestinationPath: file.beside("app.sqlite"))
    let linked = try await settled("link.sqlite")
    try app.execute("update events set kind = 'y' where id = 1")
    #expect(try await settled("link.sqlite") != linked)
  }

  // MARK: - Building

  @Test func `a build reads tables of equal names in several databases`() async throws {
    try SQLiteShell(file.beside("b.sqlite")).execute(
      "create table events (id integer); insert into events values (7)")
    try file.execute("create table events (id integer); insert into events values (9)")

    let built = try await publish(
      """
      with recursive "a" as not materialized (select * from "app.sqlite"."events"),
        "b" as not materialized (select * from "b.sqlite"."events")
      select id from a union all select id from b union all select id from events
      """,
      reading: ["events", Self.events, TableName("events", in: "b.sqlite")])

    #expect(built.details.rows == 4)
    #expect(
      try file.shell().rows("select id from t order by id") == [["1"], ["2"], ["7"], ["9"]])
    #expect(try await file.another().preview(table: "t", limit: 9).rows.count == 4)
  }

  @Test func `what is read is digested as it is read`() async throws {
    let seen = try await look()
    let built = try await publish()
    try app.execute("insert into events values (3, 'c', '2026-01-05')")
    let after = try await look()
    let again = try await publish()

    #expect(built.observed["events"].map { .present($0) } == seen)
    #expect(again.observed["events"].map { .present($0) } == after)
    #expect(seen != after)
  }

  @Test(arguments: ["select id from orders", "select count(*) as n from orders"])
  func `a name without its database means the warehouse`(query: String) async throws {
    // SQLite would search what is attached, too, and find it there.
    await #expect(throws: WarehouseError.missingTable("orders")) {
      try await publish(query, reading: ["orders", Self.events])
    }
    await #expect(throws: WarehouseError.missingTable("orders")) {
      try await publish(
        query, reading: ["orders", Self.events, TableName("orders", in: "app.sqlite")])
    }
  }

  @Test func `a table of another database that is no input is refused`() async throws {
    for query in [
      "select total from \"app.sqlite\".orders", "select count(*) as n from \"app.sqlite\".orders",
      "select 1 as one from \"app.sqlite\".events join \"app.sqlite\".orders using (id)",
    ] {
      await #expect(throws: WarehouseError.undeclaredInput(asset: "t", table: "orders")) {
        try await publish(query)
      }
    }
    try await publish(
      "select id from \"app.sqlite\".recent", reading: [TableName("recent", in: "app.sqlite")])
  }

  @Test func `a database that cannot be read fails the build and leaves the warehouse usable`()
    async throws
  {
    try await file.publish("t", "select 1 as id")
    await #expect(
      throws: WarehouseError.unreadableDatabase("there is no file `none.sqlite`")
    ) {
      try await publish(
        "select id from \"none.sqlite\".t", reading: [TableName("t", in: "none.sqlite")])
    }
    #expect(try file.shell().rows("select id from t") == [["1"]])
    try await publish()
    #expect(try file.shell().rows("select count(*) from t") == [["2"]])
  }

  @Test func `a query reads ten databases and no more`() async throws {
    let names = try (0..<11).map { index in
      try SQLiteShell(file.beside("d\(index).sqlite")).execute(
        "create table t (id); insert into t values (\(index))")
      return TableName("t", in: "d\(index).sqlite")
    }
    func query(_ tables: ArraySlice<TableName>) -> String {
      tables.map { "select id from \"\($0.database ?? "")\".t" }.joined(separator: " union all ")
    }

    #expect(try await publish(query(names[..<10]), reading: Set(names[..<10])).details.rows == 10)
    await #expect(
      throws: WarehouseError.tooManyDatabases(asset: "t", count: 11, limit: 10)
    ) { try await publish(query(names[...]), reading: Set(names)) }
  }

  @Test func `nothing is ever written to another database`() async throws {
    let path = file.beside("app.sqlite")
    let before = try Data(contentsOf: URL(fileURLWithPath: path))

    _ = try await look(newest: "at")
    try await publish()
    for query in ["insert into \"app.sqlite\".events values (9, '', '') returning id"] {
      await #expect(throws: (any Error).self) { try await publish(query) }
    }

    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    #expect(!FileManager.default.fileExists(atPath: path + "-journal"))
  }

  // MARK: - Which columns are read

  @Test func `SQLite tells which columns of which database a query reads`() async throws {
    try file.execute("create table events (id integer, mine text)")
    let query = """
      select a.kind, count(b.id) as n from "app.sqlite".events a
      join events b on a.id = b.id group by a.kind
      """

    #expect(
      try await file.warehouse.programReads(
        of: query, tables: ["events", Self.events, TableName("orders", in: "app.sqlite")]) == [
          "events": .columns(["id"]), Self.events: .columns(["id", "kind"]),
          TableName("orders", in: "app.sqlite"): .rowCount,
        ])
    #expect(
      try await file.warehouse.reads(
        of: "select * from \"app.sqlite\".recent", tables: [TableName("recent", in: "app.sqlite")])
        == [TableName("recent", in: "app.sqlite"): .whole])
  }

  // MARK: - The newest time

  @Test(
    arguments: [
      ("('2026-01-01'), ('2026-01-03'), (null)", .time(Timestamp(milliseconds: 1_767_398_400_000))),
      ("(1767398400), (5)", .time(Timestamp(milliseconds: 1_767_398_400_000))),
      ("(1767398400000)", .time(Timestamp(milliseconds: 1_767_398_400_000))),
      ("(1767398400.75)", .time(Timestamp(milliseconds: 1_767_398_400_750))),
      // In UTC the second is the newest, and the first the greatest text.
      (
        "('2026-01-03T10:00:00+10:00'), ('2026-01-02T20:00:00-08:00'), ('2026-01-03T01:00:00Z')",
        .time(Timestamp(milliseconds: 1_767_412_800_000))
      ),
      ("('2026-01-03'), ('soon')", .unreadable("soon")), ("(1e300)", .unreadable("1e+300")),
      ("(x'00')", .unreadable("a blob")), ("(null), (null)", .nothing),
    ] as [(String, NewestTime.Finding)])
  func `the newest time is found`(values: String, finding: NewestTime.Finding) async throws {
    try app.execute(
      "drop table events; create table events (At); insert into events values \(values)")

    #expect(try await newest() == finding)
    try app.execute("create index i on events (at)")
    #expect(try await newest("AT") == finding)
  }

  @Test func `without rows or the column there is no newest time`() async throws {
    #expect(try await newest("nothing") == .noColumn)
    try app.execute("delete from events")
    #expect(try await newest() == .nothing)
  }
}

private final class CountingSink: RowSink, @unchecked Sendable {
  var count = 0

  func write(_ row: [Value]) throws { count += 1 }
  func finish() throws {}
}
