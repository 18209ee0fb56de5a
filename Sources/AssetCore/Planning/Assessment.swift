/// What is the case with an asset, and why.
package struct AssetStatus: Equatable, Sendable {
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// Nothing to do.
    case fresh
    /// To be materialized.
    case stale
    /// An upstream asset is stale; decided once that is materialized.
    case waiting
    /// The last attempt failed and nothing has changed since.
    case failed
    /// It could not be looked at.
    case unknown
  }

  package var kind: Kind
  /// Why it is to be materialized; of a failed asset, why it was tried.
  package var causes: [StaleCause]
  /// Of a failed asset the first line of its error, of an unknown one the reason.
  package var message: String?

  package init(_ kind: Kind, causes: [StaleCause] = [], message: String? = nil) {
    self.kind = kind
    self.causes = causes
    self.message = message
  }

  package static let fresh = AssetStatus(.fresh)
}

/// Decides the status of assets from what is known of the past and the present.
///
/// The planner asks it for each asset in topological order; a run asks it again for one asset
/// after its inputs were materialized, when history and observations have moved on. Both get their
/// answer from ``staleCauses(from:to:)``.
package struct Assessor: Sendable {
  package private(set) var graph: AssetGraph
  package var history: [AssetKey: AssetHistory]
  package var observations: Observations
  /// What this run would materialize if stale; readers of stale assets outside of it are judged
  /// by the present content of those.
  package var running: Set<AssetKey>
  package var forced: Set<AssetKey>
  package var now: Timestamp
  /// What was decided so far.
  package internal(set) var statuses: [AssetKey: AssetStatus] = [:]
  /// Where those partitions of an asset stand that are not up to date, as far as was decided.
  var undecidedParts: [AssetKey: Set<Int>] = [:]
  /// Of these, those that this run would materialize.
  var awaitedParts: [AssetKey: Set<Int>] = [:]
  /// Assets that read a table that is not there, since not even its first partition is complete yet.
  package internal(set) var tooEarly: Set<AssetKey> = []
  /// Assets that may have rows of none of their partitions.
  var wholesWithOtherRows: Set<AssetKey> = []

  package init(
    graph: AssetGraph, history: [AssetKey: AssetHistory], observations: Observations,
    running: Set<AssetKey>, forced: Set<AssetKey> = [], now: Timestamp
  ) {
    self.graph = graph
    self.history = history
    self.observations = observations
    self.running = running
    self.forced = forced
    self.now = now
  }

  /// Decides on one asset.
  ///
  /// Its inputs must have been assessed before.
  @discardableResult
  package mutating func assess(_ key: AssetKey) -> AssetStatus {
    let partitions = graph.partitions(of: key)
    let status =
      emptyInput(of: key).map { AssetStatus(.waiting, causes: [.inputStale($0)]) }
      ?? partitions.map { decide(key, $0) } ?? decide(key)
    note(status, of: key)
    if let partitions, status.kind != .fresh, mayHaveOtherRows(key, partitions) {
      wholesWithOtherRows.insert(key)
    } else {
      wholesWithOtherRows.remove(key)
    }
    return status
  }

  /// Decides on assets, and on all that is upstream of them.
  package mutating func assess(allOf keys: Set<AssetKey>) {
    let looked = graph.closure(of: keys)
    for key in graph.order where looked.contains(key) { assess(key) }
  }

  /// What a materialization of the asset would start from now.
  package func circumstances(of asset: Asset) -> Circumstances {
    let history = self.history[asset.key] ?? AssetHistory()
    var inputs: [InputName: Circumstances.InputState] = [:]
    var declared: [InputName: Consumption] = [:]
    for input in asset.inputs {
      let name = InputName.asset(input.key)
      inputs[name] = state(of: name, for: asset.key)
      guard !input.isDerived else { continue }
      declared[name] = input.consumption
      if let slice = graph.windowSlice(of: input, for: asset) { declared[name]?.limit(to: slice) }
    }
    let awaited = awaitedWriters(of: asset)
    for file in asset.fileInputs {
      inputs[.file(file)] = awaited.isEmpty ? state(of: .file(file), for: asset.key) : .pending
    }
    var circumstances = Circumstances(
      definition: asset.definitionDigest, inputs: inputs, declared: declared,
      output: observations.observation(of: .asset(asset.key)),
      isOutputDerived: asset.materialized == .view, isIncremental: asset.incremental != nil,
      isExpired: isExpired(asset, since: history.last),
      hasUnfinishedAttempt: history.lastAttempt.map { $0.outcome == nil } ?? false,
      isForced: forced.contains(asset.key))
    circumstances.awaitedWriters = awaited
    if let attempt = history.lastAttempt, attempt.outcome == .failed {
      circumstances.hasFailedAttempt = attempt.provenance.map(circumstances.repeats) ?? false
    }
    return circumstances
  }

  /// Records that the asset was materialized, so that its readers are judged by its new content.
  ///
  /// - Parameters:
  ///   - materialization: The new record.
  ///   - content: The digests of the new content under the consumptions of its readers.
  package mutating func note(
    _ materialization: Materialization, content: Content
  ) {
    let key = materialization.asset
    history[key] = AssetHistory(last: materialization)
    observations.assets[key] = .present(content)
    forced.remove(key)
    note(.fresh, of: key)
    // What the whole holds now is seen once all its partitions are made.
    if key.partition != nil {
      observations.assets[key.asset] = .unknown("its partitions are being made")
    }
  }

  /// Records which files an asset is loaded from and what they hold, once those that write them are done.
  package mutating func note(_ asset: Asset, files: [String: Observation]) {
    graph = graph.replacing([asset])
    observations.files.merge(files) { _, new in new }
  }

  private mutating func note(_ status: AssetStatus, of key: AssetKey) {
    statuses[key] = status
    guard let name = key.partition, let place = graph.partitions(of: key.asset)?.index(of: name)
    else { return }
    if status.kind == .fresh {
      undecidedParts[key.asset]?.remove(place)
      awaitedParts[key.asset]?.remove(place)
    } else {
      undecidedParts[key.asset, default: []].insert(place)
      if running.contains(key) { awaitedParts[key.asset, default: []].insert(place) }
    }
  }
}

