import AssetCore
import AssetSQL
import AssetTestSupport

/// A query with what it reads, found out by hand.
struct CorpusQuery: CustomStringConvertible, Sendable {
  var sql: String
  var dialects: [SQLDialect]
  /// What it reads of each input when their columns are known.
  var reads: [String: String]
  /// The same when no columns are known.
  var readsUnknown: [String: String]

  /// Describes a query.
  ///
  /// - Parameters:
  ///   - sql: The text.
  ///   - reads: What is read, such as `t(a, b) u() w(*)`: columns, the row count, the whole.
  ///   - unknown: The same when no columns are known; by default the same.
  ///   - dialects: Those that have such queries; by default all.
  init(
    _ sql: String, reads: String, unknown: String? = nil,
    in dialects: [SQLDialect] = [.sqlite, .postgresql, .duckdb, .spark]
  ) {
    self.sql = sql
    self.dialects = dialects
    self.reads = Self.parsed(reads)
    readsUnknown = Self.parsed(unknown ?? reads)
  }

  var description: String { sql }

  /// The columns of the tables that the corpus reads.
  static let tables: [AssetKey: [String]] = [
    "t": ["a", "b", "c"], "u": ["a", "d"], "w": ["k", "b", "e"], "one": ["z"],
  ]

  private static func parsed(_ reads: String) -> [String: String] {
    let parts = reads.split(separator: ")").map {
      $0.split(separator: "(", omittingEmptySubsequences: false)
    }
    return Dictionary(
      uniqueKeysWithValues: parts.map { part in
        (
          part[0].filter { $0 != " " },
          part[1].split(separator: ", ").sorted().joined(separator: ", ")
        )
      })
  }

  /// What a reading says, in the same words.
  static func words(of reading: QueryReading) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: reading.inputs.map { key, input in
        (key.name.lowercased(), input.consumption.readColumns?.joined(separator: ", ") ?? "*")
      })
  }
}

extension Array where Element == SQLDialect {
  static let postgresqlAndDuckDB: [SQLDialect] = [.postgresql, .duckdb]
  static let notSQLite: [SQLDialect] = [.postgresql, .duckdb, .spark]
}
