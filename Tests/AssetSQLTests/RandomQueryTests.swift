import AssetSQL
import Testing

/// A small generator of pseudo-random numbers that gives the same sequence everywhere.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// Joins pieces, most of them with something like a space between.
  mutating func splice(_ pieces: [String], upTo count: Int) -> String {
    var text = ""
    for _ in 0..<Int.random(in: 1...count, using: &self) {
      text += pieces.randomElement(using: &self) ?? ""
      text += [" ", " ", " ", "\n", "", "/**/"].randomElement(using: &self) ?? ""
    }
    return text
  }
}

/// Whatever the text, the answer is an analysis or an error with a place inside of the text.
@Suite struct RandomQueryTests {
  static let pieces =
    """
    select from join where on using group order by limit union except with recursive as values in \
    not is distinct window over filter exists case end lateral only table rows indexed materialized \
    a b "c" [d] `e` 'f' x'00' 1 2.5e3 .5 :p @q $r ? ?2 ( ( ) ) , . ; + - * / < > = <= <> || -> ->> \
    :: ! ~ & | # % [ ] { } : ' " ` $ $$ $x$ -- /* */ \\ ü random() date('now') count(*) current_date
    """.split(separator: " ").map(String.init)

  @Test(arguments: [SQLDialect.sqlite, .postgresql, .duckdb, .spark])
  func `spliced pieces of queries never crash`(dialect: SQLDialect) {
    let seed: UInt64 = 7
    var random = SplitMix(state: seed)
    for _ in 0..<1_500 {
      expectAnswer("select " + random.splice(Self.pieces, upTo: 24), dialect, seed)
    }
  }

  @Test(arguments: [SQLDialect.sqlite, .postgresql, .duckdb, .spark])
  func `random bytes never crash`(dialect: SQLDialect) {
    let seed: UInt64 = 11
    var random = SplitMix(state: seed)
    for _ in 0..<1_500 {
      let count = Int.random(in: 0...40, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      expectAnswer(String(decoding: bytes, as: UTF8.self), dialect, seed)
    }
  }

  private func expectAnswer(_ sql: String, _ dialect: SQLDialect, _ seed: UInt64) {
    do {
      let analysis = try analyze(sql, dialect: dialect)
      let rendered = render(sql, analysis: analysis) { _ in "1" }
      #expect(rendered.utf8.count <= 3 * sql.utf8.count, "seed \(seed): \(sql)")
    } catch {
      #expect(0...sql.utf8.count ~= error.offset, "seed \(seed): \(sql)")
    }
  }

  @Test(
    .timeLimit(.minutes(5)),
    arguments: [
      ("(", "1", ")"), ("(select ", "1", ")"), ("(select * from ", "a", ")"), ("f(", "x", ")"),
      ("(with x as (select 1) select ", "1", ")"), ("a in (", "1", ")"), ("1 + ", "1", ""),
      ("a.", "b", ""), ("case when ", "1", " end"), ("- ", "1", ""), ("'' || ", "''", ""),
    ])
  func `a hundred thousand levels are read in linear time`(
    open: String, middle: String, close: String
  ) throws {
    let depth = 100_000
    let sql =
      "select " + String(repeating: open, count: depth) + middle
      + String(repeating: close, count: depth)

    let analysis = try analyze(sql, dialect: .sqlite)

    #expect(analysis.tables.count == (middle == "a" ? 1 : 0))
  }

  @Test(
    .timeLimit(.minutes(5)), arguments: ["(", "/*", "$a", "$$", "'a''", "with x as (", "a,", "?"])
  func `a long text of which nothing is closed is refused in linear time`(piece: String) {
    let sql = "select " + String(repeating: piece, count: 100_000) + "'"

    #expect(throws: SQLError.self) { try analyze(sql, dialect: .postgresql) }
  }
}
