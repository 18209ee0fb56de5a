import AssetCore
import AssetTestSupport
import AssetWarehouse
import AssetWarehouseSQLite
import Testing

/// Digests of just those rows for which a condition holds.
@Suite struct FilteredDigestTests {
  private let file: TemporaryWarehouse

  init() throws { file = try TemporaryWarehouse() }

  @Test func `rows that a condition chooses have the digest of a table that has no others`()
    async throws
  {
    func filtered(_ sql: String, _ columns: String..., of inner: Consumption = .columns(["n"]))
      -> Consumption
    {
      .filtered(RowFilter(sql, columns: columns), of: inner)
    }
    let names = ["a", "b", "it's", "d"]
    let equal = names.map { filtered("name = '\($0.replacing("'", with: "''"))'", "name") }
    let all = filtered("name = 'b' and n > 1", "n", "name")
    let absent = filtered("other = 1", "other")
    let refused = filtered("no_such_function(name) = 1", "name")
    let wanted = Set(equal + [all, absent, refused, .columns(["n"])])
    let rows = (names + ["b"]).enumerated().map { [Value.text($1), .integer(Int64($0))] }
    let columns = ["name", "n"]
    let many = try await file.warehouse.publish("t", columns, rows, under: wanted)
    #expect(Set(many.digests.keys).isSuperset(of: wanted))
    for (name, consumption) in zip(names, equal) {
      let own = rows.filter { $0[0] == .text(name) }
      let alone = try await file.warehouse.publish(
        "t", columns, own, under: [consumption, .columns(["n"])])
      #expect(alone[.columns(["n"])] == many[consumption])
      #expect(alone[consumption] == many[consumption])
    }
    var edited = rows
    edited[4][1] = .integer(9)
    let after = try await file.warehouse.publish("t", columns, edited, under: wanted)
    #expect(
      Set(many.digests.keys.filter { many[$0] != after[$0] })
        == [.whole, equal[1], all, .columns(["n"])])
  }
}
