import AssetCore
import AssetWarehouse

/// The end of all those partitions of an asset that were to be made.
extension Executor {
  /// Looks at the whole table as its readers will read it, once rows of none of its partitions are taken
  /// out of it.
  ///
  /// Where partitions could not be made, the readers of the others go on.
  func endPartitions(of key: AssetKey, _ work: inout Work) async {
    guard await publishHeldParts(of: key, &work) else { return }
    let results = work.partitionResults(of: key)
    let count = work.assessor.graph.partitions(of: key)?.count ?? 0
    var removed: Int?
    do {
      if results.contains(where: { [.materialized, .unchanged].contains($0.outcome) }) {
        try await settlePartitions(of: key, keeping: nil, &work)
      }
      if work.assessor.hasOtherRows(key), let partitions = work.assessor.graph.partitions(of: key) {
        let before = work.assessor.rows(of: key)
        try await settlePartitions(of: key, keeping: partitions.slices, &work)
        if let before, let now = work.assessor.rows(of: key) { removed = before - now }
      }
    } catch WarehouseError.changedMeanwhile where work.mayRetry(key) {
      await look(at: Set(work.assessor.observations.assets.keys), &work)
      work.putBack(key)
      return
    } catch {
      if Task.isCancelled { work.isStopped = true } else { fail(key, error, &work) }
      return
    }
    work.assessor.assess(key)
    work.assessor.settle(key)
    switch work.assessor.observations.observation(of: .asset(key)) {
    case .unknown(let reason): fail(key, StepError.unknown(reason), &work)
    case .present(let content):
      var result = StepResult(key, partitions: results, of: count, rows: content.details?.rows)
      if let removed, removed > 0 {
        result.changes = RowChanges(added: 0, updated: 0, removed: removed)
        result.outcome = .materialized
        if !result.causes.contains(.outputAltered) { result.causes.append(.outputAltered) }
      }
      end(result, &work)
    case .missing, .replaced, .broken:
      end(StepResult(key, partitions: results, of: count), &work)
    }
  }

  /// Publishes the partitions of a table that is cut anew: all of them, or none.
  ///
  /// - Returns: Whether the asset can come to its end now.
  private func publishHeldParts(of key: AssetKey, _ work: inout Work) async -> Bool {
    let parts = work.heldParts(of: key)
    guard !parts.isEmpty else { return true }
    var obstacle = work.partitionResults(of: key).first {
      [.failed, .skipped, .cancelled].contains($0.outcome)
    }?.key
    if obstacle == nil {
      do {
        try await context.publishTogether(
          parts, keeping: work.assessor.graph.partitions(of: key)?.slices ?? [])
      } catch WarehouseError.changedMeanwhile where work.mayRetry(key) {
        await look(at: Set(work.assessor.observations.assets.keys), &work)
        work.putBack(key)
        return false
      } catch {
        if Task.isCancelled || error is CancellationError {
          work.isStopped = true
          return false
        }
        // They are made in their order.
        let failed = parts.first { $0.table.product == nil } ?? parts[0]
        if failed.step.isHeldQuery { emitStart(of: failed.step) }
        fail(failed.finished, context.explained(error, of: failed.step), &work)
        obstacle = failed.step.asset.key
      }
    }
    work.forgetHeldParts(of: key)
    for part in parts {
      context.removeWork(of: part.step)
      let own = part.step.asset.key
      if let obstacle {
        if own != obstacle { end(StepResult(own, .skipped, because: obstacle), &work) }
      } else if let product = part.table.product {
        if part.step.isHeldQuery { emitStart(of: part.step) }
        await succeed(part.finished, product, &work)
      }
    }
    return true
  }

  private func settlePartitions(
    of key: AssetKey, keeping slices: [RowSlice]?, _ work: inout Work
  ) async throws {
    let request = TableRequest(
      key: key, table: TableName(key.name), consumptions: work.consumptions(of: key))
    work.assessor.note(try await context.warehouse.settle(request, keeping: slices), of: key)
    await look(at: work.moveViews(over: key), &work)
  }
}

extension HeldPart {
  /// The step as one that has come to its end.
  fileprivate var finished: Finished {
    Finished(step: step, startedAt: startedAt, result: .success(.held(table)))
  }
}

extension Step {
  /// Whether it has nothing to do before it is published with others.
  var isHeldQuery: Bool {
    guard isHeld, case .query = asset.recipe else { return false }
    return true
  }
}

extension StepContext {
  /// Publishes partitions of one asset in one transaction; the first decides which columns there are.
  ///
  /// - Parameters:
  ///   - parts: The partitions.
  ///   - slices: The rows that the table may have; others go.
  /// - Throws: What keeps any of them from being published; then none is.
  func publishTogether(_ parts: [HeldPart], keeping slices: [RowSlice]) async throws {
    let candidates = parts.enumerated().map { place, part in
      part.table.forgetProduct()
      var candidate = part.table.candidate
      candidate.build.part?.decidesColumns = place == 0
      candidate.build.part?.keptSlices = place == 0 ? slices : nil
      return candidate
    }
    try await warehouse.publish(candidates)
  }
}
