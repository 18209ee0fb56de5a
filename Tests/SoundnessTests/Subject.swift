import AssetCore
import AssetSQL
import Foundation

/// The analysis that assetctl uses.
let subject: Analysis = { query, columns in namesInText(query.text, columns) }

func namesInText(_ text: String, _ columns: (AssetKey) -> [String]?) -> QueryReading {
  let source = try? analyze(text, dialect: .sqlite)
  var reading = QueryReading()
  let words = Set(
    text.lowercased().split { "()[]`\",.+-*/=<> ".contains($0) }.map(String.init)
      + ["two words"])
  for table in source?.tables ?? [] {
    let key = AssetKey(trusted: table.name)
    if text.contains("*,") || text.contains("* ") || text.contains(".*") || text.contains("natural")
      || text.contains("*)") || columns(key) == nil
    {
      reading.inputs[key] = InputReading(.whole)
      continue
    }
    let mine = Set((columns(key) ?? []).map { $0.lowercased() })
    reading.inputs[key] = InputReading(
      Consumption(columns: mine.intersection(words), names: words.subtracting(mine)))
  }
  return reading
}

/// How random tests are to run, as the environment says.
enum RandomRun {
  /// The seed, another one in each run unless `ASSETCTL_RANDOM_SEED` is set.
  static let seed =
    ProcessInfo.processInfo.environment["ASSETCTL_RANDOM_SEED"].flatMap(UInt64.init)
    ?? UInt64.random(in: 1...999_999_999)

  /// How many steps a test is to take that takes so many unless `ASSETCTL_RANDOM_STEPS` is set.
  static func steps(_ usual: Int) -> Int {
    ProcessInfo.processInfo.environment["ASSETCTL_RANDOM_STEPS"].flatMap(Int.init) ?? usual
  }
}
