// The `from` clause: tables and what joins them.

extension QueryParser {
  /// Parses a `from` clause (or, behind a command such as `table`, what is like one).
  mutating func fromClause() throws(ParseFailure) -> FromSyntax {
    _ = take(.from)
    var from = FromSyntax()
    try joinedTables(&from)
    while takeComma() { try joinedTables(&from, followsComma: true) }
    return from
  }

  /// Parses tables that are joined with each other, up to a comma.
  private mutating func joinedTables(
    _ from: inout FromSyntax, followsComma: Bool = false
  ) throws(ParseFailure) {
    let start = dialect.joinsBindLikeCommas ? 0 : from.tables.count
    let first = from.tables.count
    try tableFactor(&from)
    if followsComma {
      try constraint(&from, left: start..<first, join: Join(keeps: .neither))
    }
    while true {
      if let join = joinOperator() {
        let right = from.tables.count
        try tableFactor(&from)
        if join.isOdd { from.hasOddJoins = true }
        if join.hidesRight {
          for table in right..<from.tables.count { from.tables[table].isHidden = true }
        }
        if join.isNatural {
          from.merges.append(
            .init(
              names: nil, left: start..<right, right: right..<from.tables.count,
              takesLeft: join.takesLeft, takesRight: join.takesRight))
        }
        try constraint(&from, left: start..<right, join: join)
      } else if keyword == .on {
        // The condition of a join whose right side was a join itself.
        try constraint(&from, left: start..<from.tables.count, join: Join())
      } else if keyword == .lateral, keyword(1) == .view {
        index += 2
        _ = take(.outer)
        try lateralView(&from)
      } else {
        return
      }
    }
  }

  // MARK: Joins

  private struct Join {
    var isNatural = false
    var hidesRight = false
    var takesLeft = true
    var takesRight = false
    /// The sides whose rows stay although none of the other side matches; `nil` if that is not known.
    var keeps: Sides?
    var isOdd = false

    enum Sides {
      case neither, left, right, both
    }

    /// The tables of which a row is dropped wherever the join's condition does not hold for it.
    func dropped(left: Range<Int>, right: Range<Int>) -> Range<Int> {
      switch keeps {
      case .neither: left.lowerBound..<right.upperBound
      case .left: right
      case .right: left
      case .both, nil: 0..<0
      }
    }
  }

  /// Steps over the words up to `join`, if they are here.
  private mutating func joinOperator() -> Join? {
    var distance = 0
    var join = Join(keeps: .neither)
    while let token = token(distance), token.kind == .identifier {
      switch token.keyword {
      case .join:
        index += distance + 1
        return join
      case .natural: join.isNatural = true
      case .right: (join.takesLeft, join.takesRight, join.keeps) = (false, true, .right)
      case .full: (join.takesRight, join.keeps) = (true, .both)
      case .left: join.keeps = .left
      case .inner, .outer, .cross: break
      default:
        guard isJoinWord(distance) else { return nil }
        join.isOdd = true
        join.hidesRight = join.hidesRight || word("semi", distance) || word("anti", distance)
      }
      distance += 1
    }
    return nil
  }

  /// Whether a word is here that makes a join of a kind that not every dialect has.
  private func isJoinWord(_ distance: Int = 0) -> Bool {
    guard !dialect.joinWords.isEmpty, let token = token(distance), token.kind == .identifier
    else { return false }
    return dialect.joinWords.contains(source.text(of: token).asciiLowercased)
  }

  private mutating func constraint(
    _ from: inout FromSyntax, left: Range<Int>, join: Join
  ) throws(ParseFailure) {
    let count = from.tables.count
    while true {
      if take(.on) {
        let scope = dialect.conditionsSeeAllTables ? 0..<Int.max : left.lowerBound..<count
        let condition = try expression()
        let dropped = join.dropped(left: left, right: left.upperBound..<count)
        from.bounds.append(partitionBounds(in: condition, members: dropped))
        from.conditions.append(.init(expression: condition, scope: scope))
      } else if keyword == .using, isParenthesis(1) {
        index += 1
        let names = try names()
        from.merges.append(
          .init(
            names: names, left: left, right: left.upperBound..<count,
            takesLeft: join.takesLeft, takesRight: join.takesRight))
        if take(.as) { _ = try name() }
      } else {
        return
      }
    }
  }

