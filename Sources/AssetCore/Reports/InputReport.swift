/// What an asset consumes of one of its inputs, as users are told.
package struct InputReport: Equatable, Sendable {
  package var input: AssetKey
  package var consumes: Consumption
  /// Why it consumes all of it, as far as there is a reason to tell; to stand
  /// behind "because".
  package var wholeBecause: String?
  /// Why each partition reads all its rows, as far as there is a reason to tell; to stand behind
  /// "because".
  package var allRowsBecause: String?
  /// Whether the input is a table or a view, so that it has parts to consume.
  package var isTable: Bool

  package init(
    _ input: AssetKey, consumes: Consumption, wholeBecause: String? = nil, isTable: Bool = true
  ) {
    self.input = input
    self.consumes = consumes
    self.wholeBecause = wholeBecause
    self.isTable = isTable
  }
}

extension InputReport {
  /// What verdicts on an asset go by: what its last materialization consumed or, if it has none, what
  /// it would consume now.
  ///
  /// - Parameters:
  ///   - asset: The asset.
  ///   - last: What was published last; `nil` if nothing was.
  ///   - graph: The project.
  ///   - catalog: The columns of the project's tables.
  /// - Returns: An entry for each input, in the order of the declaration.
  package static func inputs(
    of asset: Asset, since last: Materialization?, in graph: AssetGraph,
    by catalog: inout ColumnCatalog
  ) -> [InputReport] {
    let reading = catalog.reading(of: asset.key)
    return asset.inputs.map { input in
      let present = reading.input(input, of: asset)
      let consumed = last?.provenance.inputs[.asset(input.key)]
      let recorded = consumed?.consumption
      // Of the whole no rows are told, since each partition reads its own.
      let isPart = asset.partition != nil
      let consumes = (isPart ? recorded : recorded?.withoutSlice) ?? present.consumption
      let isTable = graph[input.key]?.tableName != nil
      let reason =
        present.consumption == .whole
        ? present.wholeBecause
        : consumed?.wholeBecause ?? "its last materialization read all of it"
      var report = InputReport(
        input.key, consumes: consumes.columnsOnly,
        wholeBecause: consumes.withoutSlice == .whole && isTable ? reason : nil, isTable: isTable)
      if asset.partitions != nil, isTable, input.window == nil,
        case .all(let reason)? = present.partition
      {
        report.allRowsBecause = reason
      }
      return report
    }
  }
}
