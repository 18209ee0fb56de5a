package import AssetCore

/// Lineage as two trees: what an asset or a column is made from, and what is made from it.
///
/// What was already shown with its branch is marked with `(above)`. If the columns of an asset's
/// lineage were asked for, they follow the trees, asset by asset.
package func treeText(of report: LineageReport, style: TextStyle = .plain) -> String {
  if report.column != nil { return columnTreeText(of: report, style: style) }
  let inputs = Dictionary(grouping: report.edges, by: \.to).mapValues { $0.map(\.from) }
  let readers = Dictionary(grouping: report.edges, by: \.from).mapValues { $0.map(\.to) }
  func side(_ keys: [AssetKey], along next: [AssetKey: [AssetKey]]) -> String {
    let keys = Set(keys)
    return branches(
      of: report.asset, children: { (next[$0] ?? []).filter(keys.contains).sorted() },
      label: { key, _ in assetText(key, in: report) })
  }
  var text = style.paint(report.asset.name, .strong) + "\n"
  if report.showsUpstream {
    text += report.upstream.isEmpty ? "  has no inputs\n" : "  made from\n"
    text += side(report.upstream, along: inputs)
  }
  if report.showsDownstream {
    text += report.downstream.isEmpty ? "  has no readers\n" : "  read by\n"
    text += side(report.downstream, along: readers)
  }
  return text + (report.columnMap == nil ? "" : columnsText(of: report, style: style))
}

/// An asset's name with its kind, if it is no table.
func assetText(_ key: AssetKey, in report: LineageReport) -> String {
  key.name + (report.kinds[key].map { $0 == .table ? "" : "  (\($0.rawValue))" } ?? "")
}

/// Lineage in Graphviz's language.
///
/// With columns, each asset is a cluster of them, and what only decides which rows count has a dashed
/// line.
package func dotText(of report: LineageReport) -> String {
  if let map = report.columnMap { return columnDotText(of: report, map) }
  var text = "digraph lineage {\n  rankdir=LR;\n  node [shape=box];\n"
  for key in nodes(of: report) {
    let attributes = key == report.asset ? " [style=bold]" : ""
    text += "  \"\(key.name)\"\(attributes);\n"
  }
  for edge in report.edges {
    text += "  \"\(edge.from.name)\" -> \"\(edge.to.name)\";\n"
  }
  return text + "}\n"
}

/// Lineage as a Mermaid flowchart.
///
/// With columns, each asset is a subgraph of them, and what only decides which rows count has a dotted
/// line.
package func mermaidText(of report: LineageReport) -> String {
  if let map = report.columnMap { return columnMermaidText(of: report, map) }
  var text = "flowchart LR\n"
  for key in nodes(of: report) {
    // Some names are words of Mermaid itself, so nodes get ids of their own.
    text += "  n_\(key.name)[\"\(key.name)\"]\n"
  }
  for edge in report.edges { text += "  n_\(edge.from.name) --> n_\(edge.to.name)\n" }
  return text + "  style n_\(report.asset.name) stroke-width:3px\n"
}

private func nodes(of report: LineageReport) -> [AssetKey] {
  report.upstream + [report.asset] + report.downstream
}
