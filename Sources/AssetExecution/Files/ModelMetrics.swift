import AssetCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads the numbers that a model's file tells of itself.
///
/// A JSON file with an object `metrics` at its top, such as `{"metrics": {"rmse": 12.5}}`, tells
/// them; what is no number in it is left out. Any other file tells none.
///
/// - Parameters:
///   - path: Where the file is.
///   - isWhole: Whether the file was declared to hold metrics, which may then be at its top.
/// - Returns: The metrics by name; `nil` if the file tells none.
func modelMetrics(of path: String, isWhole: Bool = false) -> [String: Double]? {
  guard isWhole || path.hasSuffix(".json"), let data = try? Data(contentsOf: URL(filePath: path)),
    case .object(let model)? = try? JSONDecoder().decode(MetadataValue.self, from: data)
  else { return nil }
  if case .object(let metrics)? = model["metrics"] { return metrics.compactMapValues(\.number) }
  return isWhole ? model.compactMapValues(\.number) : nil
}
