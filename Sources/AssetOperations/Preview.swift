package import AssetCore
import AssetExecution
import AssetWarehouse

extension Workspace {
  /// The first rows of a table.
  package func preview(_ name: String, limit: Int) async throws -> PreviewReport {
    let (asset, partition) = try subject(named: name)
    guard let table = asset.tableName else {
      throw OperationError.notATable(asset.key, output: asset.outputs.first)
    }
    let preview: TablePreview
    do {
      let limit = min(limit, 1_000_000_000)
      preview =
        if let slice = partition?.slice {
          try await warehouse.read(with: []) { try $0.rows(of: slice, table, limit: limit) }
        } else {
          try await warehouse.preview(table: table, limit: limit)
        }
    } catch WarehouseError.missingTable where asset.isSource {
      throw OperationError.missingSource(asset.key, table)
    }
    let mask = SecretMask(project.secrets)
    return PreviewReport(
      asset: partition?.key(in: asset.key) ?? asset.key, columns: preview.columns,
      rows: preview.rows.map { $0.map { mask.masked(Cell($0)) } }, isCut: preview.isCut)
  }
}
