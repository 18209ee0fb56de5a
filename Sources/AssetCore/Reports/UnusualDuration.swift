/// A materialization that took much longer than it usually does.
package struct UnusualDuration: Equatable, Sendable {
  package var milliseconds: Int64
  /// The median of the earlier ones.
  package var usualMilliseconds: Int64

  package init(milliseconds: Int64, usualMilliseconds: Int64) {
    self.milliseconds = milliseconds
    self.usualMilliseconds = usualMilliseconds
  }

  /// A duration that is worth comparing with others.
  package static let leastMilliseconds: Int64 = 1000
  /// How many earlier ones there have to be, and how many are looked at.
  package static let window = (least: 5, most: 30)

  /// Judges a duration: one of more than a second that is five times the median of at least five
  /// earlier ones, or longer.
  ///
  /// - Parameters:
  ///   - milliseconds: How long it took.
  ///   - earlier: How long the earlier ones took, in any order.
  package init?(_ milliseconds: Int64, among earlier: [Int64]) {
    guard milliseconds > Self.leastMilliseconds, earlier.count >= Self.window.least else {
      return nil
    }
    let sorted = earlier.sorted()
    let middle = sorted.count / 2
    let median =
      sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    guard milliseconds >= median * 5 else { return nil }
    self.init(milliseconds: milliseconds, usualMilliseconds: median)
  }
}
