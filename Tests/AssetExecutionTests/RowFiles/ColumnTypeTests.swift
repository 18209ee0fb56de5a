import AssetCore
import AssetExecution
import AssetWarehouse
import Testing

@Suite struct ColumnTypeTests {
  @Test(
    arguments: [
      (["1", "-2", "0"], "integer", [1, -2, 0]),
      (
        ["9223372036854775807", "-9223372036854775808"], "integer",
        [.integer(.max), .integer(.min)]
      ),
      (["1", "", "3"], "integer", [1, nil, 3]),
      (["1", "2.5", "-3e2", ".5", "1E-3"], "real", [1.0, 2.5, -300.0, 0.5, 0.001]),
      (["-0", "1"], "real", [.real(-0.0), 1.0]),
      (["0.1", "179769313486231570e291"], "real", [0.1, 1.7976931348623157e308]),
      (["007", "1"], "text", ["007", "1"]),
      (["007.5"], "text", ["007.5"]),
      (["+1"], "text", ["+1"]),
      (["1", "9223372036854775808"], "text", ["1", "9223372036854775808"]),
      (["9007199254740993", "0.5"], "text", ["9007199254740993", "0.5"]),
      (["9007199254740992", "0.5"], "real", [9007199254740992.0, 0.5]),
      (["1e400"], "text", ["1e400"]),
      (["1."], "text", ["1."]),
      (["1", "x"], "text", ["1", "x"]),
      ([" 1"], "text", [" 1"]),
      (["1_000"], "text", ["1_000"]),
      (["nan", "inf"], "text", ["nan", "inf"]),
      (["true"], "text", ["true"]),
      (["0x10"], "text", ["0x10"]),
      (["-", "."], "text", ["-", "."]),
      (["", ""], "text", [nil, nil]),
      ([], "text", []),
    ] as [([String], String, [Value])])
  func `a type is inferred that loses nothing`(
    fields: [String], type: String, values: [Value]
  ) throws {
    let table = try readTable("k,v\n" + fields.map { "x,\($0)\n" }.joined())

    #expect(table.types == ["text", type])
    #expect(table.rows.map { $0[1] } == values)
  }

  @Test(
    arguments: [
      (.text, "007", "007"),
      (.integer, "007", 7),
      (.integer, "+7", 7),
      (.real, "7", 7.0),
      (.real, "+07.50e1", 75.0),
      (.real, "7.", 7.0),
      (.real, "-Infinity", .real(-.infinity)),
      (.real, "inf", .real(.infinity)),
      (.numeric, "7", 7),
      (.numeric, "7.5", 7.5),
      (.boolean, "TRUE", 1),
      (.boolean, "t", 1),
      (.boolean, "Yes", 1),
      (.boolean, "1", 1),
      (.boolean, "false", 0),
      (.boolean, "F", 0),
      (.boolean, "no", 0),
      (.boolean, "0", 0),
      (.date, "2024-02-29", "2024-02-29"),
      (.date, "2000-02-29", "2000-02-29"),
      (.timestamp, "2013-01-01 05:00", "2013-01-01 05:00"),
      (.timestamp, "2013-01-01T05:00:59", "2013-01-01T05:00:59"),
      (.timestamp, "2013-01-01T05:00:00.123456Z", "2013-01-01T05:00:00.123456Z"),
      (.timestamp, "2013-01-01T05:00-05:30", "2013-01-01T05:00-05:30"),
      (.blob, "00fFA0", .blob([0, 255, 160])),
      (.integer, "\"7\"", 7),
      (.integer, "\"\"", nil),
      (.date, "", nil),
      (.blob, "\"\"", .blob([])),
      (.text, "\"\"", ""),
    ] as [(ColumnType, String, Value)])
  func `a declared type converts what is of it`(
    type: ColumnType, field: String, value: Value
  ) throws {
    let table = try readTable("k,v\nx,\(field)\n", types: ["V": type])

    #expect(table.types == ["text", type.rawValue])
    #expect(table.rows == [["x", value]])
  }

  @Test(
    arguments: [
      (.integer, "7.0"), (.integer, "9223372036854775808"), (.integer, " 7"), (.integer, "x"),
      (.real, "x"), (.real, "1e400"), (.real, "nan"), (.real, "1e"), (.real, "1.2.3"),
      (.numeric, "x"), (.boolean, "2"), (.boolean, "y"), (.boolean, "wahr"),
      (.date, "2023-02-29"), (.date, "1900-02-29"), (.date, "2023-13-01"), (.date, "2023-04-31"),
      (.date, "2023-1-1"), (.date, "2023-01-01T00:00"), (.date, "01/02/2023"),
      (.timestamp, "2013-01-01"), (.timestamp, "2013-01-01 24:00"),
      (.timestamp, "2013-01-01 05:60"),
      (.timestamp, "2013-01-01 05:00:60"), (.timestamp, "2013-01-01 05:00:00."),
      (.timestamp, "2013-01-01 05:00+01"), (.timestamp, "2013-01-01 05:00+24:00"),
      (.timestamp, "2013-01-01 05:00Zx"), (.timestamp, "2013-01-01_05:00"),
      (.blob, "abc"), (.blob, "zz"),
    ] as [(ColumnType, String)])
  func `a value that is not of the declared type is refused`(type: ColumnType, field: String) {
    let found = rowFileProblems {
      try readTable("k,v\n\"x\ny\",1\nx,\(field)\n", types: ["v": type])
    }

    #expect(
      found.map(\.summary) == ["a value of `v` is not of its declared type `\(type.rawValue)`"])
  }

  @Test(
    arguments: [
      (.integer, "digits with or without a sign, of at most 64 bits"),
      (.real, "a decimal number"),
      (.numeric, "a decimal number"),
      (.boolean, "`true`, `false`, `t`, `f`, `yes`, `no`, `1` or `0`"),
      (.date, "`YYYY-MM-DD`"),
      (.timestamp, "`YYYY-MM-DD HH:MM[:SS[.fff]]`, with or without `Z` or `±HH:MM`"),
      (.blob, "hexadecimal digits, two for a byte"),
    ] as [(ColumnType, String)])
  func `a refused value is shown by its place and the rule`(type: ColumnType, rule: String) {
    #expect(
      rowFileProblems { try readTable("k,v\n\"x\ny\",\"?\"\n", types: ["v": type]) } == [
        Diagnostic(
          "a value of `v` is not of its declared type `\(type.rawValue)`",
          at: Place(file: "t.csv", line: 3, column: 4), facts: [.init("expected", rule)],
          hint: "correct the value, or declare `v` as `text`")
      ])
  }

  @Test func `a type for a column that is not there names the nearest one`() {
    #expect(
      rowFileProblems {
        try readTable("carrier,name\nUA,United\n", types: ["carier": .text, "zzz": .integer])
      } == [
        Diagnostic(
          "a type is declared for `carier`, which is no column of `t.csv`",
          at: Place(file: "t.csv"), facts: [.init("columns", "carrier, name")],
          hint: "did you mean `carrier`?"),
        Diagnostic(
          "a type is declared for `zzz`, which is no column of `t.csv`",
          at: Place(file: "t.csv"), facts: [.init("columns", "carrier, name")],
          hint: "remove `zzz` from the declared columns"),
      ])
  }
}
