import AssetSQL
import Testing

/// The tokens of a text, each as its kind's letter and its text.
private func tokens(_ sql: String, _ dialect: SQLDialect = .sqlite) throws -> [String] {
  let source = try tokenize(sql, dialect: dialect)
  return source.tokens.map { token in
    let kind =
      switch token.kind {
      case .identifier: "word"
      case .quotedIdentifier: "name"
      case .string: "string"
      case .blob: "blob"
      case .number: "number"
      case .parameter: "parameter"
      case .operator, .open, .close, .comma, .dot, .semicolon: "sign"
      }
    return "\(kind) \(source.text(of: token))"
  }
}

@Suite struct TokenizerTests {
  @Test(arguments: [
    ("select a", ["word select", "word a"]),
    ("größe_1 $ta$", ["word größe_1", "parameter $ta$"]),
    ("a$b", ["word a$b"]),
    ("\"a\"\"b\" [c\"]", ["name \"a\"\"b\"", "name [c\"]"]),
    ("`a``b`", ["name `a``b`"]),
    ("'it''s' ''", ["string 'it''s'", "string ''"]),
    ("'\\'", ["string '\\'"]),
    ("x'00FF' X'' x 'a'", ["blob x'00FF'", "blob X''", "word x", "string 'a'"]),
    ("1 1.5 .5 1. 1e3 2.E-4 0x1F 1_000", "1 1.5 .5 1. 1e3 2.E-4 0x1F 1_000".numbers),
    ("t.1", ["word t", "number .1"]),
    (":a @b $c ? ?12 :1", ":a @b $c ? ?12 :1".parameters),
    ("a::b", ["word a", "sign ::", "word b"]),
    ("a->b->>c", ["word a", "sign ->", "word b", "sign ->>", "word c"]),
    ("<=>=<>!===<<>>||", "<= >= <> != == << >> ||".signs),
    ("1--2\n-3", ["number 1", "sign -", "number 3"]),
    ("1-/*/ */-2", ["number 1", "sign -", "sign -", "number 2"]),
    ("/* /* */ a */", ["word a", "sign *", "sign /"]),
    ("-- a\r b\nc", ["word c"]),
    ("\u{FEFF}a \u{FEFF} b", ["word a", "word b"]),
    ("(a,b).c;", ["sign (", "word a", "sign ,", "word b", "sign )", "sign .", "word c", "sign ;"]),
    ("", []),
  ])
  func `sqlite's text is divided as its engine does`(sql: String, expected: [String]) throws {
    #expect(try tokens(sql) == expected)
  }

  @Test(arguments: [
    ("/* /* */ a */ b", ["word b"]),
    ("-- a\r b", ["word b"]),
    ("$$it's$$ $x$a$y$b$x$", ["string $$it's$$", "string $x$a$y$b$x$"]),
    ("a$b$c", ["word a$b$c"]),
    ("$1 $name :name", "$1 $name :name".parameters),
    ("e'a\\'b' E'\\\\' b'1' n'x'", ["e'a\\'b'", "E'\\\\'", "b'1'", "n'x'"].map { "string \($0)" }),
    ("u&'a' u&\"b\"", ["string u&'a'", "name u&\"b\""]),
    ("a[1:n]", "word a, sign [, number 1, sign :, word n, sign ]".listed),
    ("[:n]", ["sign [", "parameter :n", "sign ]"]),
    ("a<-1", ["word a", "sign <", "sign -", "number 1"]),
    ("a @> b #>> c ?| d", "word a, sign @>, word b, sign #>>, word c, sign ?|, word d".listed),
    ("a<=-- b", ["word a", "sign <="]),
    ("a*/* b */c", ["word a", "sign *", "word c"]),
    ("a:=1", ["word a", "sign :=", "number 1"]),
  ])
  func `postgresql has dollar strings, nested comments and runs of operators`(
    sql: String, expected: [String]
  ) throws {
    #expect(try tokens(sql, .postgresql) == expected)
  }

  @Test(arguments: [
    ("{'a':b, 'c': :d}", "{ 'a' : b , 'c' : :d }"),
    ("list[1:n][?]", "list [ 1 : n ] [ ? ]"),
    ("x -> x + ?1", "x -> x + ?1"),
    ("a // b ** c", "a // b ** c"),
  ])
  func `duckdb has braces, slices and question marks`(sql: String, expected: String) throws {
    let source = try tokenize(sql, dialect: .duckdb)

    #expect(source.tokens.map(source.text(of:)).joined(separator: " ") == expected)
  }

