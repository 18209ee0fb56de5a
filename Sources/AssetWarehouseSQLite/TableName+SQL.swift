import AssetCore

extension TableName {
  /// The schema that SQLite finds the table in.
  var schema: String { database ?? "main" }

  /// The name as a query writes it.
  var sql: String { quoted(schema) + "." + quoted(name) }

  /// A pragma that is asked about the table.
  func pragma(_ pragma: String) -> String { "\(quoted(schema)).\(pragma)(\(quoted(name)))" }
}
