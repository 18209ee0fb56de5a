import AssetCore
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
    var liveLines = 0
    var nameWidth = 0
    var hasEnded = false
  }

  /// Where the lines of finished assets go; `nil` for nowhere.
  private let lines: Terminal?
  private let lineStyle: TextStyle
  /// Where what is running is shown; `nil` where nobody looks.
  private let live: Terminal?
  private let liveStyle: TextStyle
  private let showsFailuresOnly: Bool
  private let state = Mutex(State())

  init(lines: Terminal?, live: Terminal?, color: ColorChoice, showsFailuresOnly: Bool) {
    self.lines = lines
    self.live = live
    lineStyle = (lines ?? .error).style(color)
    liveStyle = (live ?? .error).style(color)
    self.showsFailuresOnly = showsFailuresOnly
  }

  /// Shows an event; called from any thread.
  func show(_ event: RunEvent) {
    state.withLock { state in
      state.progress.note(event, at: Self.now)
      var text = ""
      switch event {
      case .waitingForLock(let holder) where live == nil && !showsFailuresOnly:
        Terminal.error.write("waiting for the run \(holder) to end\n")
      case .planned(_, let plan):
        state.nameWidth = plan.steps.map(\.key.name.count).max() ?? 0
      case .finished(let result) where !showsFailuresOnly || result.outcome == .failed:
        text = AssetRendering.text(of: result, nameWidth: state.nameWidth, style: lineStyle)
      case .retrying(let retry) where !showsFailuresOnly:
        text = AssetRendering.text(of: retry, nameWidth: state.nameWidth, style: lineStyle)
      case .waitingForLock, .started, .retrying, .finished: break
      }
      erase(&state)
      if !text.isEmpty { lines?.write(text) }
      draw(&state)
    }
  }

  /// Draws what is running anew every tenth of a second, until the task is cancelled.
  func keepDrawing() async {
    guard live != nil else { return }
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(100))
      state.withLock { state in
        erase(&state)
        draw(&state)
      }
    }
  }

  /// Leaves only the finished lines.
  func end() {
    state.withLock { state in
      erase(&state)
      state.hasEnded = true
    }
  }

  private func erase(_ state: inout State) {
    guard let live, state.liveLines > 0 else { return }
    // Up to the first live line, and everything from there on away.
    live.write("\u{1B}[\(state.liveLines)F\u{1B}[J")
    state.liveLines = 0
  }

  private func draw(_ state: inout State) {
    guard let live, !state.hasEnded else { return }
    let lines = state.progress.lines(at: Self.now, style: liveStyle)
    state.liveLines = lines.count
    live.write(lines.map { $0 + "\n" }.joined())
  }

  private static var now: Timestamp {
    Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }
}
