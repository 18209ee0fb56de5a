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
/// - Parameter path: Where the file is.
/// - Returns: The metrics by name; `nil` if the file tells none.
func modelMetrics(of path: String) -> [String: Double]? {
  guard path.hasSuffix(".json"), let data = try? Data(contentsOf: URL(filePath: path)),
    let model = try? JSONDecoder().decode(ModelFile.self, from: data)
  else { return nil }
  let metrics = model.metrics.compactMapValues(\.number)
  return metrics.isEmpty ? nil : metrics
}

private struct ModelFile: Decodable {
  struct Value: Decodable {
    var number: Double?

    init(from decoder: any Decoder) throws {
      number = try? decoder.singleValueContainer().decode(Double.self)
    }
  }

  var metrics: [String: Value]
}
