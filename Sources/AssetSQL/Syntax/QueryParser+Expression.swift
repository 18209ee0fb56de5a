// Expressions: which columns and queries they use.

/// A walk over one expression that alternates between operands and operators.
///
/// What is in parentheses within the expression has a frame on a stack of its own, so that no
/// nesting of it is too deep.
struct ExpressionWalk {
  /// What encloses a part of the expression.
  enum Frame: Equatable {
    /// `( … )`, a value or a row of values.
    case group(start: Int, uses: Int, queries: Int)
    /// The arguments of a function.
    case call
    /// `[ … ]`, `{ … }`
    case brackets
    /// `case … end`
    case cases
    /// `over ( … )`, and what else is divided by `order by` and the like.
    case window(WindowPart)
  }

  /// Where in a window a walk is.
  ///
  /// Words such as `rows` and `no` are names wherever they do not stand in the one place that the grammar
  /// has for them.
  enum WindowPart {
    /// In front of everything but the name of a window that it refines.
    case start
    /// Behind `partition by` or `order by`.
    case list
    /// Behind `rows`, `range` or `groups`.
    case frame
  }

  struct Enclosing {
    var frame: Frame
    var role: Expression.Role
    var isAggregate = false
    var isChooser = false

    var isWindow: Bool { if case .window = frame { true } else { false } }
  }

  var expression = Expression()
  var uses: [Expression.Use] = []
  var frames: [Enclosing] = []
  /// How many of the frames hold arguments of aggregates, of those that choose a row, and windows.
  private var aggregates = 0
  private var choosers = 0
  private var windows = 0
  var role = Expression.Role.value
  var expectsOperand = true
  /// Whether what follows `interval` is complete up to its unit.
  var awaitsUnit: Int?
  /// The parameters of lambdas.
  var parameters: Set<Word> = []
  /// Whether a word that no expression knows was passed over in this call.
  var isOdd = false
  /// How many operators, calls and the like there are, beside plain parentheses.
  var steps = 0

  var frame: Frame? { frames.last?.frame }

  mutating func push(
    _ frame: Frame, role: Expression.Role? = nil, isAggregate: Bool = false,
    isChooser: Bool = false
  ) {
    frames.append(
      Enclosing(frame: frame, role: self.role, isAggregate: isAggregate, isChooser: isChooser))
    self.role = role ?? self.role
    count(frames[frames.count - 1], 1)
  }

  private mutating func count(_ enclosing: Enclosing, _ sign: Int) {
    if enclosing.isAggregate { aggregates += sign }
    if enclosing.isChooser { choosers += sign }
    if enclosing.isWindow { windows += sign }
  }

  mutating func pop() {
    guard let last = frames.popLast() else { return }
    role = last.role
    count(last, -1)
  }

  /// Goes on to another part of a window.
  mutating func enter(_ part: WindowPart) {
    frames[frames.count - 1].frame = .window(part)
    expectsOperand = true
  }

  mutating func use(
    _ kind: Expression.Use.Kind, isSoft: Bool = false, isConstant: Bool = false
  ) {
    uses.append(
      .init(
        kind: kind, role: role, isSoft: isSoft || isOdd, isConstant: isConstant,
        isInWindow: windows > 0,
        isInChooser: choosers > 0))
    if aggregates == 0 { expression.mayBeBare = true }
  }
}

extension QueryParser {
  /// Parses an expression, up to the first token that does not belong to it.
  mutating func expression() throws(ParseFailure) -> Expression {
    try walk(makeWalk())
  }

  /// Parses expressions with commas between them; there may be none.
  mutating func list() throws(ParseFailure) -> [Expression] {
    guard token?.kind != .close else { return [] }
    var list: [Expression] = []
    repeat { list.append(try expression()) } while takeComma()
    return list
  }

  /// Parses the arguments of a function in parentheses.
  mutating func arguments() throws(ParseFailure) -> Expression {
    var walk = makeWalk()
    walk.push(.call)
    index += 1
    return try self.walk(walk, untilClosed: true)
  }

  /// Parses what stands between the parentheses of a window; all of it is a condition.
  mutating func windowDefinition() throws(ParseFailure) -> Expression {
    var walk = makeWalk()
    walk.role = .condition
    walk.push(.window(.start))
    let expression = try self.walk(walk, untilClosed: true)
    index -= 1
    return expression
  }

