/// A parser of queries that looks for what decides which columns are read.
///
/// It accepts more than any database does, since the database judges the query in the end; what
/// it cannot make sense of is a ``ParseFailure`` and never a guess. Queries within queries are the
/// only recursion, up to a fixed depth; the cost is linear in the length of the text.
///
/// This file holds queries as a whole; `QueryParser+Select`, `+From` and `+Expression` the rest.
struct QueryParser {
  /// How deeply queries may be nested; SQLite itself allows about as much.
  static let maximalDepth = 100

  let source: SQLTokens
  let dialect: SQLDialect
  /// The number of tokens in front of the semicolons at the end.
  let end: Int
  var index = 0
  var queries: [QuerySyntax] = []
  /// What the expressions use that were parsed.
  var uses: [Expression.Use] = []
  var words: WordTable
  /// For each `select` that is being parsed, whether it has a window.
  var hasWindow: [Bool] = []
  /// How many have one, and whether a function is called that sees the order of rows.
  var windowed = 0
  var callsOrdered = false
  /// The room of an earlier walk, for the next one.
  var spare = ExpressionWalk()
  var depth = 0
  /// Whether the text has a place for a value of a partition.
  let namesPartition: Bool

  init(source: SQLTokens, dialect: SQLDialect) {
    self.source = source
    self.dialect = dialect
    namesPartition = source.namesPartition
    words = WordTable(capacity: source.tokens.count / 4)
    end = (source.tokens.lastIndex { $0.kind != .semicolon }).map { $0 + 1 } ?? 0
  }

  /// Parses the one query of a text.
  static func parse(_ source: SQLTokens, dialect: SQLDialect) throws(ParseFailure) -> Syntax {
    var parser = QueryParser(source: source, dialect: dialect)
    _ = try parser.query()
    guard parser.index == parser.end else { throw parser.unexpected() }
    return Syntax(
      source: source, queries: parser.queries, uses: parser.uses, words: parser.words,
      seesOrder: parser.callsOrdered || parser.windowed > 1,
      namesPartition: parser.namesPartition)
  }

  /// Parses a query with all that belongs to it, and returns its index.
  mutating func query() throws(ParseFailure) -> Int {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximalDepth else {
      throw ParseFailure(reason: .tooDeep, offset: offset)
    }
    var query = QuerySyntax(first: queries.count)
    if take(.with) { try withClause(&query) }
    try body(&query)
    try tail(&query)
    return add(query)
  }

  mutating func add(_ query: QuerySyntax) -> Int {
    queries.append(query)
    return queries.count - 1
  }

  private mutating func withClause(_ query: inout QuerySyntax) throws(ParseFailure) {
    if keyword == .recursive, keyword(1) != .as, !isParenthesis(1) {
      index += 1
      query.isRecursive = true
    }
    repeat {
      let name = try name()
      var columns: [Name] = []
      if isParenthesis() { columns = try names() }
      if keyword == .using { throw unsupported() }
      try expect(.as)
      if keyword == .not { index += 1 }
      _ = take(.materialized)
      try expectOpen()
      let body = try self.query()
      try expectClose()
      query.ctes.append(.init(name: name, columns: columns, query: body))
      // PostgreSQL's `search` and `cycle` add columns that nothing else here knows of.
      if word("search") || word("cycle") { throw unsupported() }
    } while takeComma()
  }

  // MARK: Terms

  private mutating func body(_ query: inout QuerySyntax) throws(ParseFailure) {
    query.terms = [try term()]
    while keyword == .union || keyword == .intersect || keyword == .except || isMinus {
      let isUnion = keyword == .union
      index += 1
      let isAll = take(.all)
      if !isAll { _ = take(.distinct) }
      if self.keyword == .by, self.keyword(1) == .name {
        index += 2
        query.isByName = true
      }
      if !isUnion || !isAll { query.comparesRows = true }
      query.terms.append(try term())
    }
  }

  private var isMinus: Bool {
    dialect.hasMinus && word("minus") && (keyword(1) == .select || isParenthesis(1))
  }

