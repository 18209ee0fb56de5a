import AssetSQL
import Testing

@Suite struct OneQueryTests {
  @Test(arguments: [
    "select 1", "select 1;", "select 1 ; ;\n-- done", "values (1)", "with x as (select 1) select 2",
    "(select 1)", "((select 1) union select 2)", "/* select */ SELECT';'",
    "(with x as (select 1) select 2) limit 1",
  ])
  func `one query is accepted with or without its semicolon`(sql: String) throws {
    _ = try analyze(sql, dialect: .sqlite)
  }

  @Test(arguments: ["", " \n\t", ";", ";;", "-- select 1", "/* select 1 */ ;", "\u{FEFF}"])
  func `a text without tokens is empty`(sql: String) {
    #expect(throws: SQLError.emptyQuery) { try analyze(sql, dialect: .sqlite) }
  }

  @Test(arguments: [
    ("insert into a select 1", SQLError.notAQuery(found: "insert", offset: 0)),
    ("-- note\ndelete from a", .notAQuery(found: "delete", offset: 8)),
    ("explain select 1", .notAQuery(found: "explain", offset: 0)),
    ("\"select\" 1", .notAQuery(found: "\"select\"", offset: 0)),
    ("1", .notAQuery(found: "1", offset: 0)),
    ("()", .notAQuery(found: ")", offset: 1)),
    ("; select 1", .notAQuery(found: ";", offset: 0)),
    ("select 1 union", .notAQuery(found: nil, offset: 14)),
    ("select 1 union delete from a", .notAQuery(found: "delete", offset: 15)),
    ("select 1 union; select 2", .notAQuery(found: ";", offset: 14)),
    ("with x as (select 1) insert into a select 1", .notAQuery(found: "insert", offset: 21)),
    ("with x as (select 1) update a set b = 1", .notAQuery(found: "update", offset: 21)),
    ("with x as (select 1) delete from a", .notAQuery(found: "delete", offset: 21)),
    ("with x as (insert into a values (1)) select 1", .notAQuery(found: "insert", offset: 11)),
  ])
  func `what changes data or is no statement is not a query`(sql: String, error: SQLError) {
    #expect(throws: error) { try analyze(sql, dialect: .sqlite) }
  }

  @Test(arguments: [
    ("select 1; select 2", 10), ("select 1;;drop table a", 10), ("select 1; -- a\n)", 15),
    ("values (1); ;values (2);", 13),
  ])
  func `nothing may follow the semicolon`(sql: String, offset: Int) {
    #expect(throws: SQLError.secondStatement(offset: offset)) { try analyze(sql, dialect: .sqlite) }
  }

  @Test(arguments: [
    ("select (1", SQLError.unbalanced("(", offset: 7)),
    ("select ((1)", .unbalanced("(", offset: 7)),
    ("select (1, (2", .unbalanced("(", offset: 11)),
    ("select 1)", .unbalanced(")", offset: 8)),
    (") select 1", .notAQuery(found: ")", offset: 0)),
    ("select (1; select 2)", .unbalanced("(", offset: 7)),
    ("select * from (a", .unbalanced("(", offset: 14)),
  ])
  func `parentheses come in pairs`(sql: String, error: SQLError) {
    #expect(throws: error) { try analyze(sql, dialect: .sqlite) }
  }
}
