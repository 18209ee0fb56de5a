/// Divides a text into tokens.
///
/// Knows how a dialect writes its words, not what they mean: any sequence of tokens will do. The
/// cost is linear in the length of the text.
///
/// ```swift
/// let sql = try tokenize("select 'a' -- one", dialect: .sqlite)
/// sql.tokens.map(sql.text(of:))  // ["select", "'a'"]
/// ```
package func tokenize(_ sql: String, dialect: SQLDialect) throws(SQLError) -> SQLTokens {
  var tokenizer = Tokenizer(bytes: Array(sql.utf8), dialect: dialect)
  try tokenizer.run()
  return SQLTokens(bytes: tokenizer.bytes, tokens: tokenizer.tokens)
}

/// A walk over the bytes of a text.
///
/// This file knows where each kind of token begins; `Tokenizer+Literals` where quoted ones end.
struct Tokenizer {
  /// What a byte begins.
  enum ByteClass: UInt8 {
    case illegal, space, word, digit, quote, doubleQuote, backtick, bracket, open, close, comma
    case dot, semicolon, colon, sigil, dollar, operation, minus, slash
  }

  let bytes: [UInt8]
  let dialect: SQLDialect
  private let classes: [ByteClass]
  private let takesParameters: [Bool]
  var position = 0
  private(set) var tokens: [SQLToken] = []

  init(bytes: [UInt8], dialect: SQLDialect) {
    self.bytes = bytes
    self.dialect = dialect
    self.classes = Self.classes(of: dialect)
    self.takesParameters = [":", "@", "$", "?"].map(dialect.parameterSigils.contains)
    tokens.reserveCapacity(bytes.count / 5 + 4)
  }

  mutating func run() throws(SQLError) {
    if let null = bytes.firstIndex(of: 0) { throw .unexpectedCharacter("\0", offset: null) }
    skipByteOrderMark()
    while position < bytes.count {
      let start = position
      switch classes[Int(bytes[position])] {
      case .space: position += 1
      case .word: try word()
      case .digit: try number()
      case .quote: try string(from: start, escapes: dialect.hasBackslashEscapes)
      case .doubleQuote where dialect.hasDoubleQuotedStrings:
        try string(from: start, escapes: dialect.hasBackslashEscapes)
      case .doubleQuote: try quotedName(from: start, closedBy: Ascii.doubleQuote)
      case .backtick: try quotedName(from: start, closedBy: Ascii.backtick)
      case .bracket: try quotedName(from: start, closedBy: Ascii.closingBracket)
      case .open: add(.open, length: 1)
      case .close: add(.close, length: 1)
      case .comma: add(.comma, length: 1)
      case .semicolon: add(.semicolon, length: 1)
      case .dot where isDigit(at: start + 1): try number()
      case .dot: add(.dot, length: 1)
      case .colon: try colon()
      case .sigil: try sigil()
      case .dollar: try dollar()
      case .minus where byte(at: start + 1) == Ascii.minus: skipLine()
      case .slash where byte(at: start + 1) == Ascii.star: try skipComment()
      case .operation, .minus, .slash: try symbol()
      case .illegal: throw unexpected(at: start)
      }
    }
  }

  mutating func add(_ kind: SQLToken.Kind, length: Int, keyword: SQLKeyword? = nil) {
    add(kind, from: position, to: position + length, keyword: keyword)
  }

  mutating func add(_ kind: SQLToken.Kind, from: Int, to end: Int, keyword: SQLKeyword? = nil) {
    tokens.append(SQLToken(kind: kind, keyword: keyword, start: from, end: end))
    position = end
  }

  // MARK: Words and numbers

  private mutating func word() throws(SQLError) {
    let start = position
    if byte(at: start) == 0xEF, startsWithByteOrderMark(at: start), !dialect.hasOperatorRuns {
      position += 3
      return
    }
    var hash: UInt32 = 0
    var end = start
    while end < bytes.count, isWord(bytes[end]) {
      hash = KeywordTable.mix(hash, bytes[end].asciiLowercased)
      end += 1
    }
    if end - start == 1, end < bytes.count, try prefixedLiteral(from: start) { return }
    var keyword = KeywordTable.shared.keyword(bytes, start..<end, hash: hash)
    if keyword == .qualify, !dialect.hasQualify { keyword = nil }
    add(.identifier, from: start, to: end, keyword: keyword)
  }

