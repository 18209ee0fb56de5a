package import AssetCore

extension Workspace {
  /// The selected assets and sources, inputs before readers.
  package func list(_ selection: [String]) async throws -> ListReport {
    let selected = try await select(selection).keys
    return ListReport(
      project: project.name, assets: graph.sortedAssets.filter { selected.contains($0.key) })
  }
}
