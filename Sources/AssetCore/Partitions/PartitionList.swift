/// All partitions that a table has at a moment, in the order of time or in which they are written.
///
/// It makes each one when it is asked for, so that a hundred years of hours cost nothing.
package struct PartitionList: RandomAccessCollection, Equatable, Sendable {
  package let scheme: PartitionScheme
  /// The number of the first partition of time.
  private let firstNumber: Int
  package let endIndex: Int
  package var startIndex: Int { 0 }
  private let indices: [String: Int]
  /// Whether a database compares all values by one order, and so do we.
  private let isOrdered: Bool

  /// - Parameters:
  ///   - scheme: How the table is cut.
  ///   - now: The moment at which the last partition must be complete, if no last one is declared.
  package init(_ scheme: PartitionScheme, at now: Timestamp) {
    self.scheme = scheme
    switch scheme.division {
    case .values(let values):
      firstNumber = 0
      endIndex = values.count
      indices = Dictionary(
        values.enumerated().map { ($0.element.text, $0.offset) }, uniquingKeysWith: { a, _ in a })
      isOrdered = values.allSatisfy { $0.isOrdered(with: values[0]) }
    case .time(let time):
      let last = time.last ?? time.every.number(at: now) - 1
      firstNumber = time.first
      endIndex = Swift.max(0, Swift.min(last, time.every.numbers.upperBound) - firstNumber + 1)
      indices = [:]
      isOrdered = true
    }
  }

  package subscript(index: Int) -> Partition {
    precondition(index >= 0 && index < endIndex, "there is a partition of that index")
    switch scheme.division {
    case .values(let values): return Partition(values[index], of: scheme.column)
    case .time(let time): return Partition(firstNumber + index, of: time, column: scheme.column)
    }
  }

  /// Slices that together hold just the rows of all partitions.
  package var slices: [RowSlice] {
    guard case .time = scheme.division, let first, let last, let start = first.slice.lower,
      let end = last.slice.upper
    else { return map(\.slice) }
    return [RowSlice(column: scheme.column, lower: start, upper: end)]
  }

  /// Where a partition stands; `nil` if there is none of that key.
  package func index(of key: String) -> Int? {
    guard case .time(let time) = scheme.division else { return indices[key] }
    guard let number = PartitionTime.number(near: key, time.every), time.key(of: number) == key,
      0..<endIndex ~= number - firstNumber
    else { return nil }
    return number - firstNumber
  }

  /// The partitions that may hold rows of a slice; all of them for all rows, or if that cannot be told.
  package func indices(overlapping slice: RowSlice?) -> Range<Int> {
    guard let slice, slice.column == scheme.column else { return 0..<endIndex }
    switch scheme.division {
    case .values(let values):
      guard let bound = slice.lower, slice.upper == bound, bound.isIncluded, isOrdered,
        let first = values.first, bound.value.isOrdered(with: first)
      else { return 0..<endIndex }
      guard let index = indices[bound.value.text] else { return 0..<0 }
      return index..<index + 1
    case .time(let time):
      let edge = time.bounds.value(of: time.every.start(of: time.first))
      guard [slice.lower, slice.upper].allSatisfy({ $0?.value.isOrdered(with: edge) ?? true })
      else { return 0..<endIndex }
      // A partition begins where the one before it ends.
      let begin = slice.lower.map { lower in firstIndex { lower.value.precedes($0.end) } } ?? 0
      let end =
        slice.upper.map { upper in
          firstIndex {
            upper.isIncluded ? upper.value.precedes($0.start) : !$0.start.precedes(upper.value)
          }
        } ?? endIndex
      return begin..<Swift.max(begin, end)
    }
  }

  /// Whether all rows that a slice may hold belong to a partition; `nil` stands for all rows.
  package func cover(_ slice: RowSlice?) -> Bool {
    guard let slice, slice.column == scheme.column, let lower = slice.lower, let upper = slice.upper
    else { return false }
    switch scheme.division {
    case .values(let values):
      return lower == upper && lower.isIncluded
        && indices[lower.value.text].map { values[$0] == lower.value } ?? false
    case .time:
      guard let start = first?.slice.lower?.value, let end = last?.slice.upper?.value,
        lower.value.isOrdered(with: start), upper.value.isOrdered(with: end)
      else { return false }
      return !lower.value.precedes(start)
        && (upper.isIncluded ? upper.value.precedes(end) : !end.precedes(upper.value))
    }
  }

  /// The first partition whose bounds fulfil what all later ones do, too.
  private func firstIndex(where isWanted: ((start: VarValue, end: VarValue)) -> Bool) -> Int {
    guard case .time(let time) = scheme.division else { return endIndex }
    var (low, high) = (0, endIndex)
    while low < high {
      let middle = (low + high) / 2
      let number = firstNumber + middle
      if isWanted(time.bounds(number...number)) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension VarValue {
  /// Whether a database compares both by the same order, and so do we.
  fileprivate func isOrdered(with other: VarValue) -> Bool {
    switch (self, other) {
    case (.text, .text), (.integer, .integer): true
    default: false
    }
  }

  /// Whether it comes before a value of the same type, texts byte by byte.
  fileprivate func precedes(_ other: VarValue) -> Bool {
    switch (self, other) {
    case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
    case (.integer(let left), .integer(let right)): left < right
    default: false
    }
  }
}
