import AssetCore

/// Rows that their key does not tell apart, with a few of them.
package struct KeyFault: Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// Several rows have the same key.
    case repeated
    /// A column of the key is null.
    case null
    /// The column that tells when a version begins is null.
    case noTime(String)
  }

  package var kind: Kind
  /// The columns of the key.
  package var key: [String]
  /// Whether it is about rows that are published; otherwise it is about new ones.
  package var isPublished: Bool
  /// How many keys or rows there are.
  package var count: Int
  /// The values of some keys, as texts, each with the number of rows that have it.
  package var sample: [(values: [String], rows: Int)]

  package init(
    _ kind: Kind, key: [String], isPublished: Bool = false, count: Int,
    sample: [(values: [String], rows: Int)]
  ) {
    self.kind = kind
    self.key = key
    self.isPublished = isPublished
    self.count = count
    self.sample = sample
  }

  package static func == (left: KeyFault, right: KeyFault) -> Bool {
    left.kind == right.kind && left.key == right.key && left.isPublished == right.isPublished
      && left.count == right.count
      && left.sample.elementsEqual(right.sample) { $0.values == $1.values && $0.rows == $1.rows }
  }

  /// The same without the values of some columns.
  package func masking(_ columns: Set<String>) -> KeyFault {
    var masked = self
    for (place, name) in key.enumerated() where columns.contains(name.caseFolded) {
      for row in masked.sample.indices { masked.sample[row].values[place] = "•••" }
    }
    return masked
  }

  func diagnostic(of asset: AssetKey) -> Diagnostic {
    let names = listed(key.map { "`\($0)`" })
    var facts = sample.map { values, rows in
      let text = zip(key, values).map { "\($0) \($1)" }.joined(separator: ", ")
      return Diagnostic.Fact("", rows > 1 ? "\(text): \(counted(rows, "row"))" : text)
    }
    if count > sample.count { facts.append(.init("", "and \(grouped(count - sample.count)) more")) }
    switch kind {
    case .repeated where isPublished:
      return Diagnostic(
        "`\(asset)` keeps several present versions of rows with the same \(names)", facts: facts,
        hint: "choose a `unique_key` that tells them apart")
    case .repeated:
      return Diagnostic(
        "the query of `\(asset)` gives several rows with the same \(names), its `unique_key`",
        facts: facts, hint: "give one row for each key, or choose a `unique_key` that has just one")
    case .noTime(let column):
      return Diagnostic(
        "the query of `\(asset)` gives \(counted(count, "row")) with null in its `updated_at`, "
          + "`\(column)`",
        facts: facts, hint: "leave these rows out, or give them a time")
    case .null:
      return Diagnostic(
        isPublished
          ? "`\(asset)` keeps \(counted(count, "row")) with null in its `unique_key`, \(names)"
          : "the query of `\(asset)` gives \(counted(count, "row")) with null in its `unique_key`, "
            + names,
        facts: facts, hint: "leave these rows out, or choose a `unique_key` that is never null")
    }
  }
}
