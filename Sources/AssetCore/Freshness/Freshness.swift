/// How new the data of a source is expected to be.
package struct Freshness: Equatable, Sendable {
  /// The column that holds times; `nil` to go by the times of files.
  package var column: String?
  package var warnAfterMilliseconds: Int64?
  package var errorAfterMilliseconds: Int64?
  /// Whether nothing is built on a source that is older than `error_after`.
  package var stopsReaders: Bool

  package init(
    column: String? = nil, warnAfterMilliseconds: Int64? = nil,
    errorAfterMilliseconds: Int64? = nil, stopsReaders: Bool = false
  ) {
    self.column = column
    self.warnAfterMilliseconds = warnAfterMilliseconds
    self.errorAfterMilliseconds = errorAfterMilliseconds
    self.stopsReaders = stopsReaders
  }
}

/// The newest time in a column of a table.
package struct NewestTime: Hashable, Sendable, Codable {
  package enum Finding: Hashable, Sendable, Codable {
    case time(Timestamp)
    /// There are no rows, or only nulls.
    case nothing
    /// The greatest value, as text, which is no time.
    case unreadable(String)
    case noColumn
  }

  package var column: String
  package var finding: Finding

  package init(column: String, _ finding: Finding) {
    self.column = column
    self.finding = finding
  }
}

/// How new the data of a source was found to be.
package struct FreshnessFinding: Equatable, Sendable {
  package enum Outcome: String, Sendable, Codable {
    case pass, warn, error
  }

  package var expected: Freshness
  package var newest: NewestTime.Finding
  /// How old the newest data is; 0 if its time is still to come, `nil` if it has none.
  package var ageMilliseconds: Int64?
  /// Whether its time is still to come.
  package var isAhead: Bool
  package var outcome: Outcome

  /// The limit that was passed, if one was.
  package var limitMilliseconds: Int64? {
    switch outcome {
    case .pass: nil
    case .warn: expected.warnAfterMilliseconds
    case .error: expected.errorAfterMilliseconds
    }
  }
}

extension Freshness {
  /// Judges the newest time that was found.
  ///
  /// Data that has no time is as late as can be; what cannot be read as a time is an error whatever
  /// is expected, since nothing is known of its age.
  package func judge(_ newest: NewestTime.Finding, now: Timestamp) -> FreshnessFinding {
    var finding = FreshnessFinding(
      expected: self, newest: newest, ageMilliseconds: nil, isAhead: false, outcome: .error)
    switch newest {
    case .unreadable, .noColumn: break
    case .nothing: finding.outcome = errorAfterMilliseconds == nil ? .warn : .error
    case .time(let time):
      let age = now.milliseconds(since: time)
      finding.ageMilliseconds = max(0, age)
      finding.isAhead = age < 0
      finding.outcome =
        if let errorAfterMilliseconds, age > errorAfterMilliseconds {
          .error
        } else if let warnAfterMilliseconds, age > warnAfterMilliseconds {
          .warn
        } else {
          .pass
        }
    }
    return finding
  }
}

extension FreshnessFinding {
  /// What was found, in words: ``the newest `at` is 7 h old, expected within 6 h``.
  package var inWords: String {
    let column = expected.column.map { "`\($0)`" } ?? "file"
    switch newest {
    case .nothing: return "\(column) holds no time: there are no rows, or only nulls"
    case .unreadable(let value): return "\(column) holds `\(value)`, which is no time"
    case .noColumn: return "there is no column \(column)"
    case .time:
      guard !isAhead else { return "the newest \(column) is ahead of the clock" }
      let age = "the newest \(column) is \(ageText(ageMilliseconds ?? 0)) old"
      return age + (limitMilliseconds.map { ", expected within \(ageText($0))" } ?? "")
    }
  }
}
