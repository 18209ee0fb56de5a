// What the words and commas of a query do to the frame that they stand in.

extension ReferenceScanner {
  // MARK: The start of a query

  /// Handles a token where a query may begin; false if it is to be read as something else.
  mutating func start(at token: SQLToken) throws(SQLError) -> Bool {
    if token.kind == .open, source.bytes[token.start] == Ascii.parenthesis { return false }
    switch token.keyword {
    case .select: begin(.selectList)
    case .values: begin(.values)
    case .from where dialect.hasLeadingFrom && !isArgumentOfTrim: begin(.table)
    case .with where frame.kind == .query || isTableName(at: index + 1):
      begin(.cteName)
      frame.scopes += 1
      scopes.open()
      if self.token(at: index)?.keyword == .recursive, isTableName(at: index + 1),
        self.token(at: index + 1)?.keyword != .as
      {
        scopes.markRecursive()
        index += 1
      }
    case .all where frame.followsSetOperator, .distinct where frame.followsSetOperator,
      .by where frame.followsSetOperator, .name where frame.followsSetOperator:
      index += 1
    default:
      if isTableCommand(token) {
        begin(.table)
        return true
      }
      switch frame.kind {
      case .query:
        throw .notAQuery(found: source.text(of: token), offset: token.start)
      case .tables: frame.clause = .table
      case .expression: frame.clause = .expression
      }
      return false
    }
    return true
  }

  private mutating func begin(_ clause: Frame.Clause) {
    frame.kind = .query
    frame.clause = clause
    frame.followsSetOperator = false
    index += 1
  }

  private func isTableCommand(_ token: SQLToken) -> Bool {
    guard token.kind == .identifier, !dialect.tableCommands.isEmpty else { return false }
    return dialect.tableCommands.contains(source.text(of: token).asciiLowercased)
      && (isTableName(at: index + 1) || isParenthesis(at: index + 1))
  }

  /// Whether the frame holds the arguments of `trim(from x)`.
  private var isArgumentOfTrim: Bool {
    guard frame.opening > 0, let function = token(at: frame.opening - 1) else { return false }
    return source.text(of: function).asciiLowercased == "trim"
  }

  // MARK: Words

  mutating func word(_ token: SQLToken) throws(SQLError) {
    switch frame.clause {
    case .table:
      try table(at: token)
    case .cteName:
      try cteName(token)
    case .cteHead where token.keyword == .as:
      move(to: .cteBody)
    case .cteBody where token.keyword == .not || token.keyword == .materialized:
      index += 1
    case .cteHead, .cteBody:
      throw .malformedWith(found: source.text(of: token), offset: token.start)
    case .cteEnd:
      frame.clause = .start
      frame.kind = .query
    default:
      if let keyword = token.keyword, self.token(at: index - 1)?.kind != .dot,
        try handle(keyword, token)
      {
        return
      }
      expressionName(token)
    }
  }

  /// Handles a word that may be a keyword here; false if it is a name.
  private mutating func handle(_ keyword: SQLKeyword, _ token: SQLToken) throws(SQLError) -> Bool {
    switch keyword {
    case .select:
      begin(.selectList)
      return true
    case .from:
      guard frame.clause == .selectList, !isDistinctFrom else { break }
      move(to: .table)
      return true
    case .join:
      guard [.afterTable, .joinCondition, .valuesInFrom].contains(frame.clause) else { break }
      move(to: .table)
      return true
    case .on:
      if frame.clause == .afterTable || frame.clause == .valuesInFrom {
        move(to: .joinCondition)
        return true
      }
    case .in:
      guard dialect.hasInTable, isTableName(at: index + 1) else { break }
      index += 1
      readTableName()
      return true
    case .as:
      // The word behind it is a name or a type, whatever it spells.
      index += self.token(at: index + 1)?.kind == .identifier ? 2 : 1
      return true
    case .where, .having, .qualify:
      endTables()
    case .by:
      handleBy()
    case .limit:
      handleLimit(token)
    case .fetch:
      if let next = self.token(at: index + 1)?.keyword, next == .first || next == .next {
        handleLimit(token)
      }
    case .window:
      if self.token(at: index + 1)?.isName == true, self.token(at: index + 2)?.keyword == .as {
        endTables()
      }
    case .union, .intersect, .except:
      guard keyword != .except || !followsStar else { break }
      frame.followsSetOperator = true
      move(to: .start)
      return true
    case .into:
      guard frame.clause == .selectList else { break }
      throw .notAQuery(found: source.text(of: token), offset: token.start)
    case .lateral:
      guard dialect.hasTableModifiers, self.token(at: index + 1)?.keyword == .view else { break }
      endTables()
    case .tablesample, .sample:
      handleSample(token)
    default:
      break
    }
    return false
  }

