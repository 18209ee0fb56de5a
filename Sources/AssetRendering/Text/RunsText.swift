package import AssetCore

/// The runs as a table, the newest first, with the metrics that changed below each.
package func text(of runs: [RunRecord], style: TextStyle = .plain) -> String {
  guard !runs.isEmpty else { return "nothing was materialized yet\n" }
  let rows = runs.map { run in
    [
      run.id, run.outcome ?? "unfinished", style.moment(run.startedAt), durationText(of: run),
      counts(of: run), run.command,
    ]
  }
  let table = aligned(
    [["RUN", "OUTCOME", "STARTED", "TOOK", "ASSETS", "COMMAND"]] + rows, style: style,
    role: { row, _ in row == 0 ? .quiet : nil })
  let below = [""] + runs.map { metricsText(of: $0, style: style) }
  return zip(table.split(separator: "\n"), below).map { "\($0)\n\($1)" }.joined()
}

/// How long a run took; of one that was killed, as far as that is known.
func durationText(of run: RunRecord) -> String {
  if let end = run.endedAt {
    return AssetCore.durationText(end.milliseconds(since: run.startedAt))
  }
  guard run.outcome != nil else { return "" }
  return run.knownMilliseconds.map { "at least " + AssetCore.durationText($0) } ?? "not known"
}

/// How many of a run's assets came out how.
func counts(of run: RunRecord) -> String {
  let assets = run.assets
  let outcomes: [Attempt.Outcome] = [
    .materialized, .unchanged, .rolledBack, .failed, .cancelled,
  ]
  var parts = outcomes.compactMap { outcome -> String? in
    let count = assets.count { $0.outcome == outcome }
    return count == 0 ? nil : "\(grouped(count)) \(outcome.rawValue.replacing("_", with: " "))"
  }
  let unfinished = assets.count { $0.outcome == nil }
  if unfinished > 0 { parts.append("\(grouped(unfinished)) unfinished") }
  return parts.joined(separator: ", ")
}
