import AssetSQL
import Testing

private func canonical(_ sql: String, _ dialect: SQLDialect = .sqlite) throws -> String {
  try analyze(sql, dialect: dialect).canonicalForm
}

@Suite struct CanonicalFormTests {
  @Test(arguments: [
    "select id,sum(a)from \"T\" where b='X' and c>=:min",
    "SELECT Id, SUM(a) FROM \"T\" WHERE b = 'X' AND c >= :min;",
    "  select id , sum ( a ) -- the sum\n from \"T\" /* all */ where b='X'\r\nand c>=:min ; ; -- end",
    "\u{FEFF}select\tid,\u{C}sum(a)from\"T\"where b='X'and c>=:min",
  ])
  func `comments, white space, the case of words and a semicolon do not count`(sql: String) throws {
    #expect(
      try canonical(sql) == "select id , sum ( a ) from \"T\" where b = 'X' and c >= :min")
  }

  @Test(arguments: [
    ("select 'a'", "select 'A'"), ("select \"a\"", "select \"A\""), ("select a", "select \"a\""),
    ("select 'a b'", "select 'a  b'"), ("select :a", "select :A"), ("select 1.0", "select 1.00"),
    ("select - -1", "select -(-1)"), ("select 1 - 2", "select 1, 2"), ("select É", "select é"),
    ("select 'a' 'b'", "select 'a'' ''b'"), ("select a b", "select ab"),
    ("select ?1", "select ? 1"),
    ("select 'a--b'", "select 'a'"), ("select [a b]", "select a b"), ("select 1e5", "select 1 e5"),
  ])
  func `anything else does`(one: String, other: String) throws {
    #expect(try canonical(one) != canonical(other))
  }

  @Test(arguments: [
    ("select [a]", SQLDialect.sqlite, "select [a]"),
    ("select [A]", .duckdb, "select [ a ]"),
    ("select \"A\" || R'\\n'", .spark, "select \"A\" || R'\\n'"),
    ("select $X$ From $X$", .postgresql, "select $X$ From $X$"),
    ("select a<-1", .postgresql, "select a < - 1"),
  ])
  func `the dialect says what a token is`(
    sql: String, dialect: SQLDialect, expected: String
  ) throws {
    #expect(try canonical(sql, dialect) == expected)
  }

  @Test(arguments: [SQLDialect.sqlite, .postgresql, .duckdb, .spark])
  func `the form reads as the same tokens again`(dialect: SQLDialect) throws {
    let seed: UInt64 = 20_260_801
    var random = SplitMix(state: seed)
    var read = 0
    for _ in 0..<1_500 {
      let sql = "select " + random.splice(RandomQueryTests.pieces, upTo: 12)
      guard let analysis = try? analyze(sql, dialect: dialect) else { continue }
      let again = try analyze(analysis.canonicalForm, dialect: dialect)
      let tokens = try tokenize(analysis.canonicalForm, dialect: dialect)
      let spaced = tokens.tokens.map(tokens.text(of:)).joined(separator: " ")
      #expect(again.canonicalForm == analysis.canonicalForm, "seed \(seed): \(sql)")
      #expect(spaced == analysis.canonicalForm, "seed \(seed): \(sql)")
      #expect(again.tables.map(\.name).count == analysis.tables.count, "seed \(seed): \(sql)")
      read += 1
    }
    #expect(read > 150)
  }
}
