import AssetCore
import AssetExecution
import AssetWarehouse
import Testing

@Suite struct JSONLinesReaderTests {
  @Test func `columns are the keys of all objects in order of appearance`() throws {
    let text = """
      {"b": 1, "a": "x"}

        \t
      {"a": "y", "c": 2.5}
      {}
      """

    #expect(
      try readTable(text, .jsonLines)
        == ReadTable(
          columns: ["b", "a", "c"], types: ["integer", "text", "real"],
          rows: [[1, "x", nil], [nil, "y", 2.5], [nil, nil, nil]]))
  }

  @Test(
    arguments: [
      (["1", "-0", "2"], "real", [1.0, .real(-0.0), 2.0]),
      (["9223372036854775807"], "integer", [.integer(.max)]),
      (["1", "9223372036854775808"], "text", ["1", "9223372036854775808"]),
      (["1", "2.5e1", "null"], "real", [1.0, 25.0, nil]),
      (["1e999", "0.5"], "text", ["1e999", "0.5"]),
      (["9007199254740993.5", "0.5"], "text", ["9007199254740993.5", "0.5"]),
      (["true", "false", "null"], "boolean", [1, 0, nil]),
      (["true", "2"], "integer", [1, 2]),
      (["true", "0.5"], "real", [1.0, 0.5]),
      (["true", "\"x\"", "1.50"], "text", ["true", "x", "1.50"]),
      (["null"], "text", [nil]),
      (["\"\""], "text", [""]),
      (["\"007\"", "\"1\""], "text", ["007", "1"]),
      (
        ["[1, {\"x\": null}]", "{\"y\":\"é\"}", "[]"], "text",
        ["[1, {\"x\": null}]", "{\"y\":\"é\"}", "[]"]
      ),
      ([#""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE80""#], "text", ["\"\\/\u{8}\u{C}\n\r\té🚀"]),
    ] as [([String], String, [Value])])
  func `a type is inferred that loses nothing`(
    values: [String], type: String, read: [Value]
  ) throws {
    let table = try readTable(values.map { "{\"v\": \($0)}\n" }.joined(), .jsonLines)

    #expect(table.types == [type])
    #expect(table.rows.map { $0[0] } == read)
  }

  @Test(
    arguments: [
      (.text, "1.50", "1.50"), (.text, "true", "true"), (.text, "[1]", "[1]"),
      (.integer, "7", 7), (.integer, "\"7\"", 7), (.integer, "true", 1), (.integer, "null", nil),
      (.real, "7", 7.0), (.real, "\"7.5\"", 7.5), (.numeric, "7", 7), (.numeric, "7.5", 7.5),
      (.boolean, "false", 0), (.boolean, "1", 1), (.boolean, "\"yes\"", 1),
      (.date, "\"2024-02-29\"", "2024-02-29"), (.blob, "\"ff\"", .blob([255])),
    ] as [(ColumnType, String, Value)])
  func `a declared type converts what is of it`(
    type: ColumnType, value: String, read: Value
  ) throws {
    let table = try readTable("{\"v\": \(value)}\n", .jsonLines, types: ["v": type])

    #expect(table == ReadTable(columns: ["v"], types: [type.rawValue], rows: [[read]]))
  }

  @Test(
    arguments: [
      (.integer, "7.0"), (.integer, "\"x\""), (.integer, "[7]"), (.real, "\"x\""), (.boolean, "2"),
      (.date, "20240229"), (.date, "true"), (.blob, "12"), (.timestamp, "{}"),
    ] as [(ColumnType, String)])
  func `a value that is not of the declared type is refused`(type: ColumnType, value: String) {
    let found = rowFileProblems {
      try readTable("{}\n{\"é\": 0, \"v\": \(value)}\n", .jsonLines, types: ["v": type])
    }

    #expect(
      found.map(\.summary) == ["a value of `v` is not of its declared type `\(type.rawValue)`"])
    #expect(found.map(\.place) == [Place(file: "t.jsonl", line: 2, column: 15)])
  }

  @Test func `an escaped key is the column that it spells`() throws {
    let table = try readTable("{\"a\": 1}\n{\"\\u0061\": 2}\n", .jsonLines)

    #expect(table == ReadTable(columns: ["a"], types: ["integer"], rows: [[1], [2]]))
  }

  @Test func `a file without objects has the declared columns by name`() throws {
    let table = try readTable("\n", .jsonLines, types: ["b": .real, "a": .text])

    #expect(table == ReadTable(columns: ["a", "b"], types: ["text", "real"], rows: []))
  }

  @Test(arguments: ["{\"a\":1}\r\n{\"a\":2}\r\n", "\u{FEFF}{\"a\":1}\n{\"a\":2}"])
  func `line ends and byte order marks are as in CSV`(text: String) throws {
    #expect(try readTable(text, .jsonLines).rows == [[1], [2]])
  }
}
