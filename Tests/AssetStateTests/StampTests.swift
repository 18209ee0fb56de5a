import AssetCore
import AssetState
import AssetTestSupport
import Testing

@Suite struct StampTests {
  let store: StateStore

  init() throws { store = try StateStore.inMemory() }

  @Test func `digests of files are remembered beside each other`() throws {
    try store.remember(["a.csv": FileStamp(stamp: "1", digest: "sha256:a")])
    try store.remember([
      "b.csv": FileStamp(stamp: "2", digest: "sha256:b"),
      "a.csv": FileStamp(stamp: "3", digest: "sha256:c"),
    ])

    #expect(
      try store.fileStamps() == [
        "a.csv": FileStamp(stamp: "3", digest: "sha256:c"),
        "b.csv": FileStamp(stamp: "2", digest: "sha256:b"),
      ])
  }

  @Test func `digests of tables hold for one stamp of the warehouse`() throws {
    let digests: [AssetKey: [Consumption: ContentDigest]] = [
      "daily": [.whole: "rows1:a", .rowCount: "rows1:b", .columns(["x", "y"]): "rows1:c"],
      "orders": [.whole: "rows1:d"],
    ]

    try store.remember(digests, at: "stamp1")

    #expect(try store.tableDigests(at: "stamp1") == digests)
    #expect(try store.tableDigests(at: "stamp2") == nil)

    try store.remember(["daily": [.whole: "rows1:e"]], at: "stamp2")

    #expect(try store.tableDigests(at: "stamp1") == nil)
    #expect(try store.tableDigests(at: "stamp2") == ["daily": [.whole: "rows1:e"]])
  }

  @Test func `declarations of files are remembered by path`() throws {
    try store.remember(declarations: ["assets/a.sql": (key: "k1", declarations: [1, 2])])
    try store.remember(declarations: [
      "assets/a.sql": (key: "k2", declarations: [3]), "assets/b.sql": (key: "k3", declarations: []),
    ])

    let known = try store.declarations()
    #expect(known.mapValues(\.key) == ["assets/a.sql": "k2", "assets/b.sql": "k3"])
    #expect(known.mapValues(\.declarations) == ["assets/a.sql": [3], "assets/b.sql": []])
  }
}
