package import AssetCore
import AssetWarehouse
import HeapModule

/// Carries out a plan: what may start starts, the longest expected remaining path first; each
/// finished asset lets its readers be decided and started; a failure stops only what is downstream.
///
/// The executor decides nothing about staleness: it asks the assessor again when an asset's inputs
/// are done, which is where early cutoff happens.
package struct Executor: Sendable {
  private let context: StepContext
  /// How many steps may run at once.
  private let limit: Int
  private let stopsAtFailure: Bool
  /// Looks again at assets' present content, after somebody else wrote to the warehouse.
  private let observe: @Sendable (Set<AssetKey>) async throws -> [AssetKey: Observation]
  /// Records the end of a step; before its readers start, so that a crash forgets nothing.
  private let record: @Sendable (StepEnd) throws -> Void
  private let emit: @Sendable (RunEvent) -> Void

  package init(
    context: StepContext, limit: Int, stopsAtFailure: Bool = false,
    observe: @escaping @Sendable (Set<AssetKey>) async throws -> [AssetKey: Observation],
    record: @escaping @Sendable (StepEnd) throws -> Void,
    emit: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.context = context
    self.limit = max(1, limit)
    self.stopsAtFailure = stopsAtFailure
    self.observe = observe
    self.record = record
    self.emit = emit
  }

  /// Runs the plan's steps to their ends.
  ///
  /// Cancelling the task ends running programs and rolls candidates back; what was running and what
  /// had not started is `cancelled` then.
  ///
  /// - Parameters:
  ///   - plan: What to do.
  ///   - assessor: What made the plan; it is told what was materialized.
  /// - Returns: The result of each step, in the plan's order, and what is there afterwards.
  package func execute(
    _ plan: MaterializationPlan, by assessor: Assessor
  ) async -> Execution {
    var work = Work(plan, assessor)
    await withTaskGroup(of: Finished.self) { group in
      while true {
        while !work.isStopped, let next = work.takeReady(limit: limit) {
          await start(next, &work, &group)
        }
        guard let finished = await group.next() else { break }
        await settle(finished, &work, &group)
      }
    }
    return Execution(
      results: work.results(in: plan.steps.map(\.key)) { StepResult($0, .cancelled) },
      observations: work.assessor.observations)
  }
}

/// What came of a plan.
package struct Execution: Sendable {
  package var results: [StepResult]
  /// The present content of all that was looked at or materialized.
  package var observations: Observations
}

/// The end of a step, for the records.
package struct StepEnd: Sendable {
  package var key: AssetKey
  package var startedAt: Timestamp
  package var causes: [StaleCause]
  package var provenance: Provenance?
  package var result: StepResult
  package var materialization: Materialization?
  package var definition: CanonicalForm?
  /// The number that the journal gave the attempt, if it was begun there.
  package var attempt: Int64?
}

/// A step that came to an end.
private struct Finished: Sendable {
  var step: Step
  var startedAt: Timestamp
  var result: Result<StepProduct, any Error>
}

extension Executor {
  /// Decides on an asset whose inputs are done, and starts it if it is due.
  private func start(
    _ key: AssetKey, _ work: inout Work, _ group: inout TaskGroup<Finished>
  ) async {
    if Task.isCancelled {
      work.isStopped = true
      return
    }
    if let cause = work.blocked[key] {
      end(StepResult(key, .skipped, because: cause), &work)
      return
    }
    let status = work.assessor.assess(key)
    switch status.kind {
    case .fresh:
      if work.movedViews.contains(key) { await look(at: [key], &work) }
      end(StepResult(key, .fresh), &work)
    case .unknown: fail(key, StepError.unknown(status.message ?? ""), &work)
    case .waiting, .stale, .failed:
      guard let step = work.step(key, causes: status.causes) else {
        // An input has no content and is not part of this run.
        let missing = work.assessor.graph.inputs(of: key).first { work.isMissing($0) } ?? key
        fail(key, StepError.inputNotMaterialized(asset: key, input: missing), &work)
        return
      }
      launch(step, &work, &group)
    }
  }

