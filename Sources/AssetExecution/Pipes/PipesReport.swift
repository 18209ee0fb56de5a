import AssetCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a program reported by the Dagster Pipes protocol, as far as it was read.
///
/// Each line of its messages is an object with a `method` and its `params`, as the PyPI package
/// `dagster-pipes` writes them. What is no message, or of a method that is not known, is passed over.
struct PipesReport: Equatable, Sendable {
  var metadata: Metadata = [:]
  /// The metadata that are numbers by value and by type, which a moment is not.
  var numbers: [String: Double] = [:]
  var checks: [CheckResult] = []
  /// What was reported of other assets than the program's own.
  var strangers: [String] = []

  /// Takes note of one line.
  ///
  /// - Parameters:
  ///   - line: The line's bytes, without its end.
  ///   - asset: The asset that the program makes.
  /// - Returns: What it says for the log, if anything: a level and a text.
  mutating func note(
    _ line: some Sequence<UInt8>, of asset: AssetKey
  ) -> (level: String, text: String)? {
    guard let message = try? JSONDecoder().decode(Message.self, from: Data(line)) else {
      return nil
    }
    let params = message.params ?? Message.Params()
    if let key = params.assetKey, key.caseFolded != asset.name.caseFolded {
      strangers.append(key)
      return nil
    }
    switch message.method {
    case "report_asset_materialization":
      for (label, value) in params.metadata ?? [:] {
        metadata[label] = value.value
        numbers[label] = value.number
      }
      return nil
    case "report_asset_check":
      checks.append(
        CheckResult(
          name: params.checkName ?? "check", passed: params.passed ?? false,
          severity: params.severity == "WARN" ? .warn : .error, metadata: params.values))
      return nil
    case "log":
      return (params.level ?? "INFO", params.message ?? "")
    default:
      return nil
    }
  }
}

extension PipesReport {
  /// The same with each text changed.
  func masked(_ mask: (String) -> String) -> PipesReport {
    var report = self
    report.metadata = metadata.mapValues { $0.masked(mask) }
    report.numbers = Dictionary(numbers.map { (mask($0.key), $0.value) }) { _, new in new }
    for index in checks.indices {
      report.checks[index].metadata = checks[index].metadata.mapValues { $0.masked(mask) }
    }
    return report
  }
}

extension MetadataValue {
  fileprivate func masked(_ mask: (String) -> String) -> MetadataValue {
    switch self {
    case .text(let text): .text(mask(text))
    case .list(let values): .list(values.map { $0.masked(mask) })
    case .object(let values): .object(values.mapValues { $0.masked(mask) })
    case .null, .boolean, .integer, .number: self
    }
  }
}

private struct Message: Decodable {
  struct Params: Decodable {
    var assetKey: String?
    var metadata: [String: Labelled]?
    var checkName: String?
    var passed: Bool?
    var severity: String?
    var message: String?
    var level: String?

    enum CodingKeys: String, CodingKey {
      case assetKey = "asset_key"
      case metadata
      case checkName = "check_name"
      case passed, severity, message, level
    }

    var values: Metadata { metadata?.mapValues(\.value) ?? [:] }
  }

  var method: String
  var params: Params?
}

/// A value alone, or with its type as `{"raw_value": …, "type": …}`.
private struct Labelled: Decodable {
  var value: MetadataValue
  /// The type that it was reported with.
  var type: String?

  /// The value, if it is a number that means a number.
  var number: Double? {
    ["__infer__", "int", "float"].contains(type ?? "__infer__") ? value.number : nil
  }

  init(from decoder: any Decoder) throws {
    let whole = try MetadataValue(from: decoder)
    if case .object(let parts) = whole, let raw = parts["raw_value"] {
      value = raw
      if case .text(let name)? = parts["type"] { type = name }
    } else {
      value = whole
    }
  }
}