  private mutating func number() throws(SQLError) {
    let start = position
    var end = start
    if isRadix(at: start), isHexDigit(at: start + 2) {
      end += 2
      while isHexDigit(at: end) || byte(at: end) == Ascii.underscore { end += 1 }
    } else {
      skipDigits(&end)
      if byte(at: end) == Ascii.dot {
        end += 1
        skipDigits(&end)
      }
      let sign = byte(at: end + 1) == Ascii.plus || byte(at: end + 1) == Ascii.minus
      if byte(at: end) | 0x20 == 0x65, isDigit(at: end + (sign ? 2 : 1)) {
        end += sign ? 2 : 1
        skipDigits(&end)
      }
    }
    guard end < bytes.count, isWord(bytes[end]) else {
      return add(.number, from: start, to: end)
    }
    let digits = end
    while end < bytes.count, isWord(bytes[end]) { end += 1 }
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    guard dialect.allowsDigitFirstInNames else { throw .malformedNumber(text, offset: start) }

    let suffix = String(decoding: bytes[digits..<end], as: UTF8.self).asciiLowercased
    let isNumber =
      ["l", "s", "y", "d", "f", "bd"].contains(suffix) || text.utf8.contains(Ascii.dot)
    add(isNumber ? .number : .identifier, from: start, to: end)
  }

  /// Whether `0x`, `0o` or `0b` stands at the index.
  private func isRadix(at index: Int) -> Bool {
    guard byte(at: index) == UInt8(ascii: "0") else { return false }
    return "xob".utf8.contains(byte(at: index + 1) | 0x20)
  }

  private func skipDigits(_ end: inout Int) {
    while isDigit(at: end) || (byte(at: end) == Ascii.underscore && isDigit(at: end + 1)) {
      end += 1
    }
  }

  // MARK: Parameters and operators

  private mutating func colon() throws(SQLError) {
    let next = byte(at: position + 1)
    if next == Ascii.colon { return add(.operator, length: 2) }
    if takesParameters[0], !continuesSlice {
      let length = lengthOfName(from: position + 1, digitFirst: !dialect.hasOperatorRuns)
      if length > 0 { return add(.parameter, length: length + 1) }
    }
    if next == Ascii.equals { return add(.operator, length: 2) }
    guard !dialect.hasBracketNames else { throw unexpected(at: position) }
    add(.operator, length: 1)
  }

  /// Whether a colon stands directly behind a value, as in `list[1:n]`, which is no parameter.
  private var continuesSlice: Bool {
    guard !dialect.hasBracketNames, let last = tokens.last, last.end == position else {
      return false
    }
    return last.kind != .operator && last.kind != .open && last.kind != .comma
  }

  private mutating func sigil() throws(SQLError) {
    let isQuestion = bytes[position] == Ascii.question
    guard takesParameters[isQuestion ? 3 : 1] else { return try symbol() }
    if isQuestion {
      var end = position + 1
      while isDigit(at: end) { end += 1 }
      return add(.parameter, from: position, to: end)
    }
    let length = lengthOfName(from: position + 1, digitFirst: true)
    guard length > 0 else { throw unexpected(at: position) }
    add(.parameter, length: length + 1)
  }

  private mutating func dollar() throws(SQLError) {
    if dialect.hasDollarStrings, try dollarString() { return }
    let length = lengthOfName(from: position + 1, digitFirst: true)
    guard takesParameters[2], length > 0 else { throw unexpected(at: position) }
    add(.parameter, length: length + 1)
  }

  private func lengthOfName(from start: Int, digitFirst: Bool) -> Int {
    guard digitFirst || !isDigit(at: start) else { return 0 }
    var end = start
    while end < bytes.count, isWord(bytes[end]) { end += 1 }
    return end - start
  }

  private mutating func symbol() throws(SQLError) {
    let length = dialect.hasOperatorRuns ? lengthOfRun() : lengthOfKnownOperator()
    guard length > 0 else { throw unexpected(at: position) }
    add(.operator, length: length)
  }

