package import AssetCore

/// The assets as a table.
package func text(of report: ListReport, style: TextStyle = .plain) -> String {
  let rows = report.assets.map { asset in
    [
      asset.key.name, kindText(asset), asset.group, asset.tags.joined(separator: ", "),
      asset.description ?? "",
    ]
  }
  return aligned(
    [["ASSET", "KIND", "GROUP", "TAGS", "DESCRIPTION"]] + rows, style: style,
    role: { row, _ in row == 0 ? .quiet : nil })
}

/// The kind of an asset, and of a table how it comes to be.
func kindText(_ asset: Asset) -> String {
  asset.materialized.map(\.rawValue) ?? asset.kind.rawValue
}
