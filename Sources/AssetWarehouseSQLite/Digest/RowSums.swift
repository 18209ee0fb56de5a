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
  init(width: Int, lists: [[Int]]) {
    precondition(lists.allSatisfy { $0.allSatisfy((0..<width).contains) }, "a list names columns")
    self.width = width
    listCount = lists.count
    cells = Self.buffer(width) { _ in CellHash(a: 0, b: 0) }
    columnSums = Self.buffer(width) { _ in 0 }
    listSums = Self.buffer(lists.count) { _ in 0 }
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
    var start = 0
    for list in 0..<listCount {
      let end = ends[list]
      listSums[list] &+= RowHash.row(
        cells, UnsafeBufferPointer(start: places + start, count: end &- start))
      start = end
    }
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

  /// The sum for one of the lists.
  func sum(ofList list: Int) -> UInt128 {
    precondition((0..<listCount).contains(list), "there is such a list")
    return listSums[list]
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
    ColumnSummary(nulls: nulls, mean: numbers > 0 ? total / Double(numbers) : nil)
  }
}
