package import AssetCore

/// Why an asset could not be materialized, beside what the warehouse and the files say themselves.
package enum StepError: DiagnosableError, Equatable {
  case queryRefused(Diagnostic)
  case programFailed(asset: AssetKey, status: ProgramStatus, log: String, tail: [String])
  case programNotFound(asset: AssetKey, program: String)
  case programNotStarted(asset: AssetKey, reason: String)
  case missingOutput(asset: AssetKey, path: String, log: String)
  case outputNotFile(asset: AssetKey, path: String)
  case outputIsFolder(asset: AssetKey, path: String)
  case outputOutside(asset: AssetKey, path: String, target: String)
  case inputNotMaterialized(asset: AssetKey, input: AssetKey)
  case editedMeanwhile(asset: AssetKey, path: String)
  case unwritable(path: String, reason: String)
  case unknown(String)

  /// How a program ended.
  package enum ProgramStatus: Equatable, Sendable {
    case exited(Int32)
    case signaled(Int32)
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
    case .programNotFound(let asset, let program):
      return [
        Diagnostic(
          "`\(program)`, which makes `\(asset)`, is not installed",
          hint: "install it, or set another command with `run:`")
      ]
    case .programNotStarted(let asset, let reason):
      return [Diagnostic("the program of `\(asset)` could not be started: \(reason)")]
    case .missingOutput(let asset, let path, let log):
      return [
        Diagnostic(
          "the program of `\(asset)` ended without writing `\(path)`",
          facts: [.init("log", log)],
          hint: "write it to the path in the environment variable `ASSETCTL_OUTPUT`")
      ]
    case .outputNotFile(let asset, let path):
      return [Diagnostic("the program of `\(asset)` wrote `\(path)`, which is not a file")]
    case .outputIsFolder(let asset, let path):
      return [
        Diagnostic(
          "there is a folder at `\(path)`, where `\(asset)` is to be published",
          hint: "move the folder away, or set another path under `outputs:`")
      ]
    case .outputOutside(let asset, let path, let target):
      return [
        Diagnostic(
          "the output `\(path)` of `\(asset)` lies outside the project, in `\(target)`",
          hint: "a symbolic link leads there; write to a folder of the project")
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
