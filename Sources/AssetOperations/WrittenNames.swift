import AssetCore

/// The names in a warehouse whose content may have moved with what a run wrote, after it was looked at.
///
/// Beside the tables of assets a run writes what begins with `assetctl_`: candidates that were held back,
/// kept versions, records. What follows any of these has to be looked at again, and nothing else.
struct WrittenNames {
  private var moved: Set<String> = []

  /// - Parameters:
  ///   - results: What came of the run.
  ///   - followers: What follows what in the warehouse, in lower case; `*` for anything.
  init(of results: [StepResult], followers: [String: Set<String>]) {
    var written: Set<String> = []
    for result in results {
      switch result.outcome {
      case .materialized, .unchanged, .failed, .cancelled:
        written.insert(result.key.asset.name.lowercased())
      case .fresh, .skipped: break
      }
    }
    var isDone = false
    while !isDone {
      isDone = true
      for (name, followed) in followers where !moved.contains(name) {
        let isMoved = followed.contains { other in
          other == "*" || Self.isOurs(other) || written.contains(other) || moved.contains(other)
        }
        if isMoved {
          moved.insert(name)
          isDone = false
        }
      }
    }
  }

  /// Whether the content of a table or view may be another than it was.
  ///
  /// - Parameters:
  ///   - name: Its name in the warehouse.
  ///   - isOwn: Whether an asset publishes it, whose content is known from its publication.
  /// - Returns: Whether it has to be looked at again.
  func include(_ name: String, isOwn: Bool) -> Bool {
    moved.contains(name.lowercased()) || !isOwn && Self.isOurs(name.lowercased())
  }

  private static func isOurs(_ name: String) -> Bool { name.hasPrefix("assetctl_") }
}
