import AssetCore

/// Takes queries to consume what is declared.
struct DeclaredReader: QueryReader {
  func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
    QueryReading(
      inputs: Dictionary(
        asset.inputs.map { ($0.key, InputReading($0.consumption)) },
        uniquingKeysWith: { first, _ in first }))
  }
}
