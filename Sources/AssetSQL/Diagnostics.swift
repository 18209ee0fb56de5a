package import AssetCore

// The wording of every error of this target.

extension SQLError {
  /// Says what is the case and what to do about it.
  ///
  /// - Parameter place: The place that the caller made of ``offset`` and of the file.
  /// - Returns: The problem, ready to be shown.
  package func diagnostic(at place: Place?) -> Diagnostic {
    Diagnostic(summary, at: place, hint: hint)
  }

  private var summary: String {
    switch self {
    case .emptyQuery:
      "the definition has no query"
    case .notAQuery(let found?, _):
      "\(quoted(found)) stands where a query must begin"
    case .notAQuery(nil, _):
      "the text ends where a query must begin"
    case .secondStatement:
      "a second statement follows the query"
    case .malformedWith(let found?, _):
      "\(quoted(found)) stands where the `with` clause must have `name as (query)`"
    case .malformedWith(nil, _):
      "the text ends inside of a `with` clause"
    case .unterminated(.string, _), .unterminated(.dollarString, _):
      "the string that begins here is never closed"
    case .unterminated(.quotedName, _):
      "the quoted name that begins here is never closed"
    case .unterminated(.comment, _):
      "the comment that begins here is never closed"
    case .unbalanced(let bracket, _) where closing[bracket] != nil:
      "\(quoted(bracket)) is never closed"
    case .unbalanced(let bracket, _):
      "\(quoted(bracket)) closes nothing"
    case .unexpectedCharacter(let character, _):
      "\(quoted(character)) has no meaning here"
    case .malformedNumber(let text, _):
      "\(quoted(text)) is neither a number nor a name"
    }
  }

  private var hint: String? {
    switch self {
    case .emptyQuery, .notAQuery:
      "write one query that begins with `select`, `with` or `values`"
    case .secondStatement:
      "keep one query in this file and move the rest to a file of its own"
    case .malformedWith:
      "write `with name as (select …) select …`"
    case .unterminated(.string, _):
      "close it with the quote that it begins with, and write that quote twice inside of it"
    case .unterminated(.quotedName, _):
      "close it with the quote that matches its first character"
    case .unterminated(.comment, _):
      "close it with `*/`"
    case .unterminated(.dollarString, _):
      "close it with the tag that it begins with"
    case .unbalanced(let bracket, _):
      closing[bracket].map { "close it with `\($0)`" } ?? "remove it, or open it before"
    case .unexpectedCharacter:
      "remove it, or put the name that it belongs to between double quotes"
    case .malformedNumber(let text, _):
      "if it is a name, write `\(quoteIdentifier(text))`"
    }
  }

  private var closing: [String: String] { ["(": ")", "[": "]", "{": "}"] }

  /// Puts what was found between backticks; a character that cannot be seen is named by number.
  private func quoted(_ text: String) -> String {
    guard let scalar = text.unicodeScalars.first, text.unicodeScalars.count == 1,
      scalar.value < 0x20 || scalar.value == 0x7F || scalar == "`"
    else { return "`\(text)`" }

    if scalar == "`" { return "a backtick" }
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "the character U+\(String(repeating: "0", count: 4 - digits.count))\(digits)"
  }
}

extension NameProblem {
  /// Says which name stands for nothing, or for what several things.
  func diagnostic(at place: Place?) -> Diagnostic {
    switch kind {
    case .unknownColumn(let table?, let nearest):
      Diagnostic(
        "`\(table)` has no column `\(name)`", at: place, hint: suggestion(nearest))
    case .unknownColumn(nil, let nearest):
      Diagnostic(
        "no table that is read here has a column `\(name)`", at: place,
        hint: suggestion(nearest))
    case .ambiguousColumn(let tables):
      Diagnostic(
        "`\(name)` may be a column of \(tables.map { "`\($0)`" }.joined(separator: " or of "))",
        at: place, hint: "write the table in front of it, such as `\(tables[0]).\(name)`")
    case .unknownTable(let nearest):
      Diagnostic(
        "no table that is read here is called `\(name)`", at: place, hint: suggestion(nearest))
    }
  }

  private func suggestion(_ nearest: String?) -> String? {
    nearest.map { "did you mean `\($0)`?" }
  }
}
