import AssetCore
import AssetWarehouse
import Testing

@testable import AssetExecution

@Suite struct RowFilesTests {
  let folder: RowFolder

  init() throws {
    folder = try RowFolder()
  }

  @Test(arguments: [
    ("t.csv", "a,b\n1,x\n"),
    ("t", "a,b\n1,x\n"),
    ("t.tsv", "a\tb\n1\tx\n"),
    ("t.TSV", "a\tb\n1\tx\n"),
    ("t.jsonl", "{\"a\": 1, \"b\": \"x\"}\n"),
    ("t.ndjson", "\n{\"a\": 1, \"b\": \"x\"}\n"),
    ("t", "{\"a\": 1, \"b\": \"x\"}\n"),
    ("t.csv", "\u{FEFF}\n {\"a\": 1, \"b\": \"x\"}\n"),
  ])
  func `the format is seen from the name and the first character`(
    name: String, text: String
  ) throws {
    let file = try folder.write(text, to: name)

    #expect(
      try RowFiles([file]).table()
        == ReadTable(columns: ["a", "b"], types: ["integer", "text"], rows: [[1, "x"]]))
  }

  @Test func `several files are one table with types that hold all of them`() throws {
    let files = [
      try folder.write("a,b\n1,\n2,x\n", to: "1.csv"),
      try folder.write("a,b\n", to: "2.csv"),
      try folder.write("a,b\r\n2.5,y", to: "3.csv"),
    ]

    #expect(
      try RowFiles(files).table()
        == ReadTable(
          columns: ["a", "b"], types: ["real", "text"],
          rows: [[1.0, nil], [2.0, "x"], [2.5, "y"]]))
  }

  @Test func `several files of JSON Lines have the keys of all`() throws {
    let files = [
      try folder.write("{\"a\": 1}", to: "1.jsonl"),
      try folder.write("{\"b\": 2}\n", to: "2.jsonl"),
    ]

    #expect(
      try RowFiles(files).table()
        == ReadTable(
          columns: ["a", "b"], types: ["integer", "integer"], rows: [[1, nil], [nil, 2]]))
  }

  @Test(arguments: [
    ("a,c,d\n", [Diagnostic.Fact("missing", "b"), Diagnostic.Fact("further", "c, d")]),
    ("a\n", [Diagnostic.Fact("missing", "b")]),
    ("b,a\n", [Diagnostic.Fact("expected", "a, b"), Diagnostic.Fact("found", "b, a")]),
  ])
  func `files with different headers are both named`(
    second: String, facts: [Diagnostic.Fact]
  ) throws {
    let files = [try folder.write("a,b\n", to: "1.csv"), try folder.write(second, to: "2.csv")]

    #expect(
      rowFileProblems { try RowFiles(files).table() } == [
        Diagnostic(
          "`2.csv` and `1.csv` have different headers", at: Place(file: "2.csv", line: 1),
          facts: facts, hint: "give all files of one table the same columns in the same order")
      ])
  }

  @Test(arguments: [
    ("t.csv", "a,b\n1,2\n", "a,b\nx,2\n"),
    ("t.jsonl", "{\"a\": 1}\n", "{\"a\": \"x\"}\n"),
    ("t.jsonl", "{\"a\": 1}\n", "{\"a\": 1, \"c\": 1}\n"),
  ])
  func `a file that changes between its two readings is noticed`(
    name: String, before: String, after: String
  ) throws {
    var rows = try RowFiles([folder.write(before, to: name)]).open(
      within: ReadingLimits(chunk: 1))
    try folder.overwrite(name, with: after)

    let error = #expect(throws: RowFileError.self) { while try rows.next() != nil {} }

    #expect(
      error?.diagnostics == [
        Diagnostic(
          "`\(name)` changed while it was read",
          hint: "run it again when nothing writes to the file")
      ])
  }

  @Test(arguments: [1, 2, 3, 5, 7, 64])
  func `rows do not depend on how the file is cut into chunks`(chunk: Int) throws {
    let csv = Array(
      "\u{FEFF}a,\"b\"\"\"\r\n1,\"x\r\n\"\"é\"\"\"\r\n,👩🏽‍🚀\r\n\"22\",\"\"\r\n\r\n\r\n".utf8)
    let json = Array(" {\"a\": 1, \"b\\\"\": \"x\\u00e9👩🏽‍🚀\"}\r\n\r\n{\"b\\\"\": null}".utf8)
    let limits = ReadingLimits(chunk: chunk)

    #expect(try readTable(csv, within: limits) == readTable(csv))
    #expect(
      try readTable(csv, within: limits).rows == [[1, "x\r\n\"é\""], [nil, "👩🏽‍🚀"], [22, ""]])
    #expect(try readTable(json, .jsonLines, within: limits) == readTable(json, .jsonLines))
  }

  @Test(arguments: [1, 3, 64])
  func `a blank line is where it is however the file is cut`(chunk: Int) {
    let bytes = Array("a\r\n1\r\n\r\n\r\n\"2\n\"\r\n3\r\n\r\nx\r\n".utf8)
    let found = rowFileProblems {
      try readTable(
        bytes, csv: CSVFormat(nulls: ["2\n"]), types: ["a": .integer],
        within: ReadingLimits(chunk: chunk))
    }

    #expect(found.map(\.place) == [Place(file: "t.csv", line: 3, column: 1)])
  }

  @Test func `rows that stand in another file are read from memory, with places in that file`()
    throws
  {
    let text = "id,name\n1,\"a\nb\"\n2,c\n"
    var rows = try RowFiles([RowFile(text: text, shownPath: "tests/a.yml", line: 7)]).open()

    #expect(rows.columns == [Column("id", type: "integer"), Column("name", type: "text")])
    #expect(try rows.next() == [.integer(1), .text("a\nb")])
    #expect(try rows.next() == [.integer(2), .text("c")])
    #expect(try rows.next() == nil)
    #expect(
      throws: RowFileError.raggedRow(Place(file: "tests/a.yml", line: 11), fields: 1, header: 2)
    ) {
      try RowFiles([RowFile(text: text + "3\n", shownPath: "tests/a.yml", line: 7)]).open()
    }
    #expect(throws: RowFileError.noHeader(file: "tests/a.yml")) {
      try RowFiles([RowFile(text: "", shownPath: "tests/a.yml", line: 7)], format: .csv).open()
    }
  }
}
