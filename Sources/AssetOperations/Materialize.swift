package import AssetCore
import AssetExecution
import AssetState
import AssetWarehouse

/// What to materialize, and how.
package struct MaterializeRequest: Sendable {
  package var selection: [String]
  package var excluded: [String]
  /// Just the selected assets, not what is stale upstream of them.
  package var onlySelected: Bool
  /// Of the selected assets those that the last run did not bring up to date.
  package var isRetry: Bool
  /// The selected assets even if they are fresh.
  package var isForced: Bool
  /// The selected incremental assets from their beginning, even if they are fresh.
  package var isFullRefresh: Bool
  /// The partitions of the selected assets that are meant, as a user names them; none for all.
  package var partitions: [String]
  package var isDryRun: Bool
  /// How many assets may be built at once.
  package var limit: Int
  package var stopsAtFailure: Bool

  package init(
    selection: [String] = [], excluded: [String] = [], onlySelected: Bool = false,
    isRetry: Bool = false, isForced: Bool = false, isFullRefresh: Bool = false,
    partitions: [String] = [], isDryRun: Bool = false, limit: Int = 1, stopsAtFailure: Bool = false
  ) {
    self.selection = selection
    self.excluded = excluded
    self.onlySelected = onlySelected
    self.isRetry = isRetry
    self.isForced = isForced
    self.isFullRefresh = isFullRefresh
    self.partitions = partitions
    self.isDryRun = isDryRun
    self.limit = limit
    self.stopsAtFailure = stopsAtFailure
  }
}

extension Workspace {
  /// Brings the selected assets up to date.
  ///
  /// - Parameters:
  ///   - wanted: What to materialize.
  ///   - emit: Is told what happens while it happens, from any thread.
  /// - Throws: Everything that keeps the run from starting; failures of assets are in the report.
  /// - Returns: What came of each asset that was looked at, in topological order.
  package func materialize(
    _ wanted: MaterializeRequest, emit: @escaping @Sendable (RunEvent) -> Void
  ) async throws -> RunReport {
    let started = now()
    let run = Self.runID(at: started)
    let lock = try await lock(for: run) { emit(.waitingForLock($0)) }
    let marking = Task { [folder] in await ProjectLock.keepMarking(in: folder) }
    defer {
      marking.cancel()
      withExtendedLifetime(lock) {}
    }

    // What a run that was killed left running would go on writing.
    Orphans.end(ofRuns: try state.unfinishedRuns())
    let writes = try await OwnWrites(in: self)
    let request = try repeating(wanted)
    let planned = try await self.plan(request, inOwnRun: true)
    for warning in latenessWarnings(of: planned) { emit(.warning(warning)) }
    emit(.planned(run: run, planned.plan))
    guard !planned.plan.steps.isEmpty else {
      return report(nil, planned, results: [], since: started)
    }
    let dead = try state.beginRun(
      run, command: command(of: request), at: started, assets: graph.sortedAssets,
      due: planned.plan.steps.map(\.key))
    for run in dead { RunFolder(project: folder, run: run).removeLeftovers() }
    let executor = executor(run: run, request, moving: await movingSources(), emit: emit)
    let execution = await executor.execute(
      planned.plan, by: planned.assessor, without: tooLateSources(of: planned))
    var report = report(run, planned, results: execution.results, since: started)
    report.notStarted = Self.assets(ofUnbegun: execution.notStarted, of: planned.plan)
    try state.endRun(
      run, outcome: report.outcome.rawValue, at: now(), due: report.unfinished,
      untried: report.untried)
    await writes.settle(
      Set(execution.results.filter(\.mayHaveWritten).map(\.key.asset)),
      observed: execution.observations.assets)
    await warehouse.close()
    return report
  }

  /// The assets among steps that were not begun: of those with partitions, those of which none was.
  private static func assets(
    ofUnbegun keys: [AssetKey], of plan: MaterializationPlan
  ) -> [AssetKey] {
    let rest = Set(keys)
    let begun = Set(plan.steps.map(\.key).filter { !rest.contains($0) }.map(\.asset))
    return keys.filter { $0.partition == nil && !begun.contains($0) }
  }

  /// Ends the programs of all runs of this process, without waiting for anything.
  package static func endProgramsAtOnce() { ProgramRunner.endAll() }

  /// Takes over what programs leave behind, so that it can be ended with them; for a process that has
  /// no other children.
  package static func adoptOrphans() { Adoption.begin() }

  /// Turns the process into a program of an asset, if it was started for that.
  package static func becomeProgramIfAsked() { WatchedProgram.becomeIfAsked() }

  /// A plan, with what decided it.
  struct Planned {
    var plan: MaterializationPlan
    var assessor: Assessor
    /// The assets that the request is about, whether due or not.
    var running: Set<AssetKey>
    var nothingToRetry: NothingToRetry?

