/// A key and its value in a JSON object, as offsets into its line.
struct JSONMember {
  enum Kind {
    case null, `true`, `false`, number, string, nested
  }

  var key: Range<Int>
  var isKeyEscaped: Bool
  var kind: Kind
  /// The value's text; a string's without its quotes.
  var value: Range<Int>
  /// Whether a string has escapes, so that its content is not its text.
  var isEscaped: Bool
}

/// A place in a line from which on it is not JSON.
struct JSONFault: Error {
  var offset: Int
  var expected: JSONExpectation
}

/// Reads the members of one JSON object by RFC 8259, strictly, and looks into nested values only to
/// see that they are JSON.
struct JSONObjectParser {
  static let depthLimit = 512

  private let line: UnsafeBufferPointer<UInt8>
  private var at = 0

  init(_ line: UnsafeBufferPointer<UInt8>) {
    self.line = line
  }

  /// Reads the line into `members`, in order.
  ///
  /// - Returns: Whether there is an object; a line of white space has none.
  mutating func parse(into members: inout [JSONMember]) throws(JSONFault) -> Bool {
    members.removeAll(keepingCapacity: true)
    skipSpace()
    guard at < line.count else { return false }
    try take("{", .object)
    skipSpace()
    if !skip("}") {
      repeat {
        skipSpace()
        members.append(try member())
        skipSpace()
      } while skip(",")
      try take("}", .commaOrBrace)
    }
    skipSpace()
    guard at == line.count else { throw JSONFault(offset: at, expected: .endOfLine) }
    return true
  }

  private mutating func member() throws(JSONFault) -> JSONMember {
    guard peek("\"") else { throw JSONFault(offset: at, expected: .key) }
    let (key, isKeyEscaped) = try string()
    skipSpace()
    try take(":", .colon)
    skipSpace()
    let start = at
    if peek("\"") {
      let (value, isEscaped) = try string()
      return JSONMember(
        key: key, isKeyEscaped: isKeyEscaped, kind: .string, value: value, isEscaped: isEscaped)
    }
    let kind = try value(depth: 2)
    return JSONMember(
      key: key, isKeyEscaped: isKeyEscaped, kind: kind, value: start..<at, isEscaped: false)
  }

  /// Goes past a value; an object or array here would be of the level `depth`.
  private mutating func value(depth: Int) throws(JSONFault) -> JSONMember.Kind {
    guard at < line.count else { throw JSONFault(offset: at, expected: .value) }
    switch line[at] {
    case UInt8(ascii: "\""):
      _ = try string()
      return .string
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth <= Self.depthLimit else {
        throw JSONFault(offset: at, expected: .depth(atMost: Self.depthLimit))
      }
      try line[at] == UInt8(ascii: "{") ? object(depth: depth) : array(depth: depth)
      return .nested
    case UInt8(ascii: "t"): return try word("true", .true)
    case UInt8(ascii: "f"): return try word("false", .false)
    case UInt8(ascii: "n"): return try word("null", .null)
    default:
      try number()
      return .number
    }
  }

  private mutating func object(depth: Int) throws(JSONFault) {
    at += 1
    skipSpace()
    guard !skip("}") else { return }
    repeat {
      skipSpace()
      guard peek("\"") else { throw JSONFault(offset: at, expected: .key) }
      _ = try string()
      skipSpace()
      try take(":", .colon)
      skipSpace()
      _ = try value(depth: depth + 1)
      skipSpace()
    } while skip(",")
    try take("}", .commaOrBrace)
  }

  private mutating func array(depth: Int) throws(JSONFault) {
    at += 1
    skipSpace()
    guard !skip("]") else { return }
    repeat {
      skipSpace()
      _ = try value(depth: depth + 1)
      skipSpace()
    } while skip(",")
    try take("]", .commaOrBracket)
  }

  private mutating func number() throws(JSONFault) {
    let start = at
    _ = skip("-")
    guard at < line.count, line[at].isDigit else {
      throw JSONFault(offset: at, expected: at == start ? .value : .digit)
    }
    if !skip("0") { skipDigits() }
    if skip(".") { try takeDigits() }
    if skip("e") || skip("E") {
      _ = skip("+") || skip("-")
      try takeDigits()
    }
  }

  /// Goes past a string and gives what is between its quotes.
  private mutating func string() throws(JSONFault) -> (text: Range<Int>, isEscaped: Bool) {
    at += 1
    let start = at
    var isEscaped = false
    while at < line.count {
      let byte = line[at]
      if byte == .quote {
        at += 1
        return (start..<(at - 1), isEscaped)
      }
      guard byte >= 0x20 else { throw JSONFault(offset: at, expected: .escapedControl) }
      at += 1
      if byte == .backslash {
        isEscaped = true
        try escape()
      }
    }
    throw JSONFault(offset: at, expected: .closingQuote)
  }

  /// Goes past what follows a backslash.
  private mutating func escape() throws(JSONFault) {
    let start = at
    guard at < line.count, simpleEscape(line[at]) != nil || line[at] == UInt8(ascii: "u") else {
      throw JSONFault(offset: start, expected: .escape)
    }
    at += 1
    guard line[start] == UInt8(ascii: "u") else { return }
    guard let unit = hexadecimalUnit(in: line, at: at) else {
      throw JSONFault(offset: start, expected: .escape)
    }
    at += 4
    guard UTF16.isLeadSurrogate(unit) || UTF16.isTrailSurrogate(unit) else { return }
    guard UTF16.isLeadSurrogate(unit), skip("\\"), skip("u"),
      let low = hexadecimalUnit(in: line, at: at), UTF16.isTrailSurrogate(low)
    else { throw JSONFault(offset: start, expected: .surrogatePair) }
    at += 4
  }

  private mutating func word(
    _ word: StaticString, _ kind: JSONMember.Kind
  ) throws(JSONFault) -> JSONMember.Kind {
    for index in 0..<word.utf8CodeUnitCount {
      guard at + index < line.count, line[at + index] == word.utf8Start[index] else {
        throw JSONFault(offset: at, expected: .value)
      }
    }
    at += word.utf8CodeUnitCount
    return kind
  }
}

// MARK: - Single bytes

extension JSONObjectParser {
  private func peek(_ scalar: Unicode.Scalar) -> Bool {
    at < line.count && line[at] == UInt8(ascii: scalar)
  }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard peek(scalar) else { return false }
    at += 1
    return true
  }

  private mutating func take(
    _ scalar: Unicode.Scalar, _ expected: JSONExpectation
  ) throws(JSONFault) {
    guard skip(scalar) else { throw JSONFault(offset: at, expected: expected) }
  }

  private mutating func takeDigits() throws(JSONFault) {
    guard at < line.count, line[at].isDigit else { throw JSONFault(offset: at, expected: .digit) }
    skipDigits()
  }

  private mutating func skipDigits() {
    while at < line.count, line[at].isDigit { at += 1 }
  }

  private mutating func skipSpace() {
    while at < line.count {
      switch line[at] {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), .carriageReturn: at += 1
      default: return
      }
    }
  }
}
