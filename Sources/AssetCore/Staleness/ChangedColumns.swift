extension ConsumedInput {
  /// The columns that are another in a content than in what was read; empty if there is just another
  /// number of rows, `nil` if that is not known of an input that was read as a whole.
  ///
  /// Columns that each hold what they held, while rows were exchanged or repeated, are all named.
  /// In lower case, sorted.
  func changedColumns(in content: Content) -> [String]? {
    guard let before = details?.columnsByName, let now = content.details?.columnsByName else {
      return consumption.readColumns
    }
    let read = consumption.readColumns ?? Array(Set(before.keys).union(now.keys))
    var changed = read.filter { Self.differ(before[$0], now[$0]) }
    if let names = consumption.lists?.names {
      changed += names.filter { (before[$0] == nil) != (now[$0] == nil) }
    }
    return (changed.isEmpty ? read : changed).sorted()
  }

  private static func differ(_ before: ColumnContent?, _ now: ColumnContent?) -> Bool {
    guard let before, let now else { return (before == nil) != (now == nil) }
    guard before.type == now.type else { return true }
    guard let old = before.digest, let new = now.digest else { return false }
    return old != new
  }
}

extension Consumption {
  /// The columns whose values are read; `nil` for the whole.
  package var readColumns: [String]? {
    lists?.columns
  }

  /// Whether whatever changes what the other reads changes what this reads.
  package func covers(_ other: Consumption) -> Bool { union(other) == self }
}
