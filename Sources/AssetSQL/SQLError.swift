/// A fact about a text that keeps it from being read as one query.
///
/// Every case but ``emptyQuery`` carries a place as an offset in bytes of UTF-8 from the start of
/// the text; ``lineAndColumn(ofByteOffset:in:)`` turns it into a line and a column.
package enum SQLError: Error, Equatable, Sendable {
  /// What a text can open and leave open.
  package enum Opened: Equatable, Sendable {
    /// A string between single quotes, or in Spark between double quotes.
    case string
    /// A name between double quotes, backticks or brackets.
    case quotedName
    /// A comment between `/*` and `*/`.
    case comment
    /// A string between two equal tags such as `$$`.
    case dollarString
  }

  /// The text holds nothing but white space, comments and semicolons.
  case emptyQuery
  /// Something else stands where a query must begin; `found` is `nil` at the end of the text.
  case notAQuery(found: String?, offset: Int)
  /// Something follows the semicolon that ends the query.
  case secondStatement(offset: Int)
  /// A `with` clause is not made of `name as (query)`; `found` is `nil` at the end of the text.
  case malformedWith(found: String?, offset: Int)
  /// Something that was opened at the offset is never closed.
  case unterminated(Opened, offset: Int)
  /// A parenthesis or bracket without its counterpart.
  case unbalanced(String, offset: Int)
  /// A character that begins no token of the dialect.
  case unexpectedCharacter(String, offset: Int)
  /// A word that begins with a digit and is not a number of the dialect.
  case malformedNumber(String, offset: Int)

  /// The place of the problem in bytes of UTF-8; zero for an empty query.
  package var offset: Int {
    switch self {
    case .emptyQuery: 0
    case .notAQuery(_, let offset), .secondStatement(let offset), .malformedWith(_, let offset),
      .unterminated(_, let offset), .unbalanced(_, let offset),
      .unexpectedCharacter(_, let offset), .malformedNumber(_, let offset):
      offset
    }
  }
}
