package import AssetCore

/// What was cleaned, a line for each output, and the counts.
///
/// - Parameters:
///   - report: The report.
///   - style: How it is to look.
/// - Returns: The text, each line ended.
package func text(of report: CleanReport, style: TextStyle = .plain) -> String {
  let items = report.entries.flatMap { entry in entry.items.map { (entry.asset, $0) } }
  let remove = report.isDryRun ? "remove" : "removed"
  let lines = aligned(
    items.map { asset, item in
      [word(for: item.fate, remove: remove), asset.name, explanation(of: item)]
    }, style: style,
    role: { row, column in
      guard column == 0 else { return nil }
      if case .kept = items[row].1.fate { return .attention }
      return .quiet
    })
  return lines + (items.isEmpty ? "" : "\n") + summary(of: report) + "\n"
}

/// What is said of assets that are no longer declared, as a line; nothing if there are none.
package func undeclaredText(_ keys: [AssetKey]) -> String {
  guard !keys.isEmpty else { return "" }
  let shown = keys.prefix(10).map(\.name).joined(separator: ", ")
  let more = keys.count > 10 ? " and \(grouped(keys.count - 10)) more" : ""
  let isOne = keys.count == 1
  return
    "\(counted(keys.count, "asset")) \(isOne ? "is" : "are") no longer declared: \(shown)\(more)"
    + " (\(isOne ? "its output is" : "their outputs are") kept; "
    + "`assetctl clean` removes \(isOne ? "it" : "them"))\n"
}

private func word(for fate: CleanReport.Fate, remove: String) -> String {
  switch fate {
  case .removed: remove
  case .missing: "missing"
  case .kept: "kept"
  }
}

private func explanation(of item: CleanReport.Item) -> String {
  let output =
    switch item.output {
    case .table: "the table"
    case .file(let path): path
    }
  switch item.fate {
  case .removed, .missing: return output
  case .kept(.altered): return "\(output), because it is not what was published"
  case .kept(.declared(let key)): return "\(output), because it belongs to `\(key)`"
  case .kept(.read(by: .asset(let key))): return "\(output), because `\(key)` reads it"
  case .kept(.read(by: .view(let name))):
    return "\(output), because the view `\(name)` reads it"
  case .kept(.read(by: .project)): return "\(output), because a file of the project names it"
  case .kept(.history):
    return "\(output), because it holds the history of a snapshot; `--snapshots` removes it"
  case .kept(.outside): return "\(output), because a link leads out of the project"
  }
}

private func summary(of report: CleanReport) -> String {
  let fates = report.entries.flatMap { $0.items.map(\.fate) }
  let removed = fates.count { $0 == .removed }
  let missing = fates.count { $0 == .missing }
  let kept = fates.count - removed - missing
  var parts: [String] = []
  if removed > 0 { parts.append("\(counted(removed, "output")) removed") }
  if missing > 0 { parts.append("\(grouped(missing)) missing") }
  if kept > 0 { parts.append("\(grouped(kept)) kept") }
  if !report.runs.isEmpty { parts.append("\(counted(report.runs.count, "old run")) removed") }
  guard !parts.isEmpty else { return "nothing to clean" }
  return parts.joined(separator: ", ")
    + (report.isDryRun ? " (nothing yet: this is a dry run)" : "")
}
