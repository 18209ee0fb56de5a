import AssetCore
import AssetExecution
import AssetWarehouse
import Testing

@Suite struct JSONLinesErrorTests {
  @Test(arguments: [
    ("[1]", 1, "an object, which begins with `{`"),
    ("x", 1, "an object, which begins with `{`"),
    ("{", 2, "a key in double quotes"),
    ("{a: 1}", 2, "a key in double quotes"),
    ("{\"a\": 1,}", 9, "a key in double quotes"),
    ("{\"é\" 1}", 6, "`:`"),
    ("{\"a\": 1 \"b\": 2}", 9, "`,` or `}`"),
    ("{\"a\": 1", 8, "`,` or `}`"),
    ("{\"a\": [1 2]}", 10, "`,` or `]`"),
    ("{\"a\": }", 7, "a string, a number, an object, an array, `true`, `false` or `null`"),
    ("{\"a\": tru}", 7, "a string, a number, an object, an array, `true`, `false` or `null`"),
    ("{\"a\": NaN}", 7, "a string, a number, an object, an array, `true`, `false` or `null`"),
    ("{\"a\": .5}", 7, "a string, a number, an object, an array, `true`, `false` or `null`"),
    ("{\"a\": 1.}", 9, "a digit"),
    ("{\"a\": -}", 8, "a digit"),
    ("{\"a\": 1e+}", 10, "a digit"),
    ("{\"a\": 01}", 8, "`,` or `}`"),
    ("{\"a\": 1} {}", 10, "the end of the line, as each has one object"),
    ("{\"a\": \"x", 9, "the string's closing quote"),
    (
      "{\"a\": \"\\x\"}", 9,
      "one of `\"`, `\\`, `/`, `b`, `f`, `n`, `r`, `t`, or `u` with four hexadecimal digits"
    ),
    (
      "{\"a\": \"\\u00g0\"}", 9,
      "one of `\"`, `\\`, `/`, `b`, `f`, `n`, `r`, `t`, or `u` with four hexadecimal digits"
    ),
    ("{\"a\": \"\\ud800\"}", 9, "both halves of a surrogate pair, high and low"),
    ("{\"a\": \"\\udc00\"}", 9, "both halves of a surrogate pair, high and low"),
    ("{\"a\": \"x\ty\"}", 9, "control characters as escapes, such as `\\n`"),
    (
      "{\"a\": " + String(repeating: "[", count: 600), 518,
      "at most 512 levels of objects and arrays"
    ),
  ])
  func `broken JSON is shown with what would have to stand there`(
    line: String, column: Int, expected: String
  ) {
    #expect(
      rowFileProblems { try readTable("{\"a\": 0}\n\n\(line)\n", .jsonLines) } == [
        Diagnostic(
          "the line is not JSON here", at: Place(file: "t.jsonl", line: 3, column: column),
          facts: [.init("expected", expected)], hint: "write one JSON object on each line")
      ])
  }

  @Test func `bytes that are not UTF-8 are shown where they are`() {
    let file = Array("{\"a\": 0}\n{\"a\": \"é".utf8) + [0xE9] + Array("\"}\n".utf8)

    #expect(
      rowFileProblems { try readTable(file, .jsonLines) } == [
        Diagnostic(
          "the file is not UTF-8 here", at: Place(file: "t.jsonl", line: 2, column: 9),
          hint: "save the file as UTF-8, for example with `iconv -f latin1 -t utf-8`")
      ])
  }

  @Test(arguments: [
    (
      "{\"a\": 1, \"a\": 2}", 10, "the object has the key `a` twice", "keep one of the two"
    ),
    (
      "{\"A\": 1}", 2, "`A` and `a` are one name, as case does not count", "rename one of the two"
    ),
    ("{\"\": 1}", 2, "column 2 has no name", "name every column"),
  ])
  func `keys are column names that are there and differ`(
    line: String, column: Int, summary: String, hint: String
  ) {
    let place = Place(file: "t.jsonl", line: 2, column: column)

    #expect(
      rowFileProblems { try readTable("{\"a\": 0}\n\(line)\n", .jsonLines) } == [
        Diagnostic(summary, at: place, hint: hint)
      ])
  }

  @Test func `a file without keys and declared columns is refused`() {
    #expect(
      rowFileProblems { try readTable("\n", .jsonLines) } == [
        Diagnostic(
          "`t.jsonl` has no keys, so that its columns are not known",
          at: Place(file: "t.jsonl"), hint: "declare the columns with their types")
      ])
  }
}
