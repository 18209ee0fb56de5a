import AssetCore
import AssetSQL
import Testing

/// What every item of SQL's syntax reads, in each dialect that has it.
@Suite struct CorpusTests {
  @Test(arguments: CorpusQuery.all)
  func `a query reads what was found out by hand`(query: CorpusQuery) {
    for dialect in query.dialects {
      let known = readQuery(query.sql, dialect: dialect) { CorpusQuery.tables[$0] }

      #expect(known.unreadable == nil, "\(dialect)")
      #expect(known.problems == [], "\(dialect)")
      #expect(CorpusQuery.words(of: known) == query.reads, "\(dialect), columns known")

      let unknown = readQuery(query.sql, dialect: dialect) { _ in nil }

      #expect(unknown.unreadable == nil, "\(dialect)")
      #expect(unknown.problems == [], "\(dialect), columns not known")
      #expect(CorpusQuery.words(of: unknown) == query.readsUnknown, "\(dialect), columns not known")
    }
  }

  @Test func `SQLite accepts its part of the corpus`() throws {
    let engine = try Engine()
    for (key, columns) in CorpusQuery.tables.sorted(by: { $0.key < $1.key }) {
      try engine.execute("create table \(key)(\(columns.joined(separator: ", ")))")
    }
    try engine.execute("create index some_index on t(b)")
    for function in ["f", "regexp", "some_schema"] { try engine.declareFunction(function) }
    // Functions with a schema, dates as types and the like are others' syntax, which is tolerated.
    let others = ["some_schema.f", "regexp"]
    for query in CorpusQuery.all where query.dialects.contains(.sqlite) {
      guard !others.contains(where: query.sql.contains) else { continue }
      #expect(throws: Never.self, "\(query.sql)") { try engine.answer("explain " + query.sql) }
    }
  }
}