  private mutating func makeWalk() -> ExpressionWalk {
    var walk = ExpressionWalk()
    swap(&walk.uses, &spare.uses)
    swap(&walk.frames, &spare.frames)
    return walk
  }

  private mutating func walk(
    _ start: ExpressionWalk, untilClosed: Bool = false
  ) throws(ParseFailure) -> Expression {
    var walk = start
    let first = index
    while index < end {
      let goesOn = walk.expectsOperand ? try operand(&walk) : try continuation(&walk)
      if !goesOn || (untilClosed && walk.frames.isEmpty) { break }
    }
    guard walk.frames.isEmpty, !walk.expectsOperand || untilClosed else { throw unexpected() }
    walk.expression.tokens = first..<index
    if walk.steps == 0, walk.uses.count == 1, case .column(let column) = walk.uses[0].kind,
      !walk.uses[0].isSoft
    {
      walk.expression.column = column
    }
    walk.expression.uses = uses.count..<uses.count + walk.uses.count
    uses += walk.uses
    walk.uses.removeAll(keepingCapacity: true)
    swap(&walk.uses, &spare.uses)
    swap(&walk.frames, &spare.frames)
    let isAlone = index == first + 1 || source.tokens[first + 1].keyword == .collate
    if isAlone, walk.steps == 0, source.tokens[first].kind == .number {
      walk.expression.ordinal = Int(source.text(of: source.tokens[first]))
    }
    return walk.expression
  }

  // MARK: Closing

  /// Handles a closing parenthesis; false if it is none of this expression's.
  func closes(_ token: SQLToken, _ walk: ExpressionWalk) -> Bool {
    guard let frame = walk.frame else { return false }
    let isParenthesis = source.bytes[token.start] == Ascii.closingParenthesis
    switch frame {
    case .brackets: return !isParenthesis
    case .cases: return false
    case .group, .call, .window: return isParenthesis
    }
  }

  private mutating func close(_ walk: inout ExpressionWalk) {
    walk.pop()
    walk.expectsOperand = false
    walk.isOdd = false
    index += 1
  }

  // MARK: Behind an operand

  /// Handles the token behind an operand; false if the expression has ended before it.
  private mutating func continuation(_ walk: inout ExpressionWalk) throws(ParseFailure) -> Bool {
    guard let token else { return false }
    switch token.kind {
    case .operator:
      walk.expectsOperand = true
      walk.steps += 1
      index += 1
      if isCast(source.tokens[index - 1]) { try castType(&walk) }
    case .comma:
      guard let frame = walk.frame, frame != .cases else { return false }
      walk.expectsOperand = true
      index += 1
    case .close:
      guard closes(token, walk) else { return false }
      close(&walk)
    case .open:
      // A subscript, or what a name such as `map` stands in front of.
      guard source.bytes[token.start] != Ascii.parenthesis else {
        guard !walk.frames.isEmpty else { return false }
        throw unexpected()
      }
      walk.steps += 1
      walk.push(.brackets)
      walk.expectsOperand = true
      index += 1
    case .dot:
      walk.steps += 1
      try field(&walk)
    case .string:
      // Strings that follow each other are one, elsewhere than in SQLite.
      guard dialect.hasTypedLiterals, self.token(-1)?.kind == .string || !walk.frames.isEmpty
      else { return false }
      index += 1
    case .identifier, .quotedIdentifier: return try word(&walk, token)
    case .number, .parameter, .blob:
      guard !walk.frames.isEmpty, walk.frame != .cases else { return false }
      index += 1
    case .semicolon: return false
    }
    return true
  }

  private func isCast(_ token: SQLToken) -> Bool {
    token.end - token.start == 2 && source.bytes[token.start] == Ascii.colon
      && source.bytes[token.start + 1] == Ascii.colon
  }

  /// Steps over the field or the method behind a value.
  private mutating func field(_ walk: inout ExpressionWalk) throws(ParseFailure) {
    index += 1
    if isOperator("*") {
      index += 1
      return
    }
    _ = try name()
    if isParenthesis() { open(.call, &walk) }
  }

  private mutating func open(
    _ frame: ExpressionWalk.Frame, _ walk: inout ExpressionWalk, role: Expression.Role? = nil,
    isAggregate: Bool = false
  ) {
    walk.push(frame, role: role, isAggregate: isAggregate)
    walk.expectsOperand = true
    index += 1
  }

