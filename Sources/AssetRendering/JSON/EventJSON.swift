package import AssetCore

/// The line of `materialize --format jsonl` for something that happened in a run.
///
/// - Parameters:
///   - event: What happened.
///   - project: The project's name.
///   - time: When it was noticed.
/// - Returns: A JSON object on one line, with its end.
package func jsonLine(of event: RunEvent, project: String, at time: Timestamp) -> String {
  switch event {
  case .waitingForLock(let holder):
    line("waiting", time, WaitingBody(run: holder))
  case .planned(let run, let plan):
    line(
      "run_started", time,
      StartBody(
        project: project, run: plan.steps.isEmpty ? nil : run,
        steps: plan.assetSteps.map { StepDocument($0) }))
  case .warning(let warning): line("warning", time, WarningDocument(warning))
  case .started(let key, let expected):
    line("asset_started", time, AssetBody(key, expectedMs: expected))
  case .retrying(let retry):
    line("retrying", time, RetryBody(retry))
  case .finished(let result):
    line("asset_finished", time, ResultDocument(result))
  }
}

/// Writes the lines of `materialize --format jsonl` for what an asset's program prints.
///
/// A program may print millions of lines, so that this writes by hand what an encoder would.
package struct LogEvents: Sendable {
  private let head: String

  /// Prepares to write lines.
  ///
  /// - Parameters:
  ///   - key: The asset whose program printed them.
  ///   - time: When they were noticed.
  package init(from key: AssetKey, at time: Timestamp) {
    let asset = compactJSONText(of: key.asset.name).dropLast()
    let partition = key.partition.map { "\"partition\":\(compactJSONText(of: $0).dropLast())," }
    head =
      #"{"asset":\#(asset),"at":"\#(time.rfc3339Milliseconds)","event":"log","# + (partition ?? "")
  }

  /// Appends the JSON object of a line, with its end.
  package func append(_ line: LogLine, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: head.utf8)
    if line.isCut { bytes.append(contentsOf: #""is_cut":true,"#.utf8) }
    bytes.append(contentsOf: #""line":""#.utf8)
    let text = line.text.utf8
    if text.contains(where: needsEscape) {
      for byte in text { appendEscaped(byte, to: &bytes) }
    } else {
      bytes.append(contentsOf: text)
    }
    bytes.append(contentsOf: "\",\"version\":1}\n".utf8)
  }

  private func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private func appendEscaped(_ byte: UInt8, to bytes: inout [UInt8]) {
    switch byte {
    case _ where !needsEscape(byte): bytes.append(byte)
    case ..<0x20:
      bytes.append(contentsOf: byte < 0x10 ? #"\u000"#.utf8 : #"\u00"#.utf8)
      bytes.append(contentsOf: String(byte, radix: 16).utf8)
    default: bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
    }
  }
}

/// The last line of `materialize --format jsonl`.
package func jsonLine(of report: RunReport, exitCode: Int32, at time: Timestamp) -> String {
  line("run_ended", time, EndBody(report, exitCode: exitCode))
}

func line(_ name: String, _ time: Timestamp, _ body: some Encodable) -> String {
  compactJSONText(of: EventDocument(event: name, at: time, body: body))
}

/// An event: the keys that each has, and those of its own beside them.
private struct EventDocument<Body: Encodable>: Encodable {
  private enum Key: CodingKey { case version, event, at }

  var event: String
  var at: Timestamp
  var body: Body

  func encode(to encoder: any Encoder) throws {
    try body.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(1, forKey: .version)
    try container.encode(event, forKey: .event)
    try container.encode(at.rfc3339Milliseconds, forKey: .at)
  }
}

private struct WaitingBody: Encodable {
  var run: String
}

private struct StartBody: Encodable {
  var project: String
  var run: String?
  var steps: [StepDocument]
}

private struct AssetBody: Encodable {
  var asset: String
  var partition: String?
  var expectedMs: Int64?

  init(_ key: AssetKey, expectedMs: Int64?) {
    asset = key.asset.name
    partition = key.partition
    self.expectedMs = expectedMs
  }
}

private struct RetryBody: Encodable {
  var asset: String
  var partition: String?
  var tries: Int
  var mostTries: Int
  var delayMs: Int64
  var error: String

  init(_ retry: Retry) {
    asset = retry.key.asset.name
    partition = retry.key.partition
    tries = retry.tries
    mostTries = retry.mostTries
    delayMs = retry.delayMilliseconds
    error = errorText(retry.failure)
  }
}

private struct EndBody: Encodable {
  struct Summary: Encodable {
    var materialized, unchanged, fresh, failed, skipped, cancelled: Int
  }

  var project: String
  var run: String?
  var outcome: RunReport.Outcome
  var summary: Summary
  var durationMs: Int64
  var notStarted: [String]
  var orphaned: [String]
  var exitCode: Int32

  init(_ report: RunReport, exitCode: Int32) {
    project = report.project
    run = report.run
    outcome = report.outcome
    summary = Summary(
      materialized: report.count(.materialized), unchanged: report.count(.unchanged),
      fresh: report.count(.fresh), failed: report.count(.failed), skipped: report.count(.skipped),
      cancelled: report.count(.cancelled))
    durationMs = report.durationMilliseconds
    notStarted = report.notStarted.map(\.name)
    orphaned = report.undeclared.map(\.name)
    self.exitCode = exitCode
  }
}
