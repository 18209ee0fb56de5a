/// A column that is not as it was.
package enum ColumnChange: Equatable, Sendable {
  case added(String, type: String)
  case removed(String, type: String)
  case retyped(String, from: String, to: String)
}

/// A file that is not as it was.
package struct FileChange: Equatable, Sendable {
  package var path: String
  package var before: ContentDigest?
  package var after: ContentDigest?

  package init(path: String, before: ContentDigest?, after: ContentDigest?) {
    self.path = path
    self.before = before
    self.after = after
  }
}

/// A metric that is not as it was.
package struct MetricChange: Equatable, Sendable {
  package var metric: String
  package var before: Double?
  package var after: Double?

  package init(metric: String, before: Double?, after: Double?) {
    self.metric = metric
    self.before = before
    self.after = after
  }
}

// What the records of two products tell of how they differ.

extension Product {
  /// The columns that came, went or have another declared type, in the tables' order.
  package func columnChanges(since before: Product) -> [ColumnChange] {
    guard let old = before.columns, let new = columns else { return [] }
    return old.filter { column($0.name) == nil }.map { .removed($0.name, type: $0.type) }
      + new.compactMap { column in
        guard let known = before.column(column.name) else {
          return .added(column.name, type: column.type)
        }
        return known.type == column.type
          ? nil : .retyped(column.name, from: known.type, to: column.type)
      }
  }

  /// The columns whose values are others, as far as their digests tell; `nil` if they do not.
  package func changedColumns(since before: Product) -> [String]? {
    guard let columns, before.columns != nil else { return nil }
    var changed: [String] = []
    for column in columns where before.column(column.name) != nil {
      guard let new = summary(ofColumn: column.name)?.digest,
        let old = before.summary(ofColumn: column.name)?.digest
      else { return nil }
      if new != old { changed.append(column.name) }
    }
    return changed
  }

  /// The files that came, went or hold something else, by path.
  package func fileChanges(since before: Product?) -> [FileChange] {
    let old = before?.files ?? [:]
    let new = files ?? [:]
    return Set(old.keys).union(new.keys).sorted().compactMap { path in
      old[path] == new[path]
        ? nil : FileChange(path: path, before: old[path], after: new[path])
    }
  }

  /// The metrics that came, went or have another value, by name.
  package func metricChanges(since before: Product?) -> [MetricChange] {
    let old = before?.metrics ?? [:]
    let new = metrics ?? [:]
    return Set(old.keys).union(new.keys).sorted().compactMap { name in
      old[name] == new[name]
        ? nil : MetricChange(metric: name, before: old[name], after: new[name])
    }
  }
}

extension Asset {
  /// The columns that tell the rows of the asset apart, as it is declared; none if that is not told.
  ///
  /// - Parameter results: What the checks of what is published gave.
  /// - Returns: The `unique_key`, of a snapshot with the beginning of each version; else the columns of the
  ///   first `unique` check of all rows that did not fail.
  package func rowKey(checked results: [CheckResult]?) -> [String] {
    if let snapshot { return snapshot.uniqueKey + [SnapshotRule.validFrom] }
    if let key = incremental?.uniqueKey, !key.isEmpty { return key }
    for check in checks where check.filter == nil {
      guard case .unique(let columns) = check.assertion else { continue }
      if results?.first(where: { $0.name == check.name })?.passed != false { return columns }
    }
    return []
  }
}
