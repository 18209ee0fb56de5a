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

  @Test func `the content of tables is remembered for one stamp of the warehouse`() throws {
    let details = ContentDetails(
      rows: 2,
      columns: [
        ColumnContent(name: "a \"b\"\tc", type: "text", digest: "ab"),
        ColumnContent(name: "Y", type: ""),
      ])
    let contents: [String: Content] = [
      "daily": Content(
        [
          .whole: "rows1:a", .rowCount: "rows1:b", .columns(["x", "y"]): "rows1:c",
          .columns([], names: ["n"]): "rows1:d", .columns(["x"], names: ["a,b", "é"]): "rows1:e",
          .columns(["\n\t\"\\", "\u{1}"]): "rows1:f",
        ], details: details),
      "empty": Content([:], details: details), "orders": [.whole: "rows1:g"],
    ]

    try store.remember(contents, at: "stamp1")

    #expect(try store.tableContents(at: "stamp1") == contents)
    #expect(try store.tableContents(at: "stamp2") == nil)

    try store.remember(["daily": [.whole: "rows1:h"]], at: "stamp2")

    #expect(try store.tableContents(at: "stamp1") == nil)
    #expect(try store.tableContents(at: "stamp2") == ["daily": [.whole: "rows1:h"]])
  }

  @Test func `the content of further tables is remembered beside what is known`() throws {
    let details = ContentDetails(rows: 1, columns: [ColumnContent(name: "x", type: "")])
    try store.remember(["a": Content([.whole: "rows1:a"], details: details)], at: "stamp")
    let known = try #require(try store.tableContents(at: "stamp"))

    // What was not decoded is written as it was.
    try store.remember(["b": [.whole: "rows1:b"], "a": try #require(known["a"])], at: "stamp")

    #expect(
      try store.tableContents(at: "stamp") == [
        "a": Content([.whole: "rows1:a"], details: details), "b": [.whole: "rows1:b"],
      ])
  }

  @Test func `what a write did not change counts on`() throws {
    try store.remember(["a": [.whole: "rows1:a"], "b": [.whole: "rows1:b"]], at: "1")

    try store.keepTableContents(at: "0", as: "2", of: ["a"])
    #expect(try store.tableContents(at: "2") == nil)
    try store.keepTableContents(at: "1", as: "2", of: ["a", "c"])
    #expect(try store.tableContents(at: "2") == ["a": [.whole: "rows1:a"]])
    #expect(try store.tableContents(at: "1") == nil)
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

  @Test func `tables beside the warehouse are remembered each by itself`() throws {
    let events = TableName("events", in: "data/app.sqlite")
    let newest = NewestTime(column: "at", .time(Timestamp(milliseconds: 5)))
    let content = Content(
      [.whole: "rows1:a"],
      details: ContentDetails(
        rows: 1, columns: [ColumnContent(name: "at", type: "")], newest: newest))
    try store.remember(["daily": [.whole: "rows1:d"]], at: "1")
    try store.remember(["events": content], at: "2", of: events)
    try store.remember(["daily": [.whole: "rows1:e"]], at: "3")

    #expect(try store.tableContents(at: "2", of: events) == ["events": content])
    #expect(try store.tableContents(at: "3") == ["daily": [.whole: "rows1:e"]])
    for table in [
      TableName("events", in: "data/other.sqlite"), TableName("users", in: "data/app.sqlite"),
      TableName("events"),
    ] {
      #expect(try store.tableContents(at: "2", of: table) == nil)
    }
    #expect(try store.tableContents(at: "1", of: events) == nil)
  }
}
