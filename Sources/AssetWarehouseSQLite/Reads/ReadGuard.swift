import AssetCore
import GRDBSQLite

extension SQLiteConnection {
  /// Runs the body with somebody who watches what is prepared in it.
  func watched<T>(by guardian: ReadGuard, _ body: () throws -> T) throws -> T {
    guardian.install(on: handle)
    defer {
      if let journal {
        journal.install(on: handle)
      } else {
        sqlite3_set_authorizer(handle, nil, nil)
      }
    }
    return try body()
  }
}

/// Watches what a query does while it is prepared: notes the tables that it reads, and refuses what
/// would make it depend on more than tables.
final class ReadGuard {
  private struct Read: Hashable {
    var table: TableName
    /// The innermost view or common table expression that reads it; empty for the query itself.
    var inside: String
  }

  /// Reads of columns, which SQLite reports where they are written.
  private var reads: Set<Read> = []
  /// Tables of which no column is read, as by `count(*)`.
  ///
  /// SQLite reports them after it has put the text of views in their place, and so without the view.
  private var counted: Set<TableName> = []
  /// Tables whose row numbers are read, where these are no column.
  private(set) var numbered: Set<TableName> = []

  /// All tables and views that were noted, by their names in lower case.
  ///
  /// What only `using` or `natural` reads is not noted.
  var tables: Set<TableName> { counted.union(reads.map(\.table)) }

  func install(on handle: OpaquePointer) {
    sqlite3_set_authorizer(
      handle,
      { context, action, first, second, database, inner in
        guard let context else { return SQLITE_DENY }
        let guardian = Unmanaged<ReadGuard>.fromOpaque(context).takeUnretainedValue()
        switch action {
        case SQLITE_READ:
          guardian.note(
            TableName(text(first), in: database.map { text($0) }), column: text(second),
            inside: text(inner))
          return SQLITE_OK
        case SQLITE_FUNCTION:
          return text(second).lowercased() == "load_extension" ? SQLITE_DENY : SQLITE_OK
        // What pragmas tell of the schema would be an input that nothing tracks.
        case SQLITE_PRAGMA, SQLITE_ATTACH, SQLITE_DETACH: return SQLITE_DENY
        // Table functions such as `json_each` declare their columns by a statement of their own.
        default: return SQLITE_OK
        }
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// The tables that are read beside the inputs and what views among those read.
  ///
  /// - Parameters:
  ///   - inputs: The names of the inputs.
  ///   - views: What was noted of the views among them.
  /// - Returns: Their names, in lower case.
  func others(than inputs: Set<TableName>, coveredBy views: ReadGuard) -> Set<TableName> {
    let behindViews = views.counted.union(views.reads.map(\.table))
    return Set(reads.subtracting(views.reads).map(\.table))
      .union(counted.subtracting(behindViews))
      .subtracting(inputs.map(\.folded))
  }

  private func note(_ named: TableName, column: String, inside: String) {
    var table = named.folded
    if table.database == "main" { table.database = nil }
    // The schema's own table is read where a table function declares itself; a query that names it
    // has an input that nothing declares.
    guard !table.name.isEmpty, !table.name.hasPrefix("sqlite_") else { return }
    if column.isEmpty {
      counted.insert(table)
    } else {
      if column == "ROWID" { numbered.insert(table) }
      reads.insert(Read(table: table, inside: inside.lowercased()))
    }
  }
}

private func text(_ pointer: UnsafePointer<CChar>?) -> String {
  pointer.map { String(cString: $0) } ?? ""
}
