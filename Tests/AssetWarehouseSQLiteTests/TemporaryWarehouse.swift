import AssetCore
import AssetTestSupport
import AssetWarehouse
import AssetWarehouseSQLite
import Foundation
import GRDBSQLite
import Testing

/// A warehouse in a temporary file, and somebody else's connection to it.
final class TemporaryWarehouse {
  let path: String
  let warehouse: SQLiteWarehouse
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "warehouse-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "w.sqlite").path
    warehouse = SQLiteWarehouse(path: path, name: "sqlite:w.sqlite")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Another process's handle on the same file.
  func another() -> SQLiteWarehouse { SQLiteWarehouse(path: path, name: "sqlite:w.sqlite") }

  /// The path of a file beside the warehouse.
  func beside(_ name: String) -> String { folder.appending(path: name).path }

  func shell() throws -> SQLiteShell { try SQLiteShell(path) }

  /// Runs statements as the sqlite3 shell would.
  func execute(_ sql: String) throws { try shell().execute(sql) }

  /// Publishes what a query gives.
  @discardableResult
  func publish(
    _ key: AssetKey, _ query: String, reading inputs: Set<TableName> = [],
    observing: [TableRequest] = [], types: [String: ColumnType] = [:],
    indexes: [[String]] = [], isView: Bool = false,
    under consumptions: Set<Consumption> = [.whole]
  ) async throws -> BuiltTable {
    let sealed = Sealed()
    let build = TableBuild(
      key: key, content: isView ? .view(query: query) : .table(query: query), types: types,
      indexes: indexes, inputs: inputs, observing: observing, consumptions: consumptions)
    try await warehouse.publish(build) { table, _ in
      sealed.table = table
      return Publication(asset: key, materialization: "m", record: "")
    }
    return try #require(sealed.table)
  }

  /// The digest of what a query gives, under a consumption.
  func digest(of query: String, _ consumption: Consumption = .whole) async throws -> ContentDigest?
  {
    try await publish("t", query, under: [consumption]).content[consumption]
  }

  private final class Sealed: @unchecked Sendable {
    var table: BuiltTable?
  }
}

/// A connection of somebody else.
final class SQLiteShell {
  private var handle: OpaquePointer?

  struct Refused: Error, Equatable {
    var message: String
  }

  init(_ path: String) throws {
    guard sqlite3_open(path, &handle) == SQLITE_OK else { throw refusal }
  }

  deinit { sqlite3_close(handle) }

  private var refusal: Refused {
    Refused(message: sqlite3_errmsg(handle).map { String(cString: $0) } ?? "")
  }

  func execute(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw refusal }
  }

  /// The rows of a query, the values as texts.
  func rows(_ sql: String) throws -> [[String]] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw refusal }
    defer { sqlite3_finalize(statement) }
    var rows: [[String]] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        (0..<sqlite3_column_count(statement)).map { column in
          sqlite3_column_text(statement, column).map { String(cString: $0) } ?? "∅"
        })
    }
    return rows
  }
}
