// What an expression may begin with, and what stands behind its operators.

extension QueryParser {
  /// Handles the token where an operand is expected; false if the expression has ended before it.
  mutating func operand(_ walk: inout ExpressionWalk) throws(ParseFailure) -> Bool {
    guard let token else { return false }
    switch token.kind {
    case .string where isQualifier(): try column(&walk)
    case .string, .number, .blob, .parameter:
      walk.expectsOperand = false
      index += 1
    case .operator:
      index += 1
      // The star of `count(*)` is complete; what else comes first is a sign.
      if source.bytes[token.start] == Ascii.star, token.end - token.start == 1 {
        walk.expectsOperand = false
      }
      walk.steps += 1
    case .open: try opening(&walk, token)
    case .close:
      // Nothing, or nothing more, stands between the parentheses.
      guard closes(token, walk) else { return false }
      walk.expectsOperand = false
      walk.pop()
      walk.isOdd = false
      index += 1
    case .comma:
      guard walk.frame == .call || walk.frame == .brackets else { throw unexpected() }
      index += 1
    case .dot, .semicolon: throw unexpected()
    case .quotedIdentifier, .identifier:
      if case .window(let part)? = walk.frame, windowOperand(&walk, in: part) { return true }
      guard token.kind == .identifier else { return try quotedOperand(&walk) }
      if let keyword = token.keyword, try handle(keyword, &walk) { return true }
      try namedOperand(&walk, token)
    }
    return true
  }

  private mutating func quotedOperand(_ walk: inout ExpressionWalk) throws(ParseFailure) -> Bool {
    try column(&walk)
    return true
  }

  // MARK: Parentheses

  private mutating func opening(
    _ walk: inout ExpressionWalk, _ token: SQLToken
  ) throws(ParseFailure) {
    guard source.bytes[token.start] == Ascii.parenthesis else {
      walk.push(.brackets)
      walk.steps += 1
      index += 1
      return
    }
    if startsQuery(in: walk) { return try subquery(&walk, onlyExistence: false) }
    walk.push(
      .group(start: index, uses: walk.uses.count, queries: queries.count))
    index += 1
    lambdaParameters(&walk)
  }

  /// Whether the parenthesis here holds a query and nothing else.
  private func startsQuery(in walk: ExpressionWalk) -> Bool {
    switch keyword(1) {
    case .select, .with: return true
    case .values: return isParenthesis(2)
    case .from: return dialect.hasLeadingFrom
    case .table:
      return dialect.tableCommands.contains("table") && token(2)?.isName == true
        && token(3)?.kind == .close
    default: return false
    }
  }

  /// Parses a query in parentheses.
  mutating func subquery(
    _ walk: inout ExpressionWalk, onlyExistence: Bool
  ) throws(ParseFailure) {
    index += 1
    let query = try query()
    try expectClose()
    walk.use(.query(query, onlyExistence: onlyExistence))
    walk.expectsOperand = false
    walk.steps += 1
  }

  // MARK: Keywords

  /// Handles a keyword where an operand is expected; false if it is a name.
  private mutating func handle(
    _ keyword: SQLKeyword, _ walk: inout ExpressionWalk
  ) throws(ParseFailure) -> Bool {
    switch keyword {
    case .not:
      index += 1
    case .null, .currentDate, .currentTime, .currentTimestamp:
      index += 1
      if isParenthesis(), keyword != .null { _ = skipBalanced() }
      walk.expectsOperand = false
    case .case:
      index += 1
      walk.push(.cases)
      walk.expectsOperand = self.keyword != .when
    case .when, .then, .else:
      guard walk.frame == .cases else { throw unexpected() }
      index += 1
    case .exists where isParenthesis(1):
      index += 1
      try subquery(&walk, onlyExistence: true)
    case .cast where isParenthesis(1):
      return false
    case .distinct, .all:
      return try quantifier(keyword, &walk)
    case .any, .some:
      guard isParenthesis(1) else { return false }
      index += 1
    case .array:
      guard isParenthesis(1) || isOpen(1, Ascii.bracket) else { return false }
      index += 1
    case .row:
      guard isParenthesis(1) else { return false }
      index += 1
    case .interval:
      return interval(&walk)
    case .order, .group: return try argumentOrder(&walk)
    case .between, .and: throw unexpected()
    case .select, .from, .where, .having, .limit, .union, .intersect, .except, .on, .using, .as,
      .join, .into, .in, .is, .or:
      if keyword == .from, walk.frame == .call {
        // `trim(from x)`, `substring(x from 2)`
        index += 1
        return true
      }
      throw unexpected()
    case .end:
      guard walk.frame == .cases else { return false }
      throw unexpected()
    default:
      return false
    }
    walk.steps += 1
    return true
  }