  private mutating func lateralView(_ from: inout FromSyntax) throws(ParseFailure) {
    let function = try name()
    guard isParenthesis() else { throw unexpected() }
    var table = TableSyntax(kind: .call(function, try arguments()))
    if keyword != .as, token?.isName == true, keyword?.excludesAlias != true {
      table.alias = try name()
    }
    if take(.as) {
      repeat { table.columns.append(try name()) } while takeComma()
    }
    from.tables.append(table)
  }

  // MARK: Tables

  private mutating func tableFactor(_ from: inout FromSyntax) throws(ParseFailure) {
    if token?.isName == true, isOperator(":", 1), dialect.hasPrefixAliases {
      let alias = try name()
      index += 1
      let first = from.tables.count
      try tableFactor(&from)
      if from.tables.count == first + 1 { from.tables[first].alias = alias }
      return
    }
    var isLateral = dialect.tablesSeeEarlierOnes
    if dialect.hasTableModifiers, keyword == .lateral {
      index += 1
      isLateral = true
    }
    if isParenthesis() {
      try parenthesized(&from, isLateral: isLateral)
    } else if keyword == .values, isParenthesis(1) {
      index += 1
      var query = QuerySyntax(first: queries.count)
      query.terms = [.values(try valuesInFrom())]
      from.tables.append(TableSyntax(kind: .query(add(query), isLateral: isLateral)))
      try alias(of: &from.tables[from.tables.count - 1])
    } else {
      from.tables.append(try namedTable())
    }
  }

  private mutating func valuesInFrom() throws(ParseFailure) -> [[Expression]] {
    var columns: [[Expression]] = []
    repeat {
      try expectOpen()
      for (column, value) in try list().enumerated() {
        if column == columns.count { columns.append([]) }
        columns[column].append(value)
      }
      try expectClose()
    } while isParenthesis(1) && takeComma()
    return columns
  }

  /// A query or joined tables in parentheses, which may only turn out further in.
  private mutating func parenthesized(
    _ from: inout FromSyntax, isLateral: Bool
  ) throws(ParseFailure) {
    if startsQuery(afterOpening: true) {
      let start = (index: index, queries: queries.count)
      do {
        index += 1
        let query = try self.query()
        try expectClose()
        from.tables.append(TableSyntax(kind: .query(query, isLateral: isLateral)))
        try alias(of: &from.tables[from.tables.count - 1])
        return
      } catch {
        // `((select 1) a join b)` begins like a query.
        guard isParenthesis(start.index - index + 1), error.reason != .tooDeep else { throw error }
        index = start.index
        queries.removeSubrange(start.queries...)
      }
    }
    index += 1
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximalDepth else {
      throw ParseFailure(reason: .tooDeep, offset: offset)
    }
    let start = offset
    var inner = FromSyntax()
    try joinedTables(&inner)
    while takeComma() { try joinedTables(&inner, followsComma: true) }
    try expectClose()
    guard keyword == .as || isAlias else { return from.append(inner) }
    // With a name of its own it is one table, as if it were `(select * from …)`.
    var query = QuerySyntax(first: queries.count)
    query.terms = [
      .select(SelectSyntax(items: [.star(StarSyntax(offset: start))], from: inner))
    ]
    from.tables.append(TableSyntax(kind: .query(add(query), isLateral: isLateral)))
    try alias(of: &from.tables[from.tables.count - 1])
  }

  /// Whether a query begins here, or behind the parentheses that open here.
  func startsQuery(afterOpening: Bool) -> Bool {
    var distance = 0
    while isParenthesis(distance), distance <= Self.maximalDepth { distance += 1 }
    guard distance > 0 || !afterOpening else { return false }
    switch keyword(distance) {
    case .select, .with, .values: return true
    case .from: return dialect.hasLeadingFrom
    case .table:
      return dialect.tableCommands.contains("table") && token(distance + 1)?.isName == true
    default: return false
    }
  }

