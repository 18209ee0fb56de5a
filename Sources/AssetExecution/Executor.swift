package import AssetCore
import AssetWarehouse

/// Carries out a plan: what may start starts, the longest expected remaining path first; each
/// finished asset lets its readers be decided and started; a failure stops only what is downstream.
///
/// The executor decides nothing about staleness: it asks the assessor again when an asset's inputs
/// are done, which is where early cutoff happens.
package struct Executor: Sendable {
  let context: StepContext
  /// Finds out what queries consume.
  let reader: any QueryReader
  /// How much may run at once.
  private let limits: ExecutionLimits
  private let stopsAtFailure: Bool
  let observe: Observe
  let findFiles: FindFiles
  /// Sources, and views over them, whose content may move with what this run writes.
  private let moving: Set<AssetKey>
  /// Records the end of a step; before its readers start, so that a crash forgets nothing.
  private let record: @Sendable (StepEnd) throws -> Void
  private let emit: @Sendable (RunEvent) -> Void

  /// Looks again at assets' present content under the given consumptions, in one go.
  package typealias Observe =
    @Sendable ([AssetKey: Set<Consumption>]) async throws -> [AssetKey: Observation]

  /// Finds and looks at the files that an asset is loaded from.
  package typealias FindFiles =
    @Sendable (Asset) throws -> (asset: Asset, files: [String: Observation])

  package init(
    context: StepContext, reader: any QueryReader, limits: ExecutionLimits,
    stopsAtFailure: Bool = false, moving: Set<AssetKey> = [],
    observe: @escaping Observe, findFiles: @escaping FindFiles = { ($0, [:]) },
    record: @escaping @Sendable (StepEnd) throws -> Void,
    emit: @escaping @Sendable (RunEvent) -> Void
  ) {
    self.context = context
    self.reader = reader
    self.limits = limits
    self.stopsAtFailure = stopsAtFailure
    self.moving = moving
    self.observe = observe
    self.findFiles = findFiles
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
  ///   - late: Sources on which nothing is to be built.
  /// - Returns: The result of each step, in the plan's order, and what is there afterwards.
  package func execute(
    _ plan: MaterializationPlan, by assessor: Assessor, without late: [SourceFailure] = []
  ) async -> Execution {
    var work = Work(plan, assessor, reader: reader, limits: limits)
    await judgeSources(late, &work)
    await look(at: work.unseenInputs(of: plan), &work)
    await withTaskGroup(of: Happening.self) { group in
      while true {
        while !work.isStopped, let next = work.takeReady() {
          await start(next, &work, &group)
        }
        if work.isOver { group.cancelAll() }
        switch await group.next() {
        case .finished(let finished): await settle(finished, &work, &group)
        case .dueAgain(let key): work.putBack(key)
        case nil: return
        }
      }
    }
    Adoption.endStrays()
    for key in work.interrupted { end(StepResult(key, .cancelled), &work) }
    await judgeDeferredChecks(&work)
    let keys = plan.steps.map(\.key)
    return Execution(
      results: work.results(in: work.beside + keys) { StepResult($0, .cancelled) },
      notStarted: keys.filter { !work.isDone($0) }, observations: work.assessor.observations)
  }
}

/// What came of a plan.
package struct Execution: Sendable {
  /// What has a result beside the plan stands first.
  package var results: [StepResult]
  /// The cancelled steps that were not begun.
  package var notStarted: [AssetKey]
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
  /// What the program logged.
  package var logged = LoggedMessages()
}

/// What the executor waits for.
private enum Happening: Sendable {
  case finished(Finished)
  /// The delay before another try is over.
  case dueAgain(AssetKey)
}

/// A step that came to an end.
struct Finished: Sendable {
  var step: Step
  var startedAt: Timestamp
  var result: Result<CarriedOut, any Error>
}

extension Executor {
  /// Decides on an asset whose inputs are done, and starts it if it is due.
  private func start(
    _ key: AssetKey, _ work: inout Work, _ group: inout TaskGroup<Happening>
  ) async {
    if Task.isCancelled {
      work.isStopped = true
      return
    }
    // A file that is too old to be loaded.
    if let result = work.result(of: key) {
      work.end(result)
      return
    }
    if let cause = work.blocked[key] {
      end(StepResult(key, .skipped, because: cause), &work)
      return
    }
    if work.assessor.graph.partitions(of: key) != nil {
      await endPartitions(of: key, &work)
      return
    }
    // A view that showed nothing may show something again, now that its inputs are done.
    if work.isBroken(key) { await lookAgain(atView: key, &work) }
    do {
      try findWrittenFiles(of: key, &work)
    } catch {
      fail(key, error, &work)
      return
    }
    await lookAtWrittenSources(of: key, &work)
    let moved = moving.intersection(work.assessor.graph.inputs(of: key))
    if !moved.isEmpty, work.hasWritten { await look(at: moved, &work) }
    await lookAsRecorded(atInputsOf: key, &work)
    // A look that was cut short tells nothing.
    work.isStopped = work.isStopped || Task.isCancelled
    guard !work.isStopped else { return }
    let status = work.assessor.assess(key)
    switch status.kind {
    case .fresh:
      await lookAgain(atView: key, &work)
      end(StepResult(key, .fresh), &work)
    case .unknown: fail(key, StepError.unknown(status.message ?? ""), &work)
    case .waiting, .stale, .failed:
      do {
        launch(try await step(key, causes: status.causes, &work), &work, &group)
      } catch {
        if Task.isCancelled { work.isStopped = true } else { fail(key, error, &work) }
      }
    }
  }

  private func launch(_ step: Step, _ work: inout Work, _ group: inout TaskGroup<Happening>) {
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
    // A query that is held is run when all are published.
    if !step.isHeldQuery { emitStart(of: step) }
    group.addTask { [step] in
      do {
        let made = try await context.carryOutInTime(step)
        return .finished(Finished(step: step, startedAt: startedAt, result: .success(made)))
      } catch {
        return .finished(Finished(step: step, startedAt: startedAt, result: .failure(error)))
      }
    }
  }

  private func settle(
    _ finished: Finished, _ work: inout Work, _ group: inout TaskGroup<Happening>
  ) async {
    let step = finished.step
    let key = step.asset.key
    work.leave(step)
    switch finished.result {
    case .success(.published(let product)): await succeed(finished, product, &work)
    case .success(.held(let table)):
      work.hold(HeldPart(step: step, startedAt: finished.startedAt, table: table))
    case .failure(WarehouseError.changedMeanwhile) where work.mayRetry(key):
      // Somebody else wrote to the warehouse: look at everything again, and decide anew.
      await look(at: Set(work.assessor.observations.assets.keys), &work)
      work.putBack(key)
    case .failure(let error) where error is CancellationError || Task.isCancelled:
      work.isStopped = true
      recordEnd(
        StepResult(key, .cancelled, causes: step.causes), finished, nil, &work)
    case .failure(let error):
      let result = failure(finished, error)
      if let retry = retry(result, error, step, &work) {
        try? record(finished, result, nil)
        emit(.retrying(retry))
        group.addTask {
          try? await Task.sleep(for: .milliseconds(retry.delayMilliseconds))
          return .dueAgain(key)
        }
      } else {
        recordEnd(result, finished, nil, &work)
      }
    }
  }

  /// Takes note of what a step published.
  func succeed(_ finished: Finished, _ product: StepProduct, _ work: inout Work) async {
    let step = finished.step
    let materialization = product.materialization
    let isSame = step.published?.product.digest == materialization.product.digest
    let result = StepResult(
      step.asset.key, isSame ? .unchanged : .materialized, causes: step.causes,
      rows: materialization.product.rows,
      durationMilliseconds: materialization.durationMilliseconds,
      checks: materialization.product.checks ?? [], warnings: product.warnings,
      changes: materialization.product.changes
    ).masked(by: context.mask)
    await look(at: work.note(product), &work)
    recordEnd(result, finished, materialization, &work)
  }

  /// What is to be told of a step that failed.
  private func failure(_ finished: Finished, _ error: any Error) -> StepResult {
    let step = finished.step
    var result = failure(step.asset.key, error)
    result.warnings = step.notes.warnings
    result.failure = result.failure?.explained(byHidden: step.notes.hidden)
    result = result.masked(by: context.mask)
    result.causes = step.causes
    result.durationMilliseconds = context.now().milliseconds(since: finished.startedAt)
    return result
  }

  /// Takes note of a step that failed and is not tried again.
  func fail(_ finished: Finished, _ error: any Error, _ work: inout Work) {
    recordEnd(failure(finished, error), finished, nil, &work)
  }

  func emitStart(of step: Step) {
    emit(
      .started(
        step.asset.key, expectedMilliseconds: step.published?.durationMilliseconds))
  }

  /// Whether another try may end otherwise: what was made and is wrong would be as wrong again.
  private func mayPass(_ error: any Error) -> Bool {
    switch error {
    case StepError.checksFailed, StepError.contractBroken, StepError.queryRefused,
      StepError.programNotFound, StepError.programUnusable, StepError.outputOutside,
      StepError.overwroteOutput, StepError.windowOfOtherForm:
      false
    case RowFileError.unreadable: true
    case is RowFileError: false
    default: true
    }
  }

  /// Decides whether a failed step is tried again.
  private func retry(
    _ result: StepResult, _ error: any Error, _ step: Step, _ work: inout Work
  ) -> Retry? {
    guard !work.isStopped, !context.isTrial, mayPass(error), let failure = result.failure else {
      return nil
    }
    let policy = step.asset.policy.retries
    let tries = work.countFailure(of: step.asset.key)
    return policy.delay(
      after: tries, exitCode: (error as? StepError)?.exitCode, chance: .random(in: 0...1)
    ).map {
      Retry(
        step.asset.key, tries: tries, mostTries: policy.max + 1, delayMilliseconds: $0,
        failure: failure)
    }
  }

  /// Looks again at a view whose content moved with what this run materialized.
  private func lookAgain(atView key: AssetKey, _ work: inout Work) async {
    guard work.movedViews.remove(key) != nil else { return }
    await look(at: [key], &work)
  }

  /// Looks again at the present content of assets, as those read it that have read it or will.
  func look(at keys: Set<AssetKey>, _ work: inout Work) async {
    await look(at: Dictionary(uniqueKeysWithValues: keys.map { ($0, []) }), &work)
  }

  private func recordEnd(
    _ result: StepResult, _ finished: Finished, _ materialization: Materialization?,
    _ work: inout Work
  ) {
    do {
      try record(finished, result, materialization)
      end(result, &work)
    } catch {
      // What cannot be recorded must not be built upon; the next run finds the publication.
      end(failure(result.key, error), &work)
    }
  }

  private func record(
    _ finished: Finished, _ result: StepResult, _ materialization: Materialization?
  ) throws {
    let step = finished.step
    try record(
      StepEnd(
        key: result.key, startedAt: finished.startedAt, causes: step.causes,
        provenance: step.provenance, result: result, materialization: materialization,
        definition: step.asset.definition, attempt: step.attempt, logged: step.log.logged))
  }

  /// Records an end that is none of a step.
  func record(
    _ result: StepResult, of key: AssetKey, causes: [StaleCause], _ provenance: Provenance?
  ) throws {
    try record(
      StepEnd(
        key: key, startedAt: context.now(), causes: causes, provenance: provenance, result: result,
        materialization: nil, definition: nil, attempt: nil))
  }

  /// Gives something its last result, beside the steps of the plan.
  func endBeside(_ result: StepResult, _ work: inout Work) {
    let keys = work.amend(result)
    if result.outcome == .failed, work.assessor.graph[result.key]?.isSource == true {
      work.block(readersOf: result.key)
    }
    if result.outcome == .failed, stopsAtFailure { work.isStopped = true }
    for key in keys { if let result = work.result(of: key) { emit(.finished(result)) } }
  }

  func fail(_ key: AssetKey, _ error: any Error, _ work: inout Work) {
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
    return StepResult(
      key, .failed, failure: diagnostics.first ?? Diagnostic("\(error)"),
      checks: (error as? StepError)?.checks ?? [])
  }

  func end(_ result: StepResult, _ work: inout Work) {
    work.end(result)
    if result.outcome == .failed, stopsAtFailure { work.isStopped = true }
    emit(.finished(result))
  }
}
