/// Rows that are pulled one at a time, so that no more than one has to be in memory.
///
/// A source is read once, from one place: it need not be `Sendable`. What crosses actors is the
/// description that a source is opened from.
package protocol RowSource {
  /// The columns of every row, in the order of its values.
  var columns: [Column] { get }

  /// Reads the next row, which has as many values as there are columns.
  ///
  /// - Returns: The row, or `nil` after the last one; then `nil` again, however often it is asked.
  mutating func next() throws -> [Value]?
}

/// Rows that are in memory.
package struct RowList: RowSource {
  package let columns: [Column]
  private var rest: ArraySlice<[Value]>

  package init(_ columns: [Column], _ rows: [[Value]]) {
    self.columns = columns
    rest = rows[...]
  }

  package mutating func next() throws -> [Value]? { rest.popFirst() }
}

/// A place that rows are written to, one at a time.
package protocol RowSink {
  /// Takes one row, which has as many values as the sink was made with columns.
  mutating func write(_ row: [Value]) throws

  /// Hands over everything that was written; nothing may be written afterwards.
  ///
  /// A sink that is dropped without this has written an unknown part of its rows.
  mutating func finish() throws
}
