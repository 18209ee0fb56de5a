/// A piece of SQL text: what it is and where it stands.
///
/// A token does not hold its text, so that reading a query allocates nothing for each of its words;
/// ``SQLTokens/text(of:)`` gives it.
package struct SQLToken: Equatable, Sendable {
  /// What a piece of text is.
  package enum Kind: UInt8, Sendable {
    /// A word without quotes, keywords included.
    case identifier
    /// A name between double quotes, backticks or brackets.
    case quotedIdentifier
    /// A string, with its prefix if it has one.
    case string
    /// A blob such as `x'00ff'`.
    case blob
    /// A number, without a sign.
    case number
    /// A parameter, with its sigil.
    case parameter
    /// An operator of one or more characters.
    case `operator`
    /// `(`, or where the dialect has them `[` and `{`.
    case open
    /// `)`, or where the dialect has them `]` and `}`.
    case close
    /// `,`
    case comma
    /// `.`
    case dot
    /// `;`
    case semicolon
  }

  /// What it is.
  package var kind: Kind
  /// The keyword that a word spells; `nil` for other words and for what is not a word.
  package var keyword: SQLKeyword?
  /// The offset of the first byte.
  package var start: Int
  /// The offset behind the last byte.
  package var end: Int

  /// The place in bytes of UTF-8 from the start of the text.
  package var range: Range<Int> { start..<end }

  /// Whether a name can be written like this.
  var isName: Bool { kind == .identifier || kind == .quotedIdentifier }
}

/// A text and its tokens, in order; white space and comments are not among them.
package struct SQLTokens: Sendable {
  /// The text's bytes.
  let bytes: [UInt8]
  /// The tokens, in order of their offsets, which never overlap.
  package let tokens: [SQLToken]

  /// Gives a token's text as it is written.
  package func text(of token: SQLToken) -> String {
    String(decoding: bytes[token.range], as: UTF8.self)
  }

  /// Gives the name that a word, a quoted name or a string stands for: without its quotes, and
  /// with the quotes that are doubled inside of it as one.
  package func name(of token: SQLToken) -> String {
    guard token.kind == .quotedIdentifier || token.kind == .string else { return text(of: token) }
    let quote = bytes[token.end - 1]
    guard let first = bytes[token.range].firstIndex(where: { $0 == quote || $0 == Ascii.bracket })
    else { return text(of: token) }

    var name: [UInt8] = []
    var index = first + 1
    while index < token.end - 1 {
      name.append(bytes[index])
      index += bytes[index] == quote && quote != Ascii.closingBracket ? 2 : 1
    }
    return String(decoding: name, as: UTF8.self)
  }

  /// Whether a token is the string (or quoted name) of a word, compared without case.
  func spells(_ token: SQLToken, _ word: StaticString) -> Bool {
    guard token.end - token.start == word.utf8CodeUnitCount + 2 else { return false }
    return word.withUTF8Buffer { word in
      zip(word, bytes[(token.start + 1)...]).allSatisfy { $0 == $1.asciiLowercased }
    }
  }
}

/// The bytes that the tokenizer and the analysis look for by name.
enum Ascii {
  static let quote = UInt8(ascii: "'")
  static let doubleQuote = UInt8(ascii: "\"")
  static let backtick = UInt8(ascii: "`")
  static let bracket = UInt8(ascii: "[")
  static let closingBracket = UInt8(ascii: "]")
  static let parenthesis = UInt8(ascii: "(")
  static let closingParenthesis = UInt8(ascii: ")")
  static let brace = UInt8(ascii: "{")
  static let closingBrace = UInt8(ascii: "}")
  static let star = UInt8(ascii: "*")
  static let slash = UInt8(ascii: "/")
  static let minus = UInt8(ascii: "-")
  static let plus = UInt8(ascii: "+")
  static let dot = UInt8(ascii: ".")
  static let comma = UInt8(ascii: ",")
  static let colon = UInt8(ascii: ":")
  static let semicolon = UInt8(ascii: ";")
  static let equals = UInt8(ascii: "=")
  static let greater = UInt8(ascii: ">")
  static let dollar = UInt8(ascii: "$")
  static let question = UInt8(ascii: "?")
  static let at = UInt8(ascii: "@")
  static let backslash = UInt8(ascii: "\\")
  static let ampersand = UInt8(ascii: "&")
  static let underscore = UInt8(ascii: "_")
  static let newline = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
}
