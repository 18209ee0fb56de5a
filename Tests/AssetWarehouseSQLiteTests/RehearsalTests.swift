import AssetCore
import AssetTestSupport
import AssetWarehouse
import AssetWarehouseSQLite
import Testing

@Suite struct RehearsalTests {
  let file: TemporaryWarehouse

  init() throws { file = try TemporaryWarehouse() }

  private func given(_ key: AssetKey, _ columns: [Column], _ rows: [[Value]]) -> TableBuild {
    TableBuild(key: key, content: .rows { RowList(columns, rows) })
  }

  @Test func `tables are built as in the warehouse, which is not opened`() async throws {
    let results = try await file.warehouse.rehearse([
      given(
        "orders", [Column("id", type: "integer"), Column("note", type: "text"), Column("any")],
        [[.text("1"), .integer(2), .text("3")], [.integer(4), .null, .blob([0])]]),
      TableBuild(
        key: "doubled", content: .table(query: "select id * 2 as n, note from main.orders"),
        types: ["n": .real], inputs: ["orders"]),
      TableBuild(
        key: "v", content: .view(query: "select n from doubled order by n desc"),
        inputs: ["doubled"]),
    ])

    let tables = try results.map { try $0.get() }
    #expect(
      tables.map(\.rows) == [
        [[.integer(1), .text("2"), .text("3")], [.integer(4), .null, .blob([0])]],
        [[.real(2), .text("2")], [.real(8), .null]], [[.real(8)], [.real(2)]],
      ])
    #expect(
      tables[1].columns == [Column("n", type: "real"), Column("note", type: "text")])
    #expect(try file.shell().rows("select name from sqlite_schema") == [])
  }

  @Test func `a column has the affinity that SQLite's own word for it stands for`() async throws {
    let results = try await file.warehouse.rehearse([
      given(
        "t", [Column("a", type: "int"), Column("b", type: "num"), Column("c", type: "real")],
        [[.text("5"), .text("5.5"), .integer(5)]])
    ])

    #expect(try results[0].get().rows == [[.integer(5), .real(5.5), .real(5)]])
  }

  @Test func `what cannot be built is told, and missing for what follows`() async throws {
    let results = try await file.warehouse.rehearse([
      TableBuild(key: "a", content: .table(query: "select nosuch()")),
      TableBuild(key: "b", content: .table(query: "select * from a"), inputs: ["a"]),
      TableBuild(key: "c", content: .table(query: "select 1 as one")),
      TableBuild(key: "d", content: .table(query: "select one from c")),
      TableBuild(key: "e", content: .table(query: "delete from c")),
    ])

    #expect(
      results == [
        .failure(.refused(message: "no such function: nosuch", offset: 7)),
        .failure(.refused(message: "no such table: a", offset: nil)),
        .success(TableRows(columns: [Column("one")], rows: [[.integer(1)]])),
        .failure(.undeclaredInput(asset: "d", table: "c")),
        .failure(.refused(message: "the query does more than read", offset: nil)),
      ])
  }

  @Test func `nothing is left of one rehearsal for the next`() async throws {
    let build = TableBuild(key: "a", content: .table(query: "select 1 as one"))
    for _ in 0..<3 {
      let results = try await file.warehouse.rehearse([build])
      #expect(try results[0].get().rows == [[.integer(1)]])
    }
    #expect(
      try await file.warehouse.rehearse([
        TableBuild(key: "b", content: .table(query: "select * from a"), inputs: ["a"])
      ]) == [.failure(.refused(message: "no such table: a", offset: nil))])
  }

  @Test func `a rehearsal that takes forever can be cancelled`() async throws {
    let endless = TableBuild(
      key: "a",
      content: .table(
        query: "with recursive n(i) as (select 1 union all select i + 1 from n) "
          + "select count(*) as n from n"))
    let warehouse = file.warehouse
    let task = Task { try await warehouse.rehearse([endless]) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()

    await #expect(throws: CancellationError.self) { try await task.value }
    let after = try await warehouse.rehearse([
      TableBuild(key: "a", content: .table(query: "select 1 as one"))
    ])
    #expect(try after[0].get().rows == [[.integer(1)]])
  }
}