  private func launch(_ step: Step, _ work: inout Work, _ group: inout TaskGroup<Finished>) {
    let context = context
    let startedAt = context.now()
    var step = step
    if case .program(let program) = step.asset.recipe, program.product != .table {
      do {
        step.attempt = try context.journal.begin(
          step.asset.key, startedAt, step.causes, step.provenance)
      } catch {
        fail(step.asset.key, error, &work)
        return
      }
    }
    work.begin(step)
    emit(.started(step.asset.key))
    group.addTask { [step] in
      do {
        return Finished(
          step: step, startedAt: startedAt, result: .success(try await context.carryOut(step)))
      } catch {
        return Finished(step: step, startedAt: startedAt, result: .failure(error))
      }
    }
  }

  private func settle(
    _ finished: Finished, _ work: inout Work, _ group: inout TaskGroup<Finished>
  ) async {
    let step = finished.step
    let key = step.asset.key
    work.leave(step)
    switch finished.result {
    case .success(let product):
      let materialization = product.materialization
      let isSame = step.published?.product.digest == materialization.product.digest
      let result = StepResult(
        key, isSame ? .unchanged : .materialized, causes: step.causes,
        rows: materialization.product.rows,
        durationMilliseconds: materialization.durationMilliseconds)
      await look(at: work.note(product), &work)
      recordEnd(result, finished, materialization, &work)
    case .failure(WarehouseError.changedMeanwhile) where work.mayRetry(key):
      // Somebody else wrote to the warehouse: look at everything again, and decide anew.
      await look(at: Set(work.assessor.observations.assets.keys), &work)
      work.putBack(key)
    case .failure(let error) where error is CancellationError || Task.isCancelled:
      work.isStopped = true
      recordEnd(
        StepResult(key, .cancelled, causes: step.causes), finished, nil, &work)
    case .failure(let error):
      var result = failure(key, error)
      result.causes = step.causes
      result.durationMilliseconds = context.now().milliseconds(since: finished.startedAt)
      recordEnd(result, finished, nil, &work)
    }
  }

  /// Looks again at the present content of assets; what cannot be looked at is unknown.
  private func look(at keys: Set<AssetKey>, _ work: inout Work) async {
    guard !keys.isEmpty else { return }
    let found = try? await observe(keys)
    for key in keys {
      work.assessor.observations.assets[key] =
        found?[key] ?? .unknown("it could not be looked at again")
    }
  }

  private func recordEnd(
    _ result: StepResult, _ finished: Finished, _ materialization: Materialization?,
    _ work: inout Work
  ) {
    let step = finished.step
    do {
      try record(
        StepEnd(
          key: result.key, startedAt: finished.startedAt, causes: step.causes,
          provenance: step.provenance, result: result, materialization: materialization,
          definition: step.asset.definition, attempt: step.attempt))
      end(result, &work)
    } catch {
      // What cannot be recorded must not be built upon; the next run finds the publication.
      end(failure(result.key, error), &work)
    }
  }

  private func fail(_ key: AssetKey, _ error: any Error, _ work: inout Work) {
    let now = context.now()
    let result = failure(key, error)
    try? record(
      StepEnd(
        key: key, startedAt: now, causes: [], provenance: nil, result: result,
        materialization: nil, definition: nil, attempt: nil))
    end(result, &work)
  }

  private func failure(_ key: AssetKey, _ error: any Error) -> StepResult {
    let diagnostics = (error as? any DiagnosableError)?.diagnostics ?? []
    return StepResult(key, .failed, failure: diagnostics.first ?? Diagnostic("\(error)"))
  }

  private func end(_ result: StepResult, _ work: inout Work) {
    work.end(result)
    if result.outcome == .failed, stopsAtFailure { work.isStopped = true }
    emit(.finished(result))
  }
}

/// Where a run stands.
///
/// Only the executor's own task touches it.
private struct Work {
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
