package import AssetCore

/// The line for an asset that is done, with what is to say of a failure below it.
///
/// - Parameters:
///   - result: What came of the asset.
///   - nameWidth: The length of the longest name of the run, for aligning.
///   - style: How it is to look.
/// - Returns: The text, each line ended.
package func text(
  of result: StepResult, nameWidth: Int = 0, style: TextStyle = .plain
) -> String {
  let outcome = padded(result.outcome.rawValue, to: 12)
  var line = style.paint(outcome, result.outcome.role) + "  "
  line += padded(result.key.name, to: nameWidth)
  switch result.outcome {
  case .materialized, .unchanged:
    line += "  " + padded(result.rows.map { counted($0, "row") } ?? "", to: 12)
    line += "  " + (result.durationMilliseconds.map(durationText) ?? "")
  case .skipped:
    line += "  because `\(result.because?.name ?? "an input")` failed"
  case .fresh: line += "  its inputs came out the same"
  case .failed: line += "  " + (result.durationMilliseconds.map(durationText) ?? "")
  case .cancelled: break
  }
  while line.last == " " { line.removeLast() }
  line += "\n"
  for diagnostic in result.warnings + [result.failure].compactMap({ $0 }) {
    line += indented(AssetRendering.text(of: diagnostic, style: style))
  }
  return line
}

/// The line for a failure after which the asset is tried again.
///
/// - Parameters:
///   - retry: What failed, and when it is tried again.
///   - nameWidth: The length of the longest name of the run, for aligning.
///   - style: How it is to look.
/// - Returns: The text, each line ended.
package func text(of retry: Retry, nameWidth: Int = 0, style: TextStyle = .plain) -> String {
  let word = style.paint(padded("retrying", to: 12), .attention)
  let delay = retry.delayMilliseconds == 0 ? "now" : "in \(durationText(retry.delayMilliseconds))"
  return word + "  " + padded(retry.key.name, to: nameWidth)
    + "  try \(retry.tries + 1) of \(retry.mostTries) \(delay): \(retry.failure.summary)\n"
}

/// The last line of a run: how many assets came out how.
package func summary(of report: RunReport) -> String {
  let counts = Outcome.allCases.filter { $0 != .fresh }.compactMap { outcome -> String? in
    let count = report.count(outcome)
    return count == 0 ? nil : "\(grouped(count)) \(outcome.rawValue)"
  }
  guard report.run != nil, !counts.isEmpty else {
    return nothingToDo(report.assets.count, report.leftOut)
  }
  let fresh = report.count(.fresh)
  let parts = counts + (fresh == 0 ? [] : ["\(grouped(fresh)) fresh"])
  return parts.joined(separator: ", ") + " in \(durationText(report.durationMilliseconds))\n"
}

func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

private func indented(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.isEmpty ? "" : "  " + $0 }.joined(separator: "\n")
}
