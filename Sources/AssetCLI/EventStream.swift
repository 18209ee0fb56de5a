import AssetCore
import AssetOperations
import AssetRendering
import Dispatch
import Synchronization

/// Writes what happens in a run to standard output, a JSON object per line, with all that programs
/// print.
///
/// Everything is written by a queue of its own and logs are read from their files, so that a reader
/// that is slow holds up neither the run nor its programs, and costs no memory. One that goes away
/// is forgotten.
final class EventStream: Sendable {
  private struct State {
    var logs: RunLogs?
    var running: [AssetKey] = []
    /// The time of the last event; time never goes back in a stream.
    var last = Timestamp(milliseconds: 0)
    var hasReader = true
  }

  private let workspace: Workspace
  private let queue = DispatchQueue(label: "assetctl.events")
  /// Only the queue touches it.
  private let state = Mutex(State())

  init(of workspace: Workspace) { self.workspace = workspace }

  /// Takes note of an event; called from any thread, and returns at once.
  func show(_ event: RunEvent) {
    let time = Timestamp.now
    queue.async { [self] in state.withLock { write(event, at: time, &$0) } }
  }

  /// Writes what programs print while they print it, until the task is cancelled.
  func keepFollowing() async {
    while !Task.isCancelled {
      let now = Timestamp.now
      await afterAll { [self] in state.withLock { follow(at: now, &$0) } }
      try? await Task.sleep(for: .milliseconds(100))
    }
  }

  /// Writes the last line, and returns once everything is written.
  func end(_ report: RunReport, exitCode: Int32) async {
    await afterAll { [self] in
      state.withLock { state in
        write(jsonLine(of: report, exitCode: exitCode, at: time(.now, &state)), &state)
      }
    }
  }

  /// Does something once all is written that was noted before.
  private func afterAll(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      queue.async {
        body()
        continuation.resume()
      }
    }
  }

  private func write(_ event: RunEvent, at now: Timestamp, _ state: inout State) {
    let time = time(now, &state)
    switch event {
    case .planned(let run, _): state.logs = workspace.runLogs(of: run)
    case .started(let key, _): state.running.append(key)
    case .retrying(let retry): writeRest(of: retry.key, at: time, &state)
    case .finished(let result): writeRest(of: result.key, at: time, &state)
    case .waitingForLock, .warning: break
    }
    write(jsonLine(of: event, project: workspace.project.name, at: time), &state)
  }

  private func follow(at now: Timestamp, _ state: inout State) {
    let time = time(now, &state)
    for key in state.running {
      writeLog(of: key, at: time, &state) { $0.newLines(of: key, $1) }
    }
  }

  /// Writes what was not written yet of the log of an asset whose program has ended.
  private func writeRest(of key: AssetKey, at time: Timestamp, _ state: inout State) {
    guard let index = state.running.firstIndex(of: key) else { return }
    state.running.remove(at: index)
    writeLog(of: key, at: time, &state) { $0.remainingLines(of: key, $1) }
  }

  private func writeLog(
    of key: AssetKey, at time: Timestamp, _ state: inout State,
    read: (inout RunLogs, (LogLine) -> Void) -> Void
  ) {
    guard state.hasReader, var logs = state.logs else { return }
    let events = LogEvents(from: key, at: time)
    var bytes: [UInt8] = []
    read(&logs) { line in
      events.append(line, to: &bytes)
      if bytes.count > 1 << 16 { write(&bytes, &state) }
    }
    write(&bytes, &state)
    state.logs = logs
  }

  private func write(_ bytes: inout [UInt8], _ state: inout State) {
    if state.hasReader { state.hasReader = bytes.withUnsafeBytes { Terminal.output.write($0) } }
    bytes.removeAll(keepingCapacity: true)
  }

  private func write(_ line: String, _ state: inout State) {
    if state.hasReader { state.hasReader = Terminal.output.write(line) }
  }

  private func time(_ now: Timestamp, _ state: inout State) -> Timestamp {
    state.last = max(state.last, now)
    return state.last
  }
}
