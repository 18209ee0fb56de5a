package import AssetCore

/// Findings as GitLab's code quality reports have them: a list of what is wrong, each with a fingerprint by which
/// a merge request tells what is new.
///
/// The form is that of GitLab's documentation, "Code Quality report format".
package func gitLabJSON(of report: FindingsReport) -> String {
  var seen: [String: Int] = [:]
  return jsonText(
    of: report.findings.filter(\.isNotable).map { finding in
      let base = finding.fingerprint(in: report)
      let count = seen[base, default: 0]
      seen[base] = count + 1
      return Issue(
        description: finding.message, checkName: finding.ruleID(in: report),
        fingerprint: count == 0 ? base : "\(base)-\(count)", severity: severity(of: finding),
        location: Location(
          path: finding.place?.file ?? "assetctl.yml",
          lines: Lines(begin: finding.place?.line ?? 1)))
    })
}

private struct Issue: Encodable {
  var description: String
  var checkName: String
  var fingerprint: String
  var severity: String
  var location: Location
}

private struct Location: Encodable {
  var path: String
  var lines: Lines
}

private struct Lines: Encodable { var begin: Int }

private func severity(of finding: Finding) -> String {
  switch finding.level {
  case .error: finding.rule == "problem" ? "blocker" : "critical"
  case .warning: "major"
  case .note, .passed, .skipped: "info"
  }
}

extension Finding {
  /// The stable name of what kind of finding it is.
  func ruleID(in report: FindingsReport) -> String { "assetctl/\(report.command)/\(rule)" }

  /// The same for the same finding in another run, whatever the numbers in its message.
  func fingerprint(in report: FindingsReport) -> String {
    let parts = [ruleID(in: report), subject, check ?? "", place?.file ?? ""]
    let text = parts.joined(separator: "\u{1F}")
    return String(ContentDigest(fileBytes: Array(text.utf8)).rawValue.split(separator: ":")[1])
  }
}
