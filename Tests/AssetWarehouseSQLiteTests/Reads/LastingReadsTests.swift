import AssetCore
import AssetWarehouse
import AssetWarehouseSQLite
import Testing

/// What is recorded of a query that only the engine could read.
@Suite struct LastingReadsTests {
  let file: TemporaryWarehouse

  init() throws {
    file = try TemporaryWarehouse()
    try file.execute(
      """
      create table a (id, x, y); create table b (id, k);
      create table keyed (id integer primary key, name text not null, n);
      create table uniq (k unique, v);
      """)
  }

  @Test func `every word of the query is watched as a name`() async throws {
    let query = """
      select x as "order", t.y * 2 -- not_me
      from a as t /* nor me */ where [odd name] = 'text' and :var > "Größe"
      """
    try file.execute("alter table a add column \"odd name\"; alter table a add column \"größe\"")

    #expect(
      try await file.warehouse.reads(of: query, tables: ["a"]) == [
        "a": Consumption(
          columns: ["x", "y", "odd name", "größe"], names: ["order", "t", "a", "var"])
      ])
  }

  @Test func `a string may be a name where nothing else makes sense`() async throws {
    #expect(
      try await file.warehouse.reads(of: "select 1 from a join b using ('id')", tables: ["a", "b"])
        == [
          "a": Consumption(columns: ["id"], names: ["a", "b"]),
          "b": Consumption(columns: ["id"], names: ["a", "b"]),
        ])
  }

  @Test(
    arguments: [
      "select * from a", "select 1, * from a", "select a.* from a", "select a . /* all */ * from a",
      "select count(*) from (select distinct * from a)", "select all * from a",
      "with c (p) as (select id, * from a) select 1 from a",
      "select 1 from a natural join b",
    ])
  func `tables of whose columns some are meant without being named are read whole`(query: String)
    async throws
  {
    #expect(try await file.warehouse.reads(of: query, tables: ["a"])?["a"] == .whole)
  }

  @Test(arguments: ["select count(*) from a", "select count( * ), id * 2, (id) * 3 from a"])
  func `not every star stands for columns`(query: String) async throws {
    #expect(try await file.warehouse.reads(of: query, tables: ["a"])?["a"] != .whole)
  }

  @Test func `a constraint that the program relies on does not hide what is named`() async throws {
    #expect(
      try await file.warehouse.reads(
        of: "select a.x from a left join uniq on a.id = uniq.k", tables: ["a", "uniq"])
        == [
          "a": Consumption(columns: ["x"], names: ["a", "id", "left", "uniq", "k"]),
          "uniq": Consumption(columns: ["k"], names: ["a", "id", "left", "uniq", "x"]),
        ])
    #expect(
      try await file.warehouse.reads(
        of: "select count(*) from keyed where name is not null", tables: ["keyed"])
        == ["keyed": Consumption(columns: ["name"], names: ["count", "keyed"])])
  }
}
