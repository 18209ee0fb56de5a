extension MetricBounds {
  /// Compares a metric with its bounds; one that was not reported does not pass.
  ///
  /// - Parameter metrics: What was reported.
  /// - Returns: Whether it keeps to them, and what was found.
  package func verdict(in metrics: [String: Double]) -> (isKept: Bool, message: String) {
    guard let value = metrics[metric] else { return (false, "no metric `\(metric)` was reported") }
    if value.isNaN { return (false, "it is not a number") }
    if let max, value > max { return (false, "\(text(value)) is more than \(text(max))") }
    if let min, value < min { return (false, "\(text(value)) is less than \(text(min))") }
    return (true, text(value))
  }

  private func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }
}
