import GRDBSQLite

/// A SQLite database in memory, which is asked what a query gives and what it reads.
final class Engine {
  /// What the database said instead of an answer.
  struct Refused: Error, CustomStringConvertible {
    var description: String
  }

  /// What a query gives.
  struct Answer: Equatable {
    var names: [String]
    /// The rows in whatever order they came; values with their types.
    var rows: [[String]]

    /// The same rows in an order of their own, so that equal multisets are equal values.
    ///
    /// Names are in lower case, without the numbers by which SQLite tells apart columns of one name:
    /// the fourth gets one at random.
    var sorted: Answer {
      Answer(
        names: names.map { String($0.lowercased().prefix { $0 != ":" }) },
        rows: rows.sorted { $0.lexicographicallyPrecedes($1) })
    }
  }

  private(set) var handle: OpaquePointer?

  init() throws {
    guard sqlite3_open(":memory:", &handle) == SQLITE_OK else { throw refusal }
    // A name in double quotes is never a string.
    _disableDoubleQuotedStringLiterals(handle)
    // No query of the tests needs more than this; a recursive one may be endless.
    sqlite3_progress_handler(handle, 2_000_000, { _ in 1 }, nil)
  }

  deinit { sqlite3_close(handle) }

  private var refusal: Refused {
    Refused(description: sqlite3_errmsg(handle).map { String(cString: $0) } ?? "")
  }

  /// Makes a function that only has to be there, for queries that are not carried out.
  func declareFunction(_ name: String) throws {
    let code = sqlite3_create_function(
      handle, name, -1, SQLITE_UTF8, nil, { context, _, _ in sqlite3_result_null(context) },
      nil, nil)
    guard code == SQLITE_OK else { throw refusal }
  }

  func execute(_ sql: String) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw refusal }
  }

  /// Carries out a query.
  func answer(_ sql: String) throws -> Answer {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else { throw refusal }
    defer { sqlite3_finalize(statement) }
    let columns = 0..<sqlite3_column_count(statement)
    let names = columns.map { String(cString: sqlite3_column_name(statement, $0)) }
    var rows: [[String]] = []
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW: rows.append(columns.map { value(of: statement, $0) })
      case SQLITE_DONE: return Answer(names: names, rows: rows)
      default: throw refusal
      }
      guard rows.count < 5_000 else { throw Refused(description: "too many rows") }
    }
  }

  /// Carries out a query with the rows of tables in the reverse of their order where it asks for none,
  /// and without the indexes that SQLite makes for one query, which sort them by whatever columns.
  func answerInReverse(_ sql: String) throws -> Answer {
    try execute("pragma automatic_index = off; pragma reverse_unordered_selects = on")
    defer { try? execute("pragma automatic_index = on; pragma reverse_unordered_selects = off") }
    return try answer(sql)
  }

  /// A value as a text that tells its type too.
  private func value(of statement: OpaquePointer?, _ column: Int32) -> String {
    let text = sqlite3_column_text(statement, column).map { String(cString: $0) } ?? ""
    switch sqlite3_column_type(statement, column) {
    case SQLITE_INTEGER: return text
    case SQLITE_FLOAT: return "\(sqlite3_column_double(statement, column)) real"
    case SQLITE_TEXT: return "'\(text)'"
    case SQLITE_BLOB: return "x'\(text)'"
    default: return "null"
    }
  }
}
