import AssetCore
import AssetState
import AssetTestSupport
import GRDB
import Testing

/// A store of an earlier version is brought up to date, and nothing becomes stale by that.
@Suite struct MigrationTests {
  let folder: TemporaryStore

  init() throws {
    folder = try TemporaryStore()
    try Version1.make(
      at: folder.path,
      """
      insert into run values ('run1', 'default', 'materialize', 1000, 2000, 'succeeded');
      insert into attempt values
        (1, 'run1', 'default', 'daily', 1000, 1500, 'materialized', null,
          '[{"cause":"never_materialized"}]', null, null),
        (2, 'run1', 'default', 'report', 1500, 1600, 'failed', 'no such column: x',
          '[{"cause":"input_changed","input":"daily"}]',
          '{"definition":"def1:r","inputs":{"daily":{"consumption":"*","digest":"rows1:d"}}}',
          null);
      insert into materialization values
        ('run1/daily', 'default', 'daily', 'run1', 1500, 500, 'def1:d', 'rows1:d', 7,
          '[{"name":"day","type":"text"}]', null, null);
      insert into materialization_input values
        ('run1/daily', 'orders', '"*"', 'rows1:o'),
        ('run1/daily', 'visits', '["day"]', 'rows1:v'),
        ('run1/daily', 'file:data/x.csv', '"*"', 'sha256:x');
      insert into definition values ('def1:d', '{"fields":[],"tag":"test"}');
      insert into asset_state values
        ('default', 'daily', 'run1/daily', 1), ('default', 'report', null, 2);
      insert into asset values
        ('default', 'daily', 'table', 'table', 'marts', null, null, '[]', 'assets/daily.sql');
      insert into warehouse_stamp values ('default', 'stamp');
      insert into table_digest values ('default', 'daily', '"*"', 'rows1:d');
      insert into file_stamp values ('data/x.csv', 'then', 'sha256:x');
      """)
  }

  private func open() throws -> StateStore { try StateStore.open(folder.path, target: "default") }

  private var daily: Materialization {
    Materialization(
      id: "run1/daily", asset: "daily", run: "run1", finishedAt: Timestamp(milliseconds: 1500),
      durationMilliseconds: 500,
      provenance: Provenance(
        definition: "def1:d",
        inputs: [
          .asset("orders"): ConsumedInput(.whole, "rows1:o"),
          .asset("visits"): ConsumedInput(.columns(["day"]), "rows1:v"),
          .file("data/x.csv"): ConsumedInput(.whole, "sha256:x"),
        ]),
      product: Product(
        digest: "rows1:d", rows: 7, columns: [ProducedColumn(name: "day", type: "text")]))
  }

  @Test func `what was materialized stays fresh, and what failed stays failed`() throws {
    let history = try open().history()

    let now = Circumstances(
      definition: "def1:d",
      inputs: [
        .asset("orders"): .known([.whole: "rows1:o"]),
        .asset("visits"): .known([.whole: "rows1:w", .columns(["day"]): "rows1:v"]),
        .file("data/x.csv"): .known([.whole: "sha256:x"]),
      ],
      output: .present([.whole: "rows1:d"]))
    #expect(staleCauses(from: history["daily"]?.last, to: now) == [])
    let failed = try #require(history["report"]?.lastAttempt?.provenance)
    #expect(
      failed
        == Provenance(
          definition: "def1:r", inputs: [.asset("daily"): ConsumedInput(.whole, "rows1:d")]))
  }

  @Test func `all that was recorded is there as it was`() throws {
    let store = try open()

    #expect(try store.materializations(of: "daily", limit: 5) == [daily])
    #expect(try store.causes(of: "daily", in: "run1") == [.neverMaterialized])
    #expect(
      try store.fileStamps() == ["data/x.csv": FileStamp(stamp: "then", digest: "sha256:x")])
    #expect(try store.runs(limit: 5).map(\.attempts.count) == [2])
    #expect(
      try store.definition("def1:d") == CanonicalForm(tag: "test", fields: []))
  }

  @Test func `a run that was killed has no end that nobody saw`() throws {
    try DatabaseQueue(path: folder.path).write { database in
      try database.execute(
        sql: """
          insert into run values ('run2', 'default', 'materialize', 3000, 3005, 'cancelled');
          insert into attempt values
            (3, 'run2', 'default', 'daily', 3005, null, null, null, '[]', null, null);
          """)
    }
    let runs = try open().runs(limit: 5)

    #expect(runs.map(\.endedAt?.milliseconds) == [nil, 2000])
    #expect(runs.map(\.lastSeenAt?.milliseconds) == [3005, nil])
    #expect(try open().lastRun()?.undone == ["daily"])
  }

  @Test func `what was only remembered to save work is looked at anew`() throws {
    #expect(try open().tableContents(at: "stamp") == nil)
  }

  @Test func `what is recorded from then on has all that is new`() throws {
    let store = try open()

    try store.record(materialization(in: "run2", at: tuesday))

    #expect(
      try store.materializations(of: "daily", limit: 5) == [
        materialization(in: "run2", at: tuesday), daily,
      ])
    let count = try DatabaseQueue(path: folder.path).read { database in
      try Int.fetchOne(database, sql: "select count(*) from v_column_lineage")
    }
    #expect(count == 3)
  }
}
