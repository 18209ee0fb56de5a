/// What materializing an asset now would start from, and what is there of its output.
package struct Circumstances: Equatable, Sendable {
  /// What an input holds now, as far as it is decided.
  package enum InputState: Equatable, Sendable {
    case known(Content)
    /// The input is stale; its content is decided once it is materialized.
    case pending
  }

  package var definition: DefinitionDigest
  package var inputs: [InputName: InputState]
  /// What is declared to be read of inputs, apart from what a query shows.
  package var declared: [InputName: Consumption]
  package var output: Observation
  /// Whether the output's content follows its inputs by itself, as a view's does; then it is altered
  /// only if something else stands in its place.
  package var isOutputDerived: Bool
  /// Whether a materialization may go on from the rows that are there.
  package var isIncremental: Bool
  package var isExpired: Bool
  package var hasUnfinishedAttempt: Bool
  /// Whether the last attempt started from just this and failed.
  package var hasFailedAttempt = false
  package var isForced: Bool
  /// The assets that write files which are read, and that are to be made first: until then, nothing is said
  /// of any file.
  package var awaitedWriters: [AssetKey] = []

  package init(
    definition: DefinitionDigest, inputs: [InputName: InputState] = [:],
    declared: [InputName: Consumption] = [:], output: Observation,
    isOutputDerived: Bool = false, isIncremental: Bool = false, isExpired: Bool = false,
    hasUnfinishedAttempt: Bool = false,
    isForced: Bool = false
  ) {
    self.definition = definition
    self.inputs = inputs
    self.declared = declared
    self.output = output
    self.isOutputDerived = isOutputDerived
    self.isIncremental = isIncremental
    self.isExpired = isExpired
    self.hasUnfinishedAttempt = hasUnfinishedAttempt
    self.isForced = isForced
  }
}

extension Circumstances {
  /// What would be read of an input now, under a consumption; `nil` if that is pending, or was not
  /// looked at under this consumption.
  package func consumed(_ name: InputName, as consumption: Consumption) -> ConsumedInput? {
    guard case .known(let content)? = inputs[name], let digest = content[consumption] else {
      return nil
    }
    return ConsumedInput(consumption, digest) {
      content.details?.restricted(to: consumption)
    }
  }

  /// Whether an input is a file that may be written before it is read.
  fileprivate func isAwaited(_ name: InputName) -> Bool {
    if case .file = name { !awaitedWriters.isEmpty } else { false }
  }

  /// The provenance that a materialization would have now.
  ///
  /// - Parameter consumptions: What it would read of each input.
  /// - Returns: `nil` while an input is pending, or not looked at under its consumption.
  package func provenance(consuming consumptions: [InputName: Consumption]) -> Provenance? {
    var known: [InputName: ConsumedInput] = [:]
    for name in inputs.keys {
      guard let consumption = consumptions[name], let input = consumed(name, as: consumption)
      else { return nil }
      known[name] = input
    }
    return Provenance(definition: definition, inputs: known)
  }

  /// Whether a materialization that reads what was read then would have this provenance again.
  package func repeats(_ recorded: Provenance) -> Bool {
    provenance(consuming: recorded.inputs.mapValues(\.consumption)) == recorded
  }
}

/// Lists the reasons why an asset is stale, or nothing if it is fresh.
///
/// An asset is fresh when materializing it now would start from the same provenance as its last
/// materialization did, and its output is still what that published. Content decides, never time:
/// a file that was touched but holds the same bytes, or a table that was rebuilt to the same rows,
/// makes nothing stale. Status, plan, run and `why` all ask this function.
///
/// What is compared of an input is what was read of it then: the consumption that is recorded, not
/// what the definition would consume now. With the same definition, and the same rows and names
/// under what was consumed, nothing else would be read now; another definition is a cause by itself.
/// What was not looked at under the recorded consumption is never taken for the same.
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
    for name in Set(before.inputs.keys).union(current.inputs.keys).sorted()
    where !current.isAwaited(name) {
      switch (before.inputs[name], current.inputs[name]) {
      case (nil, _?): causes.append(.inputAdded(name))
      case (_?, nil): causes.append(.inputRemoved(name))
      case (let old?, .known(let content)?):
        let isCovered = current.declared[name].map(old.consumption.covers) ?? true
        if let digest = content[old.consumption], digest != old.digest {
          causes.append(cause(of: name, since: old, recorded, in: content))
        } else if !isCovered, !isRedefined {
          // More is declared to be read than was; what that held then is not known.
          causes.append(.inputChanged(name, columns: nil))
        }
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
  // Where there is another cause, that is why it was tried.
  if current.hasFailedAttempt, causes.isEmpty { causes.append(.attemptFailed) }
  for (name, state) in current.inputs.sorted(by: { $0.key < $1.key })
  where !current.isAwaited(name) && isUndecided(state, since: recorded?.compared(name)) {
    causes.append(.inputUndecided(name))
  }
  causes += current.awaitedWriters.map(StaleCause.inputStale)
  guard current.isIncremental, let recorded else { return causes }
  return recorded.product.continuation == .ownRows
    ? causes.map(\.ofOwnRows) : causes.map(\.ofIncremental)
}

/// The cause of an input that holds something else than was read of it.
private func cause(
  of name: InputName, since old: ConsumedInput, _ recorded: Materialization, in content: Content
) -> StaleCause {
  let columns = old.changedColumns(in: content)
  guard let mark = recorded.product.cursor, name == .asset(mark.input), let value = mark.value
  else { return .inputChanged(name, columns: columns) }
  // All rows then were at or behind the cursor. If those that are now are just these, and none is
  // nowhere, then the others are ahead of it, and new.
  let isPlaced = content[mark.placed(old.consumption)] == content[old.consumption]
  return mark.isUnchanged(in: content) && isPlaced
    ? .inputExtended(name, cursor: value.text)
    : .inputRewritten(name, columns: columns, cursor: value.text)
}

/// Whether an input cannot be compared: it is pending, or was not looked at under what was consumed.
private func isUndecided(
  _ state: Circumstances.InputState, since recorded: Set<Consumption>?
) -> Bool {
  switch state {
  case .pending: true
  case .known(let content): recorded?.contains { content[$0] == nil } ?? false
  }
}

extension StaleCause {
  /// The cause of an input that is not decided; a file never is itself stale.
  fileprivate static func inputUndecided(_ name: InputName) -> StaleCause {
    switch name {
    case .asset(let key): .inputStale(key)
    case .file: .inputChanged(name, columns: nil)
    }
  }
}
