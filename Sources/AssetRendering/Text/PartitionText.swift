package import AssetCore

// What is told of the partitions of an asset.

/// Which partitions have a line of their own in a run, so that many of them do not hide all else.
///
/// The line of their asset sums them up. Of few each has one, and of many those that failed, as long as
/// these are few, and those that took their time.
package struct PartitionLines: Sendable {
  /// Up to how many partitions of an asset have lines.
  private static let few = 10
  /// How many of an asset's partitions are shown with what is wrong with them.
  private static let mostProblems = 5
  /// From how many milliseconds on making a partition is worth a line.
  private static let notable: Int64 = 1000

  private let showsAll: Bool
  private var planned: [AssetKey: Int] = [:]
  private var problems: [AssetKey: Int] = [:]

  /// Prepares for a run.
  ///
  /// - Parameters:
  ///   - plan: What it is to do.
  ///   - showsAll: Whether each partition is to have its line.
  package init(of plan: MaterializationPlan, showsAll: Bool = false) {
    self.showsAll = showsAll
    for step in plan.assetSteps where !step.partitions.isEmpty {
      planned[step.key] = step.partitions.count
    }
  }

  /// Whether a result has a line; that of an asset always does.
  package mutating func include(_ result: StepResult) -> Bool {
    guard result.key.partition != nil else { return true }
    let asset = result.key.asset
    if result.outcome == .failed || !result.warnings.isEmpty {
      problems[asset, default: 0] += 1
      return showsAll || problems[asset, default: 0] <= Self.mostProblems
    }
    switch result.outcome {
    // The inputs came out the same, so that nothing was to be done.
    case .fresh: return false
    case .skipped: return showsAll
    case .materialized, .unchanged, .failed, .cancelled:
      return showsAll || planned[asset, default: 0] <= Self.few
        || result.durationMilliseconds ?? 0 >= Self.notable
    }
  }
}

/// The line for an asset whose partitions are done.
func wholeText(
  of result: StepResult, _ partitions: [StepResult], _ nameWidth: Int, _ style: TextStyle
) -> String {
  var line = style.paint(padded(result.outcome.rawValue, to: 12), result.outcome.role)
  line += "  " + padded(result.key.name, to: nameWidth)
  guard result.outcome != .fresh else { return line + "  its inputs came out the same\n" }
  line += "  " + padded(result.rows.map { counted($0, "row") } ?? "", to: 12)
  let removed = result.changes.map { "\(counted($0.removed, "row")) of no partition removed" }
  let made = outcomesText(partitions)
  let count = counted(result.partitionCount ?? partitions.count, "partition")
  let parts = [made.isEmpty ? nil : "of \(count): \(made)", removed].compactMap { $0 }
  return line + "  " + printable(parts.joined(separator: "; ")) + "\n"
}

/// What came of partitions: `2 materialized, 1 failed (2024-01-08)`.
private func outcomesText(_ partitions: [StepResult]) -> String {
  Outcome.allCases.compactMap { outcome -> String? in
    let some = partitions.filter { $0.outcome == outcome }
    guard !some.isEmpty, outcome != .fresh else { return nil }
    let count = "\(grouped(some.count)) \(outcome.rawValue)"
    switch outcome {
    case .failed: return count + " (\(partitionNames(some.compactMap(\.key.partition))))"
    case .skipped:
      let causes = Set(some.compactMap(\.because))
      guard let cause = causes.first, causes.count == 1 else { return count }
      return count + " because `\(cause)` failed"
    case .materialized, .unchanged, .fresh, .cancelled: return count
    }
  }.joined(separator: ", ")
}

/// Why an asset is stale all of whose partitions are fresh.
let rowsOfNoPartition = "it has rows of no partition"

/// How many partitions are what: `28 fresh, 2 stale, 1 failed`.
func partitionCounts(_ partitions: PartitionsReport) -> String {
  AssetStatus.Kind.allCases.compactMap { kind in
    let count = partitions.count(kind)
    return count == 0 ? nil : "\(grouped(count)) \(kind.rawValue)"
  }.joined(separator: ", ")
}

/// How many partitions are what, and which of them are not fresh.
func partitionFacts(_ partitions: PartitionsReport) -> [Diagnostic.Fact] {
  let kinds = AssetStatus.Kind.allCases.filter { $0 != .fresh }
  let names = kinds.compactMap { kind -> Diagnostic.Fact? in
    let names = partitions.unfinished.filter { $0.status.kind == kind }.map(\.name)
    return names.isEmpty ? nil : .init(kind.rawValue, partitionNames(names))
  }
  return [.init("partitions", partitionCounts(partitions))] + names
}

/// How a table is cut: `each day of `day` from 2024-01-01 to 2024-01-31`.
func schemeText(_ scheme: PartitionScheme) -> String {
  switch scheme.division {
  case .values(let values): "\(counted(values.count, "value")) of `\(scheme.column)`"
  case .time(let time):
    "each \(time.every.rawValue) of `\(scheme.column)` from \(time.start)"
      + (time.end.map { " to \($0)" } ?? " on")
  }
}

/// Some partitions, by their names as far as these are few.
func partitionsText(_ names: [String]) -> String {
  let count = counted(names.count, "partition")
  return switch names.count {
  case 1...3: "\(count) (\(names.joined(separator: ", ")))"
  default: "\(count) (\(names.first ?? "") to \(names.last ?? ""))"
  }
}
