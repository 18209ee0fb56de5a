package import AssetCore
import AssetWarehouse

extension Workspace {
  /// Runs the checks of rows of selected assets and sources on what is published, all in one snapshot.
  ///
  /// Nothing is written. What compares with earlier materializations, or with what a program reported,
  /// is judged when that is made, and not here.
  ///
  /// - Parameter selection: The words of a selection; none for all assets.
  /// - Throws: A `SelectionError` for a word that cannot be read or names nothing, or what keeps the
  ///   warehouse from being read.
  /// - Returns: What was found, inputs before readers.
  package func check(_ selection: [String]) async throws -> CheckReport {
    let selected = try await select(selection)
    let graph = graph
    let checked = graph.order.filter(selected.keys.contains).compactMap { graph[$0] }
      .filter { asset in asset.tableName != nil && asset.checks.contains(where: \.isAboutRows) }
    guard !checked.isEmpty else { return CheckReport(project: project.name, entries: []) }
    let entries = try await warehouse.read { reading in
      try checked.map { asset in
        let queries = CheckQueries(
          of: asset.key.name, tables: graph.renamedTables(inChecksOf: asset), in: reading)
        do {
          // Of a table that is not there each check would say the same.
          try queries.verifyReadable()
        } catch let error as WarehouseError {
          return CheckReport.Entry(
            asset: asset.key, results: [], problem: error.diagnostics.first?.summary ?? "\(error)")
        }
        return CheckReport.Entry(
          asset: asset.key,
          results: try queries.results(of: asset.checks).map { asset.masked($0) })
      }
    }
    return CheckReport(project: project.name, entries: entries)
  }
}
