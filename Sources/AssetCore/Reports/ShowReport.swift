/// All that is known of one asset.
package struct ShowReport: Equatable, Sendable {
  package var asset: Asset
  package var status: AssetStatus
  package var inputs: [InputReport]
  package var readers: [AssetKey]
  /// The newest first.
  package var materializations: [Materialization]
  /// What the program logged when it made what is published, and, if that was not the last attempt,
  /// in the last one; the newest first.
  package var logs: [AttemptLog]
  /// How new its data is, of a source that says how new it is expected to be.
  package var freshness: FreshnessFinding?
  /// What is the case with its partitions; `nil` if it is made as a whole, or is one of them.
  package var partitions: PartitionsReport?
  /// What the checks of its partitions gave when those were made last, together.
  package var partitionChecks: [CheckResult] = []

  package init(
    asset: Asset, status: AssetStatus, inputs: [InputReport], readers: [AssetKey],
    materializations: [Materialization], logs: [AttemptLog] = [],
    freshness: FreshnessFinding? = nil
  ) {
    self.asset = asset
    self.status = status
    self.inputs = inputs
    self.readers = readers
    self.materializations = materializations
    self.logs = logs
    self.freshness = freshness
  }
}
