/// The versions of a table that can be published again.
package struct VersionsReport: Equatable, Sendable {
  /// One version.
  package struct Version: Equatable, Sendable {
    package var materialization: Materialization
    package var isPublished: Bool

    package init(_ materialization: Materialization, isPublished: Bool) {
      self.materialization = materialization
      self.isPublished = isPublished
    }

    /// Whether it is the history of a snapshot.
    package var isHistory: Bool { materialization.product.continuation == .history }
  }

  package var asset: AssetKey
  /// What is published is among them; the newest first.
  package var versions: [Version]

  package init(asset: AssetKey, versions: [Version]) {
    self.asset = asset
    self.versions = versions
  }
}

/// What a rollback did.
package struct RollbackReport: Equatable, Sendable {
  package var asset: AssetKey
  package var run: String
  /// What was published before; `nil` if nothing was.
  package var from: Materialization?
  /// What is published now.
  package var to: Materialization
  /// Its status now.
  package var status: AssetStatus

  package init(
    asset: AssetKey, run: String, from: Materialization?, to: Materialization, status: AssetStatus
  ) {
    self.asset = asset
    self.run = run
    self.from = from
    self.to = to
    self.status = status
  }

  /// Whether the next materialization goes on from what is published now.
  package var goesOn: Bool {
    to.product.continuation == .history || status.causes.allowGoingOn
  }

  /// What was published before, if it is a history that stays kept until it is published again.
  package var keptHistory: Materialization? {
    from?.product.continuation == .history ? from : nil
  }
}