  private mutating func move(to clause: Frame.Clause) {
    frame.clause = clause
    index += 1
  }

  /// Ends the clause in which commas and joins lead to tables.
  private mutating func endTables() {
    switch frame.clause {
    case .selectList, .afterTable, .joinCondition, .values, .valuesInFrom: frame.clause = .rest
    default: break
    }
  }

  private mutating func handleBy() {
    switch previousKeyword {
    case .order where frame.kind == .query:
      frame.hasOrder = true
      endTables()
    case .order, .group, .cluster, .distribute, .sort:
      endTables()
    default:
      break
    }
  }

  private mutating func handleLimit(_ token: SQLToken) {
    if frame.kind == .query {
      frame.limit = token.start
      endTables()
    }
  }

  private mutating func handleSample(_ token: SQLToken) {
    guard dialect.hasTableModifiers else { return }
    let isTable = token.keyword == .tablesample && frame.clause == .afterTable
    let isQuery = token.keyword == .sample && previousKeyword == .using
    if isTable || isQuery { volatileReasons.append(.sample(offset: token.start)) }
    if isQuery { endTables() }
  }

  /// Whether a `from` belongs to `is distinct from` or `is not distinct from`.
  private var isDistinctFrom: Bool {
    guard previousKeyword == .distinct else { return false }
    let before = token(at: index - 2)?.keyword
    return before == .is || (before == .not && token(at: index - 3)?.keyword == .is)
  }

  /// Whether the word stands behind a star, as in `select * except (a)`.
  private var followsStar: Bool {
    guard let previous = token(at: index - 1), previous.kind == .operator else { return false }
    return source.bytes[previous.start] == Ascii.star
  }

  // MARK: Other tokens

  mutating func comma(_ token: SQLToken) throws(SQLError) {
    frame.commas += 1
    switch frame.clause {
    case .afterTable, .joinCondition:
      frame.clause = .table
    case .valuesInFrom:
      if isTableName(at: index + 1) { frame.clause = .table }
    case .cteEnd:
      frame.clause = .cteName
    case .cteName, .cteHead, .cteBody:
      throw .malformedWith(found: source.text(of: token), offset: token.start)
    default:
      break
    }
    index += 1
  }

  mutating func quoted(_ token: SQLToken) throws(SQLError) {
    switch frame.clause {
    case .table where isTableName(at: index): try table(at: token)
    case .cteName where isTableName(at: index): try cteName(token)
    case .cteName, .cteHead, .cteBody, .cteEnd, .table: try other(token)
    default:
      if let clock = frame.clock, frame.commas == clock.argument, source.spells(token, "now") {
        frame.seesNow = true
      }
      if token.kind == .quotedIdentifier { expressionName(token) } else { index += 1 }
    }
  }

  /// Handles what is no name where one is expected, and skips it elsewhere.
  mutating func other(_ token: SQLToken) throws(SQLError) {
    switch frame.clause {
    case .cteName, .cteHead, .cteBody:
      throw .malformedWith(found: source.text(of: token), offset: token.start)
    case .cteEnd:
      throw .notAQuery(found: source.text(of: token), offset: token.start)
    case .table:
      frame.clause = .afterTable
    default:
      break
    }
    index += 1
  }
}
