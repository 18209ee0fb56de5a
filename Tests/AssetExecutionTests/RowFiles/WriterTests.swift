import AssetCore
import AssetExecution
import AssetWarehouse
import Testing

@Suite struct WriterTests {
  let folder: RowFolder

  init() throws {
    folder = try RowFolder()
  }

  func csv(
    _ columns: [String], _ rows: [[Value]], _ format: CSVFormat = CSVFormat()
  ) throws -> String {
    let writer = try CSVWriter(
      folder.file("t.csv"), columns: columns, format: format, isSynced: true)
    for row in rows { try writer.write(row) }
    try writer.finish()
    return try folder.text(of: "t.csv")
  }

  @Test(
    arguments: [
      (nil, ""), ("", "\"\""), ("x", "x"), (" x ", " x "), ("a,b", "\"a,b\""),
      ("say \"hi\"", "\"say \"\"hi\"\"\""), ("x\ny", "\"x\ny\""), ("x\ry", "\"x\ry\""), ("é", "é"),
      (-7, "-7"), (.integer(.min), "-9223372036854775808"), (0.1, "0.1"), (1.0, "1.0"),
      (1e300, "1e+300"), (.real(.leastNonzeroMagnitude), "5e-324"), (.real(-0.0), "-0.0"),
      (.real(.infinity), "inf"),
      (.real(-.infinity), "-inf"), (.real(.nan), ""), (.blob([0, 171, 255]), "00abff"),
      (.blob([]), "\"\""),
    ] as [(Value, String)])
  func `CSV quotes only what has to be quoted`(value: Value, field: String) throws {
    #expect(try csv(["k", "v"], [["x", value]]) == "k,v\nx,\(field)\n")
  }

  @Test func `CSV headers are quoted like fields`() throws {
    #expect(try csv(["a,b", "c\"d"], []) == "\"a,b\",\"c\"\"d\"\n")
  }

  @Test func `CSV keeps null words and texts like them apart`() throws {
    let format = CSVFormat(delimiter: UInt8(ascii: ";"), nulls: ["NA"])

    #expect(
      try csv(["a", "b"], [[nil, "NA"], ["", "x;y"]], format) == "a;b\nNA;\"NA\"\n\"\";\"x;y\"\n")
  }

  @Test func `CSV of one column has no empty line`() throws {
    #expect(try csv(["a"], [[1], [nil], [2]]) == "a\n1\n\"\"\n2\n")
  }

  @Test(
    arguments: [
      (nil, "null"), ("", "\"\""), ("é🚀/", "\"é🚀/\""), ("\"\\", "\"\\\"\\\\\""),
      ("\n\r\t\u{0}\u{1F}", "\"\\n\\r\\t\\u0000\\u001f\""), (7, "7"), (0.1, "0.1"), (2.0, "2.0"),
      (1e300, "1e+300"), (.real(.infinity), "1e999"), (.real(-.infinity), "-1e999"),
      (.real(.nan), "null"), (.blob([0, 171]), "\"00ab\""),
    ] as [(Value, String)])
  func `JSON Lines has every column of every row in order`(value: Value, json: String) throws {
    let writer = try JSONLinesWriter(folder.file("t.jsonl"), columns: ["z\"", "a"])
    try writer.write([value, nil])
    try writer.write([1, value])
    try writer.finish()

    #expect(
      try folder.text(of: "t.jsonl")
        == "{\"z\\\"\":\(json),\"a\":null}\n{\"z\\\"\":1,\"a\":\(json)}\n")
  }

  @Test func `a place that cannot be written is named`() throws {
    let error = #expect(throws: RowFileError.self) {
      try CSVWriter(folder.file("none/t.csv"), columns: ["a"])
    }

    #expect(
      error?.diagnostics == [
        Diagnostic(
          "`none/t.csv` cannot be written: No such file or directory",
          hint: "let its folder be written")
      ])
  }
}
