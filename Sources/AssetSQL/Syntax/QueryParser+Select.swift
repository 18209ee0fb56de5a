// The clauses of a `select`.

extension QueryParser {
  /// Parses a `select`, or in dialects that have it one that begins with `from`.
  mutating func select() throws(ParseFailure) -> SelectSyntax {
    hasWindow.append(false)
    defer { if hasWindow.popLast() == true { windowed += 1 } }
    var select = SelectSyntax()
    let start = offset
    if keyword == .from {
      select.from = try fromClause()
      guard keyword == .select else {
        select.items = [.star(StarSyntax(offset: start))]
        try clauses(of: &select)
        return select
      }
    }
    try expect(.select)
    if take(.distinct) {
      select.duplicates = .removed
      if take(.on) {
        try expectOpen()
        select.duplicates = .removedOn(try list())
        try expectClose()
      }
    } else {
      _ = take(.all)
    }
    repeat {
      // A comma may stand behind the last one.
      if !select.items.isEmpty, keyword == .from { break }
      select.items.append(try item())
    } while takeComma()
    if keyword == .from { select.from = try fromClause() }
    try clauses(of: &select)
    return select
  }

  private mutating func clauses(of select: inout SelectSyntax) throws(ParseFailure) {
    while let keyword {
      switch keyword {
      case .where:
        index += 1
        let filter = try expression()
        select.from.bounds.append(partitionBounds(in: filter, members: 0..<Int.max))
        select.filters.append(filter)
      case .having, .qualify:
        index += 1
        select.having.append(try expression())
      case .group where self.keyword(1) == .by:
        index += 2
        try grouping(of: &select)
      case .window where token(1)?.isName == true && self.keyword(2) == .as:
        index += 1
        repeat {
          let name = try name()
          try expect(.as)
          try expectOpen()
          let definition = try windowDefinition()
          try expectClose()
          select.windows.append((name, definition))
        } while takeComma()
      case .using where self.keyword(1) == .sample:
        throw unsupported()
      default:
        return
      }
    }
  }

  private mutating func grouping(of select: inout SelectSyntax) throws(ParseFailure) {
    _ = take(.distinct)
    if keyword == .all, token(1)?.kind != .comma, token(1)?.kind != .dot {
      index += 1
      select.groupsByAll = true
      return
    }
    // Sets of columns and `rollup (…)` read like functions of columns.
    repeat {
      if word("grouping"), keyword(1) == .sets { index += 2 }
      select.grouping.append(try expression())
    } while takeComma()
    if take(.with) {
      guard keyword == .rollup || keyword == .cube else { throw unexpected() }
      index += 1
    }
  }

  // MARK: Items

  private mutating func item() throws(ParseFailure) -> ItemSyntax {
    if let star = try star() { return .star(star) }
    if token?.isName == true, isOperator(":", 1), dialect.hasPrefixAliases {
      let alias = try name()
      index += 1
      return .expression(try expression(), aliases: [alias])
    }
    let expression = try expression()
    return .expression(expression, aliases: try aliases())
  }

  private mutating func aliases() throws(ParseFailure) -> [Name] {
    if take(.as) { return isParenthesis() ? try names() : [try name()] }
    guard let token else { return [] }
    switch token.kind {
    case .quotedIdentifier, .string: break
    case .identifier:
      if let keyword = token.keyword, keyword.excludesAlias { return [] }
      if isMinus { return [] }
    default: return []
    }
    index += 1
    return [name(of: token)]
  }

  private var isMinus: Bool { dialect.hasMinus && word("minus") }

  /// Parses `*` or `t.*` with what follows it, if that is here.
  private mutating func star() throws(ParseFailure) -> StarSyntax? {
    var distance = 0
    while isQualifier(distance) { distance += 2 }
    guard isOperator("*", distance) else { return nil }
    // Behind it an expression might go on, as in `t.*::text`; there is none in front of it.
    var star = StarSyntax(offset: offset)
    for part in stride(from: 0, to: distance, by: 2) {
      if let token = token(part) { star.qualifier.append(name(of: token)) }
    }
    index += distance + 1
    try modifiers(of: &star)
    return star
  }

  private mutating func modifiers(of star: inout StarSyntax) throws(ParseFailure) {
    while let token, token.kind == .identifier {
      if keyword == .exclude || (keyword == .except && isListOfNames(1)) {
        index += 1
        star.excluded += isParenthesis() ? try names() : [try name()]
      } else if keyword == .replace, isParenthesis(1) {
        index += 2
        repeat {
          let expression = try expression()
          try expect(.as)
          star.replaced.append((expression, try name()))
        } while takeComma()
        try expectClose()
      } else if word("rename"), isParenthesis(1) {
        index += 2
        repeat {
          let from = try name()
          try expect(.as)
          star.renamed.append((from, try name()))
        } while takeComma()
        try expectClose()
      } else if [.like, .ilike, .glob, .similar, .not].contains(keyword) {
        star.hasPattern = true
        _ = take(.not)
        index += keyword == .similar ? 2 : 1
        _ = try expression()
      } else {
        return
      }
    }
  }

  /// Whether nothing but names stands in the parentheses a number of places further on.
  private func isListOfNames(_ distance: Int) -> Bool {
    guard isParenthesis(distance) else { return false }
    var distance = distance + 1
    while token(distance)?.isName == true, keyword(distance) != .select {
      switch token(distance + 1)?.kind {
      case .comma: distance += 2
      case .close: return true
      default: return false
      }
    }
    return false
  }
}

extension SQLKeyword {
  /// Whether the word behind an expression or a table goes on the query and is no alias of it.
  var excludesAlias: Bool {
    switch self {
    case .and, .as, .between, .by, .collate, .cross, .else, .end, .escape, .except, .fetch, .from,
      .full, .glob, .group, .having, .ilike, .in, .inner, .intersect, .into, .is, .join, .left,
      .like, .limit, .natural, .not, .offset, .on, .or, .order, .qualify, .right, .select, .then,
      .union, .using, .when, .where, .window, .with:
      true
    default:
      false
    }
  }
}
