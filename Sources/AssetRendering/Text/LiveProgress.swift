package import AssetCore

/// What a terminal shows below the finished lines while a run goes on.
///
/// It is a value: events, what programs print and the time go in, lines come out.
package struct LiveProgress: Sendable {
  fileprivate struct Running {
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
    let layout = Layout(of: shown, at: time, width: style.width)
    var lines = ["\(done) of \(total) done"]
    for (asset, time) in zip(shown, layout.times) {
      let name = padded(shortened(asset.key.name, to: layout.nameWidth), to: layout.nameWidth)
      let hasOutput = layout.showsOutput && !asset.output.isEmpty
      let end = hasOutput ? padded(time, to: layout.timeWidth + 2) + asset.output : time
      lines.append("  \(name)  \(end)")
    }
    if shown.count < running.count { lines.append("  and \(running.count - shown.count) more") }
    return lines.map { style.paint(fitted($0, style), .quiet) }
  }

  /// A line that leaves the last column free, where terminals would break it.
  private func fitted(_ line: String, _ style: TextStyle) -> String {
    style.width.map { cut(line, toWidth: max(0, $0 - 1)) } ?? line
  }
}

extension LiveProgress {
  /// How the running assets stand in columns: where there is little room, first the expected times go
  /// and then the ends of names, but never the time that has passed.
  private struct Layout {
    /// The columns that names are to have before times are shortened.
    private static let leastNameWidth = 14
    /// The columns of most times, so that names do not move when a time becomes longer.
    private static let usualTimeWidth = 6
    /// The columns below which a line of output says nothing.
    private static let leastOutputWidth = 4

    var times: [String]
    var nameWidth: Int
    var showsOutput = true
    var timeWidth: Int { times.map(\.count).max() ?? 0 }

    init(of running: ArraySlice<Running>, at time: Timestamp, width: Int?) {
      times = running.map { $0.timeText(at: time, isShort: false) }
      nameWidth = running.map(\.key.name.count).max() ?? 0
      // Beside two columns in front of the name, two behind it, and a free one at the end.
      guard let room = width.map({ $0 - 5 }) else { return }
      if room - max(timeWidth, Self.usualTimeWidth) < min(nameWidth, Self.leastNameWidth) {
        times = running.map { $0.timeText(at: time, isShort: true) }
      }
      nameWidth = min(nameWidth, max(1, room - max(timeWidth, Self.usualTimeWidth)))
      showsOutput = room - nameWidth - timeWidth - 2 >= Self.leastOutputWidth
    }
  }
}

extension LiveProgress.Running {
  fileprivate func timeText(at time: Timestamp, isShort: Bool) -> String {
    if let (retry, due) = retry {
      let delay = "in " + durationText(max(0, due.milliseconds(since: time)))
      return isShort ? delay : "try \(retry.tries + 1) of \(retry.mostTries) \(delay)"
    }
    let elapsed = durationText(time.milliseconds(since: since))
    guard let expectedMilliseconds, !isShort else { return elapsed }
    return elapsed + ", last time \(durationText(expectedMilliseconds))"
  }
}

/// A name without its middle where it is too long, as names that begin alike differ in their ends.
private func shortened(_ name: String, to width: Int) -> String {
  guard name.count > width else { return name }
  let tail = (width - 1) / 2
  return name.prefix(max(0, width - 1 - tail)) + "…" + name.suffix(tail)
}