  /// PostgreSQL's rule: all that can belong to an operator does, up to a comment; a sign at the
  /// end is one of its own unless the operator holds one of the less usual characters.
  private func lengthOfRun() -> Int {
    var end = position
    var isUnusual = false
    while end < bytes.count {
      let byte = bytes[end]
      switch classes[Int(byte)] {
      case .minus where self.byte(at: end + 1) == Ascii.minus,
        .slash where self.byte(at: end + 1) == Ascii.star:
        break
      case .sigil where byte == Ascii.question && takesParameters[3]:
        break
      case .operation, .minus, .slash, .sigil:
        if "~!@#%^&|`?".utf8.contains(byte) { isUnusual = true }
        end += 1
        continue
      default:
        break
      }
      break
    }
    while !isUnusual, end > position + 1,
      bytes[end - 1] == Ascii.minus || bytes[end - 1] == Ascii.plus
    {
      end -= 1
    }
    return end - position
  }

  private func lengthOfKnownOperator() -> Int {
    let next = byte(at: position + 1)
    switch (bytes[position], next) {
    case (Ascii.minus, Ascii.greater):
      return byte(at: position + 2) == Ascii.greater ? 3 : 2
    case (UInt8(ascii: "<"), Ascii.equals):
      return !dialect.hasBracketNames && byte(at: position + 2) == Ascii.greater ? 3 : 2
    case (UInt8(ascii: "<"), UInt8(ascii: "<")), (UInt8(ascii: "<"), Ascii.greater),
      (Ascii.greater, Ascii.greater), (Ascii.greater, Ascii.equals), (Ascii.equals, Ascii.equals),
      (UInt8(ascii: "!"), Ascii.equals), (UInt8(ascii: "|"), UInt8(ascii: "|")):
      return 2
    case (Ascii.equals, Ascii.greater) where !dialect.hasBracketNames:
      return 2
    case (UInt8(ascii: "!"), _), (UInt8(ascii: "^"), _):
      return dialect.hasBracketNames ? 0 : 1
    default:
      return 1
    }
  }
}

// MARK: - Bytes

extension Tokenizer {
  @inline(__always)
  func byte(at index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

  func isDigit(at index: Int) -> Bool { 0x30...0x39 ~= byte(at: index) }

  func isHexDigit(at index: Int) -> Bool {
    isDigit(at: index) || 0x61...0x66 ~= byte(at: index) | 0x20
  }

  /// Whether a byte may go on a word.
  @inline(__always)
  func isWord(_ byte: UInt8) -> Bool {
    let kind = classes[Int(byte)]
    return kind == .word || kind == .digit || (kind == .dollar && dialect.allowsDollarInNames)
  }

  func unexpected(at index: Int) -> SQLError {
    .unexpectedCharacter(String(UnicodeScalar(bytes[index])), offset: index)
  }

  private static func classes(of dialect: SQLDialect) -> [ByteClass] {
    var classes = (0...255).map { byte -> ByteClass in
      switch UInt8(byte) {
      case 0x09...0x0D, 0x20: .space
      case 0x30...0x39: .digit
      case 0x41...0x5A, 0x61...0x7A, Ascii.underscore, 0x80...: .word
      default: .illegal
      }
    }
    func set(_ characters: String, _ kind: ByteClass) {
      for byte in characters.utf8 { classes[Int(byte)] = kind }
    }
    set("'", .quote)
    set("\"", .doubleQuote)
    set(dialect.hasBracketNames ? "(" : "([{", .open)
    set(dialect.hasBracketNames ? ")" : ")]}", .close)
    set(",", .comma)
    set(".", .dot)
    set(";", .semicolon)
    set(":", .colon)
    set("-", .minus)
    set("/", .slash)
    set("+*<>=%&|~!^", .operation)
    set("$", .dollar)
    if dialect.hasBacktickNames { set("`", .backtick) }
    if dialect.hasBracketNames { set("[", .bracket) }
    if dialect.hasOperatorRuns { set("#", .operation) }
    if dialect.hasOperatorRuns || dialect.parameterSigils.contains("@") { set("@", .sigil) }
    if dialect.hasOperatorRuns || dialect.parameterSigils.contains("?") { set("?", .sigil) }
    return classes
  }
}
