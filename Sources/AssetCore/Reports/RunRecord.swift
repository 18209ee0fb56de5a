/// One run, as the store remembers it.
package struct RunRecord: Equatable, Sendable {
  /// One asset that the run tried to materialize.
  package struct Attempt: Equatable, Sendable {
    package var asset: AssetKey
    package var startedAt: Timestamp
    package var endedAt: Timestamp?
    /// `nil` while it goes on, or when assetctl was killed during it.
    package var outcome: AssetCore.Attempt.Outcome?
    package var error: String?

    package init(
      asset: AssetKey, startedAt: Timestamp, endedAt: Timestamp?,
      outcome: AssetCore.Attempt.Outcome?, error: String?
    ) {
      self.asset = asset
      self.startedAt = startedAt
      self.endedAt = endedAt
      self.outcome = outcome
      self.error = error
    }
  }

  /// What came of one asset, however often it was tried.
  package struct AssetRecord: Equatable, Sendable {
    package var asset: AssetKey
    package var tries: Int
    /// When the first try began, and the last one ended.
    package var startedAt: Timestamp
    package var endedAt: Timestamp?
    /// What came of the last try; `nil` if it has no end.
    package var outcome: AssetCore.Attempt.Outcome?
    package var error: String?
    /// Its metrics and those of the materialization before, by name.
    package var metrics: [MetricComparison]
    /// Those of its partitions that were tried, in the order in which they were begun; empty if it is
    /// made as a whole.
    package var partitions: [AssetRecord] = []
  }

  package var id: String
  /// The selection it was started with, as words.
  package var command: String
  package var startedAt: Timestamp
  /// `nil` while it goes on, and of a run that was killed.
  package var endedAt: Timestamp?
  /// Of a run that was killed, the last moment of which it is known that it went on then.
  package var lastSeenAt: Timestamp?
  /// `nil` while it goes on.
  package var outcome: String?
  package var attempts: [Attempt]
  /// The metrics of what it materialized, compared with the materializations before.
  package var metrics: [AssetKey: [MetricComparison]]

  package init(
    id: String, command: String, startedAt: Timestamp, endedAt: Timestamp?,
    lastSeenAt: Timestamp? = nil, outcome: String?, attempts: [Attempt],
    metrics: [AssetKey: [MetricComparison]] = [:]
  ) {
    self.id = id
    self.command = command
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.lastSeenAt = lastSeenAt
    self.outcome = outcome
    self.attempts = attempts
    self.metrics = metrics
  }

  /// Of a run that was killed, how long it is known to have gone on.
  package var knownMilliseconds: Int64? {
    guard endedAt == nil, let lastSeenAt, lastSeenAt > startedAt else { return nil }
    return lastSeenAt.milliseconds(since: startedAt)
  }

  /// The assets that were tried, in the order in which they were begun; partitions stand in their assets.
  package var assets: [AssetRecord] {
    var order: [AssetKey] = []
    var byAsset: [AssetKey: [AssetRecord]] = [:]
    for record in records {
      if byAsset[record.asset.asset] == nil { order.append(record.asset.asset) }
      byAsset[record.asset.asset, default: []].append(record)
    }
    return order.compactMap { byAsset[$0].flatMap { AssetRecord(of: $0) } }
  }

  /// The assets and partitions that were tried, in the order in which they were begun.
  private var records: [AssetRecord] {
    var order: [AssetKey] = []
    var byKey: [AssetKey: AssetRecord] = [:]
    for attempt in attempts {
      let key = attempt.asset
      let earlier = byKey[key]
      if earlier == nil { order.append(key) }
      // A check that is judged once something is published is no other try.
      let isPublished = earlier?.outcome == .materialized || earlier?.outcome == .unchanged
      byKey[key] = AssetRecord(
        asset: key, tries: (earlier?.tries ?? 0) + (isPublished ? 0 : 1),
        startedAt: earlier?.startedAt ?? attempt.startedAt, endedAt: attempt.endedAt,
        outcome: attempt.outcome, error: attempt.error, metrics: metrics[key] ?? [])
    }
    return order.compactMap { byKey[$0] }
  }
}

extension RunRecord.AssetRecord {
  /// What came of an asset, by what came of those of its partitions that were tried.
  ///
  /// - Parameter records: That of the asset, or those of its partitions, with one of the asset itself if
  ///   its table could not be looked at then.
  fileprivate init?(of records: [Self]) {
    guard let first = records.first else { return nil }
    self = first
    let parts = records.filter { $0.asset.partition != nil }
    guard !parts.isEmpty else { return }
    asset = first.asset.asset
    partitions = parts
    tries = records.map(\.tries).max() ?? 1
    startedAt = records.map(\.startedAt).min() ?? first.startedAt
    let ends = records.compactMap(\.endedAt)
    endedAt = ends.count == records.count ? ends.max() : nil
    let kinds: [AssetCore.Attempt.Outcome?] = [nil, .failed, .cancelled, .materialized, .unchanged]
    outcome = kinds.first { kind in records.contains { $0.outcome == kind } } ?? nil
    error = records.first { $0.outcome == .failed }?.error
    metrics = []
  }
}
