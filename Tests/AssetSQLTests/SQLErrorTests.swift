import AssetCore
import AssetSQL
import Testing

@Suite struct SQLErrorTests {
  private static let wording: [(SQLError, String, String)] = [
    (
      .emptyQuery, "the definition has no query",
      "write one query that begins with `select`, `with` or `values`"
    ),
    (
      .notAQuery(found: "delete", offset: 3), "`delete` stands where a query must begin",
      "write one query that begins with `select`, `with` or `values`"
    ),
    (
      .notAQuery(found: nil, offset: 3), "the text ends where a query must begin",
      "write one query that begins with `select`, `with` or `values`"
    ),
    (
      .secondStatement(offset: 3), "a second statement follows the query",
      "keep one query in this file and move the rest to a file of its own"
    ),
    (
      .malformedWith(found: "select", offset: 3),
      "`select` stands where the `with` clause must have `name as (query)`",
      "write `with name as (select …) select …`"
    ),
    (
      .malformedWith(found: nil, offset: 3), "the text ends inside of a `with` clause",
      "write `with name as (select …) select …`"
    ),
    (
      .unterminated(.string, offset: 3), "the string that begins here is never closed",
      "close it with the quote that it begins with, and write that quote twice inside of it"
    ),
    (
      .unterminated(.dollarString, offset: 3), "the string that begins here is never closed",
      "close it with the tag that it begins with"
    ),
    (
      .unterminated(.quotedName, offset: 3), "the quoted name that begins here is never closed",
      "close it with the quote that matches its first character"
    ),
    (
      .unterminated(.comment, offset: 3), "the comment that begins here is never closed",
      "close it with `*/`"
    ),
    (.unbalanced("(", offset: 3), "`(` is never closed", "close it with `)`"),
    (.unbalanced(")", offset: 3), "`)` closes nothing", "remove it, or open it before"),
    (
      .unexpectedCharacter("#", offset: 3), "`#` has no meaning here",
      "remove it, or put the name that it belongs to between double quotes"
    ),
    (
      .unexpectedCharacter("`", offset: 3), "a backtick has no meaning here",
      "remove it, or put the name that it belongs to between double quotes"
    ),
    (
      .unexpectedCharacter("\u{1}", offset: 3), "the character U+0001 has no meaning here",
      "remove it, or put the name that it belongs to between double quotes"
    ),
    (
      .malformedNumber("12ab", offset: 3), "`12ab` is neither a number nor a name",
      "if it is a name, write `\"12ab\"`"
    ),
  ]

  @Test(arguments: wording)
  func `every error says what is the case and what to do`(
    error: SQLError, summary: String, hint: String
  ) {
    let place = Place(file: "assets/daily.sql", line: 1, column: 4)

    #expect(error.diagnostic(at: place) == Diagnostic(summary, at: place, hint: hint))
    #expect(error.offset == (error == .emptyQuery ? 0 : 3))
  }
}
