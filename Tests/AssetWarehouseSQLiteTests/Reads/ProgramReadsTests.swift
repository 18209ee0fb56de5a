import AssetCore
import AssetWarehouse
import AssetWarehouseSQLite
import Testing

/// What is found in the programs that SQLite makes of queries.
///
/// The names of instructions are no stable contract, so this also pins the SQLite that is linked; a
/// newer one may read fewer columns, or be understood less well.
@Suite struct ProgramReadsTests {
  let file: TemporaryWarehouse

  static let schema = """
    create table a (id, x, y, z);
    create table b (id, k, v);
    create table c (id, x);
    create table keyed (id integer primary key, name text not null, n);
    create table uniq (k unique, v);
    create table indexed (p, q, r);
    create index by_p on indexed (p, q);
    create table partial (p, q, r);
    create index some on partial (p) where q > 0;
    create table computed (p, q, r);
    create index sums on computed (p + q);
    create table rowless (k primary key, v, w) without rowid;
    create table generated (a, b as (a + 1), c as (a + 2) stored, d);
    create virtual table found using fts5 (body);
    create view av as select id, x from a where y > 0;
    create view joined as select av.id, b.v from av join b using (id);
    """

  init() throws {
    file = try TemporaryWarehouse()
    try file.execute(Self.schema)
  }

  /// What is read of the tables that are read at all; of others the row count.
  private func reads(_ query: String) async throws -> [TableName: Consumption]? {
    let tables: Set<TableName> = [
      "a", "b", "c", "keyed", "uniq", "indexed", "partial", "computed", "rowless", "generated",
    ]
    return try await file.warehouse.programReads(of: query, tables: tables)?.filter {
      $0.value != .rowCount
    }
  }

  private static func columns(_ names: String) -> Consumption {
    names == "*" ? .whole : Consumption(columns: names.split(separator: " ").map(String.init))
  }

  @Test(
    arguments: [
      ("select x from a", ["a": "x"]),
      ("select X from A where \"Y\" > 1 order by z", ["a": "x y z"]),
      ("select * from a", ["a": "id x y z"]),
      ("select id from (select * from a)", ["a": "id"]),
      ("with t as (select *, x + y as s from a) select s from t", ["a": "x y"]),
      ("with t as (select * from b), u as (select * from a) select v from t", ["b": "v"]),
      ("select count(*) from a", [:]),
      ("select count(x) from a", ["a": "x"]),
      ("select count(*) from a where z", ["a": "z"]),
      ("select 1 from a", [:]),
      ("select max(x), min(y) from a", ["a": "x y"]),
      ("select x, count(*) from a group by x having sum(y) > 1", ["a": "x y"]),
      ("select distinct x from a", ["a": "x"]),
      ("select count(*) from (select distinct * from c)", ["c": "id x"]),
      ("select x from a order by y limit 1", ["a": "x y"]),
      ("select a.x, b.v from a join b on a.id = b.k", ["a": "id x", "b": "k v"]),
      ("select v from a join b using (id)", ["a": "id", "b": "id v"]),
      ("select count(*) from a natural join c", ["a": "id x", "c": "id x"]),
      ("select a.x from a left join b on a.id = b.id", ["a": "id x", "b": "id"]),
      ("select a.x from a, b", ["a": "x"]),
      ("select a.x from a left join uniq on a.id = uniq.k", ["a": "x"]),
      ("select v from uniq where k = 1", ["uniq": "k v"]),
      ("select x from a where exists (select 1 from b where b.id = a.y)", ["a": "x y", "b": "id"]),
      ("select x from a where exists (select v from b)", ["a": "x"]),
      ("select x from a where y in (select k from b where v)", ["a": "x y", "b": "k v"]),
      ("select (select max(v) from b where b.id = a.id) from a", ["a": "id", "b": "id v"]),
      ("select x from a union select k from b", ["a": "x", "b": "k"]),
      ("select x from (select x, y from a union all select k, v from b)", ["a": "x", "b": "k"]),
      ("select x from a except select x from c", ["a": "x", "c": "x"]),
      ("select row_number() over (partition by x order by y) from a", ["a": "x y"]),
      ("select sum(x) over w from a window w as (order by y rows 1 preceding)", ["a": "x y"]),
      ("select sum(x) filter (where y) from a", ["a": "x y"]),
      (
        """
        with recursive t(n, x) as (
          select id, x from c union all select n + 1, t.x from t join b on b.k = t.n where n < 5)
        select x from t
        """, ["b": "k", "c": "id x"]
      ),
      ("select value from a, json_each(a.x)", ["a": "x"]),
      ("with t as (select x from a) select value from json_each('[1]') left join t", [:]),
      ("values (1), (2)", [:]),
      ("select x from a where false", ["a": "x"]),
      ("select p from indexed", ["indexed": "p q"]),
      ("select r from indexed where p = 1", ["indexed": "p q r"]),
      ("select r, row_number() over (order by p, q) from indexed", ["indexed": "p q r"]),
      ("select count(*) from indexed", [:]),
      ("select r from indexed where r = 1", ["indexed": "r"]),
      ("select p from partial where q > 0", ["partial": "*"]),
      ("select r from partial where r > 0", ["partial": "r"]),
      ("select r from computed where p + q = 3", ["computed": "*"]),
      ("select v from rowless", ["rowless": "*"]),
      ("select count(*) from rowless", ["rowless": "*"]),
      ("select d from generated", ["generated": "*"]),
      ("select id from keyed", ["keyed": "id"]),
      ("select n from keyed where id = 3", ["keyed": "id n"]),
      ("select count(*) from keyed", [:]),
      // Its rows come in the order of the key, which no instruction reads.
      ("select n, row_number() over (order by id) from keyed", ["keyed": "id n"]),
      (
        "select n, row_number() over (order by keyed.rowid) from b join keyed using (id)",
        [
          "b": "id", "keyed": "id n",
        ]
      ),
      ("select count(*) from keyed where name is not null", [:]),
      ("select rowid from a", ["a": "*"]),
      ("select x, row_number() over (order by rowid) from a", ["a": "*"]),
      ("select x from a where a.oid = 3", ["a": "*"]),
      ("select name from sqlite_schema", ["sqlite_schema": "*"]),
    ] as [(String, [TableName: String])])
  func `a query's program names what it reads`(query: String, expected: [TableName: String])
    async throws
  {
    #expect(try await reads(query) == expected.mapValues(Self.columns), "\(query)")
  }

