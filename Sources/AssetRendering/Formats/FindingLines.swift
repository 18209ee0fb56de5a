package import AssetCore

// `status` and `check` as JSON Lines.

/// The lines of `status --format jsonl`: one for each asset, with the keys that it has in `--format json`, and one that
/// ends them.
package func jsonLines(
  of report: StatusReport, exitCode: Int32, at time: Timestamp
) -> String {
  StatusDocument(report).assets.map { line("asset_status", time, $0) }.joined()
    + line(
      "status_ended", time,
      StatusEnd(
        project: report.project, summary: StatusSummary(of: report.count(_:)), exitCode: exitCode))
}

/// The lines of `check --format jsonl`.
package func jsonLines(
  of report: CheckReport, exitCode: Int32, at time: Timestamp
) -> String {
  let document = ChecksDocument(report)
  return document.assets.map { line("asset_checked", time, $0) }.joined()
    + line(
      "check_ended", time,
      CheckEnd(project: report.project, summary: document.summary, exitCode: exitCode))
}

private struct StatusEnd: Encodable {
  var project: String
  var summary: StatusSummary
  var exitCode: Int32
}

private struct CheckEnd: Encodable {
  var project: String
  var summary: ChecksDocument.Summary
  var exitCode: Int32
}
