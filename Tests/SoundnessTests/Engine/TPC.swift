import Foundation

/// The schema and the queries of one of the Transaction Processing Performance Council's benchmarks.
struct TPC: Decodable, Sendable {
  struct Table: Decodable, Sendable {
    var name: String
    var columns: [String]
  }

  struct Query: Decodable, Sendable {
    var number: Int
    /// As DuckDB has it.
    var duckdb: String
    /// As SQLite can prepare it.
    var sqlite: String
  }

  var tables: [Table]
  var queries: [Query]

  struct Missing: Error, CustomStringConvertible {
    var description: String
  }

  /// Both benchmarks, as `make test` puts them down; a missing file is an error.
  static func load() throws -> [TPC] {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    let file = folder.appending(path: ".build-python/tpc.json")
    guard let data = try? Data(contentsOf: file) else {
      throw Missing(description: "there is no \(file.path); `make .build-python/tpc.json` makes it")
    }
    let suites = try JSONDecoder().decode([String: TPC].self, from: data)
    return suites.sorted { $0.key < $1.key }.map(\.value)
  }

  /// A database with the tables, and with the functions that SQLite does not have.
  func engine() throws -> Engine {
    let engine = try Engine()
    for table in tables {
      try engine.execute("create table \(table.name)(\(table.columns.joined(separator: ", ")))")
    }
    for function in ["concat", "stddev_samp", "grouping", "rollup"] {
      try engine.declareFunction(function)
    }
    return engine
  }
}
