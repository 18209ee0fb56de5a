import GRDBSQLite

/// The scan that a connection is on, as the SQL aggregate `assetctl_rows`.
///
/// An aggregate gets a row's values where SQLite has put them; taking each row out of the statement
/// and asking for its values one by one would cost half as much again. Only assetctl may call it.
final class RowScan {
  private var sums: RowSums?
  private var isRunning = false

  /// Makes the aggregate known to a connection, which has to keep this object.
  func install(on handle: OpaquePointer) {
    sqlite3_create_function_v2(
      handle, "assetctl_rows", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY,
      Unmanaged.passUnretained(self).toOpaque(), nil,
      { context, _, values in
        if let values { RowScan.of(context)?.sums?.add { values[$0] } }
      },
      { context in
        // A query of the project, which may know nothing of it.
        guard RowScan.of(context)?.isRunning != true else { return }
        sqlite3_result_error(context, "no such function: assetctl_rows", -1)
      }, nil)
  }

  private static func of(_ context: OpaquePointer?) -> RowScan? {
    sqlite3_user_data(context).map { Unmanaged<RowScan>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Adds the rows that the body lets the aggregate see to sums.
  func run(_ begun: consuming RowSums, _ body: () throws -> Void) throws -> RowSums {
    sums = consume begun
    isRunning = true
    defer {
      sums = nil
      isRunning = false
    }
    try body()
    guard let result = sums.take() else { preconditionFailure("nothing else ends a scan") }
    return result
  }
}
