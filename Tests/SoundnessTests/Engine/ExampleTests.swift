import AssetCore
import AssetSQL
import Foundation
import Testing

/// Against SQLite's program for the queries of this repository's own example.
@Suite struct ExampleTests {
  @Test func `the example's queries consume what the program reads`() throws {
    let example = try Example()
    var compared: [String: [String: String]] = [:]
    for (key, query) in example.queries.sorted(by: { $0.key < $1.key }) {
      let reading = readQuery(query, dialect: .sqlite) { example.columns[$0] }
      let comparison = try EngineOracleTests.compare(reading, query, example.engine)

      #expect(reading.problems == [], "\(key)")
      #expect(reading.unreadable == nil, "\(key)")
      #expect(comparison.missedTables == [], "\(key)")
      #expect(comparison.pruned.isEmpty, "\(key)")
      #expect(comparison.beyond == 0, "\(key)")
      #expect(comparison.wholes == 0, "\(key)")
      compared[key.name] = CorpusQuery.words(of: reading)
    }

    #expect(compared.count == 8)
    #expect(
      compared["flights_with_weather"] == [
        "flights_clean": "carrier, day, dep_delay, departure_hour, dest, flight, hour, origin",
        "weather_hourly":
          "observed_hour, origin, precip_mm, temp_c, visibility_km, wind_kmh",
      ])
  }
}

/// The example's queries and the columns of its tables, in a database without rows.
private struct Example {
  var engine: Engine
  var queries: [AssetKey: String] = [:]
  var columns: [AssetKey: [String]] = [:]

  init() throws {
    engine = try Engine()
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    let files = FileManager.default.enumerator(
      at: folder.appending(path: "assets"), includingPropertiesForKeys: nil)
    for case let file as URL in files ?? FileManager.DirectoryEnumerator() {
      let key = AssetKey(trusted: file.deletingPathExtension().lastPathComponent)
      switch file.pathExtension {
      case "csv":
        let text = try String(contentsOf: file, encoding: .utf8)
        let header = text.prefix { !$0.isNewline }
        try add(key, columns: header.split(separator: ",").map { $0.filter { $0 != "\"" } })
      case "sql": queries[key] = try String(contentsOf: file, encoding: .utf8)
      default: break
      }
    }
    try addTablesOfQueries()
  }

  private mutating func add(_ key: AssetKey, columns names: [String]) throws {
    columns[key] = names
    try engine.execute("create table \(key)(\(names.joined(separator: ", ")))")
  }

  /// Makes each table as soon as what its query reads is there.
  private mutating func addTablesOfQueries() throws {
    var left = queries.sorted { $0.key < $1.key }
    while !left.isEmpty {
      let ready = left.filter { (try? engine.answer($0.value)) != nil }
      try #require(!ready.isEmpty, "\(left.map(\.key))")
      for (key, query) in ready { try add(key, columns: engine.answer(query).names) }
      left.removeAll { item in ready.contains { $0.key == item.key } }
    }
  }
}
