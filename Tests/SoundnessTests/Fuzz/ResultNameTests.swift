import AssetCore
import AssetSQL
import AssetTestSupport
import AssetWarehouseSQLite
import Testing

/// What is said of a query's columns before anything is built is what the engine calls them.
@Suite struct ResultNameTests {
  private static let tables = CorpusQuery.tables.sorted { $0.key < $1.key }
    .map { KnownTable($0.key.name, columns: $0.value) }

  @Test func `columns are called as the engine calls them`() {
    let seed = RandomRun.seed
    var random = SeededRandom(seed: seed)
    let judge = SQLiteJudge()
    let texts = CorpusQuery.all.filter { $0.dialects.contains(.sqlite) }.map(\.sql)
    for sql in texts { expectNames(sql, judge, seed) }
    for _ in 0..<RandomRun.steps(3_000) {
      // Columns of two queries, so that names meet.
      let (first, second) = (random.pick(texts), random.pick(texts))
      let wrapped = [
        "select * from (\(first)) p, (\(second)) q", "select p.*, 1 as a from (\(first)) p",
        "select 1 as a, 2 as b union all select * from (\(first))",
        "with p as (\(first)), q as (\(second)) select q.*, p.* from p join q",
        "with p(a, b) as (\(first)) select *, a from p", "\(first) union \(second)",
        "select * from (\(first)) p natural join (\(second)) q", "(\(first))",
      ]
      expectNames(random.pick(wrapped), judge, seed)
    }
  }

  private func expectNames(_ sql: String, _ judge: SQLiteJudge, _ seed: UInt64) {
    guard case .gives(let names) = judge.verdict(on: sql, tables: Self.tables) else { return }
    let folded = names.map { $0.lowercased() }
    let isRepeated = Set(folded).count < folded.count
    for knows in [true, false] {
      let found = resultColumns(of: sql, dialect: .sqlite) { knows ? CorpusQuery.tables[$0] : nil }
      if found.repeated != nil {
        #expect(isRepeated, "\(sql) gives \(names), seed \(seed)")
      } else if let own = found.names {
        #expect(!isRepeated, "\(sql) gives \(names), seed \(seed)")
        #expect(own.map { $0.lowercased() } == folded, "\(sql), seed \(seed)")
      }
    }
  }
}
