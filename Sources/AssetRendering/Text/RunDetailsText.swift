package import AssetCore

/// One run: what is known of it as a whole, then a line for each asset with the reasons of its outcome
/// below it.
///
/// - Parameters:
///   - details: The run.
///   - isVerbose: Whether to show checks that passed, and each partition that was made.
///   - style: How it is to look.
/// - Returns: The text, each line ended.
package func text(
  of details: RunDetails, isVerbose: Bool = false, style: TextStyle = .plain
) -> String {
  let run = details.run
  let facts: [Diagnostic.Fact] = [
    .init("command", run.command), .init("outcome", run.outcome ?? "unfinished"),
    .init("started", style.moment(run.startedAt)), .init("took", durationText(of: run)),
    .init("assets", counts(of: run, details.untried)),
  ]
  let entries = lines(of: details, isVerbose: isVerbose)
  let names = entries.map { displayWidth($0.name) }.max() ?? 0
  var text = style.paint(run.id, .strong) + "\n" + factsText(facts.filter { !$0.text.isEmpty })
  if !entries.isEmpty { text += "\n" }
  for entry in entries {
    var line = style.paint(padded(entry.outcome, to: 12), role(of: entry.outcome)) + "  "
    line += padded(printable(entry.name), to: names)
    line += "  " + padded(entry.duration, to: 8) + "  " + printable(entry.why)
    while line.last == " " { line.removeLast() }
    text += line + "\n" + entry.below
  }
  return text
}

/// What one asset, or one partition, has to tell.
private struct Line {
  var outcome: String
  var name: String
  var duration = ""
  var why = ""
  /// What stands below it, each line ended.
  var below = ""
}

private func lines(of details: RunDetails, isVerbose: Bool) -> [Line] {
  var lines: [Line] = []
  for record in details.run.assets {
    lines.append(line(of: record, details, isVerbose))
    // What went well with partitions is told by their number.
    let parts = record.partitions.filter { isVerbose || $0.outcome == .failed || $0.outcome == nil }
    lines += parts.map { line(of: $0, details, isVerbose) }
  }
  lines += details.untried.map { untried in
    Line(
      outcome: untried.outcome.rawValue, name: untried.asset.name,
      why: untried.because.map { "because `\($0)` failed" } ?? "not started")
  }
  return lines
}

private func line(
  of record: RunRecord.AssetRecord, _ details: RunDetails, _ isVerbose: Bool
) -> Line {
  let finding = details.findings[record.asset] ?? RunDetails.Finding()
  var line = Line(
    outcome: record.outcome.map(outcomeText) ?? "unfinished", name: record.asset.name,
    duration: record.endedAt.map {
      durationText($0.milliseconds(since: record.startedAt))
    } ?? "",
    why: finding.causes.isEmpty ? "" : "because: " + causesText(finding.causes))
  if !record.partitions.isEmpty { line.why = partitionsText(record.partitions) }
  if record.tries > 1 { line.why += (line.why.isEmpty ? "" : "; ") + "try \(record.tries)" }
  // What a check found says the same, and more.
  if let error = record.error, record.partitions.isEmpty, !finding.checks.contains(where: \.isFatal)
  {
    line.below += "  error: \(printable(error))\n"
  }
  for check in finding.checks where isVerbose || !check.passed {
    line.below += "  " + foundText(check) + "\n"
    if let sample = check.sample, !check.passed { line.below += sampleText(sample, check) }
  }
  for metric in record.metrics where metric.isChanged && (isVerbose || record.outcome == .failed) {
    line.below += "  metric \(metric.name): \(metric.value.map(metricText) ?? "gone")\n"
  }
  if let log = finding.log { line.below += "  log: \(printable(log))\n" }
  return line
}

/// A check and what it found: `failed  unique(id): 3 rows`.
func foundText(_ check: CheckResult) -> String {
  let word = check.passed ? "passed" : check.isFatal ? "failed" : "warned"
  return word + "  " + printable(check.name + (check.message.map { ": \($0)" } ?? ""))
}

private func partitionsText(_ parts: [RunRecord.AssetRecord]) -> String {
  var words: [(word: String, count: Int)] = []
  for part in parts {
    let word = part.outcome.map(outcomeText) ?? "unfinished"
    if let index = words.firstIndex(where: { $0.word == word }) {
      words[index].count += 1
    } else {
      words.append((word, 1))
    }
  }
  return counted(parts.count, "partition") + ": "
    + words.map { "\(grouped($0.count)) \($0.word)" }.joined(separator: ", ")
}

private func outcomeText(_ outcome: Attempt.Outcome) -> String {
  outcome.rawValue.replacing("_", with: " ")
}

private func role(of outcome: String) -> TextStyle.Role? {
  Outcome(rawValue: outcome)?.role ?? (outcome == "unfinished" ? .attention : nil)
}

private func counts(of run: RunRecord, _ untried: [RunRecord.Untried]) -> String {
  let rest = [Outcome.skipped, .cancelled].compactMap { outcome -> String? in
    let count = Set(untried.filter { $0.outcome == outcome }.map(\.asset.asset)).count
    return count == 0 ? nil : "\(grouped(count)) \(outcome == .skipped ? "skipped" : "not started")"
  }
  return ([counts(of: run)].filter { !$0.isEmpty } + rest).joined(separator: ", ")
}
