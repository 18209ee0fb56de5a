import AssetCore
import AssetLoading
import AssetTestSupport
import Testing

/// How the table of a query comes to be.
@Suite struct FormTests {
  private func asset(_ settings: String, where condition: String = ":cursor is null") throws
    -> Asset
  {
    try loadAsset(
      [
        "assets/a.sql": "/* @asset\n\(settings)\n*/ select x from b where \(condition)",
        "assets/b.sql": "select 1 as x",
      ], "a")
  }

  private func form(of asset: Asset) -> QueryRecipe.Form? {
    if case .query(let query) = asset.recipe { query.form } else { nil }
  }

  @Test(arguments: [
    ("cursor: at", IncrementalRule(strategy: .append, cursor: .init(column: "at"))),
    (
      "cursor: b.at\nunique_key: id",
      IncrementalRule(
        strategy: .upsert, uniqueKey: ["id"], cursor: .init(input: "b", column: "at"))
    ),
    (
      "cursor: at\nstrategy: delete_insert\nunique_key: [a, B]\non_schema_change: fail",
      IncrementalRule(
        strategy: .deleteInsert, uniqueKey: ["a", "B"], cursor: .init(column: "at"),
        onSchemaChange: .fail)
    ),
  ])
  func `an incremental table has a cursor and a strategy`(
    settings: String, rule: IncrementalRule
  ) throws {
    #expect(try asset("materialized: incremental\n" + settings).incremental == rule)
  }

  @Test(arguments: [
    ("", SnapshotRule(uniqueKey: ["id"])),
    ("check_columns: all", SnapshotRule(uniqueKey: ["id"])),
    (
      "check_columns: [x, y]\nhard_deletes: invalidate",
      SnapshotRule(uniqueKey: ["id"], comparison: .columns(["x", "y"]), endsDeleted: true)
    ),
    (
      "updated_at: x\nhard_deletes: ignore",
      SnapshotRule(uniqueKey: ["id"], comparison: .updatedAt("x"))
    ),
  ])
  func `a snapshot has a key and tells versions apart`(
    settings: String, rule: SnapshotRule
  ) throws {
    let asset = try asset(
      "materialized: snapshot\nunique_key: id\n" + settings, where: "1")

    #expect(asset.snapshot == rule)
    #expect(asset.materialized == .snapshot)
  }

  @Test func `the cursor stays a blank, wherever vars move it`() throws {
    let asset = try loadAsset(
      [
        "assetctl.yml": "project: p\nvars: {least: 100000}\n",
        "assets/a.sql":
          "/* @asset\nmaterialized: incremental\ncursor: x\n*/ select x from b where x > :least and (:cursor is null or x > :cursor)",
        "assets/b.sql": "select 1 as x",
      ], "a")
    guard case .query(let query) = asset.recipe else { return }

    #expect(query.blanks.map(\.name) == ["cursor", "cursor"])
    #expect(
      query.filled(["cursor": "7"]).hasSuffix("where x > 100000 and ( 7  is null or x >  7 )"))
  }

  @Test func `each setting is part of the definition`() throws {
    let settings = [
      "materialized: incremental\ncursor: x", "materialized: incremental\ncursor: b.x",
      "materialized: incremental\ncursor: y",
      "materialized: incremental\ncursor: x\nunique_key: x",
      "materialized: incremental\ncursor: x\nunique_key: x\nstrategy: delete_insert",
      "materialized: incremental\ncursor: x\nunique_key: [x, y]",
      "materialized: incremental\ncursor: x\non_schema_change: fail",
    ]
    let snapshots = [
      "", "check_columns: [x]", "check_columns: [y]", "updated_at: x",
      "hard_deletes: invalidate",
    ].map { "materialized: snapshot\nunique_key: x\n" + $0 }

    let digests =
      try settings.map { try asset($0).definitionDigest }
      + (try snapshots.map { try asset($0, where: "1").definitionDigest })

    #expect(Set(digests).count == digests.count)
    #expect(
      try asset("materialized: incremental\ncursor: X\nstrategy: append").definitionDigest
        == digests[0])
  }

  @Test func `what was read before is remembered as it was`() throws {
    let files = [
      "assetctl.yml": "project: p\n", "assets/b.sql": "select 1 as x",
      "assets/a.sql":
        "/* @asset\nmaterialized: incremental\ncursor: b.x\nunique_key: [x, y]\n*/ select x from b where :cursor < x",
      "assets/c.sql":
        "/* @asset\nmaterialized: snapshot\nunique_key: x\nupdated_at: x\n*/ select x from b",
      "assets/d.sql":
        "/* @asset\nmaterialized: snapshot\nunique_key: x\ncheck_columns: [x]\nhard_deletes: invalidate\n*/ select x from b",
    ]
    let key = SealingKey()
    var cache = DeclarationCache(sealedBy: key)
    let first = try ProjectLoader(.memory(files)).load(LoadRequest(), cache: &cache)
    var again = DeclarationCache(entries: cache.entries, sealedBy: key)

    #expect(try ProjectLoader(.memory(files)).load(LoadRequest(), cache: &again) == first)
    #expect(again.changed.isEmpty)
  }
}
