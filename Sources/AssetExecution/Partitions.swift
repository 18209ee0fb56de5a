import AssetCore
import AssetWarehouse

/// The end of all those partitions of an asset that were to be made.
extension Executor {
  /// Looks at the whole table as its readers will read it, once rows of none of its partitions are taken
  /// out of it.
  ///
  /// Where partitions could not be made, the readers of the others go on.
  func endPartitions(of key: AssetKey, _ work: inout Work) async {
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

  private func settlePartitions(
    of key: AssetKey, keeping slices: [RowSlice]?, _ work: inout Work
  ) async throws {
    let request = TableRequest(
      key: key, table: TableName(key.name), consumptions: work.consumptions(of: key))
    work.assessor.note(try await context.warehouse.settle(request, keeping: slices), of: key)
    await look(at: work.moveViews(over: key), &work)
  }
}