extension Assessor {
  private func decide(_ key: AssetKey) -> AssetStatus {
    guard let asset = graph[key] else { return AssetStatus(.unknown, message: "no such asset") }
    let output = observations.observation(of: .asset(key))
    if case .unknown(let reason) = output, !(asset.isSource && !awaitedWriters(of: asset).isEmpty) {
      return AssetStatus(.unknown, message: reason)
    }
    if asset.isSource {
      if let reason = unknownInput(of: asset) { return AssetStatus(.unknown, message: reason) }
      let awaited = awaitedWriters(of: asset)
      return awaited.isEmpty
        ? sourceStatus(asset, output)
        : AssetStatus(.waiting, causes: awaited.map(StaleCause.inputStale))
    }
    if let reason = asset.obstacle { return AssetStatus(.unknown, message: reason) }
    if let reason = unknownInput(of: asset) { return AssetStatus(.unknown, message: reason) }

    let current = circumstances(of: asset)
    let causes = staleCauses(from: history[key]?.last, to: current)
    if causes.isEmpty, case .broken(let reason) = output {
      return AssetStatus(.unknown, message: reason)
    }
    guard !causes.isEmpty else { return .fresh }
    guard causes.contains(where: { !$0.isPending }) else {
      return AssetStatus(.waiting, causes: causes)
    }
    let own = causes.filter { !$0.isPending }
    return current.hasFailedAttempt
      ? AssetStatus(.failed, causes: own, message: history[key]?.lastAttempt?.error)
      : AssetStatus(.stale, causes: own)
  }

  private func sourceStatus(_ source: Asset, _ observation: Observation) -> AssetStatus {
    switch observation {
    case .present, .replaced: .fresh
    case .missing:
      AssetStatus(
        .unknown,
        message: source.sourceFiles?.whyMissing
          ?? "there is no table \(source.tableName?.inWords ?? "`\(source.key)`")")
    case .broken(let reason), .unknown(let reason): AssetStatus(.unknown, message: reason)
    }
  }

  /// Why an input cannot be judged, if one cannot.
  func unknownInput(of asset: Asset) -> String? {
    for key in (asset.inputs.map(\.key) + asset.fileWriters).sorted()
    where statuses[key]?.kind == .unknown {
      return "its input `\(key)` is unknown: \(statuses[key]?.message ?? "not looked at")"
    }
    // Which files there are is known once all that write them are done.
    guard awaitedWriters(of: asset).isEmpty else { return nil }
    if case .seed(let seed) = asset.recipe, seed.files.isEmpty {
      return "no file matches `\(seed.pattern)`"
    }
    for path in asset.fileInputs {
      switch observations.observation(of: .file(path)) {
      case .present: continue
      case .missing:
        return asset.givenFiles.first { $0.path == path }?.whyMissing
          ?? "there is no file `\(path)`"
      case .replaced: return "`\(path)` is not a file"
      case .broken(let reason), .unknown(let reason): return reason
      }
    }
    return nil
  }

  private func state(of name: InputName, for reader: AssetKey) -> Circumstances.InputState {
    if case .asset(let key) = name, running.contains(key) || isAwaitedSource(key),
      isUndecided(key, for: reader)
    {
      return .pending
    }
    guard case .present(let content) = observations.observation(of: name) else {
      // There is nothing to read yet: whatever comes will be another content than before.
      return .pending
    }
    return .known(content)
  }

  /// The assets that this run may still make, and that write files that an asset reads.
  private func awaitedWriters(of asset: Asset) -> [AssetKey] {
    asset.fileWriters.filter { running.contains($0) && isUndecided($0, for: asset.key) }
  }

  /// Whether a source shows what an asset writes that this run may still make.
  private func isAwaitedSource(_ key: AssetKey) -> Bool {
    graph[key]?.isSource == true && statuses[key]?.kind == .waiting
  }

  private func isUndecided(_ key: AssetKey, for reader: AssetKey) -> Bool {
    switch statuses[key]?.kind {
    case .stale, .waiting, .failed: touchesUndecided(key, reader)
    case .fresh, .unknown, nil: false
    }
  }

  private func isExpired(_ asset: Asset, since last: Materialization?) -> Bool {
    guard let last else { return false }
    switch asset.volatility {
    case .judgedByInputs: return false
    case .always: return true
    case .after(let seconds):
      return now.milliseconds(since: last.finishedAt) > Int64(seconds) * 1000
    }
  }
}

extension StaleCause {
  /// Whether it is decided later, once an input is materialized.
  package var isPending: Bool {
    if case .inputStale = self { true } else { false }
  }
}
