package import AssetCore

/// Why an asset could not be materialized, beside what the warehouse and the files say themselves.
package enum StepError: DiagnosableError, Equatable {
  case queryRefused(Diagnostic)
  case programFailed(asset: AssetKey, status: ProgramStatus, log: String, tail: [String])
  case timedOut(asset: AssetKey, limit: Int64, log: String?, tail: [String])
  case checksFailed(asset: AssetKey, [CheckResult], keptAs: String?)
  /// Of an asset that is published, checks that had to wait for another one.
  case publishedChecksFailed(asset: AssetKey, [CheckResult])
  case sourceChecksFailed(source: AssetKey, [CheckResult])
  case contractBroken(asset: AssetKey, [ContractDifference], keptAs: String?)
  case programNotFound(asset: AssetKey, program: String)
  case programUnusable(asset: AssetKey, program: String, ProgramFault)
  case programNotStarted(asset: AssetKey, reason: String)
  case missingOutputs(asset: AssetKey, [MissingOutput], log: String, tail: [String])
  case outputNotFile(asset: AssetKey, path: String)
  case outputOutside(asset: AssetKey, path: String, target: String)
  case linkToWork(asset: AssetKey, path: String, target: String)
  case inputNotMaterialized(asset: AssetKey, input: AssetKey)
  /// A window on a column that holds numbers or texts where its bounds are the other.
  case windowOfOtherForm(asset: AssetKey, input: AssetKey, RowSlice, holds: String)
  case overwroteOutput(asset: AssetKey, path: String, owner: AssetKey)
  case editedMeanwhile(asset: AssetKey, path: String)
  case unwritable(path: String, reason: String)
  /// A query that reads its own table, whose columns nothing tells before it is there.
  case ownColumnsNotKnown(AssetKey)
  case cursorNotFound(asset: AssetKey, IncrementalRule.Cursor, among: [AssetKey])
  /// A program, of an asset that is only tried out.
  case notTried(AssetKey)
  case unknown(String)

  /// A declared output that was not written, and the variable with the path to write it to.
  package struct MissingOutput: Equatable, Sendable {
    var path: String
    var variable: String
  }

  /// How a program ended.
  package enum ProgramStatus: Equatable, Sendable {
    case exited(Int32)
    case signaled(Int32)
  }

  /// The code that a program ended with by itself.
  package var exitCode: Int32? {
    if case .programFailed(_, .exited(let code), _, _) = self { code } else { nil }
  }

  /// What the checks of the candidate gave that was not published.
  package var checks: [CheckResult] {
    switch self {
    case .checksFailed(_, let checks, _), .publishedChecksFailed(_, let checks),
      .sourceChecksFailed(_, let checks):
      checks
    default: []
    }
  }

  package var diagnostics: [Diagnostic] {
    switch self {
    case .queryRefused(let diagnostic):
      return [diagnostic]
    case .programFailed(let asset, let status, let log, let tail):
      let end =
        switch status {
        case .exited(let code): "ended with exit code \(code)"
        case .signaled(let signal): "was ended by signal \(signal)"
        }
      return [
        Diagnostic(
          "the program of `\(asset)` \(end)",
          facts: [Diagnostic.Fact("log", log)] + tail.map { .init("", $0) })
      ]
    case .timedOut(let asset, let limit, let log, let tail):
      return [
        Diagnostic(
          "`\(asset)` took longer than its `timeout` of \(durationText(limit)) and was stopped",
          facts: (log.map { [Diagnostic.Fact("log", $0)] } ?? []) + tail.map { .init("", $0) },
          hint: "allow it more with `timeout:`")
      ]
    case .checksFailed(let asset, let checks, let table):
      let failed = checks.filter(\.isFatal)
      return [
        Diagnostic(
          "`\(asset)` was not published: \(CheckResult.failureText(failed))",
          facts: sampleFacts(of: failed),
          hint: table.map { "what was made is in the table `\($0)`" })
      ]
    case .publishedChecksFailed(let asset, let checks):
      let failed = checks.filter(\.isFatal)
      return [
        Diagnostic(
          "`\(asset)` is published, and \(CheckResult.failureText(failed))",
          facts: sampleFacts(of: failed))
      ]
    case .sourceChecksFailed(let source, let checks):
      let failed = checks.filter(\.isFatal)
      return [
        Diagnostic(
          "nothing is built on the source `\(source)`: \(CheckResult.failureText(failed))",
          facts: sampleFacts(of: failed),
          hint: "mend its rows, or let its checks only warn with `on_failure: warn`")
      ]
    case .contractBroken(let asset, let differences, let table):
      let rows = differences.map { [$0.column, $0.declared?.rawValue ?? "-", $0.found] }
      return [
        Diagnostic(
          "`\(asset)` was not published: it breaks its contract in \(contractText(differences))",
          facts: columned([["column", "declared", "found"]] + rows).map { .init("", $0) },
          hint: table.map { "what was made is in the table `\($0)`" }
            ?? "change the query, or the declared `columns:`")
      ]
    case .programNotFound(let asset, let program) where PathText.hasFolder(program):
      return [
        Diagnostic(
          "there is no program `\(program)`, which is to make `\(asset)`",
          hint: "paths under `run:` are relative to the project's folder")
      ]
    case .programUnusable(let asset, let program, let fault):
      let (summary, hint) = fault.words(for: program)
      return [Diagnostic("`\(program)`, which makes `\(asset)`, \(summary)", hint: hint)]
    case .programNotFound(let asset, let program):
      return [
        Diagnostic(
          "`\(program)`, which makes `\(asset)`, is not installed",
          hint: "install it, or set another command with `run:`")
      ]
    case .programNotStarted(let asset, let reason):
      return [Diagnostic("the program of `\(asset)` could not be started: \(reason)")]
    case .missingOutputs(let asset, let missing, let log, let tail):
      let paths = missing.enumerated().map { index, output in
        Diagnostic.Fact(index == 0 ? "missing" : "", output.path)
      }
      let variables = listed(missing.map { "`\($0.variable)`" })
      return [
        Diagnostic(
          "the program of `\(asset)` ended without writing "
            + (missing.count == 1 ? "`\(missing[0].path)`" : "\(missing.count) of its outputs"),
          facts: (missing.count == 1 ? [] : paths) + [.init("log", log)]
            + tail.map { .init("", $0) },
          hint: missing.count == 1
            ? "write it to the path in the environment variable \(variables)"
            : "write them to the paths in the environment variables \(variables)")
      ]
    case .outputNotFile(let asset, let path):
      return [Diagnostic("the program of `\(asset)` wrote `\(path)`, which is not a file")]
    case .outputOutside(let asset, let path, let target):
      return [
        Diagnostic(
          "the output `\(path)` of `\(asset)` lies outside the project, in `\(target)`",
          hint: "a symbolic link leads there; write to a folder of the project")
      ]
    case .linkToWork(let asset, let path, let target):
      return [
        Diagnostic(
          "`\(path)`, which the program of `\(asset)` wrote, is a symbolic link to `\(target)` in the "
            + "folder that the program works in, which is gone after it",
          hint: "copy the file, or link to one in the same output")
      ]
    case .inputNotMaterialized(let asset, let input):
      return [
        Diagnostic(
          "`\(asset)` reads `\(input)`, which was never materialized",
          hint: "materialize it first: `assetctl materialize \(input)`")
      ]
    case .windowOfOtherForm(let asset, let input, let slice, let form):
      let bounds = slice.ends.map { "`\($0.value.canonicalText)`" }.joined(separator: " to ")
      return [
        Diagnostic(
          "the window of `\(asset)` on `\(input)` goes from \(bounds), and the column `\(slice.column)` "
            + "holds \(form)",
          hint:
            "name a column that is written in the same way, or convert it in an asset between the two"
        )
      ]
    case .overwroteOutput(let asset, let path, let owner):
      return [
        Diagnostic(
          "the program of `\(asset)` wrote `\(path)`, which `\(owner)` publishes",
          hint:
            "let it write to its own outputs alone; `\(owner)` is stale now, and the next run makes it"
        )
      ]
    case .editedMeanwhile(let asset, let path):
      return [
        Diagnostic(
          "`\(path)` was edited while `\(asset)` was made from it",
          hint: "materialize again once it is no longer edited")
      ]
    case .unwritable(let path, let reason):
      return [
        Diagnostic(
          "`\(path)` cannot be written: \(reason)",
          hint: writingHint(for: reason, otherwise: "check the rights on the folder"))
      ]
    case .cursorNotFound(let asset, let cursor, let inputs):
      let names = listed(inputs.map { "`\($0)`" })
      return [
        Diagnostic(
          inputs.isEmpty
            ? "no input of `\(asset)` has its cursor, a column `\(cursor.column)`"
              + (cursor.input.map { " of `\($0)`" } ?? "")
            : "the cursor of `\(asset)` may be in \(names), which all have a column "
              + "`\(cursor.column)`",
          hint: inputs.first.map { "name one of them, as in `cursor: \($0).\(cursor.column)`" }
            ?? "name a column of one of its inputs with `cursor:`")
      ]
    case .ownColumnsNotKnown(let key):
      return [
        Diagnostic(
          "`\(key)` reads itself, and nothing tells which columns it has before it is there",
          hint: "declare all of them under its `columns:`")
      ]
    case .notTried(let asset):
      return [Diagnostic("the program of `\(asset)` is not run to try it out")]
    case .unknown(let reason):
      return [Diagnostic(reason)]
    }
  }
}