  @Test(arguments: [
    ("\"a\\\"b\" 'c\\'d'", ["string \"a\\\"b\"", "string 'c\\'d'"]),
    ("r'\\d' `x`", ["string r'\\d'", "name `x`"]),
    ("2024_orders 10L", ["word 2024_orders", "number 10L"]),
    ("1.5BD 1e3", ["number 1.5BD", "number 1e3"]),
    ("a <=> b", ["word a", "sign <=>", "word b"]),
  ])
  func `spark has strings in double quotes and names that begin with a digit`(
    sql: String, expected: [String]
  ) throws {
    #expect(try tokens(sql, .spark) == expected)
  }

  @Test(arguments: [
    ("select 'a", SQLError.unterminated(.string, offset: 7)),
    ("select 'a'' ", .unterminated(.string, offset: 7)),
    ("x'00", .unterminated(.string, offset: 0)),
    ("ä \"b", .unterminated(.quotedName, offset: 3)),
    ("a [b", .unterminated(.quotedName, offset: 2)),
    ("a `b``", .unterminated(.quotedName, offset: 2)),
    ("a /* b", .unterminated(.comment, offset: 2)),
    ("a /*/", .unterminated(.comment, offset: 2)),
    ("a\0b", .unexpectedCharacter("\0", offset: 1)),
    ("'a\0b'", .unexpectedCharacter("\0", offset: 2)),
    ("a # b", .unexpectedCharacter("#", offset: 2)),
    ("a \\ b", .unexpectedCharacter("\\", offset: 2)),
    ("a : b", .unexpectedCharacter(":", offset: 2)),
    ("a $ b", .unexpectedCharacter("$", offset: 2)),
    ("a ! b", .unexpectedCharacter("!", offset: 2)),
    ("a ^ b", .unexpectedCharacter("^", offset: 2)),
    ("{a}", .unexpectedCharacter("{", offset: 0)),
    ("[a]]", .unexpectedCharacter("]", offset: 3)),
    ("\u{1}", .unexpectedCharacter("\u{1}", offset: 0)),
    ("12ab", .malformedNumber("12ab", offset: 0)),
    ("a 1e", .malformedNumber("1e", offset: 2)),
  ])
  func `what is no token is an error with its place`(sql: String, error: SQLError) {
    #expect(throws: error) { try tokenize(sql, dialect: .sqlite) }
  }

  @Test(arguments: [
    ("a $$ b $", SQLError.unterminated(.dollarString, offset: 2)),
    ("/* /* */", .unterminated(.comment, offset: 0)),
    ("e'\\'", .unterminated(.string, offset: 0)),
    ("a ` b", .unexpectedCharacter("`", offset: 2)),
  ])
  func `what postgresql leaves open is an error with its place`(sql: String, error: SQLError) {
    #expect(throws: error) { try tokenize(sql, dialect: .postgresql) }
  }

  @Test func `tokens know their places in bytes`() throws {
    let source = try tokenize("sélect -- x\n  'ü', b", dialect: .sqlite)

    #expect(source.tokens.map(\.range) == [0..<7, 15..<19, 19..<20, 21..<22])
  }

  @Test(arguments: [
    ("orders", "orders"), ("\"a\"\"b\"", "a\"b"), ("[a\"\"b]", "a\"\"b"), ("`a``b`", "a`b"),
    ("'it''s'", "it's"), ("\"[a]\"", "[a]"), ("\"\"", ""),
  ])
  func `a quoted name loses its quotes`(sql: String, name: String) throws {
    let source = try tokenize(sql, dialect: .sqlite)

    #expect(source.tokens.map(source.name(of:)) == [name])
  }

  @Test func `every keyword is found in any case`() throws {
    for keyword in SQLKeyword.allCases {
      let sql = "\(keyword.rawValue) \(keyword.rawValue.uppercased()) \(keyword.rawValue)x"
      let found = try tokenize(sql, dialect: .duckdb).tokens.map(\.keyword)
      #expect(found.dropLast() == [keyword, keyword])
      #expect(found.last != .some(keyword))
    }
    #expect(try tokenize("qualify", dialect: .sqlite).tokens.map(\.keyword) == [nil])
    #expect(try tokenize("\"from\" fro", dialect: .sqlite).tokens.allSatisfy { $0.keyword == nil })
  }
}

extension String {
  fileprivate var parameters: [String] { split(separator: " ").map { "parameter \($0)" } }
  fileprivate var numbers: [String] { split(separator: " ").map { "number \($0)" } }
  fileprivate var signs: [String] { split(separator: " ").map { "sign \($0)" } }
  /// The parts between commas.
  fileprivate var listed: [String] {
    split(separator: ",").map { $0.first == " " ? String($0.dropFirst()) : String($0) }
  }
}
