import AssetCore
import AssetSQL
import Testing

/// Against SQLite's own program for a query, which reads what the query needs and a little more.
@Suite struct EngineOracleTests {
  /// A column that the program reads and the analysis leaves out, with the reason.
  enum PruningRule: CaseIterable {
    /// `order by` without `limit` at the top only decides on the order of rows.
    case orderOfTheResult
    /// What `exists` selects is not looked at.
    case itemsOfExists

    /// The query without what the rule is about; it gives the same rows.
    func applied(to sql: String) -> String {
      switch self {
      case .orderOfTheResult: withoutFinalOrder(sql)
      case .itemsOfExists:
        sql.replacing(/(?i)(exists\s*\(\s*select\s+)\*/) { "\($0.output.1)1" }
      }
    }
  }

  /// What the analysis and the program say of one query.
  struct Comparison {
    /// Tables that only the program opens.
    var missedTables: Set<String> = []
    /// Columns that only the program reads, each with the rule by which that is right, if any.
    var pruned: [String: PruningRule?] = [:]
    /// How many columns only the analysis names.
    var beyond = 0
    var consumed = 0
    var read = 0
    var wholes = 0
  }

  @Test func `the queries of TPC-H and TPC-DS read what the program reads`() throws {
    var all: [Comparison] = []
    for suite in try TPC.load() {
      let engine = try suite.engine()
      for query in suite.queries {
        let reading = readQuery(query.sqlite, dialect: .sqlite, columns: suite.columns(of:))
        let comparison = try Self.compare(reading, query.sqlite, engine)

        let place: Comment = "query \(query.number) of \(suite.queries.count)"
        #expect(reading.problems == [], place)
        #expect(reading.unreadable == nil, place)
        #expect(comparison.missedTables == [], place)
        #expect(comparison.pruned.filter { $0.value == nil }.keys.sorted() == [], place)
        if comparison.wholes > 0 {
          // Which rows are left is open, and anything in the table may decide it.
          #expect(
            reading.inputs.values.allSatisfy { ($0.wholeBecause ?? "").contains("limit") }, place)
        }
        all.append(comparison)
      }
    }
    print(
      "TPC: \(all.count) queries, consumed \(all.map(\.consumed).reduce(0, +)),",
      "read by the program \(all.map(\.read).reduce(0, +)),",
      "beyond it \(all.map(\.beyond).reduce(0, +)), wholes \(all.map(\.wholes).reduce(0, +)),",
      "pruned \(all.flatMap(\.pruned.values).count)")

    #expect(all.count == 121)
    #expect(all.map(\.wholes).reduce(0, +) == 12)
    #expect(all.map(\.beyond).reduce(0, +) == 0)
  }

  @Test func `DuckDB's spelling of the queries reads the same`() throws {
    for suite in try TPC.load() {
      for query in suite.queries {
        let rewritten = readQuery(query.sqlite, dialect: .sqlite, columns: suite.columns(of:))
        let original = readQuery(query.duckdb, dialect: .duckdb, columns: suite.columns(of:))

        let place: Comment = "query \(query.number) of \(suite.queries.count)"
        let (found, expected) = (
          CorpusQuery.words(of: original), CorpusQuery.words(of: rewritten)
        )
        #expect(found == expected, place)
        #expect(original.problems == [], place)
        #expect(original.unreadable == nil, place)
      }
    }
  }

  /// Compares an analysis with the program.
  static func compare(
    _ reading: QueryReading, _ sql: String, _ engine: Engine
  ) throws -> Comparison {
    let read = try engine.bytecodeReads(of: sql)
    let readAfter = try PruningRule.allCases.map { rule in
      (rule, try engine.bytecodeReads(of: rule.applied(to: sql)))
    }
    var comparison = Comparison()
    for (table, columns) in read {
      comparison.read += columns.count
      guard let input = reading.inputs[AssetKey(trusted: table)] else {
        comparison.missedTables.insert(table)
        continue
      }
      guard case .columns(let consumed, _) = input.consumption else { continue }
      for column in columns.subtracting(consumed) {
        let rule = readAfter.first { !($0.1[table] ?? []).contains(column) }?.0
        comparison.pruned["\(table).\(column)"] = .some(rule)
      }
    }
    for (key, input) in reading.inputs {
      guard case .columns(let consumed, _) = input.consumption else {
        comparison.wholes += 1
        continue
      }
      comparison.consumed += consumed.count
      comparison.beyond += Set(consumed).subtracting(read[key.name.lowercased()] ?? []).count
    }
    return comparison
  }
}

/// The text up to an `order by` at its end that no `limit` follows.
private func withoutFinalOrder(_ sql: String) -> String {
  var depth = 0
  var quote: UInt8?
  var place: Int?
  let bytes = Array(sql.lowercased().utf8)
  for (index, byte) in bytes.enumerated() {
    if quote != nil {
      if byte == quote { quote = nil }
      continue
    }
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
    case UInt8(ascii: "("): depth += 1
    case UInt8(ascii: ")"): depth -= 1
    case UInt8(ascii: "o") where depth == 0 && bytes[index...].starts(with: Array("order by".utf8)):
      place = index
    case UInt8(ascii: "l") where depth == 0 && bytes[index...].starts(with: Array("limit ".utf8)):
      place = nil
    default: break
    }
  }
  guard let place else { return sql }
  return String(decoding: Array(sql.utf8)[..<place], as: UTF8.self)
}

extension TPC {
  func columns(of key: AssetKey) -> [String]? {
    tables.first { AssetKey(trusted: $0.name) == key }?.columns
  }
}
