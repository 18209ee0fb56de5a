/// What came of one asset in a run.
package enum Outcome: String, Sendable, Codable, CaseIterable {
  /// Computed and published, with other content than before.
  case materialized
  /// Computed and published, with the same content as before.
  case unchanged
  /// Nothing had to be done.
  case fresh
  case failed
  /// Not tried, because something upstream failed.
  case skipped
  /// Stopped before its end.
  case cancelled
}

/// What came of one asset, and why.
package struct StepResult: Equatable, Sendable {
  package var key: AssetKey
  package var outcome: Outcome
  package var causes: [StaleCause]
  package var rows: Int?
  package var durationMilliseconds: Int64?
  /// Of a failed asset, what is the case.
  package var failure: Diagnostic?
  /// Of a skipped asset, the one whose failure stood in the way.
  package var because: AssetKey?
  /// What the checks of the candidate gave.
  package var checks: [CheckResult]
  /// What its maker should know although it was published.
  package var warnings: [Diagnostic]
  /// What became of the rows that were there, of a table that went on from them.
  package var changes: RowChanges?
  /// What came of those of its partitions that were looked at again, in order; `nil` if it is made as a
  /// whole.
  package var partitions: [StepResult]?

  package init(
    _ key: AssetKey, _ outcome: Outcome, causes: [StaleCause] = [], rows: Int? = nil,
    durationMilliseconds: Int64? = nil, failure: Diagnostic? = nil, because: AssetKey? = nil,
    checks: [CheckResult] = [], warnings: [Diagnostic] = [], changes: RowChanges? = nil
  ) {
    self.key = key
    self.outcome = outcome
    self.causes = causes
    self.rows = rows
    self.durationMilliseconds = durationMilliseconds
    self.failure = failure
    self.because = because
    self.checks = checks
    self.warnings = warnings
    self.changes = changes
  }
}

extension StepResult {
  /// What came of an asset with partitions.
  ///
  /// - Parameters:
  ///   - key: The asset.
  ///   - partitions: What came of those that were to be made.
  ///   - rows: How many rows the whole table has, if that is known.
  package init(_ key: AssetKey, partitions: [StepResult], rows: Int? = nil) {
    let kinds: [Outcome] = [.failed, .cancelled, .skipped, .materialized, .unchanged]
    let outcome = kinds.first { kind in partitions.contains { $0.outcome == kind } } ?? .fresh
    var seen: Set<StaleCause> = []
    let durations = partitions.compactMap(\.durationMilliseconds)
    self.init(
      key, outcome, causes: partitions.flatMap(\.causes).filter { seen.insert($0).inserted },
      rows: rows, durationMilliseconds: durations.isEmpty ? nil : durations.reduce(0, +),
      failure: partitions.first { $0.outcome == .failed }?.failure,
      because: outcome == .skipped ? partitions.first { $0.outcome == .skipped }?.because : nil)
    self.partitions = partitions
  }
}

/// A failure after which it is tried again.
package struct Retry: Equatable, Sendable {
  package var key: AssetKey
  /// How often it was tried.
  package var tries: Int
  /// How often it is tried at most.
  package var mostTries: Int
  package var delayMilliseconds: Int64
  package var failure: Diagnostic

  package init(
    _ key: AssetKey, tries: Int, mostTries: Int, delayMilliseconds: Int64, failure: Diagnostic
  ) {
    self.key = key
    self.tries = tries
    self.mostTries = mostTries
    self.delayMilliseconds = delayMilliseconds
    self.failure = failure
  }
}

/// What happens in a run, as it happens.
package enum RunEvent: Sendable {
  /// The project's lock is held by another process.
  case waitingForLock(String)
  case planned(run: String, MaterializationPlan)
  /// Something is to be said of a source that is built on.
  case warning(Diagnostic)
  /// An asset is being made; how long that took the last time, if it was made before.
  case started(AssetKey, expectedMilliseconds: Int64? = nil)
  case retrying(Retry)
  case finished(StepResult)
}

/// Why there is nothing to try again.
package enum NothingToRetry: Equatable, Sendable {
  case noRun
  /// Nothing failed, was skipped or was cancelled in the last run.
  case allDone(run: String)
  /// Something did, and nothing of it is selected, or declared at all.
  case notSelected(run: String)
}

/// What came of a run.
package struct RunReport: Equatable, Sendable {
  package enum Outcome: String, Sendable, Codable {
    case succeeded, failed, cancelled
  }

  package var project: String
  /// `nil` for a run that had nothing to do, of which nothing is recorded.
  package var run: String?
  package var outcome: Outcome
  /// Inputs before readers; assets that were fresh are among them.
  package var assets: [StepResult]
  package var durationMilliseconds: Int64
  /// Assets upstream that are not fresh and that the run was not to materialize.
  package var leftOut: [AssetKey]
  /// The assets that were materialized earlier and are no longer declared, by name.
  package var undeclared: [AssetKey]
  /// The cancelled assets that were not begun, in the order of the plan.
  package var notStarted: [AssetKey]
  /// Why a run that was to try again did nothing.
  package var nothingToRetry: NothingToRetry?

  package init(
    project: String, run: String?, outcome: Outcome, assets: [StepResult],
    durationMilliseconds: Int64, leftOut: [AssetKey] = [], undeclared: [AssetKey] = [],
    notStarted: [AssetKey] = [], nothingToRetry: NothingToRetry? = nil
  ) {
    self.project = project
    self.run = run
    self.outcome = outcome
    self.assets = assets
    self.durationMilliseconds = durationMilliseconds
    self.leftOut = leftOut
    self.undeclared = undeclared
    self.notStarted = notStarted
    self.nothingToRetry = nothingToRetry
  }

  /// The assets that the run was to bring up to date and did not, and which of their partitions.
  package var unfinished: [AssetKey] {
    assets.flatMap { [$0] + ($0.partitions ?? []) }
      .filter { [.failed, .skipped, .cancelled].contains($0.outcome) }.map(\.key)
  }

  package func count(_ outcome: AssetCore.Outcome) -> Int {
    assets.count { $0.outcome == outcome }
  }
}
