package import AssetCore

/// Findings as workflow commands, which GitHub shows as annotations on the lines of a change; the last line is the
/// summary.
///
/// The form is that of `actions/toolkit`, `docs/commands.md`.
package func gitHubText(of report: FindingsReport) -> String {
  let lines = report.findings.filter(\.isNotable).map { finding in
    var properties = [("title", "assetctl \(report.command): \(finding.title)")]
    if let place = finding.place {
      properties =
        [("file", place.file)] + [("line", String(place.line ?? 1))]
        + (place.column.map { [("col", String($0))] } ?? []) + properties
    }
    let text = ([finding.message] + finding.details).joined(separator: "\n")
    let list = properties.map { "\($0)=\(escapedProperty($1))" }.joined(separator: ",")
    return "::\(command(of: finding.level)) \(list)::\(escaped(text))\n"
  }
  return lines.joined() + printable(report.summary) + "\n"
}

private func command(of level: Finding.Level) -> String {
  switch level {
  case .error: "error"
  case .warning: "warning"
  case .note, .passed, .skipped: "notice"
  }
}

private func escaped(_ text: String) -> String {
  text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
}

private func escapedProperty(_ text: String) -> String {
  escaped(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
}

extension Finding {
  /// The asset, and the check if there is one.
  var title: String { check.map { "\(subject), \($0)" } ?? subject }
}
