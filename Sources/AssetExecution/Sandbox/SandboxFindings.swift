import AssetCore

// How it is told what a program read without declaring it.

/// What was found out about a program that ran in a sandbox.
struct SandboxFindings: Equatable, Sendable {
  /// What it read of the project without declaring it, or would have read.
  var files: Set<UndeclaredFile> = []
  /// Why nothing could be found out.
  var obstacle: String?
  /// The system's error when the program was to be started.
  var startError: Int32?
}

/// Why a program in a sandbox did not do its work.
enum SandboxError: DiagnosableError, Equatable {
  case notAvailable(asset: AssetKey, reason: String)

  var diagnostics: [Diagnostic] {
    switch self {
    case .notAvailable(let asset, let reason):
      return [
        Diagnostic(
          "`sandbox: strict` is not available here: \(reason)",
          hint: "to run the program of `\(asset)` here, set `sandbox: check` or `sandbox: off`")
      ]
    }
  }
}

extension Diagnostic {
  /// The failure of a program with what was kept from it, which it may have failed for.
  func explained(byHidden hidden: Set<UndeclaredFile>) -> Diagnostic {
    guard !hidden.isEmpty else { return self }
    var diagnostic = self
    diagnostic.facts += AssetExecution.facts("hidden", hidden)
    let way = "the program sees only what it declares; " + remedy(for: hidden)
    diagnostic.hint = hint.map { way + "; " + $0 } ?? way
    return diagnostic
  }
}

extension SandboxFindings {
  /// What is to be said of a program that did its work under `sandbox: check`.
  func warnings(on asset: Asset) -> [Diagnostic] {
    if let obstacle {
      return [
        Diagnostic(
          "`sandbox: check` is not available here: \(obstacle)", severity: .warning,
          hint: "set `sandbox: off`, or run it on Linux, where unprivileged filters are allowed")
      ]
    }
    guard !files.isEmpty else { return [] }
    let count = files.count == 1 ? "a file" : "\(files.count) files"
    return [
      Diagnostic(
        "the program of `\(asset.key)` reads \(count) that it does not declare",
        severity: .warning, at: Place(file: asset.place.file), facts: facts("reads", files),
        hint: remedy(for: files))
    ]
  }

  /// The error of a program that failed, or what the sandbox knows to be the cause of it.
  func explanation(of error: any Error, _ call: ProgramCall, hides: Bool) -> any Error {
    if hides, let obstacle {
      return SandboxError.notAvailable(asset: call.asset, reason: obstacle)
    }
    return startError.map { startFailure($0, call) } ?? error
  }

  private func startFailure(_ code: Int32, _ call: ProgramCall) -> StepError {
    .programNotStarted(asset: call.asset, reason: systemError(code))
  }
}

/// How many files are named at most.
private let shownFiles = 20

private func facts(_ label: String, _ files: Set<UndeclaredFile>) -> [Diagnostic.Fact] {
  var texts = files.sorted().prefix(shownFiles).map { file in
    switch file {
    case .code(let path), .aside(let path): path
    case .output(let path, let key): "\(path), published by `\(key)`"
    case .warehouse(let path): "\(path), the warehouse"
    }
  }
  if files.count > shownFiles { texts.append("and \(files.count - shownFiles) more") }
  return texts.enumerated().map { .init($0 == 0 ? label : "", $1) }
}

/// The lines to add to a declaration.
private func remedy(for files: Set<UndeclaredFile>) -> String {
  var code: [String] = []
  var inputs: Set<AssetKey> = []
  var readsWarehouse = false
  for file in files.sorted() {
    switch file {
    case .code(let path): code.append(yamlItem(path))
    case .output(_, let key): inputs.insert(key)
    case .warehouse: readsWarehouse = true
    case .aside: break
    }
  }
  var lines: [String] = []
  if !code.isEmpty {
    let rest = code.count > shownFiles ? ", …" : ""
    lines.append("`code: [\(code.prefix(shownFiles).joined(separator: ", "))\(rest)]`")
  }
  if !inputs.isEmpty {
    lines.append("`inputs: [\(inputs.sorted().map(\.name).joined(separator: ", "))]`")
  }
  var remedies: [String] = []
  if !lines.isEmpty { remedies.append("add " + lines.joined(separator: " and ")) }
  if readsWarehouse {
    remedies.append("declare the tables under `inputs:`, and read `ASSETCTL_INPUT_<KEY>`")
  }
  return remedies.isEmpty ? "what tools keep cannot be declared" : remedies.joined(separator: "; ")
}

/// A path as an item of a list in YAML.
private func yamlItem(_ path: String) -> String {
  let plain = path.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "/"),
      UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "="), 0x80...:
      true
    default: false
    }
  }
  if plain, path.first != "-" { return path }
  var text = "\""
  for scalar in path.unicodeScalars {
    switch scalar {
    case "\"", "\\": text += "\\\(scalar)"
    case "\n": text += "\\n"
    case "\t": text += "\\t"
    case _ where scalar.value < 0x20 || scalar.value == 0x7F:
      let digits = String(scalar.value, radix: 16)
      text += "\\x" + (digits.count == 1 ? "0" : "") + digits
    default: text.unicodeScalars.append(scalar)
    }
  }
  return text + "\""
}
