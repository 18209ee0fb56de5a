/// An assertion on an asset's content, as the project declares it.
package struct Check: Equatable, Sendable {
  /// What it is called, such as `unique(carrier, day)`; unique among the checks of its asset.
  package var name: String
  package var assertion: Assertion
  /// An expression that rows must fulfil to be looked at; `nil` for all rows.
  package var filter: CheckText?
  /// What failing means.
  package var severity: CheckResult.Severity
  /// From how many failures on it fails; of severity `warn` it never does.
  package var errorIf: CountCondition
  /// From how many failures on it warns.
  package var warnIf: CountCondition
  /// Where it is declared.
  package var place: Place
  /// Whether it is judged once both sides are published, as each of them waits for the other.
  ///
  /// It holds back neither then. The graph finds out.
  package var isDeferred = false

  package init(
    name: String, _ assertion: Assertion, filter: CheckText? = nil,
    severity: CheckResult.Severity = .error, errorIf: CountCondition = .some,
    warnIf: CountCondition = .some, place: Place
  ) {
    self.name = name
    self.assertion = assertion
    self.filter = filter
    self.severity = severity
    self.errorIf = errorIf
    self.warnIf = warnIf
    self.place = place
  }

  /// What a check asserts.
  ///
  /// Names and meanings are dbt's where it has them; in particular null passes but for `notNull`.
  package enum Assertion: Equatable, Sendable {
    /// No two rows agree in the columns. Of one column null may repeat; of several it may not.
    case unique([String])
    case notNull(String)
    case acceptedValues(String, [VarValue])
    /// Each value is one of another asset's column.
    case relationships(String, to: AssetKey, field: String)
    /// An expression that is false for no row.
    case expression(CheckText)
    /// How many rows there are; as many as another asset has.
    case rowCount(min: Int?, max: Int?, equals: AssetKey?)
    case range(String, min: VarValue?, max: VarValue?, isInclusive: Bool)
    /// Each value holds a match of a regular expression.
    case matches(String, pattern: String)
    /// The newest time in a column is not too old.
    case freshness(Freshness)
    /// A query whose rows are failures.
    case sql(CheckText)
    /// A bound on a metric that a program reports.
    case metric(MetricBounds)
    /// How far a number may be from what the last materializations had.
    case anomaly(AnomalyBounds)
  }

  /// The assets whose present content the check reads, beside its own.
  package var reads: [AssetKey] {
    let filtered = filter?.reads ?? []
    switch assertion {
    case .relationships(_, let other, _), .rowCount(_, _, let other?): return filtered + [other]
    case .expression(let text), .sql(let text): return filtered + text.reads
    case .unique, .notNull, .acceptedValues, .rowCount, .range, .matches, .freshness, .metric,
      .anomaly:
      return filtered
    }
  }

  /// Whether it is about the rows of a table.
  package var isAboutRows: Bool {
    switch assertion {
    case .metric: false
    case .anomaly(let bounds): bounds.measure.isAboutRows
    default: true
    }
  }
}

/// SQL that stands in a check, with the vars filled in as literals.
package struct CheckText: Equatable, Sendable {
  package var sql: String
  /// The assets that it names.
  package var reads: [AssetKey]

  package init(_ sql: String, reads: [AssetKey] = []) {
    self.sql = sql
    self.reads = reads
  }
}

/// A condition on how many failures there are, such as `> 10`.
package struct CountCondition: Equatable, Sendable {
  package enum Relation: String, Sendable, CaseIterable {
    case notEqual = "!="
    case atLeast = ">="
    case atMost = "<="
    case equal = "="
    case more = ">"
    case fewer = "<"
  }

  package var relation: Relation
  package var count: Int

  package init(_ relation: Relation, _ count: Int) {
    self.relation = relation
    self.count = count
  }

  /// At least one.
  package static let some = CountCondition(.notEqual, 0)

  /// Reads a condition as it is written, such as `> 10` or `!= 0`.
  package init?(_ text: String) {
    let text = text.filter { $0 != " " }
    for relation in Relation.allCases where text.hasPrefix(relation.rawValue) {
      guard let count = Int(text.dropFirst(relation.rawValue.count)), count >= 0 else { return nil }
      self.init(relation, count)
      return
    }
    return nil
  }

  package var text: String { "\(relation.rawValue) \(count)" }

  package func holds(for number: Int) -> Bool {
    switch relation {
    case .notEqual: number != count
    case .atLeast: number >= count
    case .atMost: number <= count
    case .equal: number == count
    case .more: number > count
    case .fewer: number < count
    }
  }
}

/// Bounds on a metric.
package struct MetricBounds: Equatable, Sendable {
  package var metric: String
  package var min: Double?
  package var max: Double?

  package init(metric: String, min: Double? = nil, max: Double? = nil) {
    self.metric = metric
    self.min = min
    self.max = max
  }
}

extension Asset {
  /// What has to be done before the asset, each once: what it reads, and what its checks read.
  package var prerequisites: [AssetKey] {
    var seen: Set<AssetKey> = [key, key.asset]
    let compared = checks.isEmpty ? [] : checks.filter { !$0.isDeferred }.flatMap(\.reads)
    // An asset that reads itself is a circle; a check that does is not.
    return (inputs.map(\.key) + fileWriters).filter { seen.insert($0).inserted || $0 == key.asset }
      + compared.filter { seen.insert($0).inserted }
  }
}

extension AssetGraph {
  /// The tables of those assets that the checks of an asset name and whose tables have other names.
  package func renamedTables(inChecksOf asset: Asset) -> [(name: String, table: TableName)] {
    Set(asset.checks.flatMap(\.reads) + [asset.key.asset]).sorted().compactMap { key in
      guard let table = self[key]?.tableName,
        table.database != nil || AssetKey(trusted: table.name) != key
      else { return nil }
      return (key.name, table)
    }
  }
}

extension Check.Assertion {
  /// The columns of the checked table that it names, but for those within a text.
  package var columns: [String] {
    switch self {
    case .unique(let columns): columns
    case .notNull(let column), .acceptedValues(let column, _), .relationships(let column, _, _),
      .range(let column, _, _, _), .matches(let column, _):
      [column]
    case .freshness(let expected): expected.column.map { [$0] } ?? []
    case .anomaly(let bounds): bounds.measure.column.map { [$0] } ?? []
    case .expression, .rowCount, .sql, .metric: []
    }
  }
}
