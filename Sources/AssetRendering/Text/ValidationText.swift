package import AssetCore

/// All problems of a project, and how many there are.
package func text(of report: ValidationReport, style: TextStyle = .plain) -> String {
  let assets = counted(report.assetCount, "asset")
  guard !report.problems.isEmpty else { return "\(assets), nothing is wrong\n" }
  var counts: [String] = []
  if report.errorCount > 0 { counts.append(counted(report.errorCount, "error")) }
  if report.warningCount > 0 { counts.append(counted(report.warningCount, "warning")) }
  return text(of: report.problems, style: style) + "\n\(listed(counts)) in \(assets)\n"
}
