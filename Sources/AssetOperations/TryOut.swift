package import AssetCore
import AssetExecution
import AssetState
import AssetWarehouse
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Workspace {
  /// Tries out what a request would do: builds the tables that are due in one transaction, compares each
  /// with what is published, and undoes all of it.
  ///
  /// Nobody sees anything of it and nothing is recorded. Programs are not run; they and what is
  /// downstream of them are left out.
  ///
  /// - Parameters:
  ///   - request: What would be materialized.
  ///   - limit: How many rows of each kind to show at most.
  ///   - waiting: Is told who holds the project's lock, if somebody does.
  /// - Throws: What keeps the plan from being made, or the warehouse from being written.
  /// - Returns: What would come of each asset that is due, in topological order.
  package func tryOut(
    _ request: MaterializeRequest, limit: Int, waiting: (String) -> Void
  ) async throws -> DiffReport {
    // A project without that folder was never materialized, so nobody else does so.
    let lock =
      FileManager.default.fileExists(atPath: folder + "/.assetctl")
      ? try await ProjectLock.acquire(in: folder, holder: "of `--dry-run --diff`", waiting: waiting)
      : nil
    defer { withExtendedLifetime(lock) {} }
    // From here on nobody else can write what is looked at.
    let trial = try await warehouse.trial()
    do {
      let report = try await tryOut(request, limit, in: trial)
      await trial.close()
      return report
    } catch {
      await trial.close()
      throw error
    }
  }

  private func tryOut(
    _ request: MaterializeRequest, _ limit: Int, in trial: any Warehouse
  ) async throws -> DiffReport {
    let planned = try await plan(request, inOwnRun: true)
    let made = MadeInTrial()
    let executor = tryingExecutor(in: trial, made)
    let execution = await executor.execute(planned.plan, by: planned.assessor)
    try Task.checkCancellation()
    var diffs: [AssetDiff] = []
    for result in execution.results {
      guard let asset = graph[result.key] else { continue }
      // All that is recorded of it, which a decision does not need.
      let before = try planned.assessor.history[asset.key]?.last.flatMap {
        try state.materialization($0.id)
      }
      var diff = AssetDiff(of: asset, before: before, after: made[asset.key], result: result)
      diff.isLeftOut = isLeftOut(result)
      if diff.needsRows(of: asset) {
        let mask = SecretMask(project.secrets)
        diff = try await trial.read(with: []) { [diff] reading in
          try diff.comparingRows(of: asset, by: [], limit, in: reading, mask)
        }
      }
      diffs.append(diff)
    }
    return DiffReport(project: project.name, isTrial: true, entries: diffs)
  }

  /// Whether an asset came to nothing only because programs are not run.
  private func isLeftOut(_ result: StepResult) -> Bool {
    let cause: AssetKey? =
      switch result.outcome {
      case .failed: result.key
      case .skipped: result.because
      case .materialized, .unchanged, .fresh, .cancelled: nil
      }
    guard let cause, case .program = graph[cause.asset]?.recipe else { return false }
    return true
  }

  private func tryingExecutor(
    in trial: any Warehouse, _ made: MadeInTrial
  ) -> Executor {
    let state = state
    let trying = with(trial)
    return Executor(
      context: StepContext(
        warehouse: trial, folder: RunFolder(project: folder, run: "trial"),
        journal: StepJournal(
          begin: { _, _, _, _ in 0 }, noteCandidate: { _, _, _ in }, encode: { try toJSON($0) },
          past: { try state.materializations(of: $0, limit: $1) }),
        environment: environment, secrets: project.secrets, isTrial: true, now: now),
      reader: reader, limits: ExecutionLimits(slots: 1, pools: project.pools),
      observe: { try await Observer(workspace: trying).observeAgain($0) },
      record: { made.note($0.materialization) },
      emit: { _ in })
  }
}

/// What a trial made, by asset.
private final class MadeInTrial: Sendable {
  private let records = Mutex<[AssetKey: Materialization]>([:])

  subscript(key: AssetKey) -> Materialization? { records.withLock { $0[key] } }

  func note(_ record: Materialization?) {
    guard let record else { return }
    records.withLock { $0[record.asset] = record }
  }
}
