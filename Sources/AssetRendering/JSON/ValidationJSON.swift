package import AssetCore

/// The document of `validate --format json`.
package func json(of report: ValidationReport) -> String {
  jsonText(of: ValidationDocument(report))
}

private struct ValidationDocument: Encodable {
  struct Summary: Encodable {
    var assets: Int
    var errors: Int
    var warnings: Int
  }

  struct Problem: Encodable {
    var severity: String
    var message: String
    var file: String?
    var line: Int?
    var column: Int?
    var hint: String?
    var facts: [Fact]?
  }

  struct Fact: Encodable {
    var label: String
    var text: String
  }

  var version = 1
  var command = "validate"
  var project: String?
  var outcome: String
  var summary: Summary
  var problems: [Problem]

  init(_ report: ValidationReport) {
    project = report.project
    outcome = report.errorCount > 0 ? "failed" : "passed"
    summary = Summary(
      assets: report.assetCount, errors: report.errorCount, warnings: report.warningCount)
    problems = report.problems.map { problem in
      Problem(
        severity: problem.severity == .error ? "error" : "warning", message: problem.summary,
        file: problem.place?.file, line: problem.place?.line, column: problem.place?.column,
        hint: problem.hint,
        facts: problem.facts.isEmpty
          ? nil : problem.facts.map { Fact(label: $0.label, text: $0.text) })
    }
  }
}
