import AssetCore
import AssetWarehouse

// Windows on columns that are written in another way than the partitions of the reader.

extension Executor {
  /// Makes sure that what bounds windows can be compared with the values of the inputs' columns.
  ///
  /// A number is before every text for the database, so that a window of days written as texts would see
  /// nothing of a column of seconds, and say nothing either. Each column is looked at once a run.
  ///
  /// - Parameters:
  ///   - windows: The rows that are seen of inputs.
  ///   - asset: What reads them.
  ///   - work: Where the run stands.
  /// - Throws: A ``StepError`` if a window would hide values that are of another form.
  func verifyForms(
    of windows: [AssetKey: RowSlice], _ asset: Asset, _ work: inout Work
  ) async throws {
    for (key, slice) in windows.sorted(by: { $0.key < $1.key }) {
      guard let table = work.assessor.graph[key]?.tableName,
        work.assessor.graph.partitions(of: key)?.scheme.column != slice.column
      else { continue }
      let column = slice.column
      let ends: [Value]
      if let known = work.columnEnds[key]?[column] {
        ends = known
      } else {
        // What cannot be read is for the query itself to fail with.
        ends =
          (try? await context.warehouse.read(with: Set([table.database].compactMap(\.self))) {
            try $0.ends(of: column, in: table)
          }) ?? []
        work.columnEnds[key, default: [:]][column] = ends
      }
      if let found = slice.otherForm(among: ends) {
        throw StepError.windowOfOtherForm(
          asset: asset.key, input: key, slice, holds: found)
      }
    }
  }
}

extension RowSlice {
  /// What some values are that no bound of the slice can be compared with: numbers where the bounds are
  /// texts, or texts where they are numbers.
  func otherForm(among values: [Value]) -> String? {
    guard let bound = ends.first?.value else { return nil }
    return values.lazy.compactMap { value -> String? in
      switch (bound, value) {
      case (.text, .integer), (.text, .real): "numbers"
      case (.integer, .text), (.real, .text): "texts"
      default: nil
      }
    }.first
  }
}
