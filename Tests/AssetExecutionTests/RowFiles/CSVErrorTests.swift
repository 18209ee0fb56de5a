import AssetCore
import AssetWarehouse
import Testing

@testable import AssetExecution

@Suite struct CSVErrorTests {
  @Test(arguments: [
    (
      "a,b,c\n1,2,3\n\"x\ny\",2,3\n4,5\n",
      Diagnostic(
        "the row has 2 fields, but the header has 3", at: Place(file: "t.csv", line: 5),
        hint: "complete the row, or put fields that hold a delimiter in quotes")
    ),
    (
      "a,b\n1,2\n\n\n3,4\n",
      Diagnostic(
        "the row has 1 field, but the header has 2", at: Place(file: "t.csv", line: 3),
        hint: "complete the row, or put fields that hold a delimiter in quotes")
    ),
    (
      "a\n1\n2,3\n",
      Diagnostic(
        "the row has 2 fields, but the header has 1", at: Place(file: "t.csv", line: 3),
        hint: "complete the row, or put fields that hold a delimiter in quotes")
    ),
  ])
  func `a ragged row is shown where it starts`(text: String, problem: Diagnostic) {
    #expect(rowFileProblems { try readTable(text) } == [problem])
  }

  @Test(arguments: [
    (
      "a,b\n1,\"x\ny\n", 2, 3, "a quote is opened here and never closed",
      "close it, and double the quotes that belong to the field: `\"\"`"
    ),
    (
      "a,b\n1,\"", 2, 3, "a quote is opened here and never closed",
      "close it, and double the quotes that belong to the field: `\"\"`"
    ),
    (
      "a,b\n\"é\n1\" x,2\n", 3, 3, "text stands behind a closing quote",
      "double the quotes that belong to the field: `\"\"`"
    ),
    (
      "a,b\nü,5\" x\n", 2, 4, "a quote stands inside of an unquoted field",
      "put the whole field in quotes, and double those that belong to it: `\"\"`"
    ),
    (
      "a,b\n1, \"x\"\n", 2, 4, "a quote stands inside of an unquoted field",
      "put the whole field in quotes, and double those that belong to it: `\"\"`"
    ),
    (
      "a,b\n1,2\r3,4\n", 2, 4, "a carriage return stands without a line feed",
      "end lines with LF or CRLF, and put fields that hold line ends in quotes"
    ),
    (
      "a,b\n1,\0\n", 2, 3, "a zero byte stands in the text",
      "remove it; a file with many of them is UTF-16 and must be saved as UTF-8"
    ),
    (
      "a,b\n1,\"\n\0\"\n", 3, 1, "a zero byte stands in the text",
      "remove it; a file with many of them is UTF-16 and must be saved as UTF-8"
    ),
  ])
  func `broken quoting and stray bytes are shown where they are`(
    text: String, line: Int, column: Int, summary: String, hint: String
  ) {
    let place = Place(file: "t.csv", line: line, column: column)

    #expect(rowFileProblems { try readTable(text) } == [Diagnostic(summary, at: place, hint: hint)])
  }

  @Test(
    arguments: [
      [0xFF], [0xC3], [0xC3, 0x28], [0xC0, 0xAF], [0xE2, 0x82], [0xE0, 0x80, 0x80],
      [0xED, 0xA0, 0x80], [0xF0, 0x82, 0x82, 0xAC], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88],
    ] as [[UInt8]])
  func `bytes that are not UTF-8 are shown where they are`(bytes: [UInt8]) {
    let file = Array("a,b\né,1\n\"x\né".utf8) + bytes + Array("\",2\n".utf8)

    #expect(
      rowFileProblems { try readTable(file) } == [
        Diagnostic(
          "the file is not UTF-8 here", at: Place(file: "t.csv", line: 4, column: 2),
          hint: "save the file as UTF-8, for example with `iconv -f latin1 -t utf-8`")
      ])
  }

  @Test(arguments: ["", "\n", "\r\n\n", "\u{FEFF}"])
  func `a file without a header is refused`(text: String) {
    #expect(
      rowFileProblems { try readTable(text) } == [
        Diagnostic(
          "`t.csv` is empty, so that its columns have no names", at: Place(file: "t.csv"),
          hint: "write a header with the columns' names as the first line")
      ])
  }

  @Test(arguments: [
    (
      "a,b,a\n", "two columns have the name `a`", "rename one of the two",
      Place(file: "t.csv", line: 1, column: 5)
    ),
    (
      "id,\"ID\"\n", "`ID` and `id` are one name, as case does not count", "rename one of the two",
      Place(file: "t.csv", line: 1, column: 4)
    ),
    (
      "a,,c\n", "column 2 has no name", "name every column",
      Place(file: "t.csv", line: 1, column: 3)
    ),
    (
      "\na,b\n", "column 1 has no name", "name every column",
      Place(file: "t.csv", line: 1, column: 1)
    ),
  ])
  func `column names are there and differ`(
    text: String, summary: String, hint: String, place: Place
  ) {
    #expect(rowFileProblems { try readTable(text) } == [Diagnostic(summary, at: place, hint: hint)])
  }

  @Test func `a row beyond the limit is refused instead of loaded`() {
    let file = Array("a,b\n1,2\n3,\"".utf8) + [UInt8](repeating: 0x78, count: 3 << 20)
    let limits = ReadingLimits(chunk: 1 << 16, row: 2 << 20)

    #expect(
      rowFileProblems { try readTable(file, within: limits) } == [
        Diagnostic(
          "the row is longer than 2 MiB", at: Place(file: "t.csv", line: 3),
          hint: "look for a quote that is opened in this row and never closed")
      ])
  }

  @Test func `a file that is not there is named`() throws {
    let files = RowFiles([try RowFolder().file("none.csv")])

    #expect(
      rowFileProblems { try files.table() } == [
        Diagnostic(
          "`none.csv` cannot be read: No such file or directory",
          hint: "see who may read the file, and where it is")
      ])
  }
}
