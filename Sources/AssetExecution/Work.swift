import AssetCore
import HeapModule

/// Where a run stands.
///
/// Only the executor's own task touches it.
struct Work {
  var assessor: Assessor
  /// Nothing is started any more.
  var isStopped = false
  /// Assets that cannot be materialized, each with the failed one upstream of it.
  var blocked: [AssetKey: AssetKey] = [:]
  /// Views whose content moved with what was materialized, and has to be looked at again.
  var movedViews: Set<AssetKey> = []
  private var results: [AssetKey: StepResult] = [:]
  private let planned: Set<AssetKey>
  /// How many steps each step still waits for, and which steps wait for it.
  private var unfinishedInputs: [AssetKey: Int] = [:]
  private var plannedReaders: [AssetKey: [AssetKey]] = [:]
  private let priority: [AssetKey: Int64]
  /// What is ready to be decided: what writes to the warehouse, and programs.
  private var readyTables = Heap<Ready>()
  private var readyPrograms = Heap<Ready>()
  private var runningTables = 0
  private var runningPrograms = 0
  private var retries: [AssetKey: Int] = [:]

  init(_ plan: MaterializationPlan, _ assessor: Assessor) {
    self.assessor = assessor
    planned = Set(plan.steps.map(\.key))
    priority = assessor.graph.remainingPaths(
      of: planned, durations: assessor.history.compactMapValues { $0.last?.durationMilliseconds })
    for step in plan.steps {
      let inputs = assessor.graph.nearestUpstream(of: step.key, among: planned)
      unfinishedInputs[step.key] = inputs.count
      for input in inputs { plannedReaders[input, default: []].append(step.key) }
      if inputs.isEmpty { putBack(step.key) }
    }
  }

  /// An asset that is ready, ordered so that the most urgent is the least.
  struct Ready: Comparable {
    var urgency: Int64
    var key: AssetKey

    static func < (left: Ready, right: Ready) -> Bool {
      (right.urgency, left.key) < (left.urgency, right.key)
    }
  }

  mutating func putBack(_ key: AssetKey) {
    let ready = Ready(urgency: priority[key] ?? 0, key: key)
    if isTableStep(key) { readyTables.insert(ready) } else { readyPrograms.insert(ready) }
  }

  /// The most urgent asset that there is room for.
  ///
  /// A warehouse takes one writer, so that more than one of its steps would only wait in line and
  /// keep programs from starting.
  mutating func takeReady(limit: Int) -> AssetKey? {
    guard runningTables + runningPrograms < limit else { return nil }
    guard runningTables == 0, let table = readyTables.min else {
      return readyPrograms.popMin()?.key
    }
    if let program = readyPrograms.min, program < table { return readyPrograms.popMin()?.key }
    return readyTables.popMin()?.key
  }

  mutating func begin(_ step: Step) {
    if isTableStep(step.asset.key) { runningTables += 1 } else { runningPrograms += 1 }
  }

  mutating func leave(_ step: Step) {
    if isTableStep(step.asset.key) { runningTables -= 1 } else { runningPrograms -= 1 }
  }

  mutating func mayRetry(_ key: AssetKey) -> Bool {
    retries[key, default: 0] += 1
    return retries[key, default: 0] <= 5
  }

  mutating func end(_ result: StepResult) {
    results[result.key] = result
    let cause: AssetKey? =
      switch result.outcome {
      case .failed: result.key
      case .skipped: result.because
      case .materialized, .unchanged, .fresh, .cancelled: nil
      }
    for reader in plannedReaders[result.key] ?? [] {
      if let cause, blocked[reader] == nil { blocked[reader] = cause }
      unfinishedInputs[reader, default: 0] -= 1
      if unfinishedInputs[reader] == 0 { putBack(reader) }
    }
  }

  /// Takes note of what a step made.
  ///
  /// - Returns: The views that show the new content and will not be decided about in this run.
  mutating func note(_ product: StepProduct) -> Set<AssetKey> {
    let key = product.materialization.asset
    let before = assessor.observations.assets[key]
    assessor.note(product.materialization, content: product.content)
    movedViews.remove(key)
    guard before != assessor.observations.assets[key] else { return [] }
    let views = assessor.graph.views(over: key)
    movedViews.formUnion(views)
    return views.subtracting(planned)
  }

  func isBroken(_ key: AssetKey) -> Bool {
    if case .broken = assessor.observations.observation(of: .asset(key)) { true } else { false }
  }

  func isMissing(_ key: AssetKey) -> Bool {
    if case .present = assessor.observations.observation(of: .asset(key)) { false } else { true }
  }

  /// The step for an asset that is due; `nil` if an input has no content yet.
  func step(_ key: AssetKey, causes: [StaleCause]) -> Step? {
    let graph = assessor.graph
    guard let asset = graph[key],
      let provenance = assessor.circumstances(of: asset).provenance
    else { return nil }
    return Step(
      asset: asset, inputs: asset.inputs.compactMap { graph[$0.key] }, causes: causes,
      provenance: provenance, consumptions: graph.consumptions(of: key),
      published: assessor.history[key]?.last)
  }

  func results(
    in order: [AssetKey], missing: (AssetKey) -> StepResult
  ) -> [StepResult] {
    order.map { results[$0] ?? missing($0) }
  }

  private func isTableStep(_ key: AssetKey) -> Bool {
    switch assessor.graph[key]?.recipe {
    case .query, .seed: true
    default: false
    }
  }
}
