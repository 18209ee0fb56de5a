package import AssetCore
import GRDB

extension StateStore {
  /// What a run found out about each asset that it tried, by the last try, and what it did not try.
  ///
  /// - Parameter run: The run, as ``runs(limit:)`` and its kin give it.
  /// - Throws: A ``StateError`` if the store cannot be read.
  /// - Returns: The run with all that is recorded of it.
  package func details(of run: RunRecord) throws -> RunDetails {
    try read { database in
      let untried = try Row.fetchOne(
        database, sql: "select untried from run where id = ?", arguments: [run.id]
      )?.decodedIfAny(0, as: [RecordedUntried].self)
      let attempts = try Row.fetchAll(
        database,
        sql: """
          select max(id), asset, causes from attempt where run_id = ? and target = ? group by asset
          """, arguments: [run.id, target])
      var found: [AssetKey: RunDetails.Finding] = [:]
      for row in attempts {
        let causes = try row.decoded(2, as: [RecordedCause].self)
        found[try row.key(1)] = RunDetails.Finding(
          causes: causes.compactMap(\.cause),
          checks: try checks(of: try row.integer(0), in: database))
      }
      return RunDetails(
        run: run, findings: found,
        untried: untried?.map(\.untried) ?? [])
    }
  }

  /// The last attempts on some assets, or partitions of assets, of those that failed.
  ///
  /// - Parameter keys: The assets.
  /// - Throws: A ``StateError`` if the store cannot be read.
  /// - Returns: What was tried, with what the checks gave.
  package func failedAttempts(on keys: [AssetKey]) throws -> [AssetKey: FailedAttempt] {
    try read { database in
      var found: [AssetKey: FailedAttempt] = [:]
      for key in keys {
        let last = try Row.fetchOne(
          database,
          sql: """
            select a.id, a.run_id, a.started_at, a.ended_at, a.error
            from asset_state s join attempt a on a.id = s.attempt_id
            where s.target = ? and s.asset = ? and a.outcome = 'failed'
            """, arguments: [target, key.name])
        guard let last else { continue }
        found[key] = FailedAttempt(
          run: try last.run(1), at: try last.timeIfAny(3) ?? last.time(2),
          error: try last.textIfAny(4), checks: try checks(of: try last.integer(0), in: database))
      }
      return found
    }
  }

  /// What the checks of an attempt gave: those that did not pass first, then by name.
  private func checks(of attempt: Int64, in database: Database) throws -> [CheckResult] {
    try Row.fetchAll(
      database,
      sql: """
        select check_name, severity, passed, message, metadata, failures, sample from check_result
        where attempt_id = ? order by passed, check_name
        """, arguments: [attempt]
    ).map { row in
      guard let severity = CheckResult.Severity(rawValue: try row.text(1)) else {
        throw row.damage(1)
      }
      return CheckResult(
        name: try row.text(0), passed: try row.flag(2), severity: severity,
        message: try row.textIfAny(3), metadata: try row.decodedIfAny(4) ?? [:],
        failures: try row.countIfAny(5), sample: try row.decodedIfAny(6))
    }
  }
}

/// What was not tried, as the store keeps it.
struct RecordedUntried: Codable {
  var asset: String
  var outcome: Outcome
  var because: String?

  init(_ untried: RunRecord.Untried) {
    asset = untried.asset.name
    outcome = untried.outcome
    because = untried.because?.name
  }

  var untried: RunRecord.Untried {
    RunRecord.Untried(
      asset: AssetKey(trusted: asset), outcome: outcome,
      because: because.map(AssetKey.init(trusted:))
    )
  }
}
