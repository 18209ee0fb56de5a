package import AssetCore
import AssetWarehouse

extension Workspace {
  /// The first rows of a table.
  package func preview(_ name: String, limit: Int) async throws -> PreviewReport {
    let asset = try asset(named: name)
    guard let table = asset.tableName else {
      throw OperationError.notATable(asset.key, output: asset.outputs.first)
    }
    let preview: TablePreview
    do {
      preview = try await warehouse.preview(table: table, limit: min(limit, 1_000_000_000))
    } catch WarehouseError.missingTable where asset.isSource {
      throw OperationError.missingSource(asset.key, table)
    }
    return PreviewReport(
      asset: asset.key, columns: preview.columns,
      rows: preview.rows.map { $0.map(Cell.init) }, isCut: preview.isCut)
  }
}
