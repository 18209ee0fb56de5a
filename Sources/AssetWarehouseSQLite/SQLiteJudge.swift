package import AssetCore
import AssetWarehouse

/// Prepares queries in a database in memory, with the same functions as in a warehouse.
///
/// The warehouse is not touched.
package final class SQLiteJudge: QueryJudge {
  private var connection: SQLiteConnection?

  package init() {}

  package func verdict(on query: String, tables: [KnownTable]) -> QueryVerdict {
    // What keeps a database in memory from being opened is nothing of the query.
    guard let connection = try? opened(), (try? connection.execute("begin")) != nil else {
      return .open
    }
    defer { try? connection.execute("rollback") }
    do {
      for table in tables {
        let columns = table.columns.map(quoted).joined(separator: ", ")
        // A table that could not be there is one that is not known.
        try? connection.execute("create table \(quoted(table.name)) (\(columns))")
      }
      let statement = try connection.prepare(query)
      defer { statement.end() }
      return .gives(statement.columnNames)
    } catch WarehouseError.refused(let message, let offset) {
      // What is not known is nobody's fault.
      let isOpen = ["no such table", "no such index"].contains { message.hasPrefix($0) }
      return isOpen ? .open : .refused(QueryFault(message, offset: offset, Self.kind(of: message)))
    } catch {
      return .open
    }
  }

  private func opened() throws -> SQLiteConnection {
    if let connection { return connection }
    let opened = try SQLiteConnection(path: ":memory:", access: .readWriteCreate, name: "memory")
    connection = opened
    return opened
  }

  private static func kind(of message: String) -> QueryFault.Kind {
    // SQLite's parser says these, which knows no table yet.
    if message.hasSuffix("syntax error") || message == "incomplete input"
      || message.contains(" clause should come ")
      || [
        "unrecognized token", "unknown join type", "a JOIN clause is required",
        "all VALUES must have", "parser stack overflow", "Expression tree is too large",
        "duplicate WITH table name", "unsupported frame specification",
      ].contains(where: message.hasPrefix)
    {
      return .syntax
    }
    if message.hasPrefix("circular reference: ") { return .circle }
    return ["no such column: ", "no such function: "].contains(where: message.hasPrefix)
      ? .name : .other
  }
}
