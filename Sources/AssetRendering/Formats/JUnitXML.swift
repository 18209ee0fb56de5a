package import AssetCore

/// Findings as a JUnit report: a suite with a case for each asset and for each of its checks.
///
/// There is no standard; this is what the schema of Ant's reports (`JUnit.xsd` of windyroad) asks for, and Jenkins,
/// GitLab and GitHub's readers take.
///
/// - Parameters:
///   - report: The findings.
///   - time: When they were found.
///   - host: The machine's name.
/// - Returns: The document.
package func junitXML(of report: FindingsReport, at time: Timestamp, host: String) -> String {
  let findings = report.findings
  let failures = findings.count { $0.level == .warning && $0.failsCase || $0.isFailure }
  let errors = findings.count(where: \.isError)
  let skipped = findings.count { $0.level == .skipped }
  let seconds = findings.reduce(0) { $0 + ($1.durationMilliseconds ?? 0) }
  var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  text += "<testsuites>\n"
  text +=
    "  <testsuite id=\"0\" package=\(quoted(report.project)) name=\(quoted("assetctl " + report.command))"
  text +=
    " timestamp=\"\(time.rfc3339.prefix(19))\" hostname=\(quoted(host.isEmpty ? "localhost" : host))"
  text +=
    " tests=\"\(findings.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
  text += " time=\"\(secondsText(seconds))\">\n    <properties/>\n"
  for finding in findings { text += testCase(finding, report.command) }
  text += "    <system-out>\(escaped(report.summary))</system-out>\n    <system-err/>\n"
  return text + "  </testsuite>\n</testsuites>\n"
}

private func testCase(_ finding: Finding, _ command: String) -> String {
  let name = finding.check ?? command
  var text = "    <testcase classname=\(quoted(finding.subject)) name=\(quoted(name))"
  text += " time=\"\(secondsText(finding.durationMilliseconds ?? 0))\""
  let body = escaped(
    ((finding.place.map { ["\($0)"] } ?? []) + [finding.message] + finding.details)
      .joined(separator: "\n"))
  let attributes = "message=\(quoted(finding.message)) type=\(quoted(finding.rule))"
  if finding.isError {
    text += ">\n      <error \(attributes)>\(body)</error>\n    </testcase>\n"
  } else if finding.isFailure || finding.failsCase {
    text += ">\n      <failure \(attributes)>\(body)</failure>\n    </testcase>\n"
  } else if finding.level == .skipped {
    text += ">\n      <skipped/>\n    </testcase>\n"
  } else {
    text += "/>\n"
  }
  return text
}

extension Finding {
  /// A check that does not pass is a failure; what could not be made or looked at is an error.
  fileprivate var isFailure: Bool { level == .error && rule == "check" }

  fileprivate var isError: Bool { level == .error && rule != "check" }

  /// Whether a warning is why the command does not end with 0.
  fileprivate var failsCase: Bool { level == .warning && ["stale", "waiting"].contains(rule) }
}

private func secondsText(_ milliseconds: Int64) -> String {
  let rest = String(milliseconds % 1000)
  return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
}

private func quoted(_ text: String) -> String {
  // Line ends would be read as spaces.
  "\"" + escaped(text).replacing("\"", with: "&quot;").replacing("\n", with: "&#10;") + "\""
}

/// What XML 1.0 lets no document hold becomes the replacement character.
private func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\t", "\n": result.unicodeScalars.append(scalar)
    case _ where scalar.value < 0x20 || (0xFFFE...0xFFFF).contains(scalar.value):
      result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
