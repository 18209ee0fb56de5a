/// A metric of a materialization beside that of the materialization before.
package struct MetricComparison: Equatable, Sendable {
  package var name: String
  /// `nil` if it is no longer reported.
  package var value: Double?
  /// `nil` if it was not reported before.
  package var previous: Double?

  package init(_ name: String, _ value: Double?, previous: Double?) {
    self.name = name
    self.value = value
    self.previous = previous
  }

  package var isChanged: Bool { value != previous }

  /// By how many percent of what it was it has become more; `nil` if nothing can be said.
  package var percentage: Double? {
    guard let value, let previous, previous != 0 else { return nil }
    let percentage = (value - previous) / abs(previous) * 100
    return percentage.isFinite ? percentage : nil
  }

  /// Compares metrics by their names, sorted by them.
  package static func comparing(
    _ metrics: [String: Double], with previous: [String: Double]
  ) -> [MetricComparison] {
    Set(metrics.keys).union(previous.keys).sorted().map {
      MetricComparison($0, metrics[$0], previous: previous[$0])
    }
  }
}
