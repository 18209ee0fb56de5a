/// One partition of a table: a unit with a provenance and a history of its own.
package struct Partition: Hashable, Sendable {
  /// What it is called on the command line and in records: a value, or `2024-01-02T05` for an hour,
  /// `2024-01-02` for a day or the Monday of a week, `2024-01` for a month.
  package let key: String
  /// The values of the parameters that it has.
  package let parameters: [PartitionParameter: VarValue]
  /// The rows of the table that are its own.
  package let slice: RowSlice
  /// The moments that it spans, the second of which is not within; `nil` if it is that of a value.
  package let span: Range<Timestamp>?

  init(_ value: VarValue, of column: String) {
    key = value.text
    parameters = [.key: value]
    slice = RowSlice(column: column, equals: value)
    span = nil
  }

  init(_ number: Int, of time: PartitionTime, column: String) {
    let bounds = time.bounds(number...number)
    key = time.key(of: number)
    parameters = [.key: .text(key), .start: bounds.start, .end: bounds.end]
    slice = RowSlice(column: column, from: bounds.start, to: bounds.end)
    span = time.every.start(of: number)..<time.every.start(of: number + 1)
  }

  /// What of the definition is its own: the values that its query or program is given.
  var definitionFields: [CanonicalForm.Field] {
    PartitionParameter.allCases.compactMap { parameter in
      parameters[parameter].map { .init(parameter.rawValue, $0.canonicalText) }
    }
  }

  /// The name by which a partition of an asset is told from all others: `daily@2024-01-02`.
  package func key(in asset: AssetKey) -> AssetKey { AssetKey(asset, partition: key) }
}

/// A name that stands for a different value in each partition.
package enum PartitionParameter: String, CaseIterable, Hashable, Sendable {
  /// Where it begins, which is within.
  case start = "partition_start"
  /// Where it ends, which is not.
  case end = "partition_end"
  case key = "partition_key"

  /// The variable in which a program finds it.
  package var environmentName: String { "ASSETCTL_\(rawValue.uppercased())" }
}

extension RowSlice {
  /// The rows from a value, which is within, to another, which is not.
  package init(column: String, from start: VarValue, to end: VarValue) {
    self.init(
      column: column, lower: Bound(start, isIncluded: true), upper: Bound(end, isIncluded: false))
  }
}