  private mutating func term() throws(ParseFailure) -> QuerySyntax.Term {
    if isParenthesis() {
      index += 1
      let inner = try query()
      try expectClose()
      return .query(inner)
    }
    switch keyword {
    case .select: return .select(try select())
    case .from where dialect.hasLeadingFrom: return .select(try select())
    case .values:
      index += 1
      return .values(try rows())
    case .table where isTableCommand:
      index += 1
      let select = SelectSyntax(
        items: [.star(StarSyntax(offset: offset))], from: try fromClause())
      return .select(select)
    default:
      if isTableCommand { throw unsupported() }
      throw unexpected()
    }
  }

  private var isTableCommand: Bool {
    guard let token, token.kind == .identifier, !dialect.tableCommands.isEmpty else { return false }
    return dialect.tableCommands.contains(source.text(of: token).asciiLowercased)
  }

  /// The rows of `values`, turned into columns.
  private mutating func rows() throws(ParseFailure) -> [[Expression]] {
    var columns: [[Expression]] = []
    repeat {
      // Spark allows rows of one value without parentheses.
      let row: [Expression]
      if isParenthesis() {
        index += 1
        row = try list()
        try expectClose()
      } else {
        row = [try expression()]
      }
      for (column, value) in row.enumerated() {
        if column == columns.count { columns.append([]) }
        if !value.uses.isEmpty { columns[column].append(value) }
      }
    } while isNextRow && takeComma()
    return columns
  }

  private var isNextRow: Bool {
    guard token?.kind == .comma else { return false }
    return isParenthesis(1) || token(1)?.isName != true
  }

  // MARK: Order and limit

  private mutating func tail(_ query: inout QuerySyntax) throws(ParseFailure) {
    clauses: while let keyword {
      switch keyword {
      case .order where self.keyword(1) == .by, .cluster where self.keyword(1) == .by,
        .distribute where self.keyword(1) == .by, .sort where self.keyword(1) == .by:
        index += 2
        if !isOrderByAll { query.order += try orderList() }
      case .limit:
        query.limitOffset = offset
        index += 1
        if !take(.all) { query.limit.append(try expression()) }
        skipPercent()
        if takeComma() {
          query.hasOffset = true
          query.limit.append(try expression())
        }
        try limitBy()
      case .offset:
        query.limitOffset = query.limitOffset ?? offset
        query.hasOffset = true
        index += 1
        query.limit.append(try expression())
        if self.keyword == .row || self.keyword == .rows { index += 1 }
      case .fetch:
        query.limitOffset = offset
        try fetch(&query)
      default:
        break clauses
      }
    }
    lockingClause()
  }

  /// Steps over `for update` and the like, which changes no result.
  private mutating func lockingClause() {
    while dialect.hasLockingClauses, word("for"),
      word("update", 1) || word("share", 1)
        || word("key", 1) || word("no", 1)
    {
      index += 1
      while token?.kind == .identifier, !word("for") {
        index += 1
        if token?.kind == .comma { index += 1 }
      }
    }
  }

  /// `order by all`, which all columns of the result already cover.
  private var isOrderByAll: Bool {
    mutating get {
      guard keyword == .all, token(1) == nil || token(1)?.isName != true else { return false }
      index += 1
      skipDirection()
      return true
    }
  }

  private func limitBy() throws(ParseFailure) {
    if keyword == .by { throw unsupported() }
  }

  private mutating func skipPercent() {
    if let token, token.kind == .operator, source.text(of: token) == "%" { index += 1 }
    _ = takeWord("percent")
  }

  private mutating func fetch(_ query: inout QuerySyntax) throws(ParseFailure) {
    index += 1
    guard keyword == .first || keyword == .next else { throw unexpected() }
    index += 1
    if keyword != .row, keyword != .rows { query.limit.append(try expression()) }
    skipPercent()
    guard keyword == .row || keyword == .rows else { throw unexpected() }
    index += 1
    if take(.only) { return }
    guard take(.with), takeWord("ties") else { throw unexpected() }
  }

  /// Expressions with a direction each.
  mutating func orderList() throws(ParseFailure) -> [Expression] {
    var list: [Expression] = []
    repeat {
      list.append(try expression())
      skipDirection()
    } while takeComma()
    return list
  }

  mutating func skipDirection() {
    if word("asc") || word("desc") { index += 1 }
    if keyword == .using, token(1)?.kind == .operator { index += 2 }
    if word("nulls"), keyword(1) == .first || word("last", 1) { index += 2 }
  }
}