    /// Assets upstream that are not fresh and that the request leaves out.
    var leftOut: [AssetKey] {
      plan.statuses.filter { key, status in
        key.partition == nil && !running.contains(key) && status.kind != .fresh
          && !assessor.tooEarly.contains(key)
          && assessor.graph[key]?.isSource == false
      }.keys.sorted()
    }
  }

  /// Decides what a request would do.
  ///
  /// Nothing is written but what was remembered.
  func plan(_ wanted: MaterializeRequest, inOwnRun: Bool = false) async throws -> Planned {
    let request = try repeating(wanted)
    let selected = try await select(request.selection, excluding: request.excluded)
    var targets = selected.keys.filter { graph[$0]?.isSource == false }
    var nothingToRetry: NothingToRetry?
    var undone: Set<AssetKey>?
    if request.isRetry { (nothingToRetry, undone) = try limitToUndone(&targets) }
    var running = request.onlySelected ? targets : graph.closure(of: targets)
    if !request.excluded.isEmpty {
      running.subtract(try await select(request.excluded).keys)
    }
    running = running.filter { graph[$0]?.isSource == false }
    var assessor = try await survey(of: running, inOwnRun: inOwnRun)
    assessor.running = running.union(running.flatMap(assessor.graph.parts(of:)))
    let meant = try partitions(request.partitions, of: targets, undone: undone, assessor.graph)
    if let meant {
      try await limit(
        &assessor, to: meant, of: targets, areNamed: !request.partitions.isEmpty)
    }
    let again =
      request.isForced
      ? targets
      : request.isFullRefresh ? try refreshed(among: targets, isRetry: request.isRetry) : []
    for key in again {
      let parts = assessor.graph.partitions(of: key).map { _ in assessor.graph.parts(of: key) }
      assessor.forced.formUnion(meant?[key] ?? Set(parts ?? [key]))
    }
    let plan = MaterializationPlan(of: assessor.running, by: &assessor)
    try verifyAreWhole(plan, by: assessor)
    // Nothing is said of what cannot be made yet; it is not fresh.
    return Planned(
      plan: plan, assessor: assessor, running: running.subtracting(assessor.tooEarly),
      nothingToRetry: nothingToRetry)
  }

  /// The request, that of a retry with what the last run was asked for: what it was to make in any case is
  /// not done with because it is fresh.
  private func repeating(_ request: MaterializeRequest) throws -> MaterializeRequest {
    guard request.isRetry, let words = try state.lastRun()?.words else { return request }
    var request = request
    request.isForced = request.isForced || words.contains("--force")
    request.isFullRefresh = request.isFullRefresh || words.contains("--full-refresh")
    return request
  }

  /// Leaves of the selected assets those that the last run did not bring up to date.
  ///
  /// - Returns: If that are none, why.
  private func limitToUndone(
    _ targets: inout Set<AssetKey>
  ) throws -> (NothingToRetry?, undone: Set<AssetKey>?) {
    let last = try state.lastRun()
    targets.formIntersection(last?.undone.map(\.asset) ?? [])
    guard targets.isEmpty else { return (nil, last?.undone) }
    guard let last else { return (.noRun, nil) }
    return (last.undone.isEmpty ? .allDone(run: last.id) : .notSelected(run: last.id), nil)
  }

  /// The assets among those that were selected that are made bit by bit; to ask for snapshots alone is an error,
  /// since nothing gives their history back.
  private func refreshed(
    among targets: Set<AssetKey>, isRetry: Bool
  ) throws -> Set<AssetKey> {
    let incremental = targets.filter {
      graph[$0]?.incremental != nil || graph[$0]?.partitions != nil
    }
    let snapshots = targets.filter { graph[$0]?.snapshot != nil }
    if !isRetry, incremental.isEmpty, !snapshots.isEmpty, snapshots.count == targets.count {
      throw OperationError.historyNotRefreshed(snapshots.sorted())
    }
    return incremental
  }

  /// The sources in the warehouse, and views over them, that may show what a run writes.
  private func movingSources() async -> Set<AssetKey> {
    let sources = graph.sortedAssets.filter { $0.isSource && $0.tableName?.database == nil }
    guard !sources.isEmpty else { return [] }
    let followers = try? await warehouse.followers()
    let moving = sources.filter { source in
      let name = source.tableName?.name.lowercased() ?? ""
      return name.hasPrefix("assetctl_") || followers.map { $0[name] != nil } ?? true
    }
    return Set(moving.flatMap { [$0.key] + graph.views(over: $0.key) })
  }

