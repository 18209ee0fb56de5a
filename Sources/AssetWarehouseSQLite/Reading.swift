import AssetCore
import AssetWarehouse
import GRDBSQLite

/// Queries that only read, on one connection inside its transaction.
struct ConnectionReading: TableReading {
  let connection: SQLiteConnection

  func rows(of query: String, limit: Int) throws -> TablePreview {
    let statement = try connection.prepare(query)
    defer { statement.end() }
    guard sqlite3_stmt_readonly(statement.pointer) != 0 else {
      throw WarehouseError.refused(message: "the query does more than read", offset: nil)
    }
    var rows: [[Value]] = []
    while rows.count < limit, try statement.step() { rows.append(statement.values()) }
    let isCut = rows.count == limit ? try statement.step() : false
    return TablePreview(columns: statement.columnNames, rows: rows, isCut: isCut)
  }

  func matchExpression(_ expression: String, pattern: String) -> String {
    "assetctl_matches(\(expression), \(literal(pattern)))"
  }

  func mismatchCondition(_ column: String, type: ColumnType) -> String? {
    let kind = "typeof(\(column))"
    let known = "\(column) is not null"
    switch type {
    case .text: return "\(kind) not in ('text', 'null')"
    case .integer: return "\(kind) not in ('integer', 'null')"
    case .real: return "\(kind) not in ('real', 'null')"
    case .numeric: return "\(kind) not in ('integer', 'real', 'null')"
    case .blob: return "\(kind) not in ('blob', 'null')"
    case .boolean: return "\(known) and (\(kind) <> 'integer' or \(column) not in (0, 1))"
    case .date: return "\(known) and (\(kind) <> 'text' or date(\(column)) is not \(column))"
    case .timestamp:
      let day = "substr(\(column), 1, 10)"
      return "\(known) and (\(kind) <> 'text' or \(column) not glob '????-??-??[T ][0-9][0-9]:*'"
        + " or date(\(day)) is not \(day) or datetime(\(column)) is null)"
    }
  }

  func identity(of expressions: [String]) -> String {
    // A function takes no more than a hundred values or so.
    let most = 100
    guard expressions.count > most else {
      return "assetctl_identity(\(expressions.joined(separator: ", ")))"
    }
    let parts = stride(from: 0, to: expressions.count, by: most).map {
      identity(of: Array(expressions[$0..<min($0 + most, expressions.count)]))
    }
    return identity(of: parts)
  }

  func versions(of asset: AssetKey) throws -> [TableVersion] {
    try connection.versions(of: asset)
  }

  private func literal(_ text: String) -> String {
    let doubled = text.unicodeScalars.flatMap { $0 == "'" ? [$0, $0] : [$0] }
    return "'" + String(String.UnicodeScalarView(doubled)) + "'"
  }
}

/// The SQL function `assetctl_matches(text, pattern)`: whether a text holds a match of a regular
/// expression in the syntax of Swift's `Regex`, which is that of PCRE for the most part.
final class PatternMatching {
  private var patterns: [String: Regex<AnyRegexOutput>] = [:]
  /// What the last texts gave, since columns repeat their values.
  private var known: [String: Bool] = [:]
  private var knownPattern = ""

  /// Makes the function known to a connection, which has to keep this object.
  func install(on handle: OpaquePointer) {
    sqlite3_create_function_v2(
      handle, "assetctl_matches", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
      Unmanaged.passUnretained(self).toOpaque(),
      { context, _, values in
        guard let context, let values, let data = sqlite3_user_data(context) else { return }
        let matching = Unmanaged<PatternMatching>.fromOpaque(data).takeUnretainedValue()
        guard let text = sqlite3_value_text(values[0]), let pattern = sqlite3_value_text(values[1])
        else { return sqlite3_result_null(context) }
        do {
          let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_value_bytes(values[0])))
          let isMatch = try matching.matches(
            String(decoding: bytes, as: UTF8.self), String(cString: pattern))
          sqlite3_result_int(context, isMatch ? 1 : 0)
        } catch {
          sqlite3_result_error(context, "the pattern cannot be read: \(error)", -1)
        }
      }, nil, nil, nil)
  }

  private func matches(_ text: String, _ pattern: String) throws -> Bool {
    if pattern != knownPattern || known.count > 100_000 {
      known = [:]
      knownPattern = pattern
    }
    if let isMatch = known[text] { return isMatch }
    let regex = try patterns[pattern] ?? Regex(pattern)
    patterns[pattern] = regex
    let isMatch = text.contains(regex)
    known[text] = isMatch
    return isMatch
  }
}
