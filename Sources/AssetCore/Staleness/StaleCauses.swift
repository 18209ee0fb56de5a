/// What materializing an asset now would start from, and what is there of its output.
package struct Circumstances: Equatable, Sendable {
  /// What an input holds now, as far as it is decided.
  package enum InputState: Equatable, Sendable {
    case known(ConsumedInput)
    /// The input is stale; its content is decided once it is materialized.
    case pending
  }

  package var definition: DefinitionDigest
  package var inputs: [InputName: InputState]
  package var output: Observation
  /// Whether the output's content follows its inputs by itself, as a view's does; then it is altered
  /// only if something else stands in its place.
  package var isOutputDerived: Bool
  package var isExpired: Bool
  package var hasUnfinishedAttempt: Bool
  package var isForced: Bool

  package init(
    definition: DefinitionDigest, inputs: [InputName: InputState] = [:], output: Observation,
    isOutputDerived: Bool = false, isExpired: Bool = false, hasUnfinishedAttempt: Bool = false,
    isForced: Bool = false
  ) {
    self.definition = definition
    self.inputs = inputs
    self.output = output
    self.isOutputDerived = isOutputDerived
    self.isExpired = isExpired
    self.hasUnfinishedAttempt = hasUnfinishedAttempt
    self.isForced = isForced
  }

  /// The provenance that a materialization would have now, once no input is pending.
  package var provenance: Provenance? {
    var known: [InputName: ConsumedInput] = [:]
    for (name, state) in inputs {
      guard case .known(let input) = state else { return nil }
      known[name] = input
    }
    return Provenance(definition: definition, inputs: known)
  }
}

/// Lists the reasons why an asset is stale, or nothing if it is fresh.
///
/// An asset is fresh when materializing it now would start from the same provenance as its last
/// materialization did, and its output is still what that published. Content decides, never time:
/// a file that was touched but holds the same bytes, or a table that was rebuilt to the same rows,
/// makes nothing stale. Status, plan, run and `why` all ask this function.
///
/// The causes come in a fixed order: the definition, the inputs by name, the output, then what
/// asks for a new materialization whatever the content is, and last the inputs that are pending.
/// So the same facts always explain themselves in the same words.
///
/// - Parameters:
///   - recorded: The last materialization, or `nil` if there was none.
///   - current: What a materialization would start from now.
/// - Returns: The differences between the two, in the order described above.
package func staleCauses(
  from recorded: Materialization?, to current: Circumstances
) -> [StaleCause] {
  var causes: [StaleCause] = []
  if let recorded {
    let before = recorded.provenance
    let isRedefined = before.definition != current.definition
    if isRedefined { causes.append(.definitionChanged) }
    for name in Set(before.inputs.keys).union(current.inputs.keys).sorted() {
      switch (before.inputs[name], current.inputs[name]) {
      case (nil, _?): causes.append(.inputAdded(name))
      case (_?, nil): causes.append(.inputRemoved(name))
      case (let old?, .known(let new)?) where old.consumption != new.consumption:
        // Digests of different consumptions cannot be compared; a new definition says it all.
        if !isRedefined { causes.append(.inputChanged(name, columns: nil)) }
      case (let old?, .known(let new)?) where old.digest != new.digest:
        causes.append(.inputChanged(name, columns: new.consumption.changedColumns))
      default: break
      }
    }
    switch current.output {
    case .missing: causes.append(.outputMissing)
    case .replaced: causes.append(.outputAltered)
    case .present(let content)
    where !current.isOutputDerived && content[.whole] != recorded.product.digest:
      causes.append(.outputAltered)
    case .present, .broken, .unknown: break
    }
  } else {
    causes.append(.neverMaterialized)
  }
  if current.isExpired { causes.append(.expired) }
  if current.hasUnfinishedAttempt { causes.append(.attemptUnfinished) }
  if current.isForced { causes.append(.forced) }
  for (name, state) in current.inputs.sorted(by: { $0.key < $1.key }) {
    if case .asset(let key) = name, state == .pending { causes.append(.inputStale(key)) }
  }
  return causes
}

extension Consumption {
  /// The columns to name when rows under this consumption changed.
  fileprivate var changedColumns: [String]? {
    switch self {
    case .whole: nil
    case .columns(let columns, _): columns
    }
  }
}
