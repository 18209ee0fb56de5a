package import AssetCore

/// Answers queries that only read.
///
/// All answers are of one snapshot: of a candidate that nobody else sees yet, under its asset's name,
/// beside the other tables as they are published, or of all that is published.
package protocol TableReading {
  /// The first rows that a query gives.
  ///
  /// - Parameters:
  ///   - query: One query that only reads.
  ///   - limit: How many rows to give at most.
  /// - Throws: A ``WarehouseError`` if the database refuses the query, or if it does more than read.
  /// - Returns: The rows, in the query's order.
  func rows(of query: String, limit: Int) throws -> TablePreview

  /// An expression that tells whether a text holds a match of a regular expression.
  ///
  /// - Parameters:
  ///   - expression: An expression that gives the text.
  ///   - pattern: The regular expression.
  /// - Returns: The expression; null for null.
  func matchExpression(_ expression: String, pattern: String) -> String

  /// A condition that holds for the values of a column that are not of a type; `nil` where the database
  /// lets no such value in.
  ///
  /// - Parameters:
  ///   - column: An expression that gives the value.
  ///   - type: The declared type.
  /// - Returns: The condition, which does not hold for null.
  func mismatchCondition(_ column: String, type: ColumnType) -> String?

  /// An expression that is never null, and equal for two rows just when all the given values are, with
  /// their types.
  ///
  /// - Parameter expressions: Expressions that give the values, in order.
  /// - Returns: The expression.
  func identity(of expressions: [String]) -> String

  /// The published table of an asset and its kept versions, the newest first.
  ///
  /// A version that was published again stands where it stood before.
  func versions(of asset: AssetKey) throws -> [TableVersion]
}

extension TableReading {
  /// The only row that a query gives.
  package func row(of query: String) throws -> [Value] {
    try rows(of: query, limit: 1).rows.first ?? []
  }
}

extension RowSlice {
  /// A condition that holds for just these rows of a table that is read by that name.
  package func condition(of table: String) -> String {
    condition(on: quotedName(table) + "." + quotedName(column), literal: \.canonicalText)
  }
}

/// Writes the name of a table, together with its database's if it stands beside the warehouse.
func quotedName(_ table: TableName) -> String {
  (table.database.map { quotedName($0) + "." } ?? "") + quotedName(table.name)
}

/// Writes a name so that a database takes it for a name, whatever it holds.
func quotedName(_ name: String) -> String { doubled(name, "\"") }

/// Writes a text as a literal.
func quotedText(_ text: String) -> String { doubled(text, "'") }

private func doubled(_ text: String, _ quote: Unicode.Scalar) -> String {
  // By scalars: an accent behind a quote would hide it among characters.
  let inner = text.unicodeScalars.flatMap { $0 == quote ? [$0, $0] : [$0] }
  return String(quote) + String(String.UnicodeScalarView(inner)) + String(quote)
}

extension Value {
  /// The value as a number of rows.
  var count: Int {
    switch self {
    case .integer(let number): Int(clamping: number)
    case .real(let number) where number.isFinite && abs(number) < 1e15: Int(number)
    default: 0
    }
  }
}