  /// `order by` in front of the first argument, as in `within group (order by x)`.
  private mutating func argumentOrder(
    _ walk: inout ExpressionWalk
  ) throws(ParseFailure) -> Bool {
    guard keyword == .order, keyword(1) == .by, walk.frame == .call else { throw unexpected() }
    index += 2
    walk.role = .condition
    return true
  }

  private mutating func quantifier(
    _ keyword: SQLKeyword, _ walk: inout ExpressionWalk
  ) throws(ParseFailure) -> Bool {
    if keyword == .distinct, self.keyword(1) == .from {
      // `is distinct from`
      index += 2
      walk.steps += 1
      return true
    }
    guard walk.frame == .call || (keyword == .all && isParenthesis(1)) else { throw unexpected() }
    index += 1
    walk.steps += 1
    return true
  }

  private mutating func interval(_ walk: inout ExpressionWalk) -> Bool {
    guard dialect.hasTypedLiterals, let next = token(1) else { return false }
    switch next.kind {
    case .string, .number:
      index += 2
      if isUnit() { skipUnit() }
      walk.expectsOperand = false
    case .parameter, .identifier, .quotedIdentifier:
      guard next.keyword?.excludesAlias != true else { return false }
      index += 1
      walk.awaitsUnit = walk.frames.count
    case .open where isParenthesis(1):
      index += 1
      walk.awaitsUnit = walk.frames.count
    default:
      return false
    }
    walk.steps += 1
    return true
  }

  // MARK: Names

  private mutating func namedOperand(
    _ walk: inout ExpressionWalk, _ token: SQLToken
  ) throws(ParseFailure) {
    let next = self.token(1)
    if dialect.hasTypedLiterals, next?.kind == .string {
      // `date '2026-01-01'`
      index += 2
      walk.expectsOperand = false
      walk.steps += 1
      return
    }
    if isOpen(1, Ascii.brace) {
      // `map {…}`
      index += 1
      return
    }
    if walk.frame == .brackets, isOperator(":", 1) {
      // The name of a field.
      index += 2
      return
    }
    if word("lambda"), dialect.hasLambdas, next?.isName == true {
      return try lambdaWord(&walk)
    }
    if walk.frame == .call, isOperator("->", 1), dialect.hasLambdas {
      walk.parameters.insert(name(of: token).key)
    }
    try column(&walk)
  }

  /// Reads a name with its qualifiers: a column, a function, or a star.
  private mutating func column(_ walk: inout ExpressionWalk) throws(ParseFailure) {
    var column = QualifiedName(try name())
    while token?.kind == .dot {
      index += 1
      if isOperator("*") {
        index += 1
        walk.use(.star(column.name))
        walk.expectsOperand = false
        walk.steps += 1
        return
      }
      column.append(try name())
    }
    walk.expectsOperand = false
    if isParenthesis() { return try call(column.name, &walk) }
    let isAlone = column.qualifier == nil
    let isConstant = isAlone && (word("true", -1) || word("false", -1))
    let isSoft = isConstant || (isAlone && walk.parameters.contains(column.name.key))
    if isConstant {
      walk.steps += 1
      guard dialect.hasBooleanColumns else { return }
    }
    walk.use(.column(column), isSoft: isSoft, isConstant: isConstant)
  }

  private mutating func call(_ function: Name, _ walk: inout ExpressionWalk) throws(ParseFailure) {
    walk.steps += 1
    let name = words.text(of: function.key)
    if dialect.hasSetReturningFunctions, !Self.functionsOfOneRow.contains(name) {
      walk.expression.mayChangeRows = true
    }
    if dialect.rowChoosingAggregates.contains(name) { walk.expression.choosesRow = true }
    if Self.orderedAggregates.contains(name) { callsOrdered = true }
    if startsQuery(in: walk) {
      // `array(select …)`, `f(select …)`
      return try subquery(&walk, onlyExistence: false)
    }
    walk.push(
      .call, isAggregate: Self.aggregates.contains(name),
      isChooser: dialect.rowChoosingAggregates.contains(name))
    walk.expectsOperand = true
    index += 1
    if name == "columns", dialect.hasPrefixAliases { walk.use(.star(nil)) }
    if name == "trim", isTrimSide { index += 1 }
    lambdaParameters(&walk)
    softArgument(of: name, &walk)
  }

