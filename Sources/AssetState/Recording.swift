package import AssetCore
import GRDB

/// The end of an attempt, as it is recorded.
package struct AttemptEnd: Sendable {
  package var asset: AssetKey
  package var startedAt: Timestamp
  package var endedAt: Timestamp
  package var outcome: Attempt.Outcome
  package var causes: [StaleCause]
  package var provenance: Provenance?
  package var error: String?
  /// What was published, and the form of its definition.
  package var materialization: Materialization?
  package var definition: CanonicalForm?
  /// What the checks of the candidate gave, published or not.
  package var checks: [CheckResult]
  /// What the program logged.
  package var logged: LoggedMessages

  package init(
    asset: AssetKey, startedAt: Timestamp, endedAt: Timestamp, outcome: Attempt.Outcome,
    causes: [StaleCause], provenance: Provenance? = nil, error: String? = nil,
    materialization: Materialization? = nil, definition: CanonicalForm? = nil,
    checks: [CheckResult] = [], logged: LoggedMessages = LoggedMessages()
  ) {
    self.asset = asset
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.outcome = outcome
    self.causes = causes
    self.provenance = provenance
    self.error = error
    self.materialization = materialization
    self.definition = definition
    self.checks = checks
    self.logged = logged
  }
}

extension StateStore {
  /// Notes that an attempt begins whose end this process may not live to see.
  ///
  /// - Returns: The number to end it with.
  package func beginAttempt(
    on asset: AssetKey, run: String, at time: Timestamp, causes: [StaleCause],
    provenance: Provenance?
  ) throws -> Int64 {
    try write { database in
      let id = try insertAttempt(
        asset, run: run, startedAt: time, causes: causes, provenance: provenance, in: database)
      try point(asset, toAttempt: id, in: database)
      return id
    }
  }

  /// Notes what an attempt is about to publish, so that after a crash it can be recognized.
  package func noteCandidate(
    _ materialization: Materialization, definition: CanonicalForm, of attempt: Int64
  ) throws {
    let record = try toJSON(materialization)
    try write { database in
      try insertDefinition(definition, digest: materialization.provenance.definition, in: database)
      try database.execute(
        sql: "update attempt set candidate = ? where id = ?", arguments: [record, attempt])
    }
  }

  /// Ends an attempt, and with it records what it published.
  ///
  /// - Parameters:
  ///   - end: What came of it.
  ///   - attempt: The number that ``beginAttempt`` gave; `nil` records beginning and end at once.
  ///   - run: The run that made the attempt.
  /// - Throws: A ``StateError`` if the store cannot be written; then nothing is recorded.
  package func endAttempt(_ end: AttemptEnd, attempt: Int64?, run: String) throws {
    try write { database in
      let id =
        try attempt
        ?? insertAttempt(
          end.asset, run: run, startedAt: end.startedAt, causes: end.causes,
          provenance: end.provenance, in: database)
      try database.execute(
        sql: """
          update attempt set ended_at = ?, outcome = ?, error = ?, provenance = ?, candidate = null
          where id = ?
          """,
        arguments: [
          end.endedAt.milliseconds, end.outcome.rawValue, end.error,
          end.outcome == .failed ? try end.provenance.map(toJSON) : nil, id,
        ])
      try point(end.asset, toAttempt: id, in: database)
      for check in end.checks { try insert(check, of: id, in: database) }
      try insert(end.logged, of: id, in: database)
      if let materialization = end.materialization {
        try insert(materialization, definition: end.definition, in: database)
      }
    }
  }

  /// Takes what a warehouse says it holds for the truth, where the store knows otherwise: a publish
  /// that the process did not live to record, or a warehouse that was restored from a copy.
  ///
  /// - Parameter published: The materializations in the warehouse by asset, each with its record.
  /// - Throws: A ``StateError`` if the store cannot be read or written.
  /// - Returns: The assets whose record changed.
  @discardableResult
  package func adopt(_ published: [(asset: AssetKey, id: String, record: String)]) throws
    -> [AssetKey]
  {
    let known = try history()
    let other = published.filter { known[$0.asset]?.last?.id != $0.id }
    guard !other.isEmpty else { return [] }
    try write { database in
      for publication in other {
        guard let record: Materialization = try? fromJSON(publication.record) else { continue }
        try insert(record, definition: nil, in: database)
        try endUnfinishedAttempt(of: publication.asset, at: record.finishedAt, in: database)
      }
    }
    return other.map(\.asset)
  }

  /// The materializations that unfinished attempts were about to publish, by asset.
  package func candidates() throws -> [AssetKey: Materialization] {
    try read { database in
      var candidates: [AssetKey: Materialization] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: """
          select s.asset, a.candidate from asset_state s join attempt a on a.id = s.attempt_id
          where s.target = ? and a.outcome is null and a.candidate is not null
          """, arguments: [target])
      while let row = try rows.next() {
        candidates[try row.key(0)] = try row.decoded(1)
      }
      return candidates
    }
  }
}