  @Test func `an input that is a view or virtual is read whole, what is behind it is not`()
    async throws
  {
    let warehouse = file.warehouse

    #expect(
      try await warehouse.programReads(of: "select v from Joined", tables: ["joined"])
        == ["joined": .whole])
    #expect(
      try await warehouse.programReads(
        of: "select joined.v, a.z from joined, a", tables: ["joined", "A"])
        == ["joined": .whole, "A": .columns(["id", "y", "z"])])
    #expect(
      try await warehouse.programReads(of: "select rowid from found", tables: ["found"])
        == ["found": .whole])
    #expect(
      try await warehouse.programReads(of: "select count(*) from found('x')", tables: [])
        == ["found": .whole])
  }

  @Test func `what is read beside the inputs is named too`() async throws {
    #expect(
      try await file.warehouse.programReads(of: "select v from joined, c", tables: ["c"])
        == [
          "a": .columns(["id", "y"]), "b": .columns(["id", "v"]), "c": .rowCount,
        ])
  }

  @Test func `a table that somebody else made anew is read as it is now`() async throws {
    let query = "select x from a where id > 1"
    #expect(try await reads(query) == ["a": .columns(["id", "x"])])

    try file.execute("drop table a; create table a (x, k integer primary key, id)")
    try file.execute("create index a_x on a (x, id)")

    #expect(try await reads(query) == ["a": .columns(["id", "k", "x"])])
  }

  @Test(arguments: ["select * from dbstat", "select * from sqlite_temp_schema"])
  func `what no table of the warehouse holds cannot be told`(query: String) async throws {
    #expect(try await file.warehouse.programReads(of: query, tables: []) == nil)
  }

  @Test(
    arguments: [
      ("delete from a", "the query does more than read"),
      ("select nope from a", "no such column: nope"),
      ("select load_extension('x')", "not authorized to use function: load_extension"),
      ("pragma table_info(a)", "not authorized"),
      ("selec 1", "near \"selec\": syntax error"),
    ])
  func `a query that is refused is an error`(query: String, message: String) async throws {
    do {
      _ = try await file.warehouse.reads(of: query, tables: [])
      Issue.record("it was not refused")
    } catch WarehouseError.refused(let words, _) {
      #expect(words == message)
    }
  }
}
