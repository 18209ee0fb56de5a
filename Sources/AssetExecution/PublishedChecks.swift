package import AssetCore
import AssetWarehouse

// Checks of what readers see already: of sources before anything is built on them, and of assets that
// wait for each other once both are published.

/// Why nothing is built on a source.
package struct SourceFailure: Sendable {
  package var source: AssetKey
  /// What is wrong with it; `nil` if its checks passed.
  package var failure: Diagnostic?
  package var checks: [CheckResult]

  package init(source: AssetKey, failure: Diagnostic?, checks: [CheckResult] = []) {
    self.source = source
    self.failure = failure
    self.checks = checks
  }
}

extension Executor {
  /// Judges the sources that steps read, and blocks the steps behind those that fail.
  ///
  /// - Parameters:
  ///   - late: Sources on which nothing is to be built because they are too old.
  ///   - work: Where the run stands.
  func judgeSources(_ late: [SourceFailure], _ work: inout Work) async {
    for finding in late { end(finding, &work) }
    for source in work.sourcesRead where !work.isDone(source.key) {
      let checks = source.checks.filter { $0.isAboutRows && $0.severity == .error }
      guard source.failureStopsReaders, !checks.isEmpty else { continue }
      do {
        let results = try await results(of: checks, on: source, slice: nil, work)
        let failure =
          results.contains(where: \.isFatal)
          ? StepError.sourceChecksFailed(source: source.key, results).diagnostics.first : nil
        end(SourceFailure(source: source.key, failure: failure, checks: results), &work)
      } catch {
        if Task.isCancelled { work.isStopped = true }
        let reason = (error as? any DiagnosableError)?.diagnostics.first
        end(
          SourceFailure(source: source.key, failure: reason ?? Diagnostic("\(error)")), &work)
      }
    }
  }

  private func end(_ finding: SourceFailure, _ work: inout Work) {
    let key = finding.source
    let hadFailed = work.assessor.history[key]?.lastAttempt?.outcome == .failed
    guard finding.failure != nil || hadFailed else { return }
    var result = StepResult(
      key, finding.failure == nil ? .unchanged : .failed, failure: finding.failure,
      checks: finding.checks)
    result = result.masked(by: context.mask)
    try? record(result, of: key, causes: [], nil)
    // That a source is right again is nothing that was made.
    if finding.failure != nil { endBeside(result, &work) }
  }

  /// Judges the checks that had to wait until both of the assets that they compare were published.
  func judgeDeferredChecks(_ work: inout Work) async {
    for asset in work.withDeferredChecks {
      guard !work.isStopped, !Task.isCancelled else { return }
      let checks = asset.checks.filter { check in
        check.isDeferred && work.isToJudge(check, of: asset.key)
      }
      guard !checks.isEmpty else { continue }
      var result = work.result(of: asset.key) ?? StepResult(asset.key, .fresh)
      do {
        let found = try await results(of: checks, on: asset, slice: asset.partition?.slice, work)
        result.checks += found
        result.warnings += found.compactMap(\.warning)
        guard found.contains(where: { !$0.passed }) else {
          work.amend(result)
          continue
        }
        if found.contains(where: \.isFatal) {
          result.failure =
            StepError.publishedChecksFailed(asset: asset.key, found).diagnostics.first
        }
      } catch {
        result.failure =
          (error as? any DiagnosableError)?.diagnostics.first ?? Diagnostic("\(error)")
      }
      if result.failure != nil { result.outcome = .failed }
      result = result.masked(by: context.mask)
      if result.outcome == .failed {
        try? record(
          result, of: asset.key, causes: result.causes,
          work.assessor.history[asset.key]?.last?.provenance)
      }
      endBeside(result, &work)
    }
  }

  /// What checks find in what is published, without what nobody is to see.
  private func results(
    of checks: [Check], on asset: Asset, slice: RowSlice?, _ work: Work
  ) async throws -> [CheckResult] {
    let tables = work.assessor.graph.renamedTables(inChecksOf: asset)
    let now = context.now()
    let mask = context.mask
    let name = asset.key.asset.name
    return try await context.warehouse.read(with: Set(tables.compactMap(\.table.database))) {
      reading in
      try CheckQueries(of: name, tables: tables, slice: slice, now: now, in: reading)
        .results(of: checks).map { asset.masked($0).masked(mask.masked) }
    }
  }
}

extension Work {
  /// The sources that steps of this run read, directly or through views that stay as they are.
  var sourcesRead: [Asset] {
    let graph = assessor.graph
    let sources = Set(graph.sortedAssets.filter(\.isSource).map(\.key))
    guard !sources.isEmpty else { return [] }
    let read = Set(
      plannedKeys.flatMap { graph.nearestUpstream(of: $0, among: plannedKeys.union(sources)) })
    return graph.order.filter { sources.contains($0) && read.contains($0) }.compactMap { graph[$0] }
  }

  /// The assets and partitions that have checks which are judged once all is published.
  var withDeferredChecks: [Asset] {
    assessor.graph.sortedAssets.filter { asset in
      asset.checks.contains(where: \.isDeferred)
        && assessor.graph.partitions(of: asset.key) == nil
    }
  }

  /// Whether this run published one of the sides of a check, and all sides are there and up to date.
  func isToJudge(_ check: Check, of key: AssetKey) -> Bool {
    let sides = [key] + check.reads
    let isAnyNew = sides.contains { side in
      outcomes(of: side).contains { $0 == .materialized || $0 == .unchanged }
    }
    return isAnyNew
      && sides.allSatisfy { side in
        isThere(side)
          && outcomes(of: side).allSatisfy { ![.failed, .skipped, .cancelled].contains($0) }
      }
  }

  /// What came of an asset, or of its partitions.
  private func outcomes(of key: AssetKey) -> [Outcome] {
    ([key] + assessor.graph.parts(of: key)).compactMap { result(of: $0)?.outcome }
  }

  private func isThere(_ key: AssetKey) -> Bool {
    assessor.graph[key]?.isSource == true
      || ([key] + assessor.graph.parts(of: key)).contains { assessor.history[$0]?.last != nil }
  }
}
