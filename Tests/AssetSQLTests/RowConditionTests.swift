import AssetSQL
import Testing

/// Conditions on the rows of one table.
@Suite struct RowConditionTests {
  @Test(
    arguments: [
      ("region = :item", ["region"], "region = 'it''s'"),
      ("REGION = :item -- a note", ["region"], "region = 'it''s'"),
      (
        "n > 1 and \"Some Name\" is not null", ["n", "some name"],
        "n > 1 and \"Some Name\" is not null"
      ),
      (
        "max(n, 1) = 2 or lower(a) like 'x%'", ["a", "n"],
        "max ( n , 1 ) = 2 or lower ( a ) like 'x%'"
      ),
      ("a = ')' and b = ';'", ["a", "b"], "a = ')' and b = ';'"), ("true", [], "true"),
    ])
  func `a condition is read with its columns and its values`(
    text: String, columns: [String], rendered: String
  ) throws {
    let condition = try RowCondition(text, dialect: .sqlite)

    #expect(condition.columns == columns)
    #expect(condition.rendered(dialect: .sqlite) { _ in "'it''s'" } == rendered)
  }

  @Test(
    arguments: [
      ("", .nothing), (" -- nothing", .nothing), ("a = 1; drop table t", .semicolon),
      ("a > (select 1)", .subquery), ("exists (select 1)", .subquery), ("a in other", .subquery),
      ("row_number() over () = 1", .window), ("first_value(a) over () = 1", .window),
      ("lag(a) = 1", .window), ("count(*) > 1", .aggregate("count")),
      ("max(a) = 1", .aggregate("max")), ("min((a)) = 1", .aggregate("min")),
      ("random() > 0", .volatile("random")), ("d < date('now')", .volatile("date")),
      ("d < current_date", .volatile("current_date")),
      ("a = 1) or (1", .sql(.unbalanced(")", offset: 5))),
      ("(a = 1", .sql(.unbalanced("(", offset: 0))),
      ("a = 'x", .sql(.unterminated(.string, offset: 4))),
      ("a = 1 /* or", .sql(.unterminated(.comment, offset: 6))),
    ] as [(String, RowCondition.Fault)])
  func `what is more than a condition on rows is refused`(text: String, fault: RowCondition.Fault) {
    #expect(throws: fault) { try RowCondition(text, dialect: .sqlite) }
  }

  @Test(arguments: ["other.a = 1", "rowid = 1"])
  func `names that are no columns are refused`(text: String) {
    #expect(throws: RowCondition.Fault.self) { try RowCondition(text, dialect: .sqlite) }
  }
}