  /// Handles a word behind an operand.
  private mutating func word(
    _ walk: inout ExpressionWalk, _ token: SQLToken
  ) throws(ParseFailure) -> Bool {
    if let depth = walk.awaitsUnit, depth == walk.frames.count {
      walk.awaitsUnit = nil
      if isUnit() {
        skipUnit()
        return true
      }
    }
    if try tableBehindIn(&walk) { return true }
    if isOperatorWord() {
      walk.expectsOperand = true
      walk.steps += 1
      return true
    }
    // A collation leaves a column's name as it is.
    let isCollation = keyword == .collate
    if try suffix(&walk) {
      if !isCollation { walk.steps += 1 }
      return true
    }
    guard let frame = walk.frame else { return false }
    return try separator(&walk, in: frame)
  }

  /// Reads `in name`, which in some dialects is short for `in (select * from name)`.
  private mutating func tableBehindIn(_ walk: inout ExpressionWalk) throws(ParseFailure) -> Bool {
    let distance = keyword == .not ? 1 : 0
    guard dialect.hasInTable, keyword(distance) == .in, token(distance + 1)?.isName == true else {
      return false
    }
    let start = offset
    index += distance + 1
    var query = QuerySyntax(first: queries.count)
    query.terms = [
      .select(
        SelectSyntax(items: [.star(StarSyntax(offset: start))], from: try unaliasedTable()))
    ]
    walk.use(.query(add(query), onlyExistence: false))
    walk.steps += 1
    return true
  }

  /// Steps over a word that connects two operands, if it is one.
  private mutating func isOperatorWord() -> Bool {
    switch keyword {
    case .and, .or, .is, .like, .ilike, .glob, .regexp, .match, .between, .escape:
      index += 1
    case .not:
      switch keyword(1) {
      case .in, .like, .ilike, .glob, .regexp, .match, .between: index += 2
      case .similar: index += 3
      case .null: index += 1
      default:
        guard word("rlike", 1) else { return false }
        index += 2
      }
    case .in: index += 1
    case .similar:
      guard word("to", 1) else { return false }
      index += 2
    default:
      if word("at"), word("time", 1), word("zone", 2) {
        index += 3
      } else if dialect.hasTypedLiterals, word("rlike") || word("div") || word("overlaps") {
        index += 1
      } else {
        return false
      }
    }
    return true
  }

  /// Steps over what may stand behind an operand and leaves it one.
  private mutating func suffix(_ walk: inout ExpressionWalk) throws(ParseFailure) -> Bool {
    switch keyword {
    case .collate:
      index += 1
      _ = try name()
      while token?.kind == .dot {
        index += 1
        _ = try name()
      }
    case .over:
      guard isParenthesis(1) || token(1)?.isName == true else { return false }
      if !hasWindow.isEmpty { hasWindow[hasWindow.count - 1] = true }
      index += 1
      if isParenthesis() {
        open(.window(.start), &walk, role: .condition)
      } else {
        let name = try name()
        walk.uses.append(
          .init(kind: .window(name), role: .condition, isSoft: false, isInWindow: true))
      }
    case .filter:
      guard isParenthesis(1) else { return false }
      index += 1
      open(
        .group(start: index, uses: 0, queries: .max), &walk, role: .condition, isAggregate: true)
      _ = take(.where)
    default:
      if word("within"), keyword(1) == .group, isParenthesis(2) {
        index += 2
        open(.window(.start), &walk)
      } else if word("isnull") || word("notnull") {
        index += 1
      } else if word("ignore") || word("respect"), word("nulls", 1) {
        index += 2
      } else {
        return false
      }
    }
    return true
  }

  /// Handles a word that divides what is enclosed, behind an operand.
  private mutating func separator(
    _ walk: inout ExpressionWalk, in frame: ExpressionWalk.Frame
  ) throws(ParseFailure) -> Bool {
    switch frame {
    case .cases:
      switch keyword {
      case .when, .then, .else: walk.expectsOperand = true
      case .end:
        walk.pop()
        walk.expectsOperand = false
      default: throw unexpected()
      }
      index += 1
    case .window(let part): windowWord(&walk, in: part)
    case .call:
      try callWord(&walk)
    case .brackets:
      // `[x for x in list]`
      walk.isOdd = true
      walk.expectsOperand = true
      index += 1
    case .group(let start, let uses, let queries):
      guard [.union, .intersect, .except, .order, .limit, .offset].contains(keyword),
        queries <= self.queries.count, isParenthesis(start - index + 1)
      else { throw unexpected() }
      // What began like a value in parentheses is a query whose first term is in parentheses.
      walk.pop()
      walk.uses.removeSubrange(uses...)
      self.queries.removeSubrange(queries...)
      index = start
      try subquery(&walk, onlyExistence: false)
    }
    return true
  }

