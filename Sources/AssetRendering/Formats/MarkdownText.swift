package import AssetCore

/// Findings in Markdown, for a summary page or a comment: what is wrong as a table, and the rest as a count.
package func markdownText(of report: FindingsReport) -> String {
  var text = "### assetctl \(report.command): \(cell(report.project))\n\n\(cell(report.summary))\n"
  let notable = report.findings.filter { $0.level != .passed }
  guard !notable.isEmpty else { return text }
  text += "\n| | Asset | What | Where |\n|---|---|---|---|\n"
  for finding in notable {
    let place = finding.place.map { "`\($0)`" } ?? ""
    text +=
      "| \(symbol(of: finding.level)) | \(cell(finding.subject)) | \(cell(finding.message)) | \(cell(place)) |\n"
  }
  let detailed = notable.filter { !$0.details.isEmpty }
  for finding in detailed {
    text += "\n<details><summary>\(cell(finding.title))</summary>\n\n"
    text += fenced(finding.details.joined(separator: "\n")) + "\n</details>\n"
  }
  return text
}

private func symbol(of level: Finding.Level) -> String {
  switch level {
  case .error: "❌ error"
  case .warning: "⚠️ warning"
  case .note: "ℹ️ note"
  case .skipped: "⏭️ skipped"
  case .passed: "✅ passed"
  }
}

/// A text for a cell of a table: on one line, and with what Markdown and HTML would take for their own outside
/// of code.
private func cell(_ text: String) -> String {
  var result = ""
  var isCode = false
  for character in printable(text) {
    switch character {
    case "`":
      isCode.toggle()
      result.append(character)
    case "|": result += "\\|"
    case "\n", "\r\n": result += " "
    case "<" where !isCode: result += "&lt;"
    case "*", "_", "[", "]": result += isCode ? "\(character)" : "\\\(character)"
    default: result.append(character)
    }
  }
  return result
}

/// A block of code, with a fence that the text does not hold.
private func fenced(_ text: String) -> String {
  var fence = "```"
  while text.contains(fence) { fence += "`" }
  return "\(fence)\n\(text)\n\(fence)\n"
}
