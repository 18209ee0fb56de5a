package import AssetCore
import AssetState

extension Workspace {
  /// Adds to a status report what each asset consumes of its inputs.
  package func addInputs(to report: inout StatusReport) async throws {
    var catalog = try await columnCatalog(of: Set(report.entries.map(\.asset.key)))
    let history = try state.history()
    for index in report.entries.indices {
      let asset = report.entries[index].asset
      report.entries[index].inputs = InputReport.inputs(
        of: asset, since: history[asset.key]?.last, in: graph, by: &catalog)
    }
  }

  /// What an asset consumes of its inputs.
  func inputs(of asset: Asset, since last: Materialization?) async throws -> [InputReport] {
    var catalog = try await columnCatalog(of: [asset.key.asset])
    return InputReport.inputs(of: asset, since: last, in: graph, by: &catalog)
  }
}
