/// Which partitions of an input a partition of its reader reads.
package enum PartitionWindow: Hashable, Sendable {
  /// All of them, with all rows.
  case all
  /// Those that overlap with its own time, and so many before and after them, counted in partitions
  /// of the input.
  case around(before: Int, after: Int)

  /// Those that overlap with its own time, or that of the same value.
  package static let own = PartitionWindow.around(before: 0, after: 0)

  /// The rows of an input that are read.
  ///
  /// It does not matter which partitions the input has at present, so that one that is added
  /// changes nothing for readers of others. Of an input that is cut in another way (by values
  /// instead of time, or by the values of another column) all rows are read.
  ///
  /// - Parameters:
  ///   - partition: A partition of the reader.
  ///   - input: How the input is cut; of one that is not partitioned, how the reader is, with the
  ///     input's column.
  /// - Returns: The rows; `nil` for all of them.
  package func slice(for partition: Partition, of input: PartitionScheme) -> RowSlice? {
    guard case .around(let before, let after) = self else { return nil }
    switch (partition.span, input.division) {
    case (nil, .values):
      guard partition.slice.column == input.column, let key = partition.parameters[.key] else {
        return nil
      }
      return RowSlice(column: input.column, equals: key)
    case (let span?, .time(let time)):
      let last = Timestamp(milliseconds: span.upperBound.milliseconds - 1)
      let first = time.every.number(at: span.lowerBound).subtractingWithin(before)
      let numbers = first...time.every.number(at: last).addingWithin(after)
      let bounds = time.bounds(numbers)
      return RowSlice(column: input.column, from: bounds.start, to: bounds.end)
    case (nil, .time), (.some, .values): return nil
    }
  }
}

extension Int {
  // Far beyond all partitions, so that bounds are what limits the rest.
  fileprivate static let far = 1 << 40

  fileprivate func addingWithin(_ other: Int) -> Int { self + Swift.min(other, Self.far) }

  fileprivate func subtractingWithin(_ other: Int) -> Int { self - Swift.min(other, Self.far) }
}

/// Which rows of an input a query can read while it makes one partition, as its text proves.
package enum PartitionReading: Hashable, Sendable {
  /// Any; with the reason, in words to stand behind "because".
  case all(because: String)
  /// Those whose value in a column is not before the start and before the end of the partition.
  case within(column: String)
  /// Those whose value in a column is the key of the partition.
  case ofKey(column: String)

  /// The rows that are read for a partition; `nil` for all of them.
  package func slice(for partition: Partition) -> RowSlice? {
    switch self {
    case .all: return nil
    case .within(let column):
      guard let start = partition.parameters[.start], let end = partition.parameters[.end] else {
        return nil
      }
      return RowSlice(column: column, from: start, to: end)
    case .ofKey(let column):
      return partition.parameters[.key].map { RowSlice(column: column, equals: $0) }
    }
  }
}
