import AssetSQL
import Testing

/// What a text may take for columns, even if nothing of it is understood.
@Suite struct MentionedNameTests {
  @Test(
    arguments: [
      ("select Day from orders", ["day", "from", "orders", "select"]),
      (#"select "a b", [c], `d` from t"#, ["a b", "c", "d", "from", "select", "t"]),
      ("t join u using (x)", ["join", "t", "u", "using", "x"]),
      ("t.'x'", ["t", "x"]),
      ("count(*) + n * 2 * (3) * m", ["count", "m", "n"]),
      ("-- note\n'text' x'00' :p", []),
    ])
  func `every name is listed`(sql: String, names: [String]) {
    #expect(mentionedNames(in: sql, dialect: .sqlite) == names)
  }

  @Test(
    arguments: [
      "select * from t", "select t.* from t", "select a, * from t", "select distinct * from t",
      "a natural join b", "sum(*)", "'no end",
    ])
  func `what may take columns without naming them is not known`(sql: String) {
    #expect(mentionedNames(in: sql, dialect: .sqlite) == nil)
  }
}
