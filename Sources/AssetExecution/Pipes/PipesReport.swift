import AssetCore

/// What a program reported by the Dagster Pipes protocol, as far as it was read.
///
/// Each line of its messages is an object with a `method` and its `params`, as the PyPI package
/// `dagster-pipes` writes them. What cannot be kept of a message is told, and the rest of it counts.
struct PipesReport: Equatable, Sendable {
  var metadata: Metadata = [:]
  /// The metadata that are numbers by value and by type, which a moment is not.
  var numbers: [String: Double] = [:]
  var checks: [CheckResult] = []
  /// What was reported of other assets than the program's own.
  var strangers: [String] = []
  /// What could not be kept, the first of it.
  private(set) var problems: [PipesProblem] = []
  /// How much could not be kept beside that.
  private(set) var furtherProblems = 0
  private static let mostProblems = 20

  /// Takes note of one line.
  ///
  /// - Parameters:
  ///   - line: The line's bytes, without its end.
  ///   - number: Its place among the lines, from 1.
  ///   - asset: The asset that the program makes.
  /// - Returns: What it says for the log, if anything: a level and a text.
  mutating func note(
    _ line: UnsafeBufferPointer<UInt8>, number: Int, of asset: AssetKey
  ) -> (level: String, text: String)? {
    let message: (value: MetadataValue, oddities: [JSONOddity])
    do {
      message = try JSONValueReader.read(line)
    } catch {
      note(.notJSON(line: number, column: error.offset + 1))
      return nil
    }
    guard case .text(let method)? = message.value["method"] else {
      note(.noMethod(line: number))
      return nil
    }
    let params = PipesParams(message.value["params"] ?? .null, message.oddities)
    if let key = params.text("asset_key"), key.caseFolded != asset.name.caseFolded {
      strangers.append(key)
      return nil
    }
    for oddity in message.oddities { note(.odd(oddity.kind, in: params.name(of: oddity))) }
    switch method {
    case "report_asset_materialization":
      for (label, value) in params.metadata {
        metadata[label] = value.value
        numbers[label] = value.number
      }
      return nil
    case "report_asset_check":
      let name = params.text("check_name") ?? "check"
      if case .boolean? = params["passed"] {} else { note(.passedNotBoolean(check: name)) }
      checks.append(
        CheckResult(
          name: name,
          passed: params["passed"] == .boolean(true),
          severity: params.text("severity") == "WARN" ? .warn : .error,
          metadata: params.metadata.mapValues(\.value)))
      return nil
    case "log":
      return (params.text("level") ?? "INFO", params.message)
    case "opened", "closed":
      return nil
    default:
      note(.unknownMethod(method, line: number))
      return nil
    }
  }

  private mutating func note(_ problem: PipesProblem) {
    guard !problems.contains(problem) else { return }
    if problems.count < Self.mostProblems {
      problems.append(problem)
    } else {
      furtherProblems += 1
    }
  }
}

/// What could not be kept of a program's messages.
enum PipesProblem: Hashable, Sendable {
  case notJSON(line: Int, column: Int)
  case noMethod(line: Int)
  case unknownMethod(String, line: Int)
  /// A check tells by no boolean whether it passed.
  case passedNotBoolean(check: String)
  /// A value by its label is no JSON.
  case odd(JSONOddity.Kind, in: String)
}

extension PipesReport {
  /// The same with each text changed.
  func masked(_ mask: (String) -> String) -> PipesReport {
    var report = self
    report.metadata = metadata.masked(mask)
    report.numbers = Dictionary(numbers.map { (mask($0.key), $0.value) }) { _, new in new }
    report.checks = checks.map { $0.masked(mask) }
    report.strangers = strangers.map(mask)
    return report
  }
}

/// The parameters of a message.
private struct PipesParams {
  private let values: MetadataValue
  private let oddities: [JSONOddity]

  init(_ values: MetadataValue, _ oddities: [JSONOddity]) {
    self.values = values
    self.oddities = oddities
  }

  subscript(name: String) -> MetadataValue? { values[name] }

  func text(_ name: String) -> String? {
    if case .text(let text)? = values[name] { text } else { nil }
  }

  /// The message to log: a text as it is, any other value as JSON, and without one all that there is.
  var message: String { text("message") ?? jsonText(of: values["message"] ?? values) }

  /// The values by label.
  var metadata: [String: Labelled] {
    guard case .object(var labelled)? = values["metadata"] else { return [:] }
    for oddity in oddities where oddity.kind != .halfCharacter {
      // Without the value its type tells nothing.
      if oddity.path.count == 4, oddity.path[3] == "raw_value" { labelled[oddity.path[2]] = nil }
    }
    return labelled.mapValues(Labelled.init)
  }

  /// What is said to be odd: the label of metadata, or the parameter.
  func name(of oddity: JSONOddity) -> String {
    let path = oddity.path.dropFirst()
    if path.first == "metadata", path.count > 1 { return path[path.startIndex + 1] }
    return path.first ?? oddity.path.first ?? "a message"
  }
}

/// A value alone, or with its type as `{"raw_value": …, "type": …}`.
private struct Labelled {
  var value: MetadataValue
  /// The type that it was reported with.
  var type: String?

  init(_ whole: MetadataValue) {
    value = whole["raw_value"] ?? whole
    if whole["raw_value"] != nil, case .text(let name)? = whole["type"] { type = name }
  }

  /// The value, if it is a number that means a number.
  var number: Double? {
    ["__infer__", "int", "float"].contains(type ?? "__infer__") ? value.number : nil
  }
}

extension MetadataValue {
  fileprivate subscript(key: String) -> MetadataValue? {
    if case .object(let values) = self { values[key] } else { nil }
  }
}
