package import AssetCore

/// What a terminal shows below the finished lines while a run goes on.
///
/// It is a value: events and the time go in, lines come out.
package struct LiveProgress: Sendable {
  private var total = 0
  private var done = 0
  private var running: [(key: AssetKey, since: Timestamp)] = []
  private var waitingFor: String?

  package init() {}

  /// Takes note of what happened.
  package mutating func note(_ event: RunEvent, at time: Timestamp) {
    switch event {
    case .waitingForLock(let holder): waitingFor = holder
    case .planned(_, let plan):
      waitingFor = nil
      total = plan.steps.count
    case .started(let key): running.append((key, time))
    case .retrying(let retry): running.removeAll { $0.key == retry.key }
    case .finished(let result):
      running.removeAll { $0.key == result.key }
      done += 1
    }
  }

  /// The lines to show now, each no wider than the terminal.
  package func lines(at time: Timestamp, style: TextStyle) -> [String] {
    if let waitingFor { return ["waiting for the run \(waitingFor) to end"] }
    guard done < total else { return [] }
    let width = running.map(\.key.name.count).max() ?? 0
    let lines = running.prefix(8).map { key, since in
      "  \(padded(key.name, to: width))  \(durationText(time.milliseconds(since: since)))"
    }
    return (["\(done) of \(total) done"] + lines).map { line in
      style.paint(style.width.map { String(line.prefix($0 - 1)) } ?? line, .quiet)
    }
  }
}
