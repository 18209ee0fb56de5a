import AssetCore
import Synchronization

/// The last messages that a program logged in one try, in memory that stays as it is.
///
/// Whoever carries out the step writes to it and whoever records its end reads it, however it ended.
final class MessageLog: Sendable {
  /// The most bytes that are kept of a message; the log of the run has all of it.
  static let longestMessage = 16_384
  private static let longestLevel = 64

  private struct State {
    var last: [LogMessage] = []
    var leftOut = 0
  }

  private let state = Mutex(State())

  func append(_ message: LogMessage) {
    var message = message
    message.text = Self.beginning(of: message.text, upTo: Self.longestMessage)
    message.level = Self.beginning(of: message.level, upTo: Self.longestLevel)
    state.withLock { state in
      state.last.append(message)
      // Half of them at once, so that it costs nothing by the message.
      if state.last.count == 2 * LoggedMessages.most { Self.cut(&state) }
    }
  }

  /// The messages that are kept, and how many there were before them.
  var logged: LoggedMessages {
    state.withLock { state in
      if state.last.count > LoggedMessages.most { Self.cut(&state) }
      return LoggedMessages(state.last, leftOut: state.leftOut)
    }
  }

  private static func cut(_ state: inout State) {
    let surplus = state.last.count - LoggedMessages.most
    state.last.removeFirst(surplus)
    state.leftOut += surplus
  }

  private static func beginning(of text: String, upTo count: Int) -> String {
    guard text.utf8.count > count else { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: count)
    // Half a scalar is none.
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return String(text.unicodeScalars[..<end]) + "…"
  }
}
