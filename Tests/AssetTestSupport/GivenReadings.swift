package import AssetCore

/// Readings that a test gives instead of queries, by asset.
///
/// A line is a column with what it is made from and, behind `|`, what influences it:
///
/// ```swift
/// GivenReadings(["daily": ["day = flights.day", "n = | flights.day"]])
/// ```
///
/// An asset consumes all columns that its lines name, and of an input that none of them names the
/// number of rows.
package struct GivenReadings: QueryReader {
  private let readings: [AssetKey: [ColumnLineage]]
  private let others: [AssetKey: QueryReading]

  package init(_ lines: [AssetKey: [String]], others: [AssetKey: QueryReading] = [:]) {
    readings = lines.mapValues { $0.map(Self.column) }
    self.others = others
  }

  package func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
    if let reading = others[asset.key] { return reading }
    guard let columns = readings[asset.key] else { return QueryReading() }
    let named = columns.flatMap { $0.from + $0.influencedBy }
    let inputs = asset.inputs.map { input in
      let consumed = named.filter { $0.asset == input.key }.map(\.column)
      return (input.key, InputReading(Consumption(columns: consumed)))
    }
    return QueryReading(
      inputs: Dictionary(inputs) { first, _ in first }, columns: columns)
  }

  private static func column(_ line: String) -> ColumnLineage {
    let sides = line.split(separator: "=", maxSplits: 1).map(String.init)
    let parts = (sides.count == 2 ? sides[1] : "").split(
      separator: "|", omittingEmptySubsequences: false)
    func columns(_ index: Int) -> [AssetColumn] {
      guard index < parts.count else { return [] }
      return parts[index].split(separator: " ").compactMap { name in
        let words = name.split(separator: ".")
        return words.count == 2
          ? AssetColumn(AssetKey(trusted: String(words[0])), String(words[1])) : nil
      }
    }
    return ColumnLineage(
      name: sides[0].split(separator: " ").joined(), from: columns(0), influencedBy: columns(1))
  }
}

extension [Asset] {
  /// The same assets with inputs that their queries show, so that readings tell what is consumed.
  package var withDerivedInputs: [Asset] {
    map { asset in
      guard case .query = asset.recipe else { return asset }
      var asset = asset
      for index in asset.inputs.indices { asset.inputs[index].isDerived = true }
      return asset
    }
  }
}
