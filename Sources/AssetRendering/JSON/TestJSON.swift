package import AssetCore

/// The document of `test --format json`.
package func json(of report: TestReport) -> String {
  jsonText(of: TestDocument(report))
}

/// The document of `test --generate --format json`.
package func json(of test: GeneratedTest) -> String {
  jsonText(of: GeneratedTestDocument(test))
}

private struct TestDocument: Encodable {
  struct Summary: Encodable {
    var ok, failed: Int
  }

  var version = 1
  var command = "test"
  var project: String
  var durationMs: Int64
  var summary: Summary
  var tests: [TestResultDocument]

  init(_ report: TestReport) {
    project = report.project
    durationMs = report.durationMilliseconds
    summary = Summary(
      ok: report.results.count - report.failedCount, failed: report.failedCount)
    tests = report.results.map(TestResultDocument.init)
  }
}

private struct TestResultDocument: Encodable {
  struct Changed: Encodable {
    var expected: [CellDocument]
    var actual: [CellDocument]
  }

  var test: String
  var asset: String
  var description: String?
  var file: String
  var line: Int?
  var outcome: String
  /// Why the query could not be compared.
  var error: String?
  /// The columns that were compared, of a test whose rows differ.
  var columns: [String]?
  var missing: [[CellDocument]]?
  var unexpected: [[CellDocument]]?
  var changed: [Changed]?
  var isReordered: Bool?

  init(_ result: TestResult) {
    test = result.name
    asset = result.asset.name
    description = result.description
    file = result.place.file
    line = result.place.line
    outcome = result.failure == nil ? "ok" : "failed"
    switch result.failure {
    case nil: break
    case .refused(let diagnostic): error = diagnostic.summary
    case .columns(let missing, let unexpected):
      let parts =
        missing.map { "no column `\($0.name)`" } + unexpected.map { "a column `\($0)` more" }
      error = "the result has " + listed(parts)
    case .rows(let difference): describe(difference)
    }
  }

  private mutating func describe(_ difference: RowDifference) {
    columns = difference.columns
    isReordered = difference.isReordered
    var missing: [[CellDocument]] = []
    var unexpected: [[CellDocument]] = []
    var changed: [Changed] = []
    for change in difference.changes {
      switch change {
      case .missing(let row): missing.append(difference.expected[row].map(CellDocument.init))
      case .unexpected(let row): unexpected.append(difference.actual[row].map(CellDocument.init))
      case .changed(let row, let other):
        changed.append(
          Changed(
            expected: difference.expected[row].map(CellDocument.init),
            actual: difference.actual[other].map(CellDocument.init)))
      }
    }
    self.missing = missing
    self.unexpected = unexpected
    self.changed = changed
  }
}

private struct GeneratedTestDocument: Encodable {
  struct Given: Encodable {
    var input: String
    var rows: Int
  }

  struct Generated: Encodable {
    var test: String
    var asset: String
    var file: String
    var given: [Given]
    var rows: Int
    var masked: [String]
    var unstable: [String]
  }

  var version = 1
  var command = "test"
  var generated: Generated

  init(_ test: GeneratedTest) {
    generated = Generated(
      test: test.name, asset: test.asset.name, file: test.file,
      given: test.given.map { Given(input: $0.input.name, rows: $0.rows) }, rows: test.expected,
      masked: test.masked.map { "\($0.asset).\($0.column)" }, unstable: test.unstable)
  }
}
