import AssetCore
import AssetWarehouse

// What keeps a candidate from being published.

extension StepContext {
  /// The table that keeps a candidate of an asset that was not published.
  func quarantineTable(of asset: Asset) -> String? {
    asset.keepsRefused && !isTrial ? "assetctl_quarantine_" + asset.key.asset.name : nil
  }

  /// Judges a table that nobody sees yet by its contract and its checks.
  ///
  /// - Parameters:
  ///   - product: What would be recorded of it.
  ///   - step: What is being made.
  ///   - reading: What reads the candidate.
  ///   - started: When the step began.
  /// - Throws: A ``StepError`` if it must not be published.
  /// - Returns: The results of the checks of its rows.
  func judge(
    _ product: Product, _ step: Step, in reading: any TableReading, started: Timestamp
  ) throws -> [CheckResult] {
    let asset = step.asset
    if asset.isContractEnforced {
      let names = (product.columns ?? []).map(\.name).filter(step.isOfQuery)
      var differences = contractDifferences(asset.columns, found: names)
      let there = asset.columns.filter { product.column($0.name) != nil }
      differences += try reading.typeDifferences(
        of: there, in: asset.key.asset.name, slice: asset.partition?.slice)
      if !differences.isEmpty {
        throw StepError.contractBroken(
          asset: asset.key, differences, keptAs: quarantineTable(of: asset))
      }
    }
    let queries = CheckQueries(
      of: asset.key.asset.name, tables: step.renamedTables, slice: asset.partition?.slice,
      now: now(), in: reading)
    let asked = try queries.results(of: asset.checks.filter { !$0.isDeferred })
    let numbers = try judgeNumbers(of: product, step, started: started)
    // In the order in which they are declared.
    let results = Dictionary((asked + numbers).map { ($0.name, $0) }) { first, _ in first }
    return asset.checks.compactMap { results[$0.name] }
      .map { asset.masked($0).masked(mask.masked) }
  }

  /// Compares numbers with what they were in earlier materializations.
  func judgeNumbers(
    of product: Product, _ step: Step, started: Timestamp
  ) throws -> [CheckResult] {
    let bounded = step.asset.checks.compactMap { check in
      if case .anomaly(let bounds) = check.assertion { (check, bounds) } else { nil }
    }
    guard let most = bounded.map(\.1.window).max() else { return [] }
    let past = try journal.past(step.asset.key, most)
    let duration = now().milliseconds(since: started)
    return bounded.map { check, bounds in
      if let column = bounds.measure.column, product.column(column) == nil {
        return check.broken("there is no column `\(column)`")
      }
      let verdict = bounds.verdict(
        on: bounds.value(of: product, durationMilliseconds: duration),
        past: past.compactMap {
          bounds.value(of: $0.product, durationMilliseconds: $0.durationMilliseconds)
        })
      return check.result(passed: verdict.isUsual, message: verdict.message)
    }
  }
}
