package import AssetCore

/// The document of `materialize --format json`.
package func json(of report: RunReport) -> String {
  jsonText(of: RunDocument(report))
}

/// The document of `runs --format json`.
package func json(of runs: [RunRecord], project: String) -> String {
  jsonText(of: RunsDocument(runs, project: project))
}

/// The document of `runs RUN --format json`: that of `runs` with one run, and the reasons of what came of
/// its assets.
package func json(of details: RunDetails, project: String) -> String {
  jsonText(of: RunsDocument(details, project: project))
}

/// The document of `logs --format json`: where the logs are, and what they hold.
package func json(ofLogs logs: [(asset: String, path: String, text: String)]) -> String {
  jsonText(
    of: LogsDocument(
      logs: logs.map { log in
        let key = AssetKey(trusted: log.asset)
        return LogsDocument.Log(
          asset: key.asset.name, partition: key.partition, path: log.path, text: log.text)
      }))
}

private struct RunDocument: Encodable {
  var version = 1
  var command = "materialize"
  var project: String
  var run: String?
  var outcome: RunReport.Outcome
  var durationMs: Int64
  var assets: [ResultDocument]
  var notStarted: [String]
  var orphaned: [String]

  init(_ report: RunReport) {
    notStarted = report.notStarted.map(\.name)
    project = report.project
    orphaned = report.undeclared.map(\.name)
    run = report.run
    outcome = report.outcome
    durationMs = report.durationMilliseconds
    assets = report.assets.map { ResultDocument($0) }
  }
}

/// What came of one asset, as documents and events have it.
struct ResultDocument: Encodable {
  var asset: String?
  var partition: String?
  var outcome: Outcome
  var rows: Int?
  var rowsAdded: Int?
  var rowsUpdated: Int?
  var rowsRemoved: Int?
  var durationMs: Int64?
  var causes: [CauseDocument]?
  var checks: [CheckDocument]?
  var warnings: [WarningDocument]?
  var error: String?
  var details: [String]?
  var because: String?
  var partitionCount: Int?
  var partitions: [ResultDocument]?

  /// - Parameters:
  ///   - result: What came of it.
  ///   - isPart: Whether it stands among the partitions of its asset.
  init(_ result: StepResult, isPart: Bool = false) {
    let isDone = result.outcome == .materialized || result.outcome == .unchanged
    asset = isPart ? nil : result.key.asset.name
    partition = result.key.partition
    partitions = result.partitions?.filter { $0.outcome != .fresh }
      .map { ResultDocument($0, isPart: true) }
    partitionCount = result.partitionCount
    outcome = result.outcome
    rows = result.rows
    rowsAdded = result.changes?.added
    rowsUpdated = result.changes?.updated
    rowsRemoved = result.changes?.removed
    durationMs = result.durationMilliseconds
    causes = result.outcome == .skipped ? nil : result.causes.map { CauseDocument($0) }
    checks = isDone || !result.checks.isEmpty ? result.checks.map { CheckDocument($0) } : nil
    let warnings = result.warnings.map(WarningDocument.init)
    self.warnings = warnings.isEmpty ? nil : warnings
    error = result.failure.map(errorText)
    details = result.failure.map(facts)
    because = result.because?.name
  }
}

/// Something to be said, as documents and events have it.
struct WarningDocument: Encodable {
  var warning: String
  var details: [String]
  var hint: String?

  init(_ diagnostic: Diagnostic) {
    warning = errorText(diagnostic)
    details = facts(of: diagnostic)
    hint = diagnostic.hint
  }
}

private func facts(of problem: Diagnostic) -> [String] {
  problem.facts.map { $0.label.isEmpty ? $0.text : "\($0.label): \($0.text)" }
}

/// What a check found.
struct CheckDocument: Encodable {
  var check: String
  var passed: Bool
  var severity: CheckResult.Severity
  var message: String?
  var failures: Int?
  var sample: RowSample?
  var metadata: Metadata?

  init(_ result: CheckResult) {
    check = result.name
    passed = result.passed
    severity = result.severity
    message = result.message
    failures = result.failures
    sample = result.sample
    metadata = result.metadata.isEmpty ? nil : result.metadata
  }
}

/// A failure's one line, with its place.
func errorText(_ failure: Diagnostic) -> String {
  (failure.place.map { "\($0): " } ?? "") + failure.summary
}

private struct RunsDocument: Encodable {
  struct Metric: Encodable {
    var value: Double?
    var previous: Double?
  }

  struct Asset: Encodable {
    var asset: String?
    var partition: String?
    var outcome: String?
    var error: String?
    var tries: Int
    var startedAt: String?
    var durationMs: Int64?
    var metrics: [String: Metric]?
    var causes: [CauseDocument]?
    var checks: [CheckDocument]?
    var log: String?
    var because: String?
    var partitions: [Asset]?

    /// - Parameters:
    ///   - record: What came of it.
    ///   - findings: The reasons, of a run that was asked for by name.
    init(_ record: RunRecord.AssetRecord, _ findings: [AssetKey: RunDetails.Finding] = [:]) {
      let isPart = record.asset.partition != nil
      asset = isPart ? nil : record.asset.name
      partition = record.asset.partition
      partitions =
        record.partitions.isEmpty ? nil : record.partitions.map { Asset($0, findings) }
      if let finding = findings[record.asset] {
        causes = finding.causes.map { CauseDocument($0) }
        checks = finding.checks.map { CheckDocument($0) }
        log = finding.log
      }
      outcome = record.outcome?.rawValue
      error = record.error
      tries = record.tries
      startedAt = record.startedAt.rfc3339
      durationMs = record.endedAt?.milliseconds(since: record.startedAt)
      let metrics = record.metrics.map {
        ($0.name, Metric(value: $0.value, previous: $0.previous))
      }
      self.metrics = metrics.isEmpty ? nil : Dictionary(metrics) { first, _ in first }
    }

    /// What was not tried; of assets with partitions each stands for itself.
    init(_ untried: RunRecord.Untried) {
      asset = untried.asset.asset.name
      partition = untried.asset.partition
      outcome = untried.outcome.rawValue
      tries = 0
      because = untried.because?.name
    }
  }

  struct Run: Encodable {
    var run: String
    var command: String
    var outcome: String?
    var startedAt: String
    var durationMs: Int64?
    var atLeastMs: Int64?
    var assets: [Asset]

    init(_ record: RunRecord, assets: [Asset]) {
      run = record.id
      command = record.command
      outcome = record.outcome
      startedAt = record.startedAt.rfc3339
      durationMs = record.endedAt?.milliseconds(since: record.startedAt)
      atLeastMs = record.outcome == nil ? nil : record.knownMilliseconds
      self.assets = assets
    }
  }

  var version = 1
  var command = "runs"
  var project: String
  var runs: [Run]

  init(_ runs: [RunRecord], project: String) {
    self.project = project
    self.runs = runs.map { run in Run(run, assets: run.assets.map { Asset($0) }) }
  }

  init(_ details: RunDetails, project: String) {
    self.project = project
    let tried = details.run.assets.map { Asset($0, details.findings) }
    runs = [Run(details.run, assets: tried + details.untried.map { Asset($0) })]
  }
}

private struct LogsDocument: Encodable {
  struct Log: Encodable {
    var asset: String
    var partition: String?
    var path: String
    var text: String
  }

  var version = 1
  var command = "logs"
  var logs: [Log]
}
