import AssetCore
import AssetSQL
import AssetTestSupport
import Testing

/// The net under the analysis: it catches a name that the analysis loses, and raises no false alarm.
@Suite struct NetTests {
  private func missed(_ reads: [String: Set<String>], _ reading: QueryReading) -> [AssetKey:
    [String]]
  {
    let program = reads.map { (AssetKey(trusted: $0.key), Consumption(columns: $0.value)) }
    return MissedReads(of: Dictionary(program) { first, _ in first }, by: reading).columns
  }

  @Test(arguments: ["no", "rows", "leading", "filter", "value"])
  func `a name that is lost is caught in every place`(word: String) throws {
    var caught = 0
    for (sql, place, reads) in try KeywordPlaceTests.readQueries(of: word) {
      let whole = KeywordPlaceTests.reading(of: sql, word, .sqlite)
      #expect(missed(reads, whole) == [:], "\(sql)")
      // An analysis that takes the name for a constant.
      let broken = KeywordPlaceTests.reading(
        of: place.replacing(/\bW\b/, with: "null"), word, .sqlite)
      guard reads["t"]?.contains(word) == true, broken.problems.isEmpty,
        broken.unreadable == nil, broken.inputs["t"]?.consumption != .whole,
        broken.inputs["t"]?.met.contains(word) == false
      else { continue }
      caught += 1
      #expect(missed(reads, broken)["t"] == [word], "\(sql)")
    }
    #expect(caught > 40)
  }

  @Test func `the queries of TPC-H and TPC-DS raise no alarm`() throws {
    for suite in try TPC.load() {
      let engine = try suite.engine()
      for query in suite.queries {
        let reading = readQuery(query.sqlite, dialect: .sqlite, columns: suite.columns(of:))
        #expect(missed(try engine.bytecodeReads(of: query.sqlite), reading) == [:])
      }
    }
  }
}
