import AssetCore

// Numbers that models tell, and how they moved.

/// A number to four digits after the point, or to four digits in all if it is a small one.
func metricText(_ number: Double) -> String {
  let size = abs(number)
  guard size == 0 || size > 1e-15 else { return String(number) }
  var places = 4
  var scale = 10_000.0
  while size > 0, size * scale < 1000 {
    scale *= 10
    places += 1
  }
  return numberText(number, places: places)
}

/// How a metric moved: `12.5 before, 3.1 % less`.
func comparisonText(_ metric: MetricComparison) -> String {
  guard metric.previous != nil else { return "" }
  guard metric.isChanged else { return "as before" }
  let text = texts(of: metric).previous + " before"
  guard let percentage = metric.percentage, let size = percentText(percentage) else { return text }
  return text + ", \(size) % \(percentage < 0 ? "less" : "more")"
}

/// The metrics of a run's assets that changed, on lines below the run's.
///
/// - Parameters:
///   - run: The run.
///   - style: The width that the lines may have.
/// - Returns: The text, each line ended; empty if nothing changed.
func metricsText(of run: RunRecord, style: TextStyle) -> String {
  let changed = run.assets.compactMap { record in
    let metrics = record.metrics.filter(\.isChanged)
    return metrics.isEmpty ? nil : (name: record.asset.name, metrics: metrics)
  }
  let shown = changed.prefix(mostAssets)
  let nameWidth = shown.map(\.name.count).max() ?? 0
  var text = ""
  for (name, metrics) in shown {
    text += flowing(changes(of: metrics), after: "  " + padded(name, to: nameWidth) + "  ", style)
  }
  if changed.count > shown.count {
    let others = counted(changed.count - shown.count, "other asset")
    text += "  and the metrics of \(others)\n"
  }
  return text
}

/// How many assets of a run, and metrics of an asset, are told of.
private let mostAssets = 10
private let mostMetrics = 5

/// Those that changed the most, in the order of their names.
private func changes(of metrics: [MetricComparison]) -> [String] {
  let most = metrics.sorted { left, right in
    let sizes = [left, right].map { abs($0.percentage ?? .infinity) }
    return (sizes[1], left.name) < (sizes[0], right.name)
  }.prefix(mostMetrics).sorted { $0.name < $1.name }
  let rest = metrics.count - most.count
  return most.map(change) + (rest == 0 ? [] : ["and \(grouped(rest)) more"])
}

/// `rmse 12.31 (was 12.9, -4.6 %)`, or what is to be said of one that came or went.
private func change(_ metric: MetricComparison) -> String {
  let (value, previous) = texts(of: metric)
  let name = printable(metric.name)
  guard metric.value != nil else { return "\(name) gone (was \(previous))" }
  guard metric.previous != nil else { return "\(name) \(value)" }
  guard let percentage = metric.percentage, let size = percentText(percentage) else {
    return "\(name) \(value) (was \(previous))"
  }
  return "\(name) \(value) (was \(previous), \(percentage < 0 ? "-" : "+")\(size) %)"
}

/// Both values, in full where they would look the same.
private func texts(of metric: MetricComparison) -> (value: String, previous: String) {
  let values = [metric.value, metric.previous]
  let texts = values.map { $0.map(metricText) ?? "" }
  guard metric.isChanged, texts[0] == texts[1] else { return (texts[0], texts[1]) }
  let exact = values.map { $0.map { String($0) } ?? "" }
  return (exact[0], exact[1])
}

/// The size of a change in percent, if it can be told from none.
private func percentText(_ percentage: Double) -> String? {
  let size = abs(percentage)
  if size >= 1e9 || size < 0.05 { return nil }
  if size >= 100 { return grouped(Int(size.rounded())) }
  return String((size * 10).rounded() / 10)
}

/// Parts behind a beginning, on as many lines as the width asks for, below each other.
private func flowing(_ parts: [String], after start: String, _ style: TextStyle) -> String {
  let margin = String(repeating: " ", count: displayWidth(start))
  let width = style.width ?? .max
  var lines = [start]
  var isEmpty = true
  for (index, part) in parts.enumerated() {
    let word = part + (index == parts.count - 1 ? "" : ",")
    let space = isEmpty ? "" : " "
    if !isEmpty, displayWidth(lines[lines.count - 1] + space + word) >= width {
      lines.append(margin + word)
    } else {
      lines[lines.count - 1] += space + word
    }
    isEmpty = false
  }
  return lines.map { $0 + "\n" }.joined()
}
