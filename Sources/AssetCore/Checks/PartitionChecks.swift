// What checks of an asset's partitions found, told together.

extension CheckResult {
  /// Sums up what checks found in the partitions of an asset, a result for each check.
  ///
  /// - Parameters:
  ///   - partitions: The partitions that were looked at, in order, each with its results.
  ///   - names: The names of the checks, in the order in which they are to be told.
  /// - Returns: The results; of checks that no partition has a result of, none.
  package static func summing(
    _ partitions: [(name: String, results: [CheckResult])], inOrderOf names: [String]
  ) -> [CheckResult] {
    var byCheck: [String: [(name: String, result: CheckResult)]] = [:]
    for (name, results) in partitions {
      for result in results { byCheck[result.name, default: []].append((name, result)) }
    }
    return names.compactMap { byCheck[$0].flatMap(CheckResult.init(summing:)) }
  }

  /// What one check found in partitions: it passed if it did in each of them.
  private init?(summing found: [(name: String, result: CheckResult)]) {
    guard let first = found.first?.result else { return nil }
    let failed = found.filter { !$0.result.passed }
    let worst = failed.first { $0.result.isFatal } ?? failed.first
    guard let worst else {
      let counts = found.compactMap(\.result.failures)
      self.init(
        name: first.name, passed: true, severity: first.severity,
        failures: counts.isEmpty ? nil : counts.reduce(0, +))
      return
    }
    let counts = failed.compactMap(\.result.failures)
    self.init(
      name: first.name, passed: false, severity: worst.result.severity,
      message: Self.message(of: failed, among: found.count, worst: worst.result),
      failures: counts.isEmpty ? nil : counts.reduce(0, +),
      sample: RowSample(joining: failed.compactMap(\.result.sample)))
  }

  /// `in 2 of 31 partitions (2024-01-08, 2024-01-09): 3 rows`.
  private static func message(
    of failed: [(name: String, result: CheckResult)], among count: Int, worst: CheckResult
  ) -> String {
    let place =
      "in \(grouped(failed.count)) of \(counted(count, "partition")) "
      + "(\(partitionNames(failed.map(\.name))))"
    guard let message = worst.message else { return place }
    return failed.count == 1 ? "\(place): \(message)" : "\(place), such as: \(message)"
  }
}

extension RowSample {
  /// The first rows of samples that have the same columns; `nil` if there are none.
  fileprivate init?(joining samples: [RowSample]) {
    guard let first = samples.first else { return nil }
    let rows = samples.filter { $0.columns == first.columns }.flatMap(\.rows)
    self.init(columns: first.columns, rows: Array(rows.prefix(Self.limit)))
  }
}

extension Check {
  /// Whether no failure among some rows means that there is none among fewer of them.
  ///
  /// A query may compare rows with each other, or with how many there are.
  package var isOfSingleRows: Bool {
    let texts = [filter].compactMap { $0 }
    switch assertion {
    case .unique, .notNull, .acceptedValues, .relationships, .range, .matches:
      return !texts.contains(where: \.mayQuery)
    case .expression(let text): return !(texts + [text]).contains(where: \.mayQuery)
    case .rowCount, .freshness, .sql, .metric, .anomaly: return false
    }
  }
}

extension CheckText {
  /// Whether a query may stand in it.
  fileprivate var mayQuery: Bool {
    guard reads.isEmpty else { return true }
    let word = Array("select".utf8)
    let bytes = sql.utf8.map { $0 | 0x20 }
    guard bytes.count >= word.count else { return false }
    return (0...bytes.count - word.count).contains {
      bytes[$0..<$0 + word.count].elementsEqual(word)
    }
  }
}
