import AssetCore
import AssetTestSupport
import AssetWarehouse
import AssetWarehouseSQLite
import Foundation
import Testing

@Suite struct ObservingTests {
  let file: TemporaryWarehouse

  init() throws { file = try TemporaryWarehouse() }

  @Test func `a table that was altered has another digest, one put back the same`() async throws {
    let built = try await file.publish("t", "select 1 as a union all select 2")

    try file.execute("update t set a = 3 where a = 2")
    let altered = try await file.warehouse.look(at: "t")
    try file.execute("update t set a = 2 where a = 3")

    #expect(altered != .present(built.content))
    #expect(try await file.warehouse.look(at: "t") == .present(built.content))
  }

  @Test(
    arguments: [
      "drop table t; create view t as select 1 as a", "delete from assetctl_publication",
    ])
  func `something else in a table's place is seen as such`(change: String) async throws {
    try await file.publish("t", "select 1 as a", types: ["a": .integer])

    try file.execute(change)

    #expect(try await file.warehouse.look(at: "t") == .replaced)
  }

  @Test(
    arguments: [
      "drop table t; create table t as select 1 as a", "alter table t add column b",
      "alter table t rename column a to b", "delete from t",
    ])
  func `another table under the name has another digest`(change: String) async throws {
    let built = try await file.publish("t", "select 1 as a", types: ["a": .integer])

    try file.execute(change)

    let observed = try #require(try await file.warehouse.look(at: "t"))
    guard case .present(let digests) = observed else {
      Issue.record("it is there: \(observed)")
      return
    }
    #expect(digests[.whole] != built.content[.whole])
  }

  @Test func `a table that was dropped is missing`() async throws {
    try await file.publish("t", "select 1 as a")

    try file.execute("drop table t")

    #expect(try await file.warehouse.look(at: "t") == .missing)
  }

  @Test func `a view is what was published until its definition is another`() async throws {
    try await file.publish("orders", "select 1 as id")
    let built = try await file.publish(
      "v", "select id from orders", reading: ["orders"], isView: true)
    #expect(try await file.warehouse.look(at: "v") == .present(built.content))

    try file.execute("drop view v; create view v as select id + 1 as id from orders")

    #expect(try await file.warehouse.look(at: "v") == .replaced)
  }

  @Test func `a view may take a table's place and the other way round`() async throws {
    try await file.publish("t", "select 1 as id")
    try await file.publish("t", "select 2 as id", isView: true)
    #expect(try file.shell().rows("select type from sqlite_schema where name = 't'") == [["view"]])

    try await file.publish("t", "select 3 as id")

    #expect(try file.shell().rows("select id from t") == [["3"]])
  }

  @Test func `a view whose table is gone is broken, with the reason`() async throws {
    try await file.publish("orders", "select 1 as id")
    try await file.publish("v", "select id from orders", reading: ["orders"], isView: true)

    try file.execute("drop table orders")

    #expect(
      try await file.warehouse.look(at: "v", under: [.columns(["id"])])
        == .broken("no such table: main.orders"))
  }

  @Test func `a source needs no publication`() async throws {
    try file.execute("create table App_Events as select 1 as id")

    let observed = try await file.warehouse.observe([
      TableRequest(
        key: "events", table: "app_events", consumptions: [.rowCount], isPublished: false)
    ])

    guard case .present(let digests)? = observed["events"] else {
      Issue.record("it is there")
      return
    }
    #expect(Array(digests.digests.keys) == [.rowCount])
  }

  @Test func `it does not matter among how many others a table is looked at`() async throws {
    try await file.publish("orders", "select 1 as id")
    try await file.publish("v", "select id from orders", reading: ["orders"], isView: true)
    try await file.publish("changed", "select id from orders", reading: ["orders"], isView: true)
    try await file.publish("foreign_t", "select 1 as id")
    try file.execute(
      """
      drop view changed; create view changed as select 2 as id;
      delete from assetctl_publication where asset = 'foreign_t'
      """)
    let few = ["orders", "V", "changed", "foreign_t", "nothing"].map {
      TableRequest(
        key: AssetKey(trusted: $0), table: TableName($0), consumptions: [.whole, .rowCount])
    }
    let others = (0..<100).map {
      TableRequest(
        key: AssetKey(trusted: "t\($0)"), table: TableName("t\($0)"), consumptions: [.whole])
    }

    let alone = try await file.warehouse.observe(few)
    let among = try await file.warehouse.observe(few + others)

    #expect(among.filter { alone[$0.key] != nil } == alone)
    #expect(alone["changed"] == .replaced)
    #expect(alone["foreign_t"] == .replaced)
    #expect(alone["nothing"] == .missing)
    #expect(alone.count == 5)
  }

  @Test func `tables that somebody else made or dropped are seen by name`() async throws {
    func look() async throws -> [Bool] {
      let requests = ["made", "gone"].map {
        TableRequest(
          key: AssetKey(trusted: $0), table: TableName($0), consumptions: [.rowCount],
          isPublished: false)
      }
      let seen = try await file.warehouse.observe(requests)
      return [seen["made"], seen["gone"]].map { $0 != .missing }
    }
    try file.execute("create table gone (a)")
    #expect(try await look() == [false, true])

    try file.execute("drop table gone; create table made (a)")

    #expect(try await look() == [true, false])
  }

  @Test func `without a consumption only the columns are looked at`() async throws {
    try await file.publish("t", "select 1 as a, 'x' as b", types: ["a": .integer])

    #expect(
      try await file.warehouse.look(at: "t", under: [])
        == .present(
          Content(
            [:],
            details: ContentDetails(
              rows: nil,
              columns: [
                ColumnContent(name: "a", type: "integer"), ColumnContent(name: "b", type: ""),
              ]))))
  }

  @Test func `looking makes no file`() async throws {
    #expect(try await file.warehouse.look(at: "t") == .missing)

    #expect(try await file.warehouse.publications() == [])
    await #expect(throws: WarehouseError.missingTable("t")) {
      try await file.warehouse.preview(table: "t", limit: 1)
    }
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }

  @Test func `rows are exported in the order of all written columns, each value with its type`()
    async throws
  {
    try await file.publish(
      "t", "values (2, 'b', 1.5), (1, null, x'00'), (1, 'a', null), (null, 'z', 1)")
    let sink = CollectingSink()

    _ = try await file.warehouse.export(
      TableRequest(key: "t", table: "t", consumptions: [.whole]), columns: nil
    ) { columns in
      sink.columns = columns
      return sink
    }

    #expect(sink.columns.map(\.name) == ["column1", "column2", "column3"])
    #expect(
      sink.rows == [
        [.null, .text("z"), .integer(1)], [.integer(1), .null, .blob([0])],
        [.integer(1), .text("a"), .null], [.integer(2), .text("b"), .real(1.5)],
      ])
  }

  @Test func `a preview gives columns and rows`() async throws {
    try await file.publish("t", "select 1 as a, 'x' as b")

    #expect(
      try await file.warehouse.preview(table: "t", limit: 5)
        == TablePreview(columns: ["a", "b"], rows: [[.integer(1), .text("x")]], isCut: false))
  }
}

/// Collects what is exported; written by one thread, then read.
final class CollectingSink: RowSink, @unchecked Sendable {
  var columns: [Column] = []
  var rows: [[Value]] = []

  func write(_ row: [Value]) throws { rows.append(row) }
  func finish() throws {}
}
