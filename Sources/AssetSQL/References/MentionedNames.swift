/// Lists all that may be a column's name in a text, in lower case and sorted.
///
/// What a query means can only move to a new column of a table if its text mentions the name, or
/// takes columns without naming them. So a database's word on which columns a query reads holds as
/// long as none of these names comes or goes, although nothing of the text was understood.
///
/// - Parameters:
///   - sql: A query.
///   - dialect: How it is written.
/// - Returns: The names, keywords and names of functions among them; `nil` if the text may take
///   columns without naming them, as `select *` and `natural join` do.
package func mentionedNames(in sql: String, dialect: SQLDialect) -> [String]? {
  guard let text = try? tokenize(sql, dialect: dialect) else { return nil }
  var names: Set<String> = []
  var previous: SQLToken?
  for (index, token) in text.tokens.enumerated() {
    switch token.kind {
    case .identifier where token.keyword == .natural: return nil
    case .identifier, .quotedIdentifier: names.insert(text.name(of: token).lowercased())
    // SQLite takes a string for a name where only a name can stand.
    case .string where previous.map { [.dot, .open, .comma].contains($0.kind) } == true:
      names.insert(text.name(of: token).lowercased())
    case .operator where text.text(of: token).contains("*"):
      guard isFactor(previous) || isCount(around: index, in: text) else { return nil }
    default: break
    }
    previous = token
  }
  return names.sorted()
}

/// Whether a star behind the token multiplies.
private func isFactor(_ previous: SQLToken?) -> Bool {
  switch previous?.kind {
  case .identifier: previous?.keyword == nil
  case .quotedIdentifier, .number, .close, .parameter, .string: true
  default: false
  }
}

/// Whether a star stands alone between the parentheses of `count`.
private func isCount(around index: Int, in text: SQLTokens) -> Bool {
  let tokens = text.tokens
  guard index >= 2, index + 1 < tokens.count else { return false }
  return tokens[index - 1].kind == .open && tokens[index + 1].kind == .close
    && text.text(of: tokens[index - 2]).lowercased() == "count"
}
