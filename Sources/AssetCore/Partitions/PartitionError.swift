/// What is wrong with how partitions are declared or named.
package enum PartitionError: Equatable, DiagnosableError {
  /// A text that is not how a partition of this length is written.
  case malformed(String, PartitionUnit, nearest: String?)
  /// A key that no partition has; they go from the first to the last.
  case unknown(String, nearest: String?, first: String, last: String)
  /// Not even the first one is complete yet.
  case noneComplete(first: String)
  case reversed(first: String, last: String)
  /// `a..b` of partitions that follow no order.
  case rangeOfValues(String)

  package var diagnostics: [Diagnostic] { [diagnostic(at: nil)] }

  /// Says what is the case and what to do about it.
  package func diagnostic(at place: Place?) -> Diagnostic {
    switch self {
    case .malformed(let text, let unit, let nearest):
      Diagnostic(
        "`\(text)` is not \(unit.article) \(unit.rawValue)", at: place,
        hint: nearest.map {
          "did you mean `\($0)`?" + (unit == .week ? " Weeks begin on Mondays" : "")
        }
          ?? "write it like \(unit.examples)")
    case .unknown(let key, let nearest, let first, let last):
      Diagnostic(
        "there is no partition `\(key)`", at: place,
        facts: [.init("partitions", "`\(first)` to `\(last)`")],
        hint: nearest.map { "did you mean `\($0)`?" } ?? "name one that there is")
    case .noneComplete(let first):
      Diagnostic(
        "there are no partitions yet: the first one, `\(first)`, is not complete", at: place,
        hint: "wait until it has passed, or set `end:` under `partitions:`")
    case .reversed(let first, let last):
      Diagnostic(
        "`\(last)` is before `\(first)`", at: place,
        hint: "put the earlier one first")
    case .rangeOfValues(let text):
      Diagnostic(
        "`\(text)` is a range, and only partitions of time have an order", at: place,
        hint: "name each partition with a `--partition` of its own")
    }
  }
}

extension PartitionUnit {
  fileprivate var article: String { self == .hour ? "an" : "a" }

  /// How one may be written.
  fileprivate var examples: String {
    switch self {
    case .hour: "`2024-01-02T05`"
    case .day: "`2024-01-02`"
    case .week: "`2024-01-01`, the Monday on which it begins"
    case .month: "`2024-01`"
    }
  }
}
