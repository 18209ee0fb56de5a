/// One typed reason to be stale.
package enum StaleCause: Hashable, Sendable {
  case neverMaterialized
  case definitionChanged
  /// The rows of these columns changed; `nil` when the input is consumed as a whole.
  case inputChanged(InputName, columns: [String]?)
  case inputAdded(InputName)
  case inputRemoved(InputName)
  case outputMissing
  case outputAltered
  /// A volatile asset is older than it may be.
  case expired
  /// The last attempt has no end: assetctl was killed during it.
  case attemptUnfinished
  case forced
  /// The input is itself stale, so that this is decided once it is materialized.
  case inputStale(AssetKey)

  /// The name in JSON and in the docs.
  package var name: String {
    switch self {
    case .neverMaterialized: "never_materialized"
    case .definitionChanged: "definition_changed"
    case .inputChanged: "input_changed"
    case .inputAdded: "input_added"
    case .inputRemoved: "input_removed"
    case .outputMissing: "output_missing"
    case .outputAltered: "output_altered"
    case .expired: "expired"
    case .attemptUnfinished: "attempt_unfinished"
    case .forced: "forced"
    case .inputStale: "input_stale"
    }
  }

  /// The input that the cause is about.
  package var input: InputName? {
    switch self {
    case .inputChanged(let name, _), .inputAdded(let name), .inputRemoved(let name): name
    case .inputStale(let key): .asset(key)
    default: nil
    }
  }
}

extension StaleCause {
  /// The cause of a name, as far as it is one.
  package init?(name: String, input: InputName?, columns: [String]?) {
    let plain: [StaleCause] = [
      .neverMaterialized, .definitionChanged, .outputMissing, .outputAltered, .expired,
      .attemptUnfinished, .forced,
    ]
    if let cause = plain.first(where: { $0.name == name }) {
      self = cause
      return
    }
    switch (name, input) {
    case ("input_changed", let input?): self = .inputChanged(input, columns: columns)
    case ("input_added", let input?): self = .inputAdded(input)
    case ("input_removed", let input?): self = .inputRemoved(input)
    case ("input_stale", .asset(let key)?): self = .inputStale(key)
    default: return nil
    }
  }
}
