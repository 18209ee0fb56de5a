/// What is the case with assets, for `status`, `list` and `plan`.
package struct StatusReport: Equatable, Sendable {
  /// One asset.
  package struct Entry: Equatable, Sendable {
    package var asset: Asset
    package var status: AssetStatus
    package var lastMaterialized: Timestamp?
    package var rows: Int?
    /// How long the last materialization took.
    package var durationMilliseconds: Int64?
    /// What it consumes; `nil` if that was not asked for.
    package var inputs: [InputReport]?
    /// Of a last materialization that took much longer than usual.
    package var unusualDuration: UnusualDuration?
    /// How new its data is, of a source that says how new it is expected to be.
    package var freshness: FreshnessFinding?
    /// What is the case with its partitions; `nil` if it is made as a whole.
    package var partitions: PartitionsReport?

    package init(
      asset: Asset, status: AssetStatus, lastMaterialized: Timestamp? = nil, rows: Int? = nil,
      durationMilliseconds: Int64? = nil, inputs: [InputReport]? = nil,
      unusualDuration: UnusualDuration? = nil, freshness: FreshnessFinding? = nil
    ) {
      self.asset = asset
      self.status = status
      self.lastMaterialized = lastMaterialized
      self.rows = rows
      self.durationMilliseconds = durationMilliseconds
      self.inputs = inputs
      self.unusualDuration = unusualDuration
      self.freshness = freshness
    }

    /// Whether it counts among the assets: of what is only observed, just what cannot be looked at.
    package var counts: Bool { !asset.isSource || status.kind == .unknown }

    /// Whether its data is older than it is expected to be.
    package var isLate: Bool { freshness.map { $0.outcome != .pass } ?? false }
  }

  package var project: String
  /// Inputs before readers.
  package var entries: [Entry]
  /// The assets that were materialized and are no longer declared, by name.
  package var undeclared: [AssetKey]

  package init(project: String, entries: [Entry], undeclared: [AssetKey] = []) {
    self.project = project
    self.entries = entries
    self.undeclared = undeclared
  }

  /// How many entries count.
  package var count: Int { entries.count(where: \.counts) }

  /// How many of the entries that count have the status.
  package func count(_ kind: AssetStatus.Kind) -> Int {
    entries.count { $0.counts && $0.status.kind == kind }
  }
}

/// What `materialize` would do.
package struct PlanReport: Equatable, Sendable {
  package var project: String
  package var plan: MaterializationPlan
  /// The assets of the plan's steps.
  package var assets: [AssetKey: Asset]
  /// How many of the selected assets are fresh.
  package var freshCount: Int
  /// Assets upstream that are not fresh and that are not to be materialized.
  package var leftOut: [AssetKey]
  /// Assets whose inputs are decided first, and that are expected to stay fresh then.
  package var expectedFresh: [AssetKey]
  /// Why a run that is to try again would do nothing.
  package var nothingToRetry: NothingToRetry?
  /// What is to be said of sources that it would build on.
  package var warnings: [Diagnostic]

  package init(
    project: String, plan: MaterializationPlan, assets: [AssetKey: Asset], freshCount: Int,
    leftOut: [AssetKey] = [], expectedFresh: [AssetKey] = [],
    nothingToRetry: NothingToRetry? = nil, warnings: [Diagnostic] = []
  ) {
    self.project = project
    self.plan = plan
    self.assets = assets
    self.freshCount = freshCount
    self.leftOut = leftOut
    self.expectedFresh = expectedFresh
    self.nothingToRetry = nothingToRetry
    self.warnings = warnings
  }
}

/// The assets of a project, for `list`.
package struct ListReport: Equatable, Sendable {
  package var project: String
  package var assets: [Asset]

  package init(project: String, assets: [Asset]) {
    self.project = project
    self.assets = assets
  }
}

/// Rows of a table as texts, for `preview`.
package struct PreviewReport: Equatable, Sendable {
  package var asset: AssetKey
  package var columns: [String]
  package var rows: [[Cell]]
  /// Whether the table has more rows than these.
  package var isCut: Bool

  package init(asset: AssetKey, columns: [String], rows: [[Cell]], isCut: Bool) {
    self.asset = asset
    self.columns = columns
    self.rows = rows
    self.isCut = isCut
  }
}
