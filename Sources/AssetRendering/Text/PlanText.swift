package import AssetCore

/// What a run would do, a line for each step.
///
/// - Parameters:
///   - report: The report.
///   - isVerbose: Whether to name the readers that are expected to stay fresh.
///   - style: How it is to look.
/// - Returns: The text, each line ended.
package func text(
  of report: PlanReport, isVerbose: Bool = false, style: TextStyle = .plain
) -> String {
  let steps = report.plan.assetSteps
  guard !steps.isEmpty else {
    return report.nothingToRetry.map { text(of: $0) }
      ?? nothingToDo(report.freshCount, report.leftOut)
  }
  let lines = aligned(
    steps.map { step in
      [word(for: step.decision), step.key.name, explanation(of: step)]
    }, style: style,
    role: { row, column in column == 0 ? role(of: steps[row].decision) : nil })
  let due = steps.count { if case .materialize = $0.decision { true } else { false } }
  let undecided = steps.count {
    if case .materializeIfInputsChange = $0.decision { true } else { false }
  }
  var parts = ["\(grouped(due)) to materialize"]
  if undecided > 0 { parts.append("\(grouped(undecided)) decided once their inputs are done") }
  if due + undecided < steps.count {
    parts.append("\(grouped(steps.count - due - undecided)) impossible")
  }
  if report.freshCount > 0 { parts.append("\(grouped(report.freshCount)) fresh") }
  return lines + "\n" + parts.joined(separator: ", ") + "\n"
    + expectation(of: report.expectedFresh, isVerbose: isVerbose)
}

/// How many readers will most probably not be run, and which.
private func expectation(of keys: [AssetKey], isVerbose: Bool) -> String {
  guard !keys.isEmpty else { return "" }
  let words = keys.count == 1 ? "is" : "are"
  let text = "\(counted(keys.count, "reader")) \(words) expected to stay fresh"
  return text + (isVerbose ? ": " + listed(keys.map { "`\($0)`" }) : "") + "\n"
}

/// What is said when everything is fresh, as far as that can be said without what was left out.
func nothingToDo(_ count: Int, _ leftOut: [AssetKey]) -> String {
  let text =
    switch count {
    case 0: "nothing to do: no assets are selected"
    case 1: "nothing to do: the asset is fresh"
    default: "nothing to do: all \(grouped(count)) assets are fresh"
    }
  guard count > 0, let first = leftOut.first else { return text + "\n" }
  let more = leftOut.count == 1 ? "" : " and \(grouped(leftOut.count - 1)) more"
  return text + ", as long as `\(first)`\(more) upstream stays as it is\n"
}

/// What is said when there is nothing to try again.
func text(of reason: NothingToRetry) -> String {
  switch reason {
  case .noRun: "nothing to retry: nothing was materialized yet\n"
  case .allDone(let run):
    "nothing to retry: nothing failed, was skipped or was cancelled in the last run, \(run)\n"
  case .notSelected(let run):
    "nothing to retry: what failed, was skipped or was cancelled in the last run, \(run), "
      + "is not among the selected assets\n"
  }
}

private func word(for decision: MaterializationPlan.Decision) -> String {
  switch decision {
  case .materialize: "materialize"
  case .materializeIfInputsChange: "if changed"
  case .impossible: "impossible"
  }
}

private func role(of decision: MaterializationPlan.Decision) -> TextStyle.Role {
  switch decision {
  case .materialize: .attention
  case .materializeIfInputsChange: .quiet
  case .impossible: .bad
  }
}

private func explanation(of step: MaterializationPlan.AssetStep) -> String {
  let why = explanation(of: step.decision)
  guard !step.partitions.isEmpty else { return why }
  return partitionsText(step.partitions.map { $0.key.partition ?? "" }) + (why.isEmpty ? "" : ": ")
    + why
}

private func explanation(of decision: MaterializationPlan.Decision) -> String {
  switch decision {
  case .materialize(let causes), .materializeIfInputsChange(let causes): causesText(causes)
  case .impossible(let reason): reason
  }
}
