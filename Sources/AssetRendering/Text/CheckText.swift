package import AssetCore

/// What checks found: a line for each that did not pass with some of its rows, and the counts.
///
/// - Parameters:
///   - report: The report.
///   - isVerbose: Whether to show those that passed, too.
///   - style: How it is to look.
/// - Returns: The text, each line ended.
package func text(
  of report: CheckReport, isVerbose: Bool = false, style: TextStyle = .plain
) -> String {
  var text = ""
  for entry in report.entries {
    if let problem = entry.problem {
      text += checkLine("failed", .bad, entry.asset, "could not be checked: \(problem)", style)
    }
    for result in entry.results where isVerbose || !result.passed {
      let word = result.passed ? "passed" : result.isFatal ? "failed" : "warned"
      let role: TextStyle.Role = result.passed ? .good : result.isFatal ? .bad : .attention
      let found = result.name + (result.message.map { ": \($0)" } ?? "")
      text += checkLine(word, role, entry.asset, found, style)
      if let sample = result.sample, !result.passed { text += sampleText(sample, result) }
    }
  }
  return text + summary(of: report) + "\n"
}

private func checkLine(
  _ word: String, _ role: TextStyle.Role, _ asset: AssetKey, _ found: String, _ style: TextStyle
) -> String {
  style.paint(word, role) + "  " + style.paint(asset.name, .strong) + "  " + printable(found) + "\n"
}

/// The first rows of a sample, under their columns.
func sampleText(_ sample: RowSample, _ result: CheckResult) -> String {
  let shown = sample.rows.prefix(5)
  let rows = shown.map { $0.map { printable(metadataText($0)) } }
  var text = aligned(([sample.columns] + rows).map { ["", ""] + $0 })
  let more = (result.failures ?? sample.rows.count) - shown.count
  if more > 0 { text += "    and \(grouped(more)) more\n" }
  return text
}

func summary(of report: CheckReport) -> String {
  let results = report.results
  guard !report.entries.isEmpty else { return "there is nothing to check" }
  let failed = results.count(where: \.isFatal)
  let warned = results.count { !$0.passed && !$0.isFatal }
  let unreadable = report.entries.count { $0.problem != nil }
  if failed + warned + unreadable == 0 {
    return results.count == 1 ? "the check passed" : "all \(grouped(results.count)) checks passed"
  }
  let passed = results.count(where: \.passed)
  let parts = [
    passed > 0 ? "\(grouped(passed)) passed" : nil,
    warned > 0 ? "\(grouped(warned)) warned" : nil,
    failed > 0 ? "\(grouped(failed)) failed" : nil,
    unreadable > 0 ? "\(counted(unreadable, "asset")) could not be checked" : nil,
  ].compactMap { $0 }
  return parts.joined(separator: ", ")
}
