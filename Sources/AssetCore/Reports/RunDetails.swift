/// One run with the reasons of all that came of it.
package struct RunDetails: Equatable, Sendable {
  /// What is known of the last try of one asset, beside its outcome.
  package struct Finding: Equatable, Sendable {
    /// Why it was tried.
    package var causes: [StaleCause]
    /// What the checks of what was made gave, published or not.
    package var checks: [CheckResult]
    /// The path of the program's log relative to the project, if it is still there.
    package var log: String?

    package init(causes: [StaleCause] = [], checks: [CheckResult] = [], log: String? = nil) {
      self.causes = causes
      self.checks = checks
      self.log = log
    }
  }

  package var run: RunRecord
  /// By asset or partition.
  package var findings: [AssetKey: Finding]
  /// What the run was to bring up to date and did not try.
  package var untried: [RunRecord.Untried]

  package init(
    run: RunRecord, findings: [AssetKey: Finding] = [:], untried: [RunRecord.Untried] = []
  ) {
    self.run = run
    self.findings = findings
    self.untried = untried
  }
}

extension RunRecord {
  /// Something that a run was to bring up to date and did not try.
  package struct Untried: Equatable, Sendable {
    package var asset: AssetKey
    /// Skipped or cancelled.
    package var outcome: Outcome
    /// Of what was skipped, the asset whose failure stood in the way.
    package var because: AssetKey?

    package init(asset: AssetKey, outcome: Outcome, because: AssetKey? = nil) {
      self.asset = asset
      self.outcome = outcome
      self.because = because
    }
  }
}

extension RunReport {
  /// What of the plan was not tried, assets with partitions by these.
  package var untried: [RunRecord.Untried] {
    var untried: [RunRecord.Untried] = []
    for result in assets.flatMap({ $0.partitions ?? [$0] }) {
      // What was begun has a record of its own.
      let isCutShort = result.outcome == .cancelled && result.durationMilliseconds == nil
      guard isCutShort || result.outcome == .skipped else { continue }
      untried.append(
        RunRecord.Untried(asset: result.key, outcome: result.outcome, because: result.because))
    }
    return untried
  }
}

/// The last attempt on an asset, when it failed.
package struct FailedAttempt: Equatable, Sendable {
  package var run: String
  /// When it ended.
  package var at: Timestamp
  package var error: String?
  /// What the checks of what it made gave; empty if it did not come to them.
  package var checks: [CheckResult]

  package init(run: String, at: Timestamp, error: String?, checks: [CheckResult]) {
    self.run = run
    self.at = at
    self.error = error
    self.checks = checks
  }
}
