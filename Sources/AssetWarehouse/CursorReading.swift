package import AssetCore

extension TableReading {
  /// The least and the greatest value of a column, which an index tells at once.
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - table: The table.
  /// - Throws: A ``WarehouseError`` if the table has no such column.
  /// - Returns: The two; null where no row has any.
  package func ends(of column: String, in table: TableName) throws -> [Value] {
    let (column, table) = (quotedName(column), quotedName(table))
    return try row(
      of: "select (select min(\(column)) from \(table)), (select max(\(column)) from \(table))")
  }

  /// The greatest value of a column, if a later run can go on from it: if it is a number or a text that a
  /// literal gives back just as it is.
  ///
  /// - Parameters:
  ///   - column: The column.
  ///   - table: The table.
  /// - Throws: A ``WarehouseError`` if the table has no such column.
  /// - Returns: The value; `nil` also of a table without rows.
  package func greatest(_ column: String, of table: TableName) throws -> VarValue? {
    let query = "select max(\(quotedName(column))) from \(quotedName(table))"
    switch try row(of: query).first {
    case .integer(let number): return .integer(number)
    case .real(let number) where number.isFinite:
      let value = VarValue.real(number)
      return try row(of: "select \(value.canonicalText)").first == .real(number) ? value : nil
    case .text(let text):
      // Neither the end of a text within it nor bytes that are none can be written as a literal.
      let isPlain = text.unicodeScalars.allSatisfy { $0 != "\0" && $0 != "\u{FFFD}" }
      return isPlain ? .text(text) : nil
    case .real, .blob, .null, nil: return nil
    }
  }
}
