import AssetCore
import AssetOperations
import AssetRendering
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Shows a run while it goes on: a line for each asset that is done and, on a terminal, what is
/// running now.
final class RunPresenter: Sendable {
  private struct State {
    var progress = LiveProgress()
    var logs: RunLogs?
    /// What is drawn below the finished lines.
    var drawn: [String] = []
    var nameWidth = 0
    /// Which partitions have lines, once that can be told.
    var partitions: PartitionLines?
    var hasEnded = false
  }

  /// Where the lines of finished assets go; `nil` for nowhere.
  private let lines: Terminal?
  /// Where what is running is shown; `nil` where nobody looks.
  private let live: Terminal?
  private let color: ColorChoice
  private let showsFailuresOnly: Bool
  private let isVerbose: Bool
  private let logs: @Sendable (String) -> RunLogs
  private let state = Mutex(State())

  /// Presents to the given streams.
  ///
  /// - Parameters:
  ///   - lines: Where the lines of finished assets go; `nil` for nowhere.
  ///   - live: Where what is running is shown; `nil` where nobody looks.
  ///   - color: Whether to use colour.
  ///   - showsFailuresOnly: Whether nobody wants to know of what went well.
  ///   - isVerbose: Whether each partition of an asset is to have its line.
  ///   - logs: The logs of a run.
  init(
    lines: Terminal?, live: Terminal?, color: ColorChoice, showsFailuresOnly: Bool,
    isVerbose: Bool = false, logs: @escaping @Sendable (String) -> RunLogs
  ) {
    self.lines = lines
    self.live = live
    self.color = color
    self.showsFailuresOnly = showsFailuresOnly
    self.isVerbose = isVerbose
    self.logs = logs
  }

  /// Shows an event; called from any thread.
  func show(_ event: RunEvent) {
    state.withLock { state in
      state.progress.note(event, at: .now)
      var text = ""
      switch event {
      case .waitingForLock(let holder) where live == nil && !showsFailuresOnly:
        Terminal.error.write("waiting for the run \(holder) to end\n")
      case .warning(let warning) where !showsFailuresOnly:
        Terminal.error.write(
          AssetRendering.text(of: [warning], style: Terminal.error.style(color)) + "\n")
      case .planned(let run, let plan):
        state.logs = logs(run)
        state.partitions = PartitionLines(of: plan, showsAll: isVerbose)
        // In a narrow window columns would only break lines.
        state.nameWidth = min(
          plan.steps.map(\.key.name.count).max() ?? 0,
          lineStyle.width.map { max(0, $0 - 40) } ?? .max)
      case .finished(let result) where !showsFailuresOnly || result.outcome == .failed:
        if state.partitions?.include(result) != false {
          text = AssetRendering.text(of: result, nameWidth: state.nameWidth, style: lineStyle)
        }
      case .retrying(let retry) where !showsFailuresOnly:
        text = AssetRendering.text(of: retry, nameWidth: state.nameWidth, style: lineStyle)
      case .waitingForLock, .warning, .started, .retrying, .finished: break
      }
      if !text.isEmpty {
        draw([], &state)
        lines?.write(text)
      }
      draw(&state)
    }
  }

  /// Draws what is running anew every tenth of a second, until the task is cancelled.
  func keepDrawing() async {
    guard live != nil else { return }
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(100))
      state.withLock { state in
        for key in state.progress.runningKeys {
          guard let output = state.logs?.tail(of: key) else { continue }
          state.progress.note(output: output, of: key)
        }
        draw(&state)
      }
    }
  }

  /// Leaves only the finished lines.
  func end() {
    state.withLock { state in
      draw([], &state)
      state.hasEnded = true
    }
  }

  private var lineStyle: TextStyle { (lines ?? .error).style(color) }

  private func draw(_ state: inout State) {
    guard let live, !state.hasEnded else { return }
    // The window may have another size than the last time.
    let lines = state.progress.lines(
      at: .now, style: live.style(color), height: live.height)
    draw(lines, &state)
  }

  /// Puts lines in the place of those that are drawn.
  private func draw(_ lines: [String], _ state: inout State) {
    guard let live, lines != state.drawn else { return }
    // Up to the first live line, and everything from there on away.
    let rows = rowCount(of: state.drawn, width: live.width)
    let erasing = rows == 0 ? "" : "\u{1B}[\(rows)F\u{1B}[J"
    live.write(erasing + lines.map { $0 + "\n" }.joined())
    state.drawn = lines
  }
}

extension Timestamp {
  /// The moment by the system's clock.
  static var now: Timestamp {
    Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }
}
