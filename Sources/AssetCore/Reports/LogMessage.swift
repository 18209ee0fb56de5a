/// A message that a program logged by the Dagster Pipes protocol.
package struct LogMessage: Hashable, Sendable {
  /// The level in the words of the program's logger, such as `WARNING`.
  package var level: String
  package var text: String
  /// When it was read from the program.
  package var time: Timestamp

  package init(_ level: String, _ text: String, at time: Timestamp) {
    self.level = level
    self.text = text
    self.time = time
  }

  /// Whether the program calls it a warning or worse.
  package var isWarning: Bool {
    ["WARN", "WARNING", "ERROR", "CRITICAL", "FATAL"].contains(level.uppercased())
  }
}

/// What a program logged in one attempt.
package struct LoggedMessages: Equatable, Sendable {
  /// The most messages that are kept of an attempt.
  package static let most = 1000

  /// The last of them, in the order in which they were logged.
  package var messages: [LogMessage]
  /// How many came before these and were not kept.
  package var leftOut: Int

  package init(_ messages: [LogMessage] = [], leftOut: Int = 0) {
    self.messages = messages
    self.leftOut = leftOut
  }
}

/// What a program logged in an attempt that is over.
package struct AttemptLog: Equatable, Sendable {
  package var run: String
  package var outcome: Attempt.Outcome
  package var logged: LoggedMessages

  package init(run: String, outcome: Attempt.Outcome, logged: LoggedMessages) {
    self.run = run
    self.outcome = outcome
    self.logged = logged
  }
}
