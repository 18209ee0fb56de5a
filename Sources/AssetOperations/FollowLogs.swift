package import AssetCore
import AssetExecution
import AssetState

extension Workspace {
  /// Hands over an asset's log as its program wrote it, and goes on until the program has ended.
  ///
  /// One that failed and may be tried again in the run is waited for, until the run has ended. The run may go on in another process; a run whose process died has ended.
  ///
  /// - Parameters:
  ///   - name: The asset.
  ///   - runName: The run, the beginning of its name, or `last`.
  ///   - body: Takes a piece of the log; it says whether there is still somebody to read it.
  /// - Throws: An ``OperationError`` for a run, an asset or a log that is not there, and a
  ///   `CancellationError` if the task is cancelled.
  package func followLog(
    of name: String, in runName: String, _ body: (UnsafeRawBufferPointer) -> Bool
  ) async throws {
    let run = try run(named: runName).id
    let key = try loggedName(name)
    guard let asset = graph[key.asset], case .program = asset.recipe,
      (asset.partitions == nil) == (key.partition == nil)
    else {
      throw OperationError.noLog(run: run, asset: key.name)
    }
    let folder = RunFolder(project: folder, run: run)
    var follower = LogFollower(path: folder.absolute(folder.log(of: key.name)))
    var hasReader = true
    try await follow(run) { record in
      // All is written by the time that the end is recorded.
      follower.read { if hasReader { hasReader = body($0) } }
      return hasReader && !record.hasEnded(key, of: asset)
    }
    if !folder.loggedAssets().contains(key.name) {
      throw OperationError.noLog(run: run, asset: key.name)
    }
  }

  /// Hands over the lines of all logs of a run, and goes on until the run has ended.
  ///
  /// - Parameters:
  ///   - runName: The run, the beginning of its name, or `last`.
  ///   - body: Takes a line of an asset; it says whether there is still somebody to read it.
  /// - Throws: An ``OperationError`` for a run that is not there, and a `CancellationError` if the
  ///   task is cancelled.
  package func followLogs(
    of runName: String, _ body: (AssetKey, LogLine) -> Bool
  ) async throws {
    let run = try run(named: runName).id
    let folder = RunFolder(project: folder, run: run)
    var logs = RunLogs(folder)
    var keys: [AssetKey] = []
    var hasReader = true
    try await follow(run) { record in
      keys = folder.loggedAssets().map(AssetKey.init(trusted:))
      for key in keys {
        let take = { (line: LogLine) in if hasReader { hasReader = body(key, line) } }
        if record.attempts.last(where: { $0.asset == key })?.endedAt != nil {
          logs.remainingLines(of: key, take)
        } else {
          logs.newLines(of: key, take)
        }
      }
      return hasReader
    }
    for key in keys where hasReader {
      logs.remainingLines(of: key) { if hasReader { hasReader = body(key, $0) } }
    }
  }

  /// The longest name that a line of a log can have in front.
  package var longestLoggedName: Int {
    graph.order.filter { if case .program = graph[$0]?.recipe { true } else { false } }
      .map(\.name.count).max() ?? 0
  }

  /// Looks at a run ten times a second until it has ended, and a last time then.
  ///
  /// - Parameters:
  ///   - id: The run.
  ///   - look: Is given what is recorded of the run; it says whether to go on.
  /// - Throws: A `CancellationError` if the task is cancelled.
  private func follow(_ id: String, _ look: (RunRecord) throws -> Bool) async throws {
    var looks = 0
    while let record = try state.run(id) {
      // Its process holds the lock until the end is recorded. Asking is not free of consequences
      // for who wants the lock, so it is asked rarely.
      let isOver =
        record.outcome != nil
        || looks % 10 == 0 && !ProjectLock.isHeld(in: folder, by: id)
      looks += 1
      guard try look(record), !isOver else { return }
      try await Task.sleep(for: .milliseconds(100))
    }
  }
}

extension RunRecord {
  /// Whether the last attempt on an asset, or a partition of it, has an end, and it is not tried again.
  fileprivate func hasEnded(_ key: AssetKey, of asset: Asset) -> Bool {
    let attempts = attempts.filter { $0.asset == key }
    guard let last = attempts.last, last.endedAt != nil else { return false }
    return last.outcome != .failed || attempts.count > asset.policy.retries.max
  }
}
