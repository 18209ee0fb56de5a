// How names are read: of tables, of `with` clauses, of functions.

extension ReferenceScanner {
  /// Reads what stands where a table is expected, the parenthesis aside.
  mutating func table(at token: SQLToken) throws(SQLError) {
    let next = index + 1
    if token.keyword == .values, isParenthesis(at: next) {
      frame.clause = .valuesInFrom
      index += 1
      return
    }
    if dialect.hasTableModifiers {
      switch token.keyword {
      case .lateral where isTableName(at: next) || isParenthesis(at: next),
        .only where isTableName(at: next) || isParenthesis(at: next):
        index += 1
        return
      case .rows where self.token(at: next)?.keyword == .from && isParenthesis(at: next + 1):
        index += 2
        return
      default:
        break
      }
    }
    guard isTableName(at: index) else {
      // No name at all: the word is read as if the table had stood before it.
      frame.clause = .afterTable
      return
    }
    if dialect.hasLeadingFrom, let colon = self.token(at: next), colon.kind == .operator,
      source.bytes[colon.range].elementsEqual(CollectionOfOne(Ascii.colon))
    {
      index += 2
      return
    }
    frame.clause = .afterTable
    readTableName()
  }

  /// Reads a name with its qualifiers and notes it as a table, or as a function if it is called.
  ///
  /// Where tables can be called, what is not known to give rows of its arguments alone is both.
  mutating func readTableName() {
    let first = index
    var last = index
    while token(at: last + 1)?.kind == .dot, let part = token(at: last + 2),
      part.isName || (part.kind == .string && dialect.allowsStringsAsTableNames)
    {
      last += 2
    }
    index = last + 1
    if isParenthesis(at: index), source.tokens[last].kind != .string {
      call(last, from: first)
      let function = source.name(of: source.tokens[last]).asciiLowercased
      guard dialect.hasCallableTables, dialect.tableFunctions[function] == nil else { return }
    }
    func name(_ index: Int) -> String? {
      index >= first ? source.name(of: source.tokens[index]) : nil
    }
    scopes.refer(to: tables.count)
    tables.append(
      TableReference(
        name(last) ?? "", schema: name(last - 2), catalog: name(last - 4),
        isQuoted: source.tokens[last].kind != .identifier,
        range: source.tokens[first].start..<source.tokens[last].end))
  }

  /// Reads the name that a `with` clause declares.
  mutating func cteName(_ token: SQLToken) throws(SQLError) {
    guard isTableName(at: index) else {
      throw .malformedWith(found: source.text(of: token), offset: token.start)
    }
    let isQuoted = token.kind != .identifier
    scopes.declare(dialect.key(of: source.name(of: token), isQuoted: isQuoted))
    frame.clause = .cteHead
    index += 1
  }

  // MARK: Functions

  /// Reads a name in an expression, which counts if it is called or is a clock.
  mutating func expressionName(_ token: SQLToken) {
    if isParenthesis(at: index + 1) {
      guard frame.clause != .afterTable, !isNoCall(token) else {
        index += 1
        return
      }
      var first = index
      while self.token(at: first - 1)?.kind == .dot, self.token(at: first - 2)?.isName == true {
        first -= 2
      }
      let last = index
      index += 1
      return call(last, from: first)
    }
    if isClock(token) {
      let name = source.text(of: token).asciiLowercased
      functions.append(FunctionReference(name: name, offset: token.start))
      volatileReasons.append(.clock(function: name, offset: token.start))
    }
    index += 1
  }

  /// Notes the call of the function whose name's tokens are given; the index is behind it.
  private mutating func call(_ last: Int, from first: Int) {
    let name = source.name(of: source.tokens[last]).asciiLowercased
    let offset = source.tokens[first].start
    called = functions.count
    functions.append(FunctionReference(name: name, offset: offset))
    switch Volatility.ofFunctions[name] {
    case .random: volatileReasons.append(.random(function: name, offset: offset))
    case .clock: volatileReasons.append(.clock(function: name, offset: offset))
    case .connectionState:
      volatileReasons.append(.connectionState(function: name, offset: offset))
    case .clockArgument, nil: break
    }
  }

  /// Gives the argument that decides whether a function reads the clock, if one does.
  func clockCall(_ function: Int) -> (argument: Int, function: Int)? {
    let volatility = Volatility.ofFunctions[functions[function].name]
    guard case .clockArgument(let argument) = volatility else { return nil }
    return (argument, function)
  }

  /// Whether a name in front of a parenthesis is a keyword or a type and not a function.
  private func isNoCall(_ token: SQLToken) -> Bool {
    let previous = self.token(at: index - 1)
    if previous?.kind == .dot { return false }
    if let previous, previous.kind == .operator, source.bytes[previous.start] == Ascii.colon {
      return previous.range.count == 2
    }
    switch token.keyword {
    case .filter, .over: return previous?.kind == .close
    case .replace, .exclude:
      guard let previous, previous.kind == .operator else { return false }
      return source.bytes[previous.start] == Ascii.star
    case let keyword?: return keyword.excludesCall
    case nil: return false
    }
  }

  /// Whether a name without parenthesis stands for the present time.
  private func isClock(_ token: SQLToken) -> Bool {
    switch token.keyword {
    case .currentDate, .currentTime, .currentTimestamp: break
    case .localtime, .localtimestamp: guard dialect.hasLocalClocks else { return false }
    default: return false
    }
    return self.token(at: index - 1)?.kind != .dot && self.token(at: index + 1)?.kind != .dot
  }
}
