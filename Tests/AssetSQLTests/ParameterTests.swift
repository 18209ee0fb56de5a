import AssetSQL
import Testing

@Suite struct ParameterTests {
  @Test func `parameters are listed with their sigils and places`() throws {
    let query = "select 'ü:x', :a, @b, $c, ?, ?2 from t -- :d\nwhere :a = \":e\""

    #expect(
      try analyze(query, dialect: .sqlite).parameters == [
        ParameterReference(name: "a", sigil: .colon, range: 15..<17),
        ParameterReference(name: "b", sigil: .at, range: 19..<21),
        ParameterReference(name: "c", sigil: .dollar, range: 23..<25),
        ParameterReference(name: "", sigil: .questionMark, range: 27..<28),
        ParameterReference(name: "2", sigil: .questionMark, range: 30..<32),
        ParameterReference(name: "a", sigil: .colon, range: 52..<54),
      ])
  }

  @Test func `a mark that combines with the sigil belongs to the name`() throws {
    #expect(
      try analyze("select :\u{301}a", dialect: .sqlite).parameters == [
        ParameterReference(name: "\u{301}a", sigil: .colon, range: 7..<11)
      ])
  }

  @Test(arguments: [
    ("select :a", "select 7"),
    ("select  :a ,\n':a', \":a\" -- :a\n;", "select  7 ,\n':a', \":a\" -- :a\n"),
    ("select 'ü', :a;", "select 'ü', 7"),
    ("select :a where x=:a;-- done", "select 7 where x=7-- done"),
    ("select 1 ;\n;", "select 1 \n"),
    ("select :b", "select :b"),
    ("select a::int", "select a::int"),
  ])
  func `values take the place of parameters and nothing else changes`(
    sql: String, expected: String
  ) throws {
    let analysis = try analyze(sql, dialect: .sqlite)

    #expect(render(sql, analysis: analysis) { $0.name == "a" ? "7" : nil } == expected)
  }

  @Test(arguments: [
    ("select 5-:a", "-1", "select 5- -1"),
    ("select 5=:a", "-1", "select 5= -1"),
    ("select 1 limit:a", "5", "select 1 limit 5"),
    ("select :a'b'", "'x'", "select 'x' 'b'"),
    ("select :a\"b\"", "1", "select 1 \"b\""),
    ("select 'b':a", "'x'", "select 'b' 'x'"),
    ("select (:a,:a)", "'x'", "select ('x','x')"),
    ("select ?x", "1", "select 1 x"),
    ("select x>:a+1", "2", "select x>2 +1"),
  ])
  func `a literal does not run into its neighbours`(
    sql: String, literal: String, expected: String
  ) throws {
    let analysis = try analyze(sql, dialect: .sqlite)

    #expect(render(sql, analysis: analysis) { _ in literal } == expected)
  }
}
