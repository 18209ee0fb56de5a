package import AssetCore

/// A name in a query, and the rows that it is to stand for.
package struct NamedTable: Sendable {
  package var name: String
  package var table: TableName
  /// A condition for the rows; `nil` for all of them.
  package var condition: String?
  /// The columns of a table without rows that it stands for, as a list of expressions; `nil` for the table.
  package var columnsWithoutRows: String?

  package init(_ name: String, _ table: TableName, where condition: String? = nil) {
    self.name = name
    self.table = table
    self.condition = condition
  }

  /// A name that stands for no rows of the given columns.
  package init(_ name: String, columnsWithoutRows: String) {
    self.init(name, TableName(name))
    self.columnsWithoutRows = columnsWithoutRows
  }
}

/// Lets a query read tables under names of its own choice.
///
/// Each name becomes a common table expression in front of the query's own, so that it is known
/// wherever the query may name a table, and nothing in the query's text has to be rewritten.
///
/// ```swift
/// try naming([.init("events", "app_events")], in: "select * from events", dialect: .sqlite)
/// // with "events" as not materialized (select * from "main"."app_events") select * from events
/// ```
///
/// - Parameters:
///   - tables: The names and what they stand for.
///   - sql: One query, as ``analyze(_:dialect:)`` accepts it.
///   - dialect: The dialect that it is written in.
/// - Returns: The query with the names in it; the query itself if there are none.
/// - Throws: What ``tokenize(_:dialect:)`` throws.
package func naming(
  _ tables: [NamedTable], in sql: String, dialect: SQLDialect
) throws(SQLError) -> String {
  guard !tables.isEmpty else { return sql }
  let tokens = try tokenize(sql, dialect: dialect).tokens
  guard let first = tokens.first else { return sql }
  let expressions = tables.map { named in
    let place = [named.table.database ?? "main", named.table.name].map(quoteIdentifier)
    if let columns = named.columnsWithoutRows {
      return "\(quoteIdentifier(named.name)) as (select \(columns) where 0)"
    }
    let condition = named.condition.map { " where \($0)" } ?? ""
    return "\(quoteIdentifier(named.name)) as not materialized "
      + "(select * from \(place.joined(separator: "."))\(condition))"
  }.joined(separator: ", ")
  let hasWith = first.keyword == .with
  let isRecursive = hasWith && tokens.count > 1 && tokens[1].keyword == .recursive
  let position = hasWith ? tokens[isRecursive ? 1 : 0].end : first.start
  let inserted = hasWith ? " \(expressions)," : "with \(expressions) "
  let bytes = Array(sql.utf8)
  return String(
    decoding: bytes[..<position] + Array(inserted.utf8) + bytes[position...], as: UTF8.self)
}
