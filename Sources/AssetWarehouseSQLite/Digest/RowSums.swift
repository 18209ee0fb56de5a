import AssetCore

/// Sums over the rows of one scan: for each list of columns of the rows projected on it, and for each
/// column of its values.
///
/// A sum modulo 2^128 keeps duplicates, which exclusive-or would lose, and forgets the order of rows.
/// Each row is hashed once per list, each value once. The buffers are not arrays, since their checks
/// would cost as much as the hashing.
struct RowSums: ~Copyable {
  private(set) var rows = 0
  private let width: Int
  /// How the rows are cut into intervals, and how many of them there are.
  private let cuts: SliceCuts?
  private let intervals: Int
  private let intervalRows: UnsafeMutablePointer<Int>
  private let listCount: Int
  private let cells: UnsafeMutablePointer<CellHash>
  private let columnSums: UnsafeMutablePointer<UInt64>
  private let listSums: UnsafeMutablePointer<UInt128>
  private let tallies: UnsafeMutablePointer<ColumnTally>
  /// The lists one after the other, and where each one ends.
  private let places: UnsafeMutablePointer<Int>
  private let ends: UnsafeMutablePointer<Int>

  /// Begins sums over no rows.
  ///
  /// - Parameters:
  ///   - width: How many columns the scan has.
  ///   - lists: Lists of positions of columns in the scan.
  ///   - cuts: What cuts the rows into intervals; `nil` if they are all in one.
  init(width: Int, lists: [[Int]], cuts: SliceCuts? = nil) {
    precondition(lists.allSatisfy { $0.allSatisfy((0..<width).contains) }, "a list names columns")
    self.width = width
    intervals = cuts?.count ?? 1
    self.cuts = cuts
    intervalRows = Self.buffer(intervals) { _ in 0 }
    listCount = lists.count
    cells = Self.buffer(width) { _ in CellHash(a: 0, b: 0) }
    columnSums = Self.buffer(width) { _ in 0 }
    listSums = Self.buffer(lists.count * intervals) { _ in 0 }
    tallies = Self.buffer(width) { _ in ColumnTally() }
    let flat = lists.flatMap { $0 }
    places = Self.buffer(flat.count) { flat[$0] }
    var end = 0
    ends = Self.buffer(lists.count) { list in
      end += lists[list].count
      return end
    }
  }

  deinit {
    cells.deallocate()
    columnSums.deallocate()
    listSums.deallocate()
    intervalRows.deallocate()
    tallies.deallocate()
    places.deallocate()
    ends.deallocate()
  }

  private static func buffer<T: BitwiseCopyable>(
    _ count: Int, _ value: (Int) -> T
  ) -> UnsafeMutablePointer<T> {
    let buffer = UnsafeMutablePointer<T>.allocate(capacity: max(1, count))
    for index in 0..<count { (buffer + index).initialize(to: value(index)) }
    return buffer
  }

  /// Adds a row, whose values SQLite has at hand.
  @inline(__always)
  mutating func add(_ value: (Int) -> OpaquePointer?) {
    rows &+= 1
    for column in 0..<width {
      let cell = RowHash.cell(value(column), &tallies[column])
      cells[column] = cell
      columnSums[column] &+= cell.a
    }
    let interval = interval(value)
    intervalRows[interval] &+= 1
    var start = 0
    for list in 0..<listCount {
      let end = ends[list]
      listSums[list &* intervals &+ interval] &+= RowHash.row(
        cells, UnsafeBufferPointer(start: places + start, count: end &- start))
      start = end
    }
  }

  @inline(__always)
  private func interval(_ value: (Int) -> OpaquePointer?) -> Int {
    guard intervals > 1 else { return 0 }
    return cuts?.interval(of: value(cuts?.column ?? 0)) ?? 0
  }

  /// Adds rows of which no column is read.
  mutating func add(emptyRows count: Int) {
    precondition(width == 0, "the rows have no columns")
    rows += count
    for list in 0..<listCount {
      listSums[list] &+=
        RowHash.row(cells, UnsafeBufferPointer(start: places, count: 0))
        &* UInt128(count)
    }
  }

  /// The sum for one of the lists, and the number of its rows.
  ///
  /// - Parameters:
  ///   - list: Which list.
  ///   - slice: The slice whose rows count, one of those that the cuts were made for; `nil` for all.
  ///   - affinity: What the cuts were made for.
  /// - Returns: The sum and the number.
  func sum(
    ofList list: Int, in slice: RowSlice? = nil, _ affinity: Affinity = .none
  ) -> (sum: UInt128, rows: Int) {
    precondition((0..<listCount).contains(list), "there is such a list")
    guard intervals > 1, let slice else {
      var sum: UInt128 = 0
      for interval in 0..<intervals { sum &+= listSums[list &* intervals &+ interval] }
      return (sum, rows)
    }
    var sum: UInt128 = 0
    var rows = 0
    for interval in cuts?.intervals(of: slice, affinity) ?? 0..<0 {
      sum &+= listSums[list &* intervals &+ interval]
      rows += intervalRows[interval]
    }
    return (sum, rows)
  }

  /// What was found of one column's values by the way.
  func tally(ofColumn column: Int) -> ColumnTally {
    precondition((0..<width).contains(column), "there is such a column")
    return tallies[column]
  }

  /// The sum of one column's values.
  func sum(ofColumn column: Int) -> UInt64 {
    precondition((0..<width).contains(column), "there is such a column")
    return columnSums[column]
  }
}

/// Counts over the values of a column.
struct ColumnTally: BitwiseCopyable {
  var nulls = 0
  /// How many values are numbers, and their sum.
  var numbers = 0
  var total = 0.0

  var summary: ColumnSummary {
    let mean = total / Double(numbers)
    // Of no numbers there is no mean, and of infinite ones none that could be written down.
    return ColumnSummary(nulls: nulls, mean: mean.isFinite ? mean : nil)
  }
}
