import AssetCore
import AssetTestSupport
import AssetWarehouse
import AssetWarehouseSQLite
import Testing

/// What our own writes may have changed for those who look.
@Suite struct WarehouseWritesTests {
  private func writes(_ entries: [(AssetKey, [String])]) -> WarehouseWrites {
    var writes = WarehouseWrites()
    for (asset, names) in entries {
      writes.begin(for: asset)
      for name in names { writes.note(name) }
    }
    return writes
  }

  @Test func `only what was written may have changed`() {
    let writes = writes([("a", ["A", "assetctl_quarantine_a"]), ("b", ["b"])])
    let origins = ViewOrigins()

    #expect(writes.mayHaveChanged("a", origins))
    #expect(writes.mayHaveChanged("Assetctl_Quarantine_A", origins))
    #expect(!writes.mayHaveChanged("c", origins))
    #expect(!writes.mayHaveChanged(TableName("a", in: "x.sqlite"), origins))
    #expect(!writes.mayHaveChanged("a", origins, since: 1))
    #expect(writes.mayHaveChanged("b", origins, since: 1))
    #expect(!WarehouseWrites().mayHaveChanged("a", ViewOrigins(unknown: ["a"])))
  }

  @Test func `an asset's own writes are known, those for others are not`() {
    let writes = writes([("a", ["a", "b"]), ("b", ["b"])])

    #expect(!writes.mayHaveChanged("a", besidesFor: "a", ViewOrigins()))
    #expect(writes.mayHaveChanged("b", besidesFor: "b", ViewOrigins()))
  }

  @Test func `a view follows what it names, through other views`() {
    let origins = ViewOrigins(
      views: ["V": ["w", "x"], "w": ["a"], "other": ["b"], "loop": ["loop", "x"]])
    let writes = writes([("a", ["a"])])

    #expect(writes.mayHaveChanged("v", origins))
    #expect(writes.mayHaveChanged("W", origins))
    #expect(writes.mayHaveChanged("w", besidesFor: "a", origins))
    #expect(!writes.mayHaveChanged("other", origins))
    #expect(!writes.mayHaveChanged("loop", origins))
    #expect(!writes.mayHaveChanged("v", origins, since: 1))
  }

  @Test(arguments: ["sqlite_schema", "pragma_table_list", "dbstat", "search"])
  func `what shows more than rows follows every write`(name: String) {
    let origins = ViewOrigins(views: ["v": ["w"], "w": [name]], unknown: ["Search"])

    #expect(writes([("z", ["z"])]).mayHaveChanged("v", origins))
    #expect(writes([("z", ["z"])]).mayHaveChanged("search", origins))
  }
}

/// What SQLite tells of writes.
@Suite struct WriteJournalTests {
  private func changed(
    _ warehouse: SQLiteWarehouse, among names: [String]
  ) async throws -> [String] {
    let writes = try #require(await warehouse.writes())
    let origins = try await warehouse.origins()
    return names.filter { writes.mayHaveChanged(TableName($0), origins) }
  }

  @Test func `a publication changes its table, and the views over it`() async throws {
    let temporary = try TemporaryWarehouse()
    try temporary.execute(
      """
      create table o (x); create view v as select * from "T"; create view vv as select * from V;
      create view w as select * from o; create view s as select * from sqlite_schema;
      create view n as select name from pragma_table_info('o');
      """)

    try await temporary.publish("t", "select 1 as x")

    #expect(
      try await changed(temporary.warehouse, among: ["t", "v", "vv", "o", "w", "s", "n"])
        == ["t", "v", "vv", "s", "n"])
  }

  @Test func `a kept version is written by its new name`() async throws {
    let temporary = try TemporaryWarehouse()
    for id in ["m1", "m2"] {
      try await temporary.warehouse.publish("t", ["x"], [[.text(id)]], as: id, keeping: 2)
    }
    let kept = try temporary.shell().rows(
      "select name from sqlite_schema where type = 'table' and name like 'assetctl_version_t%'")
    let name = try #require(kept.first?.first)

    #expect(try await changed(temporary.warehouse, among: [name, "x"]) == [name])
  }

  @Test func `what a trigger writes is written`() async throws {
    let temporary = try TemporaryWarehouse()
    try await temporary.warehouse.publish("a", ["x"], [[.integer(1)]])
    try temporary.execute(
      """
      create table log (x); create trigger g after insert on assetctl_publication
      begin insert into log values (new.asset); end;
      """)
    let another = temporary.another()

    try await another.publish("b", ["x"], [[.integer(1)]])

    #expect(try await changed(another, among: ["a", "b", "log"]) == ["b", "log"])
  }

  @Test func `after another's write nothing is known`() async throws {
    let temporary = try TemporaryWarehouse()
    try await temporary.warehouse.publish("a", ["x"], [[.integer(1)]])
    #expect(await temporary.warehouse.writes() != nil)
    try temporary.execute("create table o (x)")

    await #expect(throws: WarehouseError.changedMeanwhile) {
      try await temporary.warehouse.publish("a", ["x"], [[.integer(2)]])
    }

    #expect(await temporary.warehouse.writes() == nil)
  }

  @Test func `a virtual table may show anything`() async throws {
    let temporary = try TemporaryWarehouse()
    try temporary.execute(
      "create virtual table f using fts5(x); create view v as select * from f_content;")

    try await temporary.publish("t", "select 1 as x")

    #expect(try await changed(temporary.warehouse, among: ["f", "v", "q"]) == ["f", "v"])
  }
}
