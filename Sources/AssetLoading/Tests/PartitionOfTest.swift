package import AssetCore
package import AssetSQL

// What a query reads when just one of its partitions is made, outside of any run.

extension Partition {
  /// The values that its query finds, by name.
  package var values: [String: VarValue] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.key.rawValue, $0.value) })
  }
}

extension AssetGraph {
  /// Lets a query see of inputs with a window just the rows in it.
  ///
  /// - Parameters:
  ///   - sql: The query, in which inputs go by their own names.
  ///   - asset: The asset that it makes.
  ///   - partition: The partition.
  /// - Throws: A `SQLError` if it cannot be read.
  /// - Returns: The query with the windows in it.
  package func limiting(
    _ sql: String, of asset: Asset, to partition: Partition
  ) throws(SQLError) -> String {
    var part = asset
    part.key = partition.key(in: asset.key)
    part.partition = partition
    let tables = asset.inputs.compactMap { input -> NamedTable? in
      guard input.isWindowed, input.isDerived, let slice = windowSlice(of: input, for: part) else {
        return nil
      }
      let name = input.key.name
      let column = quoteIdentifier(name) + "." + quoteIdentifier(slice.column)
      return NamedTable(
        name, TableName(name), where: slice.condition(on: column, literal: \.canonicalText))
    }
    return try naming(tables, in: sql, dialect: .sqlite)
  }
}
