import AssetCore
import AssetExecution
import AssetWarehouse
import Testing

@Suite struct CSVReaderTests {
  @Test(
    arguments: [
      ("lines end with LF", "a,b\nx,y\n", [["x", "y"]]),
      ("lines end with CRLF", "a,b\r\nx,y\r\n", [["x", "y"]]),
      ("the last line has no end", "a,b\nx,y", [["x", "y"]]),
      ("the last field is empty", "a,b\nx,", [["x", nil]]),
      ("there are no rows", "a,b\n", []),
      ("there are no rows and no line end", "a,b", []),
      ("a byte order mark is skipped", "\u{FEFF}a,b\nx,y\n", [["x", "y"]]),
      ("a byte order mark stands before a quote", "\u{FEFF}\"a\",b\nx,y\n", [["x", "y"]]),
      ("quotes go away", "a,b\n\"x\",\"y\"\n", [["x", "y"]]),
      ("doubled quotes are one", "a,b\n\"say \"\"hi\"\"\",\"\"\"\"\n", [["say \"hi\"", "\""]]),
      ("a quoted delimiter is text", "a,b\n\"x,1\",y\n", [["x,1", "y"]]),
      ("a quoted line end is text", "a,b\n\"x\n1\",\"y\r\n2\"\n", [["x\n1", "y\r\n2"]]),
      ("a quoted field is the last byte", "a,b\nx,\"y\"", [["x", "y"]]),
      ("white space is text", "a,b\n x ,\ty\n", [[" x ", "\ty"]]),
      ("blank lines at the end count for nothing", "a,b\nx,y\n\n\r\n\n", [["x", "y"]]),
      ("all of Unicode is text", "a,b\né,👩🏽‍🚀\u{10FFFF}\n", [["é", "👩🏽‍🚀\u{10FFFF}"]]),
    ] as [(String, String, [[Value]])])
  func `a file is read by RFC 4180`(name: String, text: String, rows: [[Value]]) throws {
    let table = try readTable(text)

    #expect(table.columns == ["a", "b"], "\(name)")
    #expect(table.rows == rows, "\(name)")
  }

  @Test func `an unquoted empty field is null and a quoted one is the empty string`() throws {
    #expect(try readTable("a,b\n,x\n\"\",y\n").rows == [[nil, "x"], ["", "y"]])
  }

  @Test func `null words count only without quotes in a text column`() throws {
    let csv = CSVFormat(nulls: ["", "NA"])

    #expect(try readTable("a,b\nNA,x\n\"NA\",\n", csv: csv).rows == [[nil, "x"], ["NA", nil]])
  }

  @Test func `a format without the empty null word keeps empty strings`() throws {
    let csv = CSVFormat(nulls: ["\\N"])

    #expect(try readTable("a,b\n,\\N\n", csv: csv).rows == [["", nil]])
  }

  @Test func `quotes mean nothing in a column of numbers`() throws {
    let table = try readTable("a,b\n\"1\",\"x\"\n\"\",\"\"\n\"3\",\"y\"\n")

    #expect(table.types == ["integer", "text"])
    #expect(table.rows == [[1, "x"], [nil, ""], [3, "y"]])
  }

  @Test(arguments: [";", "\t", "|", " "])
  func `any single byte can stand between fields`(delimiter: String) throws {
    let byte = try #require(CSVFormat.delimiter(delimiter))
    let text = "a\(delimiter)b\nx,1\(delimiter)\"y\(delimiter)2\"\n"

    let table = try readTable(text, csv: CSVFormat(delimiter: byte))

    #expect(table.rows == [["x,1", .text("y\(delimiter)2")]])
  }

  @Test(
    arguments: [
      (",", 0x2C), ("\\t", 0x09), ("tab", 0x09), ("\t", 0x09), ("", nil), (";;", nil), ("\"", nil),
      ("\n", nil), ("\r", nil), ("\0", nil), ("é", nil),
    ] as [(String, UInt8?)])
  func `a delimiter is one ASCII character without another meaning`(text: String, byte: UInt8?) {
    #expect(CSVFormat.delimiter(text) == byte)
  }

  @Test func `a declared format is read with its delimiter and null words`() {
    #expect(
      CSVFormat(RowFormat(delimiter: ";", nulls: ["NA"]))
        == CSVFormat(delimiter: UInt8(ascii: ";"), nulls: ["NA"]))
    #expect(CSVFormat(RowFormat(delimiter: "::")) == nil)
  }

  @Test(
    arguments: [
      ("a\nx\n\ny\n", [["x"], [nil], ["y"]]),
      ("a\n\r\n\r\ny\r\n", [[nil], [nil], ["y"]]),
      ("a\nx\n\n\n", [["x"]]),
      ("a\nx\n\"\"\n", [["x"], [""]]),
    ] as [(String, [[Value]])])
  func `a blank line inside a file of one column is a null`(text: String, rows: [[Value]]) throws {
    #expect(try readTable(text).rows == rows)
  }
}
