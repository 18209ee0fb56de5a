/// What the checks of published tables found.
package struct CheckReport: Equatable, Sendable {
  package struct Entry: Equatable, Sendable {
    package var asset: AssetKey
    package var results: [CheckResult]
    /// Why nothing could be checked; `nil` if it could.
    package var problem: String?
    /// The partitions that have results that did not pass, with those; `nil` if it is made as a whole.
    package var partitions: [Partition]?

    /// What was found in one partition.
    package struct Partition: Equatable, Sendable {
      package var name: String
      package var results: [CheckResult]

      package init(_ name: String, _ results: [CheckResult]) {
        self.name = name
        self.results = results
      }
    }

    package init(asset: AssetKey, results: [CheckResult], problem: String? = nil) {
      self.asset = asset
      self.results = results
      self.problem = problem
    }
  }

  package var project: String
  /// Those of the selected assets that have checks of their rows, inputs before readers.
  package var entries: [Entry]

  package init(project: String, entries: [Entry]) {
    self.project = project
    self.entries = entries
  }

  package var results: [CheckResult] { entries.flatMap(\.results) }

  /// Whether a check of severity `error` did not pass, or something could not be checked.
  package var hasFailed: Bool {
    entries.contains { $0.problem != nil || $0.results.contains(where: \.isFatal) }
  }
}
