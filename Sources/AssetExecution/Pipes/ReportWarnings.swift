import AssetCore

// How it is told what could not be kept of what programs report.

extension PipesProblem {
  /// What is to be said to the maker of an asset.
  func warning(on asset: AssetKey) -> Diagnostic {
    switch self {
    case .notJSON(let line, let column):
      Diagnostic(
        "line \(line) of the Pipes messages of `\(asset)` is not JSON from column \(column) on, and "
          + "was left out", severity: .warning,
        hint: "write each message on a line of its own, as `dagster-pipes` does")
    case .noMethod(let line):
      Diagnostic(
        "line \(line) of the Pipes messages of `\(asset)` names no `method`, and was left out",
        severity: .warning, hint: "write messages as `dagster-pipes` does")
    case .unknownMethod(let method, let line):
      Diagnostic(
        "line \(line) of the Pipes messages of `\(asset)` has the method `\(method)`, which assetctl "
          + "does not know; it was left out", severity: .warning,
        hint: "report by `report_asset_materialization`, `report_asset_check` or `log`")
    case .passedNotBoolean(let check):
      Diagnostic(
        "the program of `\(asset)` does not say whether its check `\(check)` passed, so that it "
          + "counts as failed", severity: .warning,
        hint: "report `passed` as true or false")
    case .odd(let kind, let label):
      kind.warning(on: "`\(label)`, which the program of `\(asset)` reports,")
    }
  }
}

extension JSONOddity.Kind {
  /// What is to be said of a value.
  func warning(on subject: String) -> Diagnostic {
    switch self {
    case .notFinite(let text):
      Diagnostic(
        "\(subject) is \(text), which is no number, and was left out", severity: .warning)
    case .halfCharacter:
      Diagnostic(
        "\(subject) holds half a character, which was replaced", severity: .warning,
        hint: "cut texts between characters")
    }
  }
}

extension PipesReport {
  /// All that could not be kept.
  func warnings(on asset: AssetKey) -> [Diagnostic] {
    var warnings = problems.map { $0.warning(on: asset) }
    if furtherProblems > 0 {
      warnings.append(
        Diagnostic(
          "more of what the program of `\(asset)` reports was left out: \(furtherProblems) times",
          severity: .warning))
    }
    return warnings
  }
}

extension ModelMetrics.Problem {
  /// What is to be said of a file with metrics.
  func warning(on path: String) -> Diagnostic {
    switch self {
    case .notJSON(let line, let column):
      Diagnostic(
        "no metrics were read: it is not JSON from here on", severity: .warning,
        at: Place(file: path, line: line, column: column))
    case .noObject:
      Diagnostic(
        "no metrics were read: it holds no JSON object", severity: .warning, at: Place(file: path),
        hint: "write numbers by name, as in `{\"rmse\": 12.5}`")
    case .odd(let kind, let name):
      kind.warning(on: "the metric `\(name)` in `\(path)`")
    }
  }
}
