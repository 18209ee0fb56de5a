package import AssetCore

/// What a terminal shows below the finished lines while a run goes on.
///
/// It is a value: events, what programs print and the time go in, lines come out.
package struct LiveProgress: Sendable {
  private struct Running {
    var key: AssetKey
    var since: Timestamp
    var expectedMilliseconds: Int64?
    /// What failed and is tried again, and when.
    var retry: (Retry, at: Timestamp)?
    /// The last line that its program printed.
    var output = ""
  }

  /// How many running assets are shown, unless the terminal is lower than that.
  private static let most = 8

  private var total = 0
  private var done = 0
  private var running: [Running] = []
  private var waitingFor: String?

  package init() {}

  /// The assets that are running, those first that are shown.
  package var runningKeys: [AssetKey] { running.prefix(Self.most).map(\.key) }

  /// Takes note of what happened.
  package mutating func note(_ event: RunEvent, at time: Timestamp) {
    switch event {
    case .waitingForLock(let holder): waitingFor = holder
    case .warning: break
    case .planned(_, let plan):
      waitingFor = nil
      total = plan.steps.count
    case .started(let key, let expected):
      // What is tried again stays in its place.
      let asset = Running(key: key, since: time, expectedMilliseconds: expected)
      if let index = running.firstIndex(where: { $0.key == key }) {
        running[index] = asset
      } else {
        running.append(asset)
      }
    case .retrying(let retry):
      guard let index = running.firstIndex(where: { $0.key == retry.key }) else { break }
      let due = Timestamp(milliseconds: time.milliseconds + retry.delayMilliseconds)
      running[index].retry = (retry, at: due)
    case .finished(let result):
      running.removeAll { $0.key == result.key }
      done += 1
    }
  }

  /// Takes note of the end of what an asset's program printed so far.
  package mutating func note(output: String, of key: AssetKey) {
    guard let index = running.firstIndex(where: { $0.key == key }) else { return }
    running[index].output = lastLine(of: output)
  }

  /// The lines to show now, each narrower than the terminal.
  ///
  /// - Parameters:
  ///   - time: The time now.
  ///   - style: How they are to look, and the terminal's width.
  ///   - height: The terminal's height, if it is known.
  /// - Returns: The lines; none before there is anything to do, and after all is done.
  package func lines(at time: Timestamp, style: TextStyle, height: Int? = nil) -> [String] {
    if let waitingFor { return [fitted("waiting for the run \(waitingFor) to end", style)] }
    guard done < total else { return [] }
    // One line for the sum, one for what is left out, and one for the cursor.
    let shown = running.prefix(min(Self.most, max(1, (height ?? .max) - 3)))
    let times = shown.map { timeText(of: $0, at: time) }
    let nameWidth = shown.map { displayWidth($0.key.name) }.max() ?? 0
    let timeWidth = times.map(\.count).max() ?? 0
    var lines = ["\(done) of \(total) done"]
    for (asset, time) in zip(shown, times) {
      let name = padded(asset.key.name, to: nameWidth)
      let line = "  \(name)  "
      lines.append(
        line + (asset.output.isEmpty ? time : padded(time, to: timeWidth + 2)) + asset.output)
    }
    if shown.count < running.count { lines.append("  and \(running.count - shown.count) more") }
    return lines.map { style.paint(fitted($0, style), .quiet) }
  }

  private func timeText(of asset: Running, at time: Timestamp) -> String {
    if let (retry, due) = asset.retry {
      let left = max(0, due.milliseconds(since: time))
      return "try \(retry.tries + 1) of \(retry.mostTries) in \(durationText(left))"
    }
    let elapsed = durationText(time.milliseconds(since: asset.since))
    return elapsed + (asset.expectedMilliseconds.map { ", last time \(durationText($0))" } ?? "")
  }

  /// A line that leaves the last column free, where terminals would break it.
  private func fitted(_ line: String, _ style: TextStyle) -> String {
    style.width.map { cut(line, toWidth: max(0, $0 - 1)) } ?? line
  }
}
