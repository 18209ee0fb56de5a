package import AssetCore

/// The runs as a table, the newest first.
package func text(of runs: [RunRecord], style: TextStyle = .plain) -> String {
  guard !runs.isEmpty else { return "nothing was materialized yet\n" }
  let rows = runs.map { run in
    [
      run.id, run.outcome ?? "unfinished", momentText(run.startedAt),
      run.endedAt.map { durationText($0.milliseconds(since: run.startedAt)) } ?? "",
      counts(of: run), run.command,
    ]
  }
  return aligned(
    [["RUN", "OUTCOME", "STARTED", "TOOK", "ASSETS", "COMMAND"]] + rows, style: style,
    role: { row, _ in row == 0 ? .quiet : nil })
}

private func counts(of run: RunRecord) -> String {
  let outcomes: [Attempt.Outcome] = [
    .materialized, .unchanged, .rolledBack, .failed, .cancelled,
  ]
  var parts = outcomes.compactMap { outcome -> String? in
    let count = run.attempts.count { $0.outcome == outcome }
    return count == 0 ? nil : "\(grouped(count)) \(outcome.rawValue.replacing("_", with: " "))"
  }
  let unfinished = run.attempts.count { $0.outcome == nil }
  if unfinished > 0 { parts.append("\(grouped(unfinished)) unfinished") }
  return parts.joined(separator: ", ")
}
