import AssetCore
import AssetSQL
import AssetTestSupport
import Testing

/// Whatever the text, it is read to its end, or it is said why it cannot be.
@Suite struct FuzzTests {
  static let dialects: [SQLDialect] = [.sqlite, .postgresql, .duckdb, .spark]

  @Test(arguments: dialects)
  func `random bytes are answered`(dialect: SQLDialect) {
    let seed = RandomRun.seed
    var random = SeededRandom(seed: seed)
    for _ in 0..<RandomRun.steps(1_000) {
      let count = Int.random(in: 0...60, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      let start = random.chance(2) ? "select " : ""
      expectAnswer(start + String(decoding: bytes, as: UTF8.self), dialect, seed)
    }
  }

  @Test(arguments: dialects)
  func `queries that were cut and put together wrongly are answered`(dialect: SQLDialect) throws {
    let seed = RandomRun.seed
    var random = SeededRandom(seed: seed)
    let texts = try CorpusQuery.all.map(\.sql) + TPC.load().flatMap { $0.queries.map(\.duckdb) }
    for _ in 0..<RandomRun.steps(600) {
      var bytes = Array(random.pick(texts).utf8)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        damage(&bytes, with: Array(random.pick(texts).utf8), &random)
      }
      expectAnswer(String(decoding: bytes, as: UTF8.self), dialect, seed)
    }
  }

  /// Cuts, repeats, exchanges or mixes in a stretch of text.
  private func damage(_ bytes: inout [UInt8], with others: [UInt8], _ random: inout SeededRandom) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 0...40, using: &random))
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes.removeSubrange(place..<end)
    case 1: bytes.removeSubrange(place...)
    case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
    case 3:
      let start = Int.random(in: 0...others.count, using: &random)
      bytes.replaceSubrange(place..<end, with: others[start...].prefix(60))
    case 4:
      let pieces = "( ) , . ; ' \" [ ] ` $$ -- /* */ :: -> * select from with as on"
      let piece = random.pick(pieces.split(separator: " ").map(String.init))
      bytes.insert(contentsOf: Array(" \(piece) ".utf8), at: place)
    default:
      if !bytes.isEmpty {
        bytes[min(place, bytes.count - 1)] = UInt8.random(in: 0...255, using: &random)
      }
    }
  }

  private func expectAnswer(_ sql: String, _ dialect: SQLDialect, _ seed: UInt64) {
    let tables = (try? analyze(sql, dialect: dialect))?.tables ?? []
    for knows in [true, false] {
      let reading = readQuery(sql, dialect: dialect) { knows ? CorpusQuery.tables[$0] : nil }
      guard reading.unreadable == nil else { continue }
      // What the reference scanner finds in a text that can be read, the reader finds as well.
      let found = Set(reading.inputs.keys)
      let missing = tables.filter { !found.contains(AssetKey(trusted: $0.name)) }
      #expect(missing.isEmpty, "seed \(seed), \(dialect): \(missing.map(\.name)) in \(sql)")
    }
  }
}
