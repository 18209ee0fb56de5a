/// Those rows of a table for which a condition holds.
package struct RowFilter: Hashable, Sendable, Codable {
  /// The condition, as the database reads it, with all values in it.
  package var sql: String
  /// The columns that it reads, in lower case, sorted.
  package var columns: [String]

  package init(_ sql: String, columns: [String]) {
    self.sql = sql
    self.columns = columns
  }

  /// The same rows as a slice, where the condition is just that a column equals a value; `nil` for any
  /// other.
  ///
  /// Of slices many are told apart by one look at the rows.
  package var slice: RowSlice? {
    guard columns.count == 1 else { return nil }
    let opening = columns[0] + " = "
    guard sql.utf8.starts(with: opening.utf8) else { return nil }
    let literal = String(decoding: sql.utf8.dropFirst(opening.utf8.count), as: UTF8.self)
    if let number = Int64(literal), String(number) == literal {
      return RowSlice(column: columns[0], equals: .integer(number))
    }
    let quote = UInt8(ascii: "'")
    guard literal.utf8.count > 1, literal.utf8.first == quote, literal.utf8.last == quote else {
      return nil
    }
    var text: [UInt8] = []
    var isSecond = false
    for byte in literal.utf8.dropFirst().dropLast() {
      if byte == quote {
        isSecond.toggle()
        if isSecond { continue }
      } else if isSecond {
        // The text ended before, and something else follows it.
        return nil
      }
      text.append(byte)
    }
    return isSecond
      ? nil : RowSlice(column: columns[0], equals: .text(String(decoding: text, as: UTF8.self)))
  }
}
