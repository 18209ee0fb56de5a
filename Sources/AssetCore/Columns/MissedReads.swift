/// The columns of inputs that the database's own program for a query reads, and that the analysis of its
/// text has not met.
///
/// What the analysis met and left out, it left out by a rule: columns of inner queries that nothing uses,
/// the order of the result, what `exists` selects. What it has not met is a name that it lost, whatever
/// the reason; the reader has to consume the whole input then, as nothing else is certain.
package struct MissedReads: Equatable, Sendable {
  /// The columns by input, sorted; none where the input as a whole was missed.
  package private(set) var columns: [AssetKey: [String]] = [:]

  /// Nothing was missed.
  package init() {}

  /// Compares two readings of one query.
  ///
  /// - Parameters:
  ///   - program: What the database reads of each input; the whole where it cannot tell.
  ///   - reading: What the analysis found.
  ///   - names: The names in the text, if a column that is none of them cannot be meant: an index that the
  ///     database goes through has columns beside those of the query.
  package init(
    of program: [AssetKey: Consumption], by reading: QueryReading, among names: Set<String>? = nil
  ) {
    for (key, consumption) in program {
      guard let read = consumption.lists?.columns, !read.isEmpty else { continue }
      guard let input = reading.inputs[key] else {
        columns[key] = []
        continue
      }
      guard let consumed = input.consumption.lists?.columns else { continue }
      var missed = Set(read).subtracting(consumed).subtracting(input.met)
      if let names { missed.formIntersection(names) }
      if !missed.isEmpty { columns[key] = missed.sorted() }
    }
  }

  package var isEmpty: Bool { columns.isEmpty }

  /// Why an input is consumed as a whole, to stand behind "because"; `nil` if nothing of it was missed.
  package func reason(for key: AssetKey) -> String? {
    guard let names = columns[key] else { return nil }
    guard !names.isEmpty else {
      return "the database reads it and the analysis of the query does not"
    }
    return
      "the database reads \(listed(names.map { "`\($0)`" })), which the analysis of the query missed"
  }

  /// What the maker of an asset should know.
  ///
  /// - Parameter asset: The asset.
  /// - Returns: A warning for each input, in the order of their names.
  package func warnings(on asset: Asset) -> [Diagnostic] {
    columns.keys.sorted().compactMap { key in
      reason(for: key).map { reason in
        Diagnostic(
          "`\(asset.key)` consumes all of `\(key)`, because \(reason)", severity: .warning,
          at: asset.place,
          hint:
            "nothing is wrong with what was built; please report this query as a fault of assetctl")
      }
    }
  }
}
