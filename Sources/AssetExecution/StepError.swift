package import AssetCore

/// Why an asset could not be materialized, beside what the warehouse and the files say themselves.
package enum StepError: DiagnosableError, Equatable {
  case queryRefused(Diagnostic)
  case programFailed(asset: AssetKey, status: ProgramStatus, log: String, tail: [String])
  case timedOut(asset: AssetKey, limit: Int64, log: String?, tail: [String])
  case checksFailed(asset: AssetKey, [CheckResult])
  case programNotFound(asset: AssetKey, program: String)
  case programNotStarted(asset: AssetKey, reason: String)
  case missingOutput(asset: AssetKey, path: String, variable: String, log: String)
  case outputNotFile(asset: AssetKey, path: String)
  case outputOutside(asset: AssetKey, path: String, target: String)
  case linkToWork(asset: AssetKey, path: String, target: String)
  case inputNotMaterialized(asset: AssetKey, input: AssetKey)
  case editedMeanwhile(asset: AssetKey, path: String)
  case unwritable(path: String, reason: String)
  case unknown(String)

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
    if case .checksFailed(_, let checks) = self { checks } else { [] }
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
    case .checksFailed(let asset, let checks):
      let failed = checks.filter(\.isFatal)
      return [
        Diagnostic(
          "`\(asset)` was made and not published: \(counted(failed.count, "check")) failed",
          facts: failed.map { .init($0.name, $0.message ?? "did not pass") })
      ]
    case .programNotFound(let asset, let program):
      return [
        Diagnostic(
          "`\(program)`, which makes `\(asset)`, is not installed",
          hint: "install it, or set another command with `run:`")
      ]
    case .programNotStarted(let asset, let reason):
      return [Diagnostic("the program of `\(asset)` could not be started: \(reason)")]
    case .missingOutput(let asset, let path, let variable, let log):
      return [
        Diagnostic(
          "the program of `\(asset)` ended without writing `\(path)`",
          facts: [.init("log", log)],
          hint: "write it to the path in the environment variable `\(variable)`")
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
    case .editedMeanwhile(let asset, let path):
      return [
        Diagnostic(
          "`\(path)` was edited while `\(asset)` was made from it",
          hint: "materialize again once it is no longer edited")
      ]
    case .unwritable(let path, let reason):
      return [
        Diagnostic("`\(path)` cannot be written: \(reason)", hint: "check the rights on the folder")
      ]
    case .unknown(let reason):
      return [Diagnostic(reason)]
    }
  }
}
