/// What `clean` removed, or would remove.
package struct CleanReport: Equatable, Sendable {
  /// Something that an asset published.
  package enum Output: Equatable, Sendable {
    /// A table or view of the warehouse.
    case table(String)
    /// A path relative to the project's folder.
    case file(String)
  }

  /// Why an output stays.
  package enum Reason: Equatable, Sendable {
    /// It is not what was published, so somebody else made it or changed it.
    case altered
    /// Another asset that is declared publishes or reads the file.
    case declared(AssetKey)
    /// Something that is left needs it.
    case read(by: Reader)
    /// It is the history of a snapshot.
    case history
    /// A link leads out of the project.
    case outside
  }

  /// What needs an output that no declared asset publishes.
  package enum Reader: Equatable, Sendable {
    /// A declared asset or source, or a check of one.
    case asset(AssetKey)
    /// A view of the warehouse that shows it.
    case view(String)
    /// A file of the project that names it.
    case project
  }

  package enum Fate: Equatable, Sendable {
    case removed
    /// It was not there any more.
    case missing
    case kept(Reason)
  }

  /// What becomes of one output.
  package struct Item: Equatable, Sendable {
    package var output: Output
    package var fate: Fate

    package init(_ output: Output, _ fate: Fate) {
      self.output = output
      self.fate = fate
    }
  }

  /// An asset that is no longer declared.
  package struct Entry: Equatable, Sendable {
    package var asset: AssetKey
    package var items: [Item]

    package init(_ asset: AssetKey, _ items: [Item]) {
      self.asset = asset
      self.items = items
    }
  }

  package var project: String
  /// Whether nothing was removed.
  package var isDryRun: Bool
  /// By name.
  package var entries: [Entry]
  /// The runs whose folders are removed, the oldest first.
  package var runs: [String]

  package init(project: String, isDryRun: Bool, entries: [Entry], runs: [String]) {
    self.project = project
    self.isDryRun = isDryRun
    self.entries = entries
    self.runs = runs
  }
}

extension AssetGraph {
  /// The assets that were materialized and that the project no longer declares, by name.
  package func undeclared(in history: [AssetKey: AssetHistory]) -> [AssetKey] {
    // Partitions that there no longer are stay with their asset.
    Set(
      history.filter { key, past in past.last != nil && self[key.asset] == nil }.keys.map(\.asset)
    )
    .sorted()
  }
}
