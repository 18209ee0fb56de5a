/// A walk over the tokens of a query that finds the names of tables and functions.
///
/// It knows clauses, not expressions: where a `from` begins a clause, where that clause ends, and
/// which commas and parentheses of it lead to another table. Each parenthesis that is open has a
/// ``Frame`` on a stack of its own, so that no nesting is too deep.
///
/// This file holds the frames; `ReferenceScanner+Clauses` what words do to them, and
/// `ReferenceScanner+Names` how names are read.
struct ReferenceScanner {
  /// What stands between a pair of parentheses, or in the text as a whole.
  struct Frame {
    enum Kind {
      /// A query and nothing else.
      case query
      /// What can stand in a `from` clause: joined tables, or a query.
      case tables
      /// An expression, a list of them, or a query.
      case expression
    }

    /// Where in its content the walk is.
    enum Clause {
      /// Where a query may begin; in a frame of the kind `query` it must.
      case start
      /// Behind `with` or a comma of it: a name must follow.
      case cteName
      /// Behind that name, where its columns or `as` stand.
      case cteHead
      /// Behind `as`: the query in parentheses must follow.
      case cteBody
      /// Behind the query of a name.
      case cteEnd
      /// Behind `select`, before `from`.
      case selectList
      /// Behind `from`, `join` or a comma of the clause.
      case table
      /// Behind a table, where aliases, `join` and commas stand.
      case afterTable
      /// Behind `on`.
      case joinCondition
      /// Among the rows of `values`.
      case values
      /// Among rows of `values` that stand in a `from` clause without parentheses.
      case valuesInFrom
      /// In `where` or anything later: no comma leads to a table.
      case rest
      /// In an expression outside of any query of this frame.
      case expression
    }

    var kind: Kind
    var clause = Clause.start
    /// The index of the token that opened it; -1 for the whole text.
    var opening = -1
    /// How many `with` clauses began in it.
    var scopes = 0
    var followsSetOperator = false
    var hasOrder = false
    var limit: Int?
    var commas = 0
    /// The call whose arguments it holds, if the meaning of the call depends on them.
    var clock: (argument: Int, function: Int)?
    var seesNow = false
  }

  let source: SQLTokens
  let dialect: SQLDialect
  /// The number of tokens in front of the semicolons at the end.
  let end: Int
  var index = 0
  var frame = Frame(kind: .query)
  private var enclosing: [Frame] = []
  /// The function whose name stands just in front of a parenthesis.
  var called: Int?

  /// Every name of a table, whether or not a `with` clause declares it.
  var tables: [TableReference] = []
  var scopes = CTEScopes()
  var functions: [FunctionReference] = []
  var volatileReasons: [VolatileReason] = []

  init(source: SQLTokens, dialect: SQLDialect) {
    self.source = source
    self.dialect = dialect
    let last = source.tokens.lastIndex { $0.kind != .semicolon }
    self.end = last.map { $0 + 1 } ?? 0
  }

  mutating func scan() throws(SQLError) {
    guard end > 0 else { throw .emptyQuery }
    while index < end { try step() }
    guard enclosing.isEmpty else {
      let opening = source.tokens[frame.opening]
      throw .unbalanced(source.text(of: opening), offset: opening.start)
    }
    try finish(at: nil)
  }

  private mutating func step() throws(SQLError) {
    let token = source.tokens[index]
    if frame.clause == .start, try start(at: token) { return }
    switch token.kind {
    case .open: try open(token)
    case .close: try close(token)
    case .comma: try comma(token)
    case .semicolon: try refuse(semicolon: token)
    case .identifier: try word(token)
    case .quotedIdentifier, .string: try quoted(token)
    case .dot, .number, .blob, .parameter, .operator: try other(token)
    }
  }

  // MARK: Frames

