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
  if let partitions = result.partitions {
    return wholeText(of: result, partitions, nameWidth, style)
  }
  let outcome = padded(result.outcome.rawValue, to: 12)
  var line = style.paint(outcome, result.outcome.role) + "  "
  line += padded(result.key.name, to: nameWidth)
  switch result.outcome {
  case .materialized, .unchanged:
    line += "  " + padded(result.rows.map { counted($0, "row") } ?? "", to: 12)
    line += "  " + (result.durationMilliseconds.map(durationText) ?? "")
    let notes = [
      result.changes.map(changesText), fullRefreshText(result.causes),
      result.partitions.map { _ in "rows of no partition were taken out" },
    ]
    for note in notes.compactMap({ $0 }) { line += "  " + printable(note) }
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

/// What became of the rows of a table that went on: `2 added, 1 updated`.
func changesText(_ changes: RowChanges) -> String {
  let parts = [
    (changes.added, "added"), (changes.updated, "updated"), (changes.removed, "removed"),
  ].filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }
  return parts.isEmpty ? "no rows changed" : parts.joined(separator: ", ")
}

/// Why an incremental table was built anew.
private func fullRefreshText(_ causes: [StaleCause]) -> String? {
  causes.first { $0.isFullRefresh == true }?.text
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
    + "  try \(retry.tries + 1) of \(retry.mostTries) \(delay): \(printable(retry.failure.summary))\n"
}

/// The last line of a run: how many assets came out how, and of a longer one what took the longest.
package func summary(of report: RunReport) -> String {
  if let reason = report.nothingToRetry { return text(of: reason) }
  let counts = Outcome.allCases.filter { $0 != .fresh }.compactMap { outcome -> String? in
    let count = report.count(outcome)
    return count == 0 ? nil : "\(grouped(count)) \(outcome.rawValue)"
  }
  guard report.run != nil, !counts.isEmpty else {
    return nothingToDo(report.assets.count, report.leftOut)
  }
  let fresh = report.count(.fresh)
  let parts = counts + (fresh == 0 ? [] : ["\(grouped(fresh)) fresh"])
  return parts.joined(separator: ", ") + " in \(durationText(report.durationMilliseconds))"
    + longest(in: report) + "\n" + notStartedText(report.notStarted)
}

/// The assets that a run which ended early did not begin.
private func notStartedText(_ keys: [AssetKey]) -> String {
  guard !keys.isEmpty else { return "" }
  let more = keys.count > 10 ? " and \(grouped(keys.count - 10)) more" : ""
  return "not started: " + keys.prefix(10).map(\.name).joined(separator: ", ") + more + "\n"
}

/// Up to three assets that took a notable part of a run that made anything and was not over at once.
private func longest(in report: RunReport) -> String {
  let total = report.durationMilliseconds
  let durations = report.assets.compactMap { result in
    result.durationMilliseconds.map { milliseconds in
      // Partitions may be made at the same time, and take more together than the run.
      let made = result.partitions?.count { $0.durationMilliseconds != nil } ?? 0
      return (
        name: result.key.name, milliseconds: milliseconds,
        note: made > 1 ? " in \(grouped(made)) partitions" : ""
      )
    }
  }
  let isWorthIt = report.count(.materialized) + report.count(.unchanged) > 0 && durations.count > 1
  guard isWorthIt, total > 1000 else { return "" }
  let longest = durations.filter { $0.milliseconds * 20 >= total }
    .sorted { ($1.milliseconds, $0.name) < ($0.milliseconds, $1.name) }.prefix(3)
  guard !longest.isEmpty else { return "" }
  return "; longest: "
    + longest.map { "\($0.name) \(durationText($0.milliseconds))\($0.note)" }.joined(
      separator: ", ")
}

func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - displayWidth(text)))
}

private func indented(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.isEmpty ? "" : "  " + $0 }.joined(separator: "\n")
}
