import GRDBSQLite

/// Looks at values that a statement brings along, as the SQL function `assetctl_watch`.
///
/// Its first argument is the number of a column, and its second a value of it, which it gives back. Only
/// assetctl may call it.
final class ValueWatch {
  private var wanted: [LossyTypes] = []
  private var found: [LossyTypes] = []
  private var isRunning = false

  /// Makes the function known to a connection, which has to keep this object.
  func install(on handle: OpaquePointer) {
    sqlite3_create_function_v2(
      handle, "assetctl_watch", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY,
      Unmanaged.passUnretained(self).toOpaque(),
      { context, _, values in
        guard let watch = ValueWatch.of(context), watch.isRunning, let values else {
          sqlite3_result_error(context, "no such function: assetctl_watch", -1)
          return
        }
        let column = Int(sqlite3_value_int64(values[0]))
        watch.found[column].note(values[1], asking: watch.wanted[column])
        sqlite3_result_value(context, values[1])
      }, nil, nil, nil)
  }

  private static func of(_ context: OpaquePointer?) -> ValueWatch? {
    sqlite3_user_data(context).map { Unmanaged<ValueWatch>.fromOpaque($0).takeUnretainedValue() }
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

  /// The expressions that give the values of columns, of which those are looked at that something is asked
  /// of.
  static func list(_ names: [String], asking wanted: [LossyTypes]) -> [String] {
    zip(names, wanted).enumerated().map { place, column in
      let name = quoted(column.0)
      return column.1.isEmpty ? name : "assetctl_watch(\(place), \(name))"
    }
  }
}
