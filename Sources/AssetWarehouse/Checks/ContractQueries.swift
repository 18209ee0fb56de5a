package import AssetCore

extension TableReading {
  /// Looks for values that are not of the types that their columns are declared with, in one scan.
  ///
  /// - Parameters:
  ///   - columns: The declared columns; all of them are there.
  ///   - table: The name of the table.
  ///   - slice: The rows to look at, of a partition; `nil` for all.
  /// - Throws: A ``WarehouseError`` if the table cannot be read.
  /// - Returns: A difference for each column with such values, with a few of them unless it is sensitive.
  package func typeDifferences(
    of columns: [DeclaredColumn], in table: String, slice: RowSlice? = nil
  ) throws -> [ContractDifference] {
    let conditions = columns.compactMap { column in
      column.type.flatMap { type in
        mismatchCondition(quotedName(column.name), type: type).map {
          (column: column, condition: $0)
        }
      }
    }
    guard !conditions.isEmpty else { return [] }
    let rows = "from \(quotedName(table))"
    let own = slice.map { $0.condition(of: table) }
    let counts = conditions.map { "count(case when \($0.condition) then 1 end)" }
    let found = try row(
      of: "select \(counts.joined(separator: ", ")) \(rows)" + (own.map { " where \($0)" } ?? ""))
    return try zip(conditions, found).compactMap { wanted, value in
      let count = value.count
      guard count > 0 else { return nil }
      let name = quotedName(wanted.column.name)
      let examples =
        wanted.column.isSensitive
        ? []
        : try self.rows(
          of: "select distinct \(name) \(rows) where (\(wanted.condition))"
            + (own.map { " and \($0)" } ?? "") + " limit 3",
          limit: 3
        ).rows.compactMap(\.first).map(\.exampleText)
      return ContractDifference(
        wanted.column.name, declared: wanted.column.type,
        .values(count: count, examples: examples))
    }
  }
}

extension Value {
  /// The value as SQL writes it, cut if it is long.
  var exampleText: String {
    switch self {
    case .null: "null"
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text):
      quotedText(String(text.prefix(40))) + (text.count > 40 ? "…" : "")
    case .blob(let bytes): "\(counted(bytes.count, "byte"))"
    }
  }
}
