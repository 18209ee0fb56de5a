import AssetCore

/// Takes every query to read what its inputs are declared to be read for.
struct DeclaredReader: QueryReader {
  func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
    QueryReading(
      inputs: Dictionary(
        uniqueKeysWithValues: asset.inputs.map { ($0.key, InputReading($0.consumption)) }))
  }
}
