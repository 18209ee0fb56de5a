package import AssetCore
import AssetExecution
import AssetWarehouse

extension Workspace {
  /// Runs the checks of rows of selected assets and sources on what is published, all in one snapshot.
  ///
  /// Nothing is written. What compares with earlier materializations, or with what a program reported,
  /// is judged when that is made, and not here. Partitions are judged one by one, as when they are made.
  ///
  /// - Parameter selection: The words of a selection; none for all assets.
  /// - Throws: A `SelectionError` for a word that cannot be read or names nothing, or what keeps the
  ///   warehouse from being read.
  /// - Returns: What was found, inputs before readers.
  package func check(_ selection: [String]) async throws -> CheckReport {
    let selected = try await select(selection)
    let checked = graph.order.filter(selected.keys.contains).compactMap { graph[$0] }
      .filter { asset in asset.tableName != nil && asset.checks.contains(where: \.isAboutRows) }
    guard !checked.isEmpty else { return CheckReport(project: project.name, entries: []) }
    let inWarehouse = checked.filter { databases(inChecksOf: $0).isEmpty }
    var entries = try await check(inWarehouse, with: [])
    for asset in checked {
      let databases = databases(inChecksOf: asset)
      guard !databases.isEmpty else { continue }
      do {
        entries.merge(try await check([asset], with: databases)) { first, _ in first }
      } catch WarehouseError.unreadableDatabase(let reason) {
        entries[asset.key] = CheckReport.Entry(asset: asset.key, results: [], problem: reason)
      }
    }
    return CheckReport(project: project.name, entries: checked.compactMap { entries[$0.key] })
  }

  /// The databases beside the warehouse that the checks of an asset read.
  private func databases(inChecksOf asset: Asset) -> Set<String> {
    Set(graph.renamedTables(inChecksOf: asset).compactMap(\.table.database))
  }

  private func check(
    _ assets: [Asset], with databases: Set<String>
  ) async throws -> [AssetKey: CheckReport.Entry] {
    let graph = graph
    let now = now()
    let mask = SecretMask(project.secrets)
    let entries = try await warehouse.read(with: databases) { reading in
      try assets.map { asset in
        func queries(_ slice: RowSlice? = nil) -> CheckQueries {
          CheckQueries(
            of: asset.key.name, tables: graph.renamedTables(inChecksOf: asset), slice: slice,
            now: now, in: reading)
        }
        do {
          // Of a table that is not there each check would say the same.
          try queries().verifyReadable()
        } catch let error as WarehouseError {
          return CheckReport.Entry(
            asset: asset.key, results: [], problem: error.diagnostics.first?.summary ?? "\(error)")
        }
        if let scheme = asset.partitions {
          return try asset.checked(PartitionList(scheme, at: now), by: queries, mask)
        }
        return CheckReport.Entry(
          asset: asset.key,
          results: try queries().results(of: asset.checks)
            .map { asset.masked($0).masked(mask.masked) })
      }
    }
    return Dictionary(entries.map { ($0.asset, $0) }) { first, _ in first }
  }
}

extension Asset {
  /// What its checks find in each of its partitions.
  ///
  /// What no row of the table fails by itself, no partition fails; that is asked for once.
  fileprivate func checked(
    _ partitions: PartitionList, by queries: (RowSlice?) -> CheckQueries, _ mask: SecretMask
  ) throws -> CheckReport.Entry {
    let simple = checks.filter(\.isOfSingleRows)
    let fulfilled = try queries(nil).results(of: simple).filter { $0.passed && $0.failures == 0 }
    let rest = checks.filter { check in !fulfilled.contains { $0.name == check.name } }
    let found = try partitions.map { partition in
      (
        name: partition.key,
        results: fulfilled
          + (rest.isEmpty
            ? []
            : try queries(partition.slice).results(of: rest)
              .map { masked($0).masked(mask.masked) })
      )
    }
    var entry = CheckReport.Entry(
      asset: key, results: CheckResult.summing(found, inOrderOf: checks.map(\.name)))
    entry.partitions = found.compactMap { name, results in
      let failed = results.filter { !$0.passed }
      return failed.isEmpty ? nil : CheckReport.Entry.Partition(name, failed)
    }
    return entry
  }
}