/// Some of the rows that fail checks; what a single check found stands in the summary.
private func sampleFacts(of failed: [CheckResult]) -> [Diagnostic.Fact] {
  failed.flatMap { failed.count == 1 ? sampleFacts(of: $0, indent: "") : facts(of: $0) }
}

/// What is told of a check that failed: what was found, and a few of the rows.
private func facts(of check: CheckResult) -> [Diagnostic.Fact] {
  [Diagnostic.Fact("", "\(check.name): \(check.message ?? "it did not pass")")]
    + sampleFacts(of: check, indent: "  ")
}

/// The first of the rows that do not fulfil a check.
private func sampleFacts(of check: CheckResult, indent: String) -> [Diagnostic.Fact] {
  guard let sample = check.sample, !sample.columns.isEmpty else { return [] }
  let shown = sample.rows.prefix(5).map { $0.map(\.shortText) }
  let more = (check.failures ?? sample.rows.count) - shown.count
  return columned([sample.columns] + shown).map { .init("", indent + $0) }
    + (more > 0 ? [.init("", indent + "and \(grouped(more)) more")] : [])
}

/// The columns that break a contract, up to three by name.
private func contractText(_ differences: [ContractDifference]) -> String {
  let names = differences.prefix(3).map { "`\($0.column)`" }
  let more = differences.count - names.count
  return more > 0 ? names.joined(separator: ", ") + " and \(grouped(more)) more" : listed(names)
}

/// Rows of texts, aligned in columns.
private func columned(_ rows: [[String]]) -> [String] {
  let count = rows.map(\.count).max() ?? 0
  let widths = (0..<count).map { column in
    rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
  }
  return rows.map { row in
    var line = ""
    for (column, text) in row.enumerated() {
      line += text
      if column < row.count - 1 {
        line += String(repeating: " ", count: widths[column] - text.count + 2)
      }
    }
    return line
  }
}

extension MetadataValue {
  /// The value in few letters on one line.
  fileprivate var shortText: String {
    switch self {
    case .null: return "null"
    case .boolean(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .number(let value): return String(value)
    case .text(let text):
      let line = text.unicodeScalars.prefix(41).map { $0.value < 32 ? " " : Character($0) }
      return line.count > 40 ? String(line.prefix(40)) + "…" : String(line)
    case .list, .object: return "…"
    }
  }
}
