// What has an end of its own: comments, strings, quoted names.

extension Tokenizer {
  /// Reads a string whose quote stands at the position, which `from` may precede by a prefix.
  ///
  /// A quote that is doubled, and with `escapes` one behind a backslash, does not end it.
  mutating func string(
    from start: Int, escapes: Bool, kind: SQLToken.Kind = .string
  ) throws(SQLError) {
    let quote = bytes[position]
    var index = position + 1
    while index < bytes.count {
      if bytes[index] == quote {
        guard byte(at: index + 1) == quote else { return add(kind, from: start, to: index + 1) }
        index += 1
      } else if escapes, bytes[index] == Ascii.backslash {
        index += 1
      }
      index += 1
    }
    throw .unterminated(.string, offset: start)
  }

  mutating func quotedName(from start: Int, closedBy quote: UInt8) throws(SQLError) {
    var index = position + 1
    while index < bytes.count {
      if bytes[index] == quote {
        guard quote != Ascii.closingBracket, byte(at: index + 1) == quote else {
          return add(.quotedIdentifier, from: start, to: index + 1)
        }
        index += 1
      }
      index += 1
    }
    throw .unterminated(.quotedName, offset: start)
  }

  /// Reads the literal that a word of one letter begins, such as `x'00'` or `e'\n'`, if it does.
  mutating func prefixedLiteral(from start: Int) throws(SQLError) -> Bool {
    let letter = bytes[start].asciiLowercased
    let next = byte(at: start + 1)
    let isUnicode =
      letter == UInt8(ascii: "u") && next == Ascii.ampersand && dialect.hasOperatorRuns
    if isUnicode, byte(at: start + 2) == Ascii.quote {
      position = start + 2
      try string(from: start, escapes: false)
    } else if isUnicode, byte(at: start + 2) == Ascii.doubleQuote {
      position = start + 2
      try quotedName(from: start, closedBy: Ascii.doubleQuote)
    } else if next != Ascii.quote && !(next == Ascii.doubleQuote && dialect.hasDoubleQuotedStrings)
    {
      return false
    } else if letter == UInt8(ascii: "x") {
      position = start + 1
      try string(from: start, escapes: false, kind: .blob)
    } else if dialect.stringPrefixes.contains(Character(UnicodeScalar(letter))) {
      position = start + 1
      try string(from: start, escapes: letter == UInt8(ascii: "e"))
    } else {
      return false
    }
    return true
  }

  /// Reads `$tag$ … $tag$`, if such a thing begins at the position.
  mutating func dollarString() throws(SQLError) -> Bool {
    let start = position
    var tagEnd = start + 1
    while isWord(byte(at: tagEnd)), byte(at: tagEnd) != Ascii.dollar { tagEnd += 1 }
    guard byte(at: tagEnd) == Ascii.dollar, !isDigit(at: start + 1) else { return false }

    let tag = bytes[start...tagEnd]
    var index = tagEnd + 1
    while index + tag.count <= bytes.count {
      if bytes[index] == Ascii.dollar, bytes[index..<index + tag.count] == tag {
        add(.string, from: start, to: index + tag.count)
        return true
      }
      index += 1
    }
    throw .unterminated(.dollarString, offset: start)
  }

  mutating func skipLine() {
    while position < bytes.count, bytes[position] != Ascii.newline {
      if bytes[position] == Ascii.carriageReturn, dialect.carriageReturnEndsComment { return }
      position += 1
    }
  }

  mutating func skipComment() throws(SQLError) {
    let start = position
    var depth = 1
    position += 2
    while position < bytes.count {
      switch (bytes[position], byte(at: position + 1)) {
      case (Ascii.star, Ascii.slash):
        position += 2
        depth -= 1
        if depth == 0 { return }
      case (Ascii.slash, Ascii.star) where dialect.nestsComments:
        position += 2
        depth += 1
      default:
        position += 1
      }
    }
    throw .unterminated(.comment, offset: start)
  }

  /// Skips the mark that some editors write at the start of a file.
  mutating func skipByteOrderMark() {
    if startsWithByteOrderMark(at: 0) { position = 3 }
  }

  func startsWithByteOrderMark(at index: Int) -> Bool {
    byte(at: index) == 0xEF && byte(at: index + 1) == 0xBB && byte(at: index + 2) == 0xBF
  }
}