extension StateStore {
  private func insertAttempt(
    _ asset: AssetKey, run: String, startedAt: Timestamp, causes: [StaleCause],
    provenance: Provenance?, in database: Database
  ) throws -> Int64 {
    try database.execute(
      sql: """
        insert into attempt (run_id, target, asset, started_at, causes, provenance)
        values (?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run, target, asset.name, startedAt.milliseconds, try toJSON(causes.map(RecordedCause.init)),
        try provenance.map(toJSON),
      ])
    return database.lastInsertedRowID
  }

  func point(_ asset: AssetKey, toAttempt id: Int64, in database: Database) throws {
    try database.execute(
      sql: """
        insert into asset_state (target, asset, attempt_id) values (?, ?, ?)
        on conflict do update set attempt_id = excluded.attempt_id
        """, arguments: [target, asset.name, id])
  }

  private func insert(_ check: CheckResult, of attempt: Int64, in database: Database) throws {
    try database.execute(
      sql: """
        insert or replace into check_result
          (attempt_id, check_name, severity, passed, message, metadata, failures, sample)
        values (?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        attempt, check.name, check.severity.rawValue, check.passed, check.message,
        check.metadata.isEmpty ? nil : try toJSON(check.metadata), check.failures,
        try check.sample.map(toJSON),
      ])
  }

  private func endUnfinishedAttempt(
    of asset: AssetKey, at time: Timestamp, in database: Database
  ) throws {
    try database.execute(
      sql: """
        update attempt set outcome = 'materialized', ended_at = max(started_at, ?), candidate = null
        where outcome is null and id =
          (select attempt_id from asset_state where target = ? and asset = ?)
        """, arguments: [time.milliseconds, target, asset.name])
  }

  func insert(
    _ record: Materialization, definition: CanonicalForm?, in database: Database
  ) throws {
    let product = record.product
    try database.execute(
      sql: """
        insert or ignore into materialization (id, target, asset, run_id, finished_at, duration_ms,
          definition, content, rows, columns, files, metrics, column_lineage,
          metadata, checks, summaries, continuation, changes)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        record.id, target, record.asset.name, record.run, record.finishedAt.milliseconds,
        record.durationMilliseconds, record.provenance.definition.rawValue,
        product.digest.rawValue, product.rows, try product.columns.map(toJSON),
        try product.files.map(toJSON), try product.metrics.map(toJSON),
        try record.columnLineage.map(toJSON), try product.metadata.map(toJSON),
        try product.checks.map(toJSON), try product.summaries.map(toJSON),
        try product.continuation.map(toJSON), try product.changes.map(toJSON),
      ])
    for (name, input) in record.provenance.inputs.sorted(by: { $0.key < $1.key }) {
      try database.execute(
        sql: """
          insert or ignore into materialization_input
            (materialization_id, input, consumption, names, digest, details, whole_reason)
          values (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          record.id, name.encoded, try input.consumption.mainText,
          try input.consumption.namesText, input.digest.rawValue, try input.details.map(toJSON),
          input.wholeBecause,
        ])
    }
    if let definition {
      try insertDefinition(definition, digest: record.provenance.definition, in: database)
    }
    try database.execute(
      sql: """
        insert into asset_state (target, asset, materialization_id) values (?, ?, ?)
        on conflict do update set materialization_id = excluded.materialization_id
        """, arguments: [target, record.asset.name, record.id])
  }

  private func insertDefinition(
    _ form: CanonicalForm, digest: DefinitionDigest, in database: Database
  ) throws {
    try database.execute(
      sql: "insert or ignore into definition values (?, ?)",
      arguments: [digest.rawValue, try toJSON(form)])
  }

  func recordCatalog(_ assets: [Asset], in database: Database) throws {
    try database.execute(sql: "delete from asset where target = ?", arguments: [target])
    for asset in assets {
      try database.execute(
        sql: "insert into asset values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          target, asset.key.name, asset.kind.rawValue, asset.materialized?.rawValue, asset.group,
          asset.description, asset.owner, try toJSON(asset.tags), asset.place.file,
        ])
    }
  }
}

extension StateStore {
  /// Why an asset was materialized in a run.
  package func causes(of asset: AssetKey, in run: String) throws -> [StaleCause] {
    let recorded: [RecordedCause]? = try read { database in
      try Row.fetchOne(
        database,
        sql: """
          select causes from attempt where run_id = ? and target = ? and asset = ?
          order by id desc limit 1
          """, arguments: [run, target, asset.name])?.decoded(0)
    }
    return (recorded ?? []).compactMap(\.cause)
  }
}

/// A stale cause as the store keeps it.
struct RecordedCause: Codable {
  var name: String
  var input: InputName?
  var columns: [String]?
  var cursor: String?
  var isFullRefresh: Bool?

  private enum CodingKeys: String, CodingKey {
    case name = "cause"
    case input, columns, cursor
    case isFullRefresh = "full_refresh"
  }

  init(_ cause: StaleCause) {
    name = cause.name
    input = cause.input
    columns = cause.columns
    cursor = cause.cursor
    isFullRefresh = cause.isFullRefresh
  }

  /// The cause; nothing for one that a newer version recorded.
  var cause: StaleCause? {
    StaleCause(
      name: name, input: input, columns: columns, cursor: cursor, isFullRefresh: isFullRefresh)
  }
}
