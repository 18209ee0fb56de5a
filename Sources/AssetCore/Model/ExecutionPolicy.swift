/// How an asset is to be materialized, beside what it is made of; no part of its definition.
package struct ExecutionPolicy: Equatable, Sendable {
  package var retries: RetryPolicy
  /// How long one try may take, in milliseconds; `nil` for any time.
  package var timeoutMilliseconds: Int64?
  /// The pool whose limit it counts in; `nil` for none.
  package var pool: String?
  /// How much of its pool it takes up, or of what may run at once if it has none.
  package var weight: Int
  package var sandbox: SandboxMode
  /// How many earlier versions of a table are kept when another one is published.
  package var keptVersions: Int

  package init(
    retries: RetryPolicy = .none, timeoutMilliseconds: Int64? = nil, pool: String? = nil,
    weight: Int = 1, sandbox: SandboxMode = .off, keptVersions: Int = 0
  ) {
    self.retries = retries
    self.timeoutMilliseconds = timeoutMilliseconds
    self.pool = pool
    self.weight = weight
    self.sandbox = sandbox
    self.keptVersions = keptVersions
  }
}

/// What a program may see of the project's files.
package enum SandboxMode: String, Sendable, CaseIterable {
  /// All of them.
  case off
  /// All of them; what it opened without declaring it is reported.
  case check
  /// Just what it declared.
  case strict
}

/// How often, and when, what failed is tried again.
package struct RetryPolicy: Equatable, Sendable {
  package enum Backoff: String, Sendable, CaseIterable {
    /// The same delay before each.
    case constant
    /// Twice the delay before each further one.
    case exponential
  }

  /// How often at most, after the first try.
  package var max: Int
  package var delayMilliseconds: Int64
  package var backoff: Backoff
  /// How much of a delay is left to chance, from 0 to 1, so that what failed together is not tried
  /// again together.
  package var jitter: Double
  /// The exit codes after which to try again; `nil` for after any failure.
  package var exitCodes: Set<Int32>?

  /// Nothing is tried again.
  package static let none = RetryPolicy(max: 0)

  package init(
    max: Int, delayMilliseconds: Int64 = 1000, backoff: Backoff = .constant, jitter: Double = 0,
    exitCodes: Set<Int32>? = nil
  ) {
    self.max = max
    self.delayMilliseconds = delayMilliseconds
    self.backoff = backoff
    self.jitter = jitter
    self.exitCodes = exitCodes
  }

  /// The longest delay that doubling leads to: an hour.
  private static let longestDelay: Int64 = 3_600_000

  /// Decides whether and when to try again.
  ///
  /// - Parameters:
  ///   - failures: How often it was tried.
  ///   - exitCode: The code that the program ended with; `nil` for any other failure.
  ///   - chance: A random number from 0 to 1, for the jitter.
  /// - Returns: The time to wait, in milliseconds; `nil` if it is not tried again.
  package func delay(after failures: Int, exitCode: Int32?, chance: Double) -> Int64? {
    guard failures <= max else { return nil }
    if let exitCodes {
      guard let exitCode, exitCodes.contains(exitCode) else { return nil }
    }
    var delay = delayMilliseconds
    if backoff == .exponential {
      let (doubled, overflow) = delay.multipliedReportingOverflow(
        by: 1 << Int64(Swift.min(failures - 1, 32)))
      delay = overflow ? .max : doubled
      delay = Swift.min(delay, Swift.max(Self.longestDelay, delayMilliseconds))
    }
    return Int64(Double(delay) * (1 - jitter * chance))
  }
}
