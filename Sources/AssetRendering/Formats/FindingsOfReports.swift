package import AssetCore

// What reports tell, as findings.

/// What `status` found: of each asset whether it is fresh, and of each late source that it is.
package func findings(of report: StatusReport) -> FindingsReport {
  let found = report.entries.flatMap { entry -> [Finding] in
    let name = entry.asset.key.name
    var findings: [Finding] = []
    if entry.counts {
      let kind = entry.status.kind
      let why = explanation(of: entry)
      findings.append(
        Finding(
          name, kind.level, rule: kind.rawValue,
          "`\(name)` is \(kind.inWords)\(why.isEmpty ? "" : ": \(why)")", at: entry.asset.place))
    }
    if let freshness = entry.freshness, entry.isLate {
      findings.append(
        Finding(
          name, freshness.outcome == .error ? .error : .warning, rule: "freshness",
          "the source `\(name)` is late: \(freshness.inWords)", at: entry.asset.place))
    }
    return findings
  }
  return FindingsReport(
    command: "status", project: report.project, summary: summary(of: report), findings: found)
}

/// What came of a run: of each asset, and of each check.
///
/// - Parameters:
///   - report: The run.
///   - assets: The assets, for their places.
/// - Returns: The findings.
package func findings(
  of report: RunReport, assets: (AssetKey) -> Asset?
) -> FindingsReport {
  let parts = report.assets.flatMap { result in
    [result] + (result.partitions ?? []).filter { $0.outcome != .fresh }
  }
  let found = parts.flatMap { result -> [Finding] in
    let asset = assets(result.key.asset)
    let name = result.key.name
    var own = Finding(
      name, result.outcome.level, rule: result.outcome.rawValue, outcomeText(of: result),
      at: asset?.place, durationMilliseconds: result.durationMilliseconds)
    if result.outcome == .failed, result.partitions == nil, let failure = result.failure {
      own = Finding(failure, of: name, rule: "failed", otherwise: asset?.place)
      own.durationMilliseconds = result.durationMilliseconds
    }
    return [own]
      + result.checks.map { Finding($0, of: name, at: asset?.place(ofCheck: $0.name)) }
      + result.warnings.map { Finding($0, of: name, rule: "warning", otherwise: asset?.place) }
  }
  return FindingsReport(
    command: "materialize", project: report.project,
    summary: String(summary(of: report).prefix { $0 != "\n" }), findings: found)
}

/// What checks of published tables found.
///
/// - Parameters:
///   - report: The results.
///   - assets: The assets, for their places.
/// - Returns: The findings.
package func findings(
  of report: CheckReport, assets: (AssetKey) -> Asset?
) -> FindingsReport {
  let found = report.entries.flatMap { entry -> [Finding] in
    let asset = assets(entry.asset)
    if let problem = entry.problem {
      return [
        Finding(
          entry.asset.name, .error, rule: "problem",
          "`\(entry.asset)` could not be checked: \(problem)", at: asset?.place)
      ]
    }
    return entry.results.map {
      Finding($0, of: entry.asset.name, at: asset?.place(ofCheck: $0.name))
    }
  }
  return FindingsReport(
    command: "check", project: report.project,
    summary: summary(of: report), findings: found)
}

/// What is wrong with a project.
package func findings(of report: ValidationReport) -> FindingsReport {
  let project = report.project ?? "project"
  let summary = "\(counted(report.assetCount, "asset")), \(counted(report.errorCount, "error"))"
  let passed = Finding(project, .passed, rule: "problem", "nothing is wrong with the project")
  return FindingsReport(
    command: "validate", project: project,
    summary: report.warningCount == 0
      ? summary : summary + ", \(counted(report.warningCount, "warning"))",
    findings: report.problems.isEmpty ? [passed] : Finding.problems(report.problems))
}

/// What came of an asset, in words.
private func outcomeText(of result: StepResult) -> String {
  let name = "`\(result.key)`"
  return switch result.outcome {
  case .materialized, .unchanged:
    "\(name) was \(result.outcome == .unchanged ? "materialized, with the content that it had" : "materialized")"
      + (result.rows.map { ": \(counted($0, "row"))" } ?? "")
  case .fresh: "\(name) is fresh"
  case .failed: "\(name) failed" + (result.failure.map { ": \($0.summary)" } ?? "")
  case .skipped: "\(name) was skipped because `\(result.because?.name ?? "an input")` failed"
  case .cancelled: "\(name) was cancelled"
  }
}

extension AssetStatus.Kind {
  /// What it means for who waits for the answer; what is to be done is a warning, and what somebody has
  /// to look at an error.
  fileprivate var level: Finding.Level {
    switch self {
    case .fresh: .passed
    case .stale, .waiting: .warning
    case .failed, .unknown: .error
    }
  }

  fileprivate var inWords: String {
    switch self {
    case .fresh, .stale, .unknown: rawValue
    case .waiting: "waiting"
    case .failed: "not up to date, since its last attempt failed"
    }
  }
}

extension Outcome {
  fileprivate var level: Finding.Level {
    switch self {
    case .materialized, .unchanged, .fresh: .passed
    case .failed: .error
    case .skipped, .cancelled: .skipped
    }
  }
}
