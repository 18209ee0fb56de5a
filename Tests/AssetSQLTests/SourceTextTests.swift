import AssetSQL
import Testing

@Suite struct SourceTextTests {
  @Test(arguments: [
    ("a", "\"a\""), ("", "\"\""), ("a\"b", "\"a\"\"b\""), ("\"", "\"\"\"\""), ("ü x", "\"ü x\""),
    ("e\u{301}\"\u{301}", "\"e\u{301}\"\"\u{301}\""),
  ])
  func `a quoted name reads as that name`(name: String, quoted: String) throws {
    let source = try tokenize(quoteIdentifier(name), dialect: .sqlite)

    #expect(quoteIdentifier(name) == quoted)
    #expect(source.tokens.map(source.name(of:)) == [name])
  }

  @Test(arguments: [
    ("", 0, 1, 1), ("abc", 0, 1, 1), ("abc", 2, 1, 3), ("abc", 3, 1, 4), ("abc", 9, 1, 4),
    ("a\nbc", 1, 1, 2), ("a\nbc", 2, 2, 1), ("a\nbc", 4, 2, 3),
    ("a\r\nbc", 1, 1, 2), ("a\r\nbc", 2, 1, 2), ("a\r\nbc", 3, 2, 1), ("\r\n\r\nx", 4, 3, 1),
    ("\n\n", 2, 3, 1), ("üä x", 4, 1, 3), ("üä x", 3, 1, 2), ("👩‍👩‍👧 x", 19, 1, 3),
    ("e\u{301}\nx", 4, 2, 1),
  ])
  func `lines and columns are counted in characters from one`(
    text: String, offset: Int, line: Int, column: Int
  ) {
    #expect(
      lineAndColumn(ofByteOffset: offset, in: text) == LineAndColumn(line: line, column: column))
  }
}