  /// Whether a word such as in `trim(leading from x)` is here and no column of that name.
  private var isTrimSide: Bool {
    guard dialect.hasTrimSides, word("both") || word("leading") || word("trailing") else {
      return false
    }
    return ![.close, .comma, .dot, .operator].contains(token(1)?.kind)
  }

  /// Passes over a field such as `year` in `extract(year from x)`; elsewhere a unit in front of the
  /// other arguments may be a column as well.
  private mutating func softArgument(of function: String, _ walk: inout ExpressionWalk) {
    guard token?.kind == .identifier else { return }
    if keyword(1) == .from, function == "extract" {
      index += 2
    } else if dialect.hasTypedLiterals, token(1)?.kind == .comma, isUnit(), let token {
      walk.use(.column(QualifiedName(name(of: token))), isSoft: true)
      walk.expectsOperand = false
      index += 1
    }
  }

  // MARK: Lambdas

  /// Notes the parameters of `(x, y) -> …`, of which the parenthesis was just read.
  private mutating func lambdaParameters(_ walk: inout ExpressionWalk) {
    guard dialect.hasLambdas else { return }
    var distance = 0
    var names: [Word] = []
    while let token = token(distance), token.isName, distance < 64 {
      names.append(name(of: token).key)
      guard self.token(distance + 1)?.kind == .comma else { break }
      distance += 2
    }
    guard token(distance + 1)?.kind == .close, isOperator("->", distance + 2) else { return }
    walk.parameters.formUnion(names)
  }

  /// Reads `lambda x, y:`.
  private mutating func lambdaWord(_ walk: inout ExpressionWalk) throws(ParseFailure) {
    index += 1
    repeat { walk.parameters.insert(try name().key) } while takeComma()
    guard isOperator(":") else { throw unexpected() }
    index += 1
    walk.steps += 1
  }

  /// Functions whose value depends on the order of the rows that it is made of.
  private static let orderedAggregates: Set<String> = [
    "any_value", "array_agg", "arrayagg", "collect_list", "collect_set", "first", "group_concat",
    "json_agg", "json_group_array", "json_group_object", "jsonb_agg", "jsonb_group_array",
    "jsonb_group_object", "jsonb_object_agg", "json_object_agg", "last", "list", "listagg",
    "string_agg", "xmlagg",
  ]

  /// Functions that make one value of many rows.
  private static let aggregates: Set<String> = [
    "avg", "count", "group_concat", "json_group_array", "max", "min", "string_agg", "sum", "total",
  ]

  /// Functions of which it is known that they give one value for each row or group of rows; any
  /// other may give several or none in some dialects.
  private static let functionsOfOneRow: Set<String> = Set(
    """
    abs acos age array_agg array_length ascii asin atan atan2 avg bit_and bit_or bool_and bool_or \
    btrim cast ceil ceiling char_length chr coalesce concat concat_ws corr cos count count_if \
    covar_pop covar_samp cume_dist date date_add date_diff date_part date_sub date_trunc datediff \
    day dense_rank exp extract first first_value floor format greatest group_concat grouping hash \
    hour if ifnull initcap instr isnull json_agg json_build_object json_extract jsonb_agg \
    jsonb_build_object lag last last_value lead least left len length listagg ln localtimestamp \
    log log10 log2 lower lpad ltrim make_date max md5 mean median min minute mod month now ntile \
    nullif nvl nvl2 percent_rank percentile_cont percentile_disc pi position pow power quantile \
    quarter radians rank regexp_replace replace reverse right round row_number rpad rtrim second \
    sha256 sign sin split_part sqrt stddev stddev_pop stddev_samp strftime string_agg strpos substr \
    substring sum tan to_char to_date to_timestamp translate trim trunc try_cast upper var_pop \
    var_samp variance week year
    """.split(separator: " ").map(String.init))
}
