import AssetCore
import GRDBSQLite

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The places at which slices of one column begin and end, which cut its values into intervals.
///
/// A row is in one interval, and a slice is a run of intervals, so that one scan gives the digests of
/// thousands of slices: sums over rows can be added and taken off again.
struct SliceCuts {
  /// An end of an interval: just before a value, or just after it.
  private struct Cut: Hashable, Comparable {
    var number: Double?
    var text: [UInt8]
    var isAfter: Bool

    static func < (left: Cut, right: Cut) -> Bool {
      switch (left.number, right.number) {
      case (let a?, let b?) where a != b: a < b
      case (_?, nil): true
      case (nil, _?): false
      case (nil, nil) where left.text != right.text: left.text.lexicographicallyPrecedes(right.text)
      default: !left.isAfter && right.isAfter
      }
    }
  }

  /// Where the slices' column stands among the scanned ones.
  let column: Int
  private let cuts: [Cut]
  /// How many intervals there are; the last one is that of the rows in no slice at all, with null.
  var count: Int { cuts.count + 2 }

  /// Finds the cuts; fails if only SQLite itself can compare the values with these bounds.
  ///
  /// - Parameters:
  ///   - slices: Slices of one column.
  ///   - column: Where that stands among the scanned columns.
  ///   - affinity: How SQLite compares the column's values.
  init?(_ slices: [RowSlice], column: Int, affinity: Affinity) {
    var cuts: Set<Cut> = []
    for slice in slices {
      for (bound, isLower) in [(slice.lower, true), (slice.upper, false)] {
        guard let bound else { continue }
        guard let cut = Self.cut(bound, isLower: isLower, affinity) else { return nil }
        cuts.insert(cut)
      }
    }
    self.column = column
    self.cuts = cuts.sorted()
  }

  private static func cut(_ bound: RowSlice.Bound, isLower: Bool, _ affinity: Affinity) -> Cut? {
    let isAfter = isLower != bound.isIncluded
    switch (bound.value, affinity) {
    case (.text(let text), .text), (.text(let text), .none):
      return Cut(number: nil, text: Array(text.utf8), isAfter: isAfter)
    case (.text(let text), .number):
      // What looks like a number is compared as one.
      guard text.utf8.contains(where: { !(0x30...0x39 ~= $0) && !" +-.eE".utf8.contains($0) }),
        text.utf8.first != UInt8(ascii: " ")
      else {
        return isDate(text) ? Cut(number: nil, text: Array(text.utf8), isAfter: isAfter) : nil
      }
      return Cut(number: nil, text: Array(text.utf8), isAfter: isAfter)
    case (.integer(let number), .text):
      return Cut(number: nil, text: Array(String(number).utf8), isAfter: isAfter)
    case (.integer(let number), .number), (.integer(let number), .none):
      guard number.magnitude <= 1 << 53 else { return nil }
      return Cut(number: Double(number), text: [], isAfter: isAfter)
    default: return nil
    }
  }

  /// Whether a text of digits and dashes is a day or a month, which is no number.
  private static func isDate(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return parts.count > 1
      && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { 0x30...0x39 ~= $0 } }
  }

  /// The interval of a value.
  func interval(of value: OpaquePointer?) -> Int {
    switch sqlite3_value_type(value) {
    case SQLITE_NULL: return cuts.count + 1
    case SQLITE_INTEGER, SQLITE_FLOAT:
      let number = sqlite3_value_double(value)
      return firstIndex { cut in
        guard let end = cut.number else { return false }
        return number > end || (number == end && !cut.isAfter)
      }
    case SQLITE_TEXT:
      let bytes = UnsafeRawBufferPointer(
        start: sqlite3_value_text(value), count: Int(sqlite3_value_bytes(value)))
      return firstIndex { cut in
        guard cut.number == nil else { return true }
        let order = Self.compare(bytes, cut.text)
        return order > 0 || (order == 0 && !cut.isAfter)
      }
    default: return cuts.count
    }
  }

  private static func compare(_ bytes: UnsafeRawBufferPointer, _ text: [UInt8]) -> Int {
    let common = min(bytes.count, text.count)
    let order = text.withUnsafeBytes { other -> Int32 in
      guard let left = bytes.baseAddress, let right = other.baseAddress, common > 0 else {
        return 0
      }
      return memcmp(left, right, common)
    }
    return order == 0 ? bytes.count - text.count : Int(order)
  }

  /// How many cuts lie before a value, of which each lies after all earlier ones.
  private func firstIndex(_ isPassed: (Cut) -> Bool) -> Int {
    var low = 0
    var high = cuts.count
    while low < high {
      let middle = (low + high) / 2
      if isPassed(cuts[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The intervals of a slice, one of those that the cuts were made for.
  func intervals(of slice: RowSlice, _ affinity: Affinity) -> Range<Int> {
    let first =
      slice.lower.flatMap { Self.cut($0, isLower: true, affinity) }
      .flatMap(cuts.firstIndexSorted).map { $0 + 1 } ?? 0
    let last =
      slice.upper.flatMap { Self.cut($0, isLower: false, affinity) }
      .flatMap(cuts.firstIndexSorted).map { $0 + 1 } ?? cuts.count + 1
    return first..<max(first, last)
  }
}

extension Array where Element: Comparable {
  /// Where an element stands in a sorted array that holds it.
  fileprivate func firstIndexSorted(_ element: Element) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < element { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low] == element ? low : nil
  }
}

/// How SQLite compares a column's values with others (its "type affinity").
enum Affinity {
  case text, number, none

  /// The affinity of a declared type, by the rules of SQLite's documentation (datatype3, 3.1).
  init(declared type: String) {
    let type = type.uppercased()
    if type.contains("INT") {
      self = .number
    } else if type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT") {
      self = .text
    } else if type.isEmpty || type.contains("BLOB") {
      self = .none
    } else {
      self = .number
    }
  }
}
