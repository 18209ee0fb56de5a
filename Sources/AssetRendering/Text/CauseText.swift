import AssetCore

extension StaleCause {
  /// The cause in words, to stand behind the asset's name.
  package var text: String {
    switch self {
    case .neverMaterialized: "never materialized"
    case .definitionChanged: "its definition changed"
    case .inputChanged(let input, let columns?):
      columns.isEmpty
        ? "the number of rows of `\(input.text)` changed"
        : "`\(input.text)` changed in \(listed(columns.map { "`\($0)`" }))"
    case .inputChanged(let input, nil): "`\(input.text)` changed"
    case .inputExtended(let input, let cursor):
      "rows were added to `\(input.text)` ahead of the cursor \(cursor)"
    case .inputRewritten(let input, _, let cursor):
      "`\(input.text)` changed at or behind the cursor \(cursor): full refresh"
    case .inputAdded(let input): "`\(input.text)` is a new input"
    case .inputRemoved(let input): "`\(input.text)` is no longer an input"
    case .outputMissing: "its output is missing"
    case .outputAltered: "its output was altered"
    case .expired: "it is older than `volatile` allows"
    case .attemptUnfinished: "its last attempt was cut short"
    case .attemptFailed: "its last attempt failed"
    case .forced: "forced"
    case .fullRefresh(let cause): cause.text + ": full refresh"
    case .goingOn(let cause): cause.text
    case .inputStale(let key): "waits for `\(key)`"
    }
  }
}

/// Causes as one line.
func causesText(_ causes: [StaleCause]) -> String {
  let waiting = causes.compactMap { cause in
    if case .inputStale(let key) = cause { "`\(key)`" } else { nil as String? }
  }
  let others = causes.filter { !$0.isPending }.map(\.text)
  return (others + (waiting.isEmpty ? [] : ["waits for " + listed(waiting)]))
    .joined(separator: ", ")
}

extension AssetStatus.Kind {
  var role: TextStyle.Role {
    switch self {
    case .fresh: .good
    case .stale, .waiting: .attention
    case .failed, .unknown: .bad
    }
  }
}

extension FreshnessFinding.Outcome {
  var role: TextStyle.Role {
    switch self {
    case .pass: .good
    case .warn: .attention
    case .error: .bad
    }
  }
}

extension Outcome {
  var role: TextStyle.Role {
    switch self {
    case .materialized, .unchanged, .fresh: .good
    case .failed: .bad
    case .skipped, .cancelled: .attention
    }
  }
}