  private func executor(
    run: String, _ request: MaterializeRequest, moving: Set<AssetKey>,
    emit: @escaping @Sendable (RunEvent) -> Void
  ) -> Executor {
    let state = state
    let journal = StepJournal(
      begin: { try state.beginAttempt(on: $0, run: run, at: $1, causes: $2, provenance: $3) },
      noteCandidate: { try state.noteCandidate($0, definition: $1, of: $2) },
      encode: { try toJSON($0) },
      past: { [self] in try past(of: $0, limit: $1) })
    let now = now
    var context = StepContext(
      warehouse: warehouse, folder: RunFolder(project: folder, run: run), journal: journal,
      environment: environment, secrets: project.secrets, published: publishedFiles, now: now)
    context.knownFiles = { (try? state.fileList(of: $0.path)) ?? FileList() }
    return Executor(
      context: context,
      reader: reader, limits: ExecutionLimits(slots: request.limit, pools: project.pools),
      stopsAtFailure: request.stopsAtFailure, moving: moving,
      observe: { try await Observer(workspace: self).observeAgain($0) },
      findFiles: { try Observer(workspace: self).findFiles(of: $0) },
      record: { end in
        guard let outcome = Attempt.Outcome(end.result.outcome) else { return }
        try state.endAttempt(
          AttemptEnd(
            asset: end.key, startedAt: end.startedAt, endedAt: now(), outcome: outcome,
            causes: end.causes, provenance: end.provenance, error: end.result.failure?.summary,
            materialization: end.materialization, definition: end.definition,
            checks: end.result.checks, logged: end.logged),
          attempt: end.attempt, run: run)
      },
      emit: emit)
  }

  /// Where the project's content is, beside its files.
  private var publishedFiles: PublishedFiles {
    let outputs = graph.sortedAssets.flatMap { asset in asset.outputs.map { ($0, asset.key) } }
    let path =
      switch project.warehouse {
      case .sqlite(let path): path
      }
    return PublishedFiles(
      assets: Dictionary(outputs) { first, _ in first },
      warehouse: Self.absolute(path, in: folder))
  }

  private func report(
    _ run: String?, _ planned: Planned, results: [StepResult], since started: Timestamp
  ) -> RunReport {
    let byKey = Dictionary(uniqueKeysWithValues: results.map { ($0.key, $0) })
    let all = planned.assessor.graph
    let assets = graph.order.filter { planned.running.contains($0) || byKey[$0] != nil }.map {
      key in
      var result = byKey[key] ?? StepResult(key, .fresh)
      // Of a run that was cut short only the partitions have results.
      if all.partitions(of: key) != nil, result.partitions == nil {
        let parts = all.parts(of: key).compactMap { byKey[$0] }
        if parts.isEmpty || result.outcome == .failed {
          result.partitions = parts
        } else {
          result = StepResult(
            key, partitions: parts, of: all.partitions(of: key)?.count ?? 0, rows: result.rows)
        }
      }
      return result
    }
    let outcome: RunReport.Outcome =
      if assets.contains(where: { $0.outcome == .cancelled }) && Task.isCancelled {
        .cancelled
      } else if assets.contains(where: { [.failed, .skipped, .cancelled].contains($0.outcome) }) {
        .failed
      } else {
        .succeeded
      }
    // What cannot be read of the store now is told next time.
    let undeclared = (try? undeclared(in: planned.assessor.history)) ?? []
    return RunReport(
      project: project.name, run: run, outcome: outcome, assets: assets,
      durationMilliseconds: now().milliseconds(since: started), leftOut: planned.leftOut,
      undeclared: undeclared, nothingToRetry: planned.nothingToRetry)
  }

  private func command(of request: MaterializeRequest) -> String {
    var words = ["materialize"] + request.selection
    if request.isRetry { words.append("--retry") }
    if request.onlySelected { words.append("--only") }
    if request.isForced { words.append("--force") }
    if request.isFullRefresh { words.append("--full-refresh") }
    words += request.partitions.flatMap { ["--partition", $0] }
    words += request.excluded.flatMap { ["--exclude", $0] }
    return words.joined(separator: " ")
  }

  /// A name for a run that sorts by time: `20261121-091403-5f2a`.
  static func runID(at time: Timestamp) -> String {
    let parts = time.calendarParts
    let random = String(UInt16.random(in: 0...UInt16.max), radix: 16)
    return padded(parts.year, 4) + padded(parts.month, 2) + padded(parts.day, 2) + "-"
      + padded(parts.hour, 2) + padded(parts.minute, 2) + padded(parts.second, 2) + "-"
      + String(repeating: "0", count: 4 - random.count) + random
  }
}

extension Attempt.Outcome {
  /// The outcome of an attempt; nothing for what was not attempted.
  init?(_ outcome: Outcome) {
    switch outcome {
    case .materialized: self = .materialized
    case .unchanged: self = .unchanged
    case .failed: self = .failed
    case .cancelled: self = .cancelled
    case .fresh, .skipped: return nil
    }
  }
}
