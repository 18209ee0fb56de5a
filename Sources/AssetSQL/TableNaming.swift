package import AssetCore

/// Lets a query read tables under names of its own choice.
///
/// Each name becomes a common table expression in front of the query's own, so that it is known
/// wherever the query may name a table, and nothing in the query's text has to be rewritten.
///
/// ```swift
/// try naming([("events", table: "app_events")], in: "select * from events", dialect: .sqlite)
/// // with "events" as not materialized (select * from "app_events") select * from events
/// ```
///
/// - Parameters:
///   - tables: The names and the tables that they stand for.
///   - sql: One query, as ``analyze(_:dialect:)`` accepts it.
///   - dialect: The dialect that it is written in.
/// - Returns: The query with the names in it; the query itself if there are none.
/// - Throws: What ``tokenize(_:dialect:)`` throws.
package func naming(
  _ tables: [(name: String, table: TableName)], in sql: String, dialect: SQLDialect
) throws(SQLError) -> String {
  guard !tables.isEmpty else { return sql }
  let tokens = try tokenize(sql, dialect: dialect).tokens
  guard let first = tokens.first else { return sql }
  let expressions = tables.map { name, table in
    let database = table.database.map { quoteIdentifier($0) + "." } ?? ""
    let place = database + quoteIdentifier(table.name)
    return "\(quoteIdentifier(name)) as not materialized (select * from \(place))"
  }.joined(separator: ", ")
  let hasWith = first.keyword == .with
  let isRecursive = hasWith && tokens.count > 1 && tokens[1].keyword == .recursive
  let position = hasWith ? tokens[isRecursive ? 1 : 0].end : first.start
  let inserted = hasWith ? " \(expressions)," : "with \(expressions) "
  let bytes = Array(sql.utf8)
  return String(
    decoding: bytes[..<position] + Array(inserted.utf8) + bytes[position...], as: UTF8.self)
}