  private mutating func namedTable() throws(ParseFailure) -> TableSyntax {
    if dialect.hasTableModifiers {
      if keyword == .only, token(1)?.isName == true || isParenthesis(1) {
        index += 1
        if isParenthesis() {
          index += 1
          var table = TableSyntax(kind: .name(try qualifiedName()))
          try expectClose()
          try alias(of: &table)
          return table
        }
      } else if keyword == .rows, keyword(1) == .from {
        throw unsupported()
      }
    }
    guard let token, token.isName || (token.kind == .string && dialect.allowsStringsAsTableNames),
      token.keyword?.excludesName != true
    else { throw unexpected() }
    let name = try qualifiedName()
    var table: TableSyntax
    if isParenthesis() {
      table = TableSyntax(kind: .call(name.name, try arguments()))
      if keyword == .with, word("ordinality", 1) { index += 2 }
    } else {
      table = TableSyntax(kind: .name(name))
      if isOperator("*") { index += 1 }
    }
    try hints(of: &table)
    try alias(of: &table)
    try hints(of: &table)
    return table
  }

  /// Parses the name of a table that can have no alias.
  mutating func unaliasedTable() throws(ParseFailure) -> FromSyntax {
    let name = try qualifiedName()
    var from = FromSyntax()
    if isParenthesis() {
      from.tables = [TableSyntax(kind: .call(name.name, try arguments()))]
    } else {
      from.tables = [TableSyntax(kind: .name(name))]
    }
    return from
  }

  /// Steps over `indexed by` and the like; what changes the rows is not understood.
  private mutating func hints(of table: inout TableSyntax) throws(ParseFailure) {
    if keyword == .indexed, keyword(1) == .by {
      index += 2
      _ = try name()
    } else if keyword == .not, keyword(1) == .indexed {
      index += 2
    } else if keyword == .tablesample, dialect.hasTableModifiers {
      index += 1
      if token?.kind == .identifier { index += 1 }
      guard skipBalanced() else { throw unexpected() }
      if word("repeatable") {
        index += 1
        _ = skipBalanced()
      }
      table.isSampled = true
    } else if word("pivot") || word("unpivot") || word("match_recognize"),
      token(1)?.kind == .open
    {
      throw unsupported()
    } else if word("for"), word("system_time", 1) || word("version", 1) || word("timestamp", 1) {
      throw unsupported()
    }
  }

  private var isAlias: Bool {
    guard let token, token.isName else { return token?.kind == .string }
    if token.kind == .quotedIdentifier { return true }
    if token.keyword?.excludesAlias == true || token.keyword == .tablesample { return false }
    if keyword == .lateral, keyword(1) == .view { return false }
    if keyword == .indexed, keyword(1) == .by { return false }
    if isJoinWord() {
      return keyword(1) != .join && keyword(1) != .left
    }
    return !(dialect.hasMinus && word("minus"))
      && !(dialect.hasTableModifiers
        && (word("pivot") || word("unpivot") || word("match_recognize") || word("for")))
  }

  private mutating func alias(of table: inout TableSyntax) throws(ParseFailure) {
    if take(.as) {
      if isParenthesis() {
        table.columns = try names()
        return
      }
    } else if !isAlias {
      return
    }
    table.alias = try name()
    if isParenthesis() { table.columns = try names() }
  }
}

extension FromSyntax {
  /// Adds the tables of joins in parentheses, which stay visible one by one.
  fileprivate mutating func append(_ inner: FromSyntax) {
    let count = tables.count
    func moved(_ range: Range<Int>) -> Range<Int> {
      range.lowerBound + count..<(range.upperBound == .max ? .max : range.upperBound + count)
    }
    tables += inner.tables
    hasOddJoins = hasOddJoins || inner.hasOddJoins
    var bounds = inner.bounds
    for index in bounds.entries.indices {
      bounds.entries[index].members = moved(bounds.entries[index].members)
    }
    self.bounds.append(bounds)
    conditions += inner.conditions.map {
      Condition(expression: $0.expression, scope: moved($0.scope))
    }
    merges += inner.merges.map { merge in
      var merge = merge
      merge.left = moved(merge.left)
      merge.right = moved(merge.right)
      return merge
    }
  }
}
