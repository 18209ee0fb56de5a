import GRDBSQLite

/// Looks at the values that a statement brings along, as the SQL function `assetctl_watch`.
///
/// Its first argument says which column the second is, and the others are those that follow. It is always true.
///
/// Only assetctl may call it.
final class ValueWatch {
  private var wanted: [LossyTypes] = []
  private var found: [LossyTypes] = []
  private var isRunning = false

  /// Makes the function known to a connection, which has to keep this object.
  func install(on handle: OpaquePointer) {
    sqlite3_create_function_v2(
      handle, "assetctl_watch", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
      Unmanaged.passUnretained(self).toOpaque(),
      { context, count, values in
        guard let watch = ValueWatch.of(context), watch.isRunning, let values, count > 0 else {
          sqlite3_result_error(context, "no such function: assetctl_watch", -1)
          return
        }
        watch.note(values, count: Int(count))
        sqlite3_result_int(context, 1)
      }, nil, nil, nil)
  }

  private static func of(_ context: OpaquePointer?) -> ValueWatch? {
    sqlite3_user_data(context).map { Unmanaged<ValueWatch>.fromOpaque($0).takeUnretainedValue() }
  }

  private func note(_ values: UnsafeMutablePointer<OpaquePointer?>, count: Int) {
    let first = Int(sqlite3_value_int64(values[0]))
    for place in 1..<count {
      let column = first + place - 1
      found[column].note(values[place], asking: wanted[column])
    }
  }

  /// Looks at the values that the body brings along.
  ///
  /// - Parameters:
  ///   - wanted: What is asked of each column.
  ///   - body: Runs the statement.
  /// - Throws: What the body throws.
  /// - Returns: What was found of each column.
  func run(asking wanted: [LossyTypes], _ body: () throws -> Void) throws -> [LossyTypes] {
    self.wanted = wanted
    found = wanted.map { _ in [] }
    isRunning = true
    defer { isRunning = false }
    try body()
    return found
  }
}

extension SQLiteConnection {
  /// The condition by which the values of columns are looked at.
  ///
  /// - Parameters:
  ///   - names: The names of the columns.
  ///   - wanted: What is asked of each; those of which nothing is asked are left out where they can be.
  /// - Returns: The condition, or `nil` if nothing is asked.
  func watching(_ names: [String], asking wanted: [LossyTypes]) -> String? {
    let most = max(2, Int(sqlite3_limit(handle, SQLITE_LIMIT_FUNCTION_ARG, -1)))
    var calls: [(first: Int, names: [String])] = []
    for index in wanted.indices where !wanted[index].isEmpty {
      if let last = calls.last, last.first + last.names.count == index, last.names.count < most - 1
      {
        calls[calls.count - 1].names.append(quoted(names[index]))
      } else {
        calls.append((index, [quoted(names[index])]))
      }
    }
    guard !calls.isEmpty else { return nil }
    return calls.map { "assetctl_watch(\($0.first), \($0.names.joined(separator: ", ")))" }
      .joined(separator: " and ")
  }
}
