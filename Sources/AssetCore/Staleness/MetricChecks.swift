extension MetricCheck {
  /// Compares a metric with its bounds; one that was not reported does not pass.
  ///
  /// - Parameter metrics: What was reported.
  /// - Returns: What was found.
  package func result(in metrics: [String: Double]) -> CheckResult {
    let severity: CheckResult.Severity = isError ? .error : .warn
    guard let value = metrics[metric] else {
      return CheckResult(
        name: name, passed: false, severity: severity,
        message: "no metric `\(metric)` was reported")
    }
    let fault: String? =
      if let max, value > max {
        "\(text(value)) is more than \(text(max))"
      } else if let min, value < min {
        "\(text(value)) is less than \(text(min))"
      } else if value.isNaN {
        "it is not a number"
      } else {
        nil
      }
    return CheckResult(
      name: name, passed: fault == nil, severity: severity, message: fault ?? text(value))
  }

  private var name: String { "metric(\(metric))" }

  private func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }
}
