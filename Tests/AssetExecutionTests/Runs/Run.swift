import AssetCore
import AssetTestSupport
import AssetWarehouse
import Synchronization
import Testing

@testable import AssetExecution

/// One run of the executor on a scenario, with all that it told meanwhile.
struct Run {
  /// `started KEY`, or the outcome and the key.
  private(set) var events: [String] = []
  private(set) var ends: [StepEnd] = []
  private(set) var results: [StepResult] = []

  private struct DiskFull: DiagnosableError {
    var diagnostics: [Diagnostic] { [Diagnostic("the disk is full")] }
  }

  private final class Told: Sendable {
    let events = Mutex<[String]>([])
    let ends = Mutex<[StepEnd]>([])
  }

  /// Runs all that is due.
  ///
  /// - Parameters:
  ///   - project: The project.
  ///   - unrecordable: An asset whose end cannot be recorded.
  ///   - cancelsAtStart: Whether the run is cancelled once its first step has started.
  /// - Throws: What planning throws.
  init(
    _ project: Scenario, unrecordable: AssetKey? = nil, cancelsAtStart: Bool = false
  ) async throws {
    let told = Told()
    let warehouse = project.warehouse
    let (hasStarted, start) = AsyncStream.makeStream(of: Void.self)
    let executor = Executor(
      context: StepContext(
        warehouse: warehouse, folder: RunFolder(project: "/nowhere", run: "test"),
        journal: StepJournal(
          begin: { _, _, _, _ in 0 }, noteCandidate: { _, _, _ in }, encode: { $0.id }),
        environment: [:], now: { Timestamp(milliseconds: 0) }),
      reader: project.reader, limits: ExecutionLimits(slots: 2),
      observe: { try await warehouse.observe(try project.requests($0)) },
      record: { end in
        if end.key == unrecordable, end.materialization != nil { throw DiskFull() }
        told.ends.withLock { $0.append(end) }
      },
      emit: { event in
        switch event {
        case .started(let key, _):
          told.events.withLock { $0.append("started \(key)") }
          start.yield()
        case .finished(let result):
          told.events.withLock { $0.append("\(result.outcome) \(result.key)") }
        case .planned, .warning, .retrying, .waitingForLock: break
        }
      })
    let (plan, assessor) = try await project.prepare()
    let task = Task { await executor.execute(plan, by: assessor).results }
    if cancelsAtStart {
      for await _ in hasStarted { break }
      task.cancel()
    }
    results = await task.value
    events = told.events.withLock { $0 }
    ends = told.ends.withLock { $0 }
  }
}
