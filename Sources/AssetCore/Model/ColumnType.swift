/// A type that a user can declare for a column.
///
/// The raw value is the word that stands in the declaration, and the declared type that the column
/// gets in the warehouse.
package enum ColumnType: String, Hashable, Sendable, Codable, CaseIterable {
  /// Any text.
  case text
  /// A whole number of 64 bits.
  case integer
  /// A double-precision number.
  case real
  /// Bytes, written in files as hexadecimal digits.
  case blob
  /// True or false, held as the integer 1 or 0.
  case boolean
  /// A day, held as the text `YYYY-MM-DD`.
  case date
  /// A moment, held as the text that the file gives, such as `2013-01-01T05:00:00Z`.
  case timestamp
  /// A whole number where it is one that fits 64 bits, and else a double-precision number.
  case numeric
}