  /// Opens the frame of a parenthesis, and says where the enclosing one goes on behind it.
  mutating func open(_ token: SQLToken) throws(SQLError) {
    var inner = Frame(kind: .expression)
    inner.opening = index
    if source.bytes[token.start] != Ascii.parenthesis { inner.clause = .expression }
    switch frame.clause {
    case .start:
      inner.kind = frame.kind
      frame.clause =
        switch frame.kind {
        case .query: .rest
        case .tables: .afterTable
        case .expression: .expression
        }
    case .table:
      inner.kind = .tables
      frame.clause = .afterTable
    case .cteBody:
      inner.kind = .query
      frame.clause = .cteEnd
      scopes.beginDeclaration(isCompound: enclosing.count > 20 || isCompound(from: index))
    case .cteName:
      throw .malformedWith(found: source.text(of: token), offset: token.start)
    case .cteEnd:
      frame.clause = .start
      return try open(token)
    default:
      break
    }
    if let called, let function = clockCall(called) { inner.clock = function }
    called = nil
    enclosing.append(frame)
    frame = inner
    index += 1
  }

  private mutating func close(_ token: SQLToken) throws(SQLError) {
    guard let outer = enclosing.last, closes(token, source.tokens[frame.opening]) else {
      throw .unbalanced(source.text(of: token), offset: token.start)
    }
    try finish(at: token)
    enclosing.removeLast()
    frame = outer
    index += 1
    if frame.clause == .cteEnd { scopes.endDeclaration() }
  }

  private func closes(_ token: SQLToken, _ opening: SQLToken) -> Bool {
    switch source.bytes[opening.start] {
    case Ascii.parenthesis: source.bytes[token.start] == Ascii.closingParenthesis
    case Ascii.bracket: source.bytes[token.start] == Ascii.closingBracket
    default: source.bytes[token.start] == Ascii.closingBrace
    }
  }

  /// Ends the frame at a token, or at the end of the text.
  private mutating func finish(at token: SQLToken?) throws(SQLError) {
    let found = token.map(source.text(of:))
    let offset = token?.start ?? source.tokens[end - 1].end
    switch frame.clause {
    case .start where frame.kind == .query, .cteEnd:
      throw .notAQuery(found: found, offset: offset)
    case .cteName, .cteHead, .cteBody:
      throw .malformedWith(found: found, offset: offset)
    default:
      break
    }
    if let limit = frame.limit, !frame.hasOrder {
      volatileReasons.append(.unorderedLimit(offset: limit))
    }
    if let clock = frame.clock {
      let arguments = index == frame.opening + 1 ? 0 : frame.commas + 1
      if frame.seesNow || arguments <= clock.argument {
        let function = functions[clock.function]
        volatileReasons.append(.clock(function: function.name, offset: function.offset))
      }
    }
    for _ in 0..<frame.scopes { scopes.close() }
  }

  private func refuse(semicolon: SQLToken) throws(SQLError) {
    if !enclosing.isEmpty {
      let opening = source.tokens[frame.opening]
      throw .unbalanced(source.text(of: opening), offset: opening.start)
    }
    switch frame.clause {
    case .cteName, .cteHead, .cteBody: throw .malformedWith(found: ";", offset: semicolon.start)
    case .cteEnd: throw .notAQuery(found: ";", offset: semicolon.start)
    default: break
    }
    guard let next = source.tokens[index...].first(where: { $0.kind != .semicolon }) else {
      preconditionFailure("semicolons at the end of the text are not walked over")
    }
    throw .secondStatement(offset: next.start)
  }

  /// Whether what is enclosed from here on has terms of its own, as `union` makes them.
  private func isCompound(from opening: Int) -> Bool {
    var depth = 0
    for index in opening..<end {
      let token = source.tokens[index]
      switch token.kind {
      case .open: depth += 1
      case .close:
        depth -= 1
        if depth == 0 { return false }
      default:
        if depth == 1, [.union, .intersect, .except].contains(token.keyword) { return true }
      }
    }
    return false
  }

  // MARK: Neighbours

  func token(at index: Int) -> SQLToken? {
    index >= 0 && index < end ? source.tokens[index] : nil
  }

  var previousKeyword: SQLKeyword? { token(at: index - 1)?.keyword }

  /// Whether the token at the index is an opening parenthesis.
  func isParenthesis(at index: Int) -> Bool {
    guard let token = token(at: index), token.kind == .open else { return false }
    return source.bytes[token.start] == Ascii.parenthesis
  }

  /// Whether the token at the index can be the name of a table.
  func isTableName(at index: Int) -> Bool {
    guard let token = token(at: index) else { return false }
    switch token.kind {
    case .identifier: return token.keyword?.excludesName != true
    case .quotedIdentifier: return true
    case .string: return dialect.allowsStringsAsTableNames
    default: return false
    }
  }
}
