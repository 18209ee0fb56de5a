import AssetCore

/// How new the data of a source is, as documents have it.
struct FreshnessDocument: Encodable {
  var column: String?
  var newest: String?
  var ageMs: Int64?
  var warnAfterMs: Int64?
  var errorAfterMs: Int64?
  var outcome: FreshnessFinding.Outcome
  var message: String?

  init(_ finding: FreshnessFinding) {
    column = finding.expected.column
    if case .time(let time) = finding.newest { newest = time.rfc3339 }
    ageMs = finding.ageMilliseconds
    warnAfterMs = finding.expected.warnAfterMilliseconds
    errorAfterMs = finding.expected.errorAfterMilliseconds
    outcome = finding.outcome
    message = finding.outcome == .pass && !finding.isAhead ? nil : finding.inWords
  }
}
