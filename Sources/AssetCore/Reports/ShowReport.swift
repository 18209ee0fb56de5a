/// All that is known of one asset.
package struct ShowReport: Equatable, Sendable {
  package var asset: Asset
  package var status: AssetStatus
  package var inputs: [InputReport]
  package var readers: [AssetKey]
  /// The newest first.
  package var materializations: [Materialization]
  /// The one that is published, which is the newest unless a rollback has published another one.
  package var published: Materialization?
  /// Of one that took much longer than usual.
  package var unusualDuration: UnusualDuration?

  /// What the program logged when it made what is published, and, if that was not the last attempt,
  /// in the last one; the newest first.
  package var logs: [AttemptLog]
  /// How new its data is, of a source that says how new it is expected to be.
  package var freshness: FreshnessFinding?
  /// What is the case with its partitions; `nil` if it is made as a whole, or is one of them.
  package var partitions: PartitionsReport?
  /// Its last attempt, if that failed; what its checks gave counts more than what they gave before.
  package var failedAttempt: FailedAttempt?
  /// What the checks of its partitions gave when those were made last, together.
  package var partitionChecks: [CheckResult] = []
  /// Which of its partitions' materializations are published.
  package var publishedParts: Set<String> = []

  package init(
    asset: Asset, status: AssetStatus, inputs: [InputReport], readers: [AssetKey],
    materializations: [Materialization], published: Materialization? = nil,
    unusualDuration: UnusualDuration? = nil, logs: [AttemptLog] = [],
    freshness: FreshnessFinding? = nil
  ) {
    self.asset = asset
    self.status = status
    self.inputs = inputs
    self.readers = readers
    self.materializations = materializations
    self.published = published ?? materializations.first
    self.unusualDuration = unusualDuration
    self.logs = logs
    self.freshness = freshness
  }

  /// Whether a materialization is what readers see.
  package func isPublished(_ materialization: Materialization) -> Bool {
    partitions == nil
      ? materialization.id == published?.id : publishedParts.contains(materialization.id)
  }
}
