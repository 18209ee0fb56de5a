// How the parser looks at tokens and steps over them.

extension QueryParser {
  var token: SQLToken? { index < end ? source.tokens[index] : nil }

  /// The token a number of places further on.
  func token(_ distance: Int) -> SQLToken? {
    index + distance < end ? source.tokens[index + distance] : nil
  }

  var keyword: SQLKeyword? { token?.keyword }

  func keyword(_ distance: Int) -> SQLKeyword? { token(distance)?.keyword }

  /// The offset of the token, or of the end.
  var offset: Int { token?.start ?? source.tokens.last?.end ?? 0 }

  func isParenthesis(_ distance: Int = 0) -> Bool { isOpen(distance, Ascii.parenthesis) }

  func isOpen(_ distance: Int, _ byte: UInt8) -> Bool {
    guard let token = token(distance), token.kind == .open else { return false }
    return source.bytes[token.start] == byte
  }

  /// Whether the token is a word without quotes that spells this, in whatever case.
  func word(_ spelling: StaticString, _ distance: Int = 0) -> Bool {
    guard let token = token(distance), token.kind == .identifier,
      token.end - token.start == spelling.utf8CodeUnitCount
    else { return false }
    return spelling.withUTF8Buffer { spelling in
      zip(spelling, source.bytes[token.range]).allSatisfy { $0 == $1.asciiLowercased }
    }
  }

  /// Whether the token is the operator.
  func isOperator(_ spelling: StaticString, _ distance: Int = 0) -> Bool {
    guard let token = token(distance), token.kind == .operator,
      token.end - token.start == spelling.utf8CodeUnitCount
    else { return false }
    return spelling.withUTF8Buffer { source.bytes[token.range].elementsEqual($0) }
  }

  /// Whether a name stands here that qualifies another; SQLite takes strings for such, too.
  func isQualifier(_ distance: Int = 0) -> Bool {
    guard let token = token(distance), self.token(distance + 1)?.kind == .dot else { return false }
    return token.isName || (token.kind == .string && dialect.allowsStringsAsTableNames)
  }

  // MARK: Stepping

  mutating func take(_ keyword: SQLKeyword) -> Bool {
    guard self.keyword == keyword else { return false }
    index += 1
    return true
  }

  mutating func takeWord(_ spelling: StaticString) -> Bool {
    guard word(spelling) else { return false }
    index += 1
    return true
  }

  mutating func takeComma() -> Bool {
    guard token?.kind == .comma else { return false }
    index += 1
    return true
  }

  mutating func expect(_ keyword: SQLKeyword) throws(ParseFailure) {
    guard take(keyword) else { throw unexpected() }
  }

  mutating func expectOpen() throws(ParseFailure) {
    guard isParenthesis() else { throw unexpected() }
    index += 1
  }

  mutating func expectClose() throws(ParseFailure) {
    guard let token, token.kind == .close,
      source.bytes[token.start] == Ascii.closingParenthesis
    else { throw unexpected() }
    index += 1
  }

  /// Steps over an opening bracket and all that it encloses, if one is here.
  mutating func skipBalanced() -> Bool {
    guard token?.kind == .open else { return false }
    var depth = 0
    while let token {
      index += 1
      if token.kind == .open { depth += 1 }
      if token.kind == .close { depth -= 1 }
      if depth == 0 { return true }
    }
    return true
  }

  func unexpected() -> ParseFailure {
    ParseFailure(reason: .unexpected(token.map(source.text(of:))), offset: offset)
  }

  func unsupported() -> ParseFailure {
    ParseFailure(reason: .unsupported(token.map(source.text(of:)) ?? ""), offset: offset)
  }

  // MARK: Names

  mutating func name(of token: SQLToken) -> Name {
    let isQuoted = token.kind != .identifier
    let text =
      isQuoted ? words.word(source.name(of: token)) : words.word(source.bytes, token.range)
    return Name(
      text: text, key: dialect.key(of: text, isQuoted: isQuoted, in: words), offset: token.start)
  }

  /// Reads a name with its qualifiers.
  mutating func qualifiedName() throws(ParseFailure) -> QualifiedName {
    var name = QualifiedName(try self.name())
    while token?.kind == .dot {
      index += 1
      name.append(try self.name())
    }
    return name
  }

  /// Reads a name that must be here, whatever word it is.
  mutating func name() throws(ParseFailure) -> Name {
    guard let token, token.isName || token.kind == .string else { throw unexpected() }
    index += 1
    return name(of: token)
  }

  /// Reads names in parentheses; what follows a name up to the next comma, such as its type, is
  /// passed over.
  mutating func names() throws(ParseFailure) -> [Name] {
    try expectOpen()
    var names: [Name] = []
    repeat {
      names.append(try name())
      while let token, token.kind != .comma, token.kind != .close {
        if token.kind == .open { _ = skipBalanced() } else { index += 1 }
      }
    } while takeComma()
    try expectClose()
    return names
  }
}