  /// Handles a word where an operand of a window is expected; false if it begins one.
  mutating func windowOperand(
    _ walk: inout ExpressionWalk, in part: ExpressionWalk.WindowPart
  ) -> Bool {
    switch part {
    case .start:
      if dividesWindow(&walk) { return true }
      guard let token, token.isName else { return false }
      walk.use(.window(name(of: token)))
      index += 1
    case .list: return false
    case .frame:
      if keyword == .between {
        index += 1
      } else if word("unbounded") && (word("preceding", 1) || word("following", 1))
        || word("current") && keyword(1) == .row
      {
        index += 2
        walk.expectsOperand = false
      } else {
        return false
      }
    }
    return true
  }

  /// Steps over the words that begin another part of a window, if they are here.
  private mutating func dividesWindow(_ walk: inout ExpressionWalk) -> Bool {
    switch keyword {
    case .partition where keyword(1) == .by, .order where keyword(1) == .by,
      .cluster where keyword(1) == .by, .distribute where keyword(1) == .by,
      .sort where keyword(1) == .by:
      index += 2
      walk.enter(.list)
    default:
      guard keyword == .rows || word("range") || word("groups") else { return false }
      index += 1
      walk.enter(.frame)
    }
    return true
  }

  /// Steps over a word behind an operand of a window.
  private mutating func windowWord(
    _ walk: inout ExpressionWalk, in part: ExpressionWalk.WindowPart
  ) {
    if part == .frame {
      // `preceding` and `following`; `and` is an operator like any other.
      let isExclusion = keyword == .exclude
      index += 1
      // `no others`, `current row`, `group`, `ties`
      while isExclusion, token?.kind == .identifier { index += 1 }
      return
    }
    guard !dividesWindow(&walk) else { return }
    let before = index
    skipDirection()
    if index == before { index += 1 }
  }

  private mutating func callWord(_ walk: inout ExpressionWalk) throws(ParseFailure) {
    switch keyword {
    case .as:
      // A type, or a name for the argument.
      index += 1
      while let token, token.kind != .comma, token.kind != .close {
        if token.kind == .open { _ = skipBalanced() } else { index += 1 }
      }
    case .order where keyword(1) == .by:
      walk.role = .condition
      walk.expectsOperand = true
      index += 2
    case .where, .having, .group, .select, .union, .limit:
      throw unexpected()
    default:
      let before = index
      skipDirection()
      guard index == before else { return }
      walk.isOdd = walk.isOdd || ![.from, .in, .using].contains(keyword)
      walk.expectsOperand = true
      index += 1
    }
  }

  // MARK: Types and units

  /// Steps over the type behind `::`.
  private mutating func castType(_ walk: inout ExpressionWalk) throws(ParseFailure) {
    walk.expectsOperand = false
    _ = try name()
    while token?.kind == .dot {
      index += 1
      _ = try name()
    }
    if word("precision") || word("varying") { index += 1 }
    if isParenthesis() { _ = skipBalanced() }
    if keyword == .with || word("without"), word("time", 1), word("zone", 2) { index += 3 }
    while isOpen(0, Ascii.bracket) { _ = skipBalanced() }
  }

  /// Whether the word is a unit of time.
  func isUnit() -> Bool {
    guard let token, token.kind == .identifier else { return false }
    var unit = source.text(of: token).asciiLowercased
    if unit.hasSuffix("s") { unit.removeLast() }
    return Self.units.contains(unit)
  }

  /// Steps over a unit such as `day` or `day to second(3)`.
  mutating func skipUnit() {
    index += 1
    if isParenthesis() { _ = skipBalanced() }
    if word("to") { index += 2 }
    if isParenthesis() { _ = skipBalanced() }
  }

  private static let units: Set<String> = [
    "microsecond", "millisecond", "second", "minute", "hour", "day", "week", "month", "quarter",
    "year", "decade", "century", "centurie", "millennium",
  ]
}
