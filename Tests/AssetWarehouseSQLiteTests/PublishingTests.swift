import AssetCore
import AssetTestSupport
import AssetWarehouse
import AssetWarehouseSQLite
import Foundation
import Testing

@Suite struct PublishingTests {
  let file: TemporaryWarehouse

  init() throws { file = try TemporaryWarehouse() }

  @Test func `a table holds what its query gives`() async throws {
    try await file.publish("orders", "select 1 as id, 'a' as name union all select 2, null")
    let table = try await file.publish(
      "total", "select count(*) as n from orders", reading: ["Orders"])

    #expect(table.details.rows == 1)
    #expect(table.details.columns.map(\.name) == ["n"])
    #expect(
      try file.shell().rows("select * from orders order by id") == [["1", "a"], ["2", "∅"]])
    #expect(try file.shell().rows("select n from total") == [["2"]])
  }

  @Test func `declared types are those of the table, and convert as such`() async throws {
    let table = try await file.publish(
      "t", "select '5' as a, 1 as b, '2013-01-01' as c, 'x' as d, 2 as e, x'00' as f, '1.50' as g",
      types: [
        "a": .integer, "B": .text, "c": .date, "d": .integer, "e": .real, "f": .blob, "g": .numeric,
      ]
      .reduce(into: [:]) { $0[$1.key.lowercased()] = $1.value })

    #expect(
      table.details.columns.map(\.type) == [
        "integer", "text", "text", "integer", "real", "blob", "numeric",
      ])
    #expect(
      try file.shell().rows(
        "select typeof(a), typeof(b), typeof(c), typeof(d), typeof(e), typeof(f), typeof(g) from t")
        == [["integer", "text", "text", "text", "real", "blob", "real"]])
  }

  @Test func `indexes are made`() async throws {
    try await file.publish("t", "select 1 as a, 2 as b", indexes: [["a", "b"], ["b"]])
    try await file.publish("t", "select 1 as a, 2 as b", indexes: [["a", "b"], ["b"]])

    #expect(
      try file.shell().rows(
        "select name from sqlite_schema where type = 'index' and tbl_name = 't' order by 1")
        == [["assetctl_index.t.a,b"], ["assetctl_index.t.b"]])
  }

  @Test(
    arguments: [
      (
        "select a from nowhere",
        .refused(message: "no such table: nowhere", offset: nil)
      ),
      ("select 1 as a, 2 as A", .duplicateColumn(asset: "t", column: "A")),
      (
        "select id from secret join allowed using (id)",
        .undeclaredInput(asset: "t", table: "secret")
      ),
      ("select id from leak", .undeclaredInput(asset: "t", table: "leak")),
      ("select count(*) as n from secret", .undeclaredInput(asset: "t", table: "secret")),
    ] as [(String, WarehouseError)])
  func `a query that may not be is refused`(query: String, error: WarehouseError) async throws {
    try file.execute(
      "create table secret as select 1 as id; create view leak as select id from secret")
    try await file.publish("allowed", "select 1 as id")

    await #expect(throws: error) {
      try await file.publish("t", query, reading: ["allowed"])
    }
  }

  @Test(
    arguments: [
      "select id from leak", "select count(*) as n from leak",
      "select a.id from leak as a join leak as b using (id)",
      "with x as (select * from leak) select max(id) as id from x",
    ])
  func `what an allowed view reads is its own business`(query: String) async throws {
    try await file.publish("secret", "select 1 as id")
    try await file.publish("leak", "select id from secret", reading: ["secret"], isView: true)

    try await file.publish("t", query, reading: ["leak"])

    #expect(try file.shell().rows("select * from t") == [["1"]])
  }

  @Test(
    arguments: [
      "delete from orders", "insert into orders values (1)", "update orders set id = 2",
      "drop table orders", "create table x (a)", "attach 'x.sqlite' as x",
      "pragma user_version = 1",
      "begin", "with a as (select 1) delete from orders", "vacuum",
    ])
  func `a query that writes is refused, and nothing is written`(query: String) async throws {
    try await file.publish("orders", "select 1 as id")

    await #expect(throws: WarehouseError.self) {
      try await file.publish("t", query, reading: ["orders"])
    }

    #expect(try file.shell().rows("select id from orders") == [["1"]])
    #expect(
      try file.shell().rows("select name from sqlite_schema where type = 'table' order by 1")
        == [["assetctl_publication"], ["orders"]])
  }

  @Test func `an extension cannot be loaded by a query`() async throws {
    await #expect(throws: WarehouseError.self) {
      try await file.publish("t", "select load_extension('x') as a")
    }
  }

  @Test(arguments: ["table orders (id)", "view orders as select 1 as id"])
  func `something of that name that others made is never replaced`(object: String) async throws {
    try file.execute("create \(object)")

    await #expect(throws: WarehouseError.foreignTable("Orders")) {
      try await file.publish("Orders", "select 5 as id")
    }

    #expect(
      try file.shell().rows("select sql from sqlite_schema where name = 'orders'") == [
        [object.replacing("table", with: "CREATE TABLE").replacing("view", with: "CREATE VIEW")]
      ])
  }

  @Test(
    arguments: ["select abs(-9223372036854775807 - 1) as id", "select id from nowhere", "select"])
  func `a build that fails keeps the old rows`(query: String) async throws {
    let before = try await file.publish("orders", "select 1 as id")

    await #expect(throws: WarehouseError.self) { try await file.publish("orders", query) }

    #expect(try await file.warehouse.look(at: "orders") == .present(before.content))
    #expect(try file.shell().rows("select id from orders") == [["1"]])
  }

  @Test func `a declared column that the query does not give is told with the nearest`()
    async throws
  {
    await #expect(
      throws: WarehouseError.unknownColumn(asset: "t", column: "carier", nearest: "carrier")
    ) {
      try await file.publish("t", "select 1 as carrier", types: ["carier": .text])
    }
  }

  @Test func `others see the old rows until a build is done`() async throws {
    try await file.publish("orders", "select 1 as id")
    let path = file.path
    let build = TableBuild(
      key: "orders", content: .table(query: "select 2 as id"), consumptions: [.whole])

    try await file.warehouse.publish(build) { _, _ in
      let rows = try SQLiteShell(path).rows("select id from orders")
      #expect(rows == [["1"]])
      return Publication(asset: "orders", materialization: "m2", record: "")
    }

    #expect(try SQLiteShell(path).rows("select id from orders") == [["2"]])
  }

  @Test func `what somebody else writes between looking and publishing is noticed`() async throws {
    try await file.publish("orders", "select 1 as id")
    _ = try await file.warehouse.look(at: "orders")

    try file.execute("update orders set id = 5")

    await #expect(throws: WarehouseError.changedMeanwhile) {
      try await file.publish("total", "select sum(id) as n from orders", reading: ["orders"])
    }
    _ = try await file.warehouse.look(at: "orders")
    try await file.publish("total", "select sum(id) as n from orders", reading: ["orders"])
    #expect(try file.shell().rows("select n from total") == [["5"]])
  }

  @Test(.timeLimit(.minutes(5)))
  func `a long query that is cancelled leaves the old table`() async throws {
    try await file.publish("orders", "select 1 as id")
    let file = file
    let endless = """
      with recursive n (i) as (select 1 union all select i + 1 from n)
      select count(*) as id from n
      """
    let build = TableBuild(key: "orders", content: .table(query: endless))
    let warehouse = file.warehouse
    let task = Task {
      try await warehouse.publish(build) { _, _ in
        Publication(asset: "orders", materialization: "m2", record: "")
      }
    }

    task.cancel()

    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(try file.shell().rows("select id from orders") == [["1"]])
    try await file.publish("orders", "select 2 as id")
    #expect(try file.shell().rows("select id from orders") == [["2"]])
  }

  @Test func `a file that is no database is told`() async throws {
    try Data("this is no database, it is a text of some length".utf8)
      .write(to: URL(fileURLWithPath: file.path))

    let error = WarehouseError.unusable(
      warehouse: "sqlite:w.sqlite", reason: "file is not a database")
    await #expect(throws: error) { try await file.warehouse.look(at: "orders") }
    await #expect(throws: error) { try await file.publish("orders", "select 1 as id") }
  }
}
