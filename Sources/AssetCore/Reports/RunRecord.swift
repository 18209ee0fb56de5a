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

  package var id: String
  /// The selection it was started with, as words.
  package var command: String
  package var startedAt: Timestamp
  package var endedAt: Timestamp?
  /// `nil` while it goes on.
  package var outcome: String?
  package var attempts: [Attempt]

  package init(
    id: String, command: String, startedAt: Timestamp, endedAt: Timestamp?, outcome: String?,
    attempts: [Attempt]
  ) {
    self.id = id
    self.command = command
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.outcome = outcome
    self.attempts = attempts
  }
}
