import AssetCore

/// The lineage of one column as two trees.
///
/// A column that another is not computed out of, but that decides which rows count for it, is marked
/// with `(influences)`: below what it is made from, the upper one is influenced; below what reads
/// it, the lower one.
func columnTreeText(of report: LineageReport, style: TextStyle) -> String {
  guard let column = report.column, let map = report.columnMap else { return "" }
  let root = ColumnNode(AssetColumn(report.asset, column))
  let assets = (above: Set(report.upstream), below: Set(report.downstream))
  func side(_ keys: Set<AssetKey>, _ root: ColumnNode, _ isUpward: Bool) -> String {
    let edges = map.edges.filter { keys.contains(isUpward ? $0.from.asset : $0.to.asset) }
    let next = Dictionary(grouping: edges) { isUpward ? $0.to : $0.from }
    let roles = Dictionary(edges.map { ([$0.from, $0.to], $0.role) }) { min($0, $1) }
    return branches(
      of: root,
      children: { node in
        var seen: Set<ColumnNode> = []
        return (next[node] ?? []).map { isUpward ? $0.from : $0.to }
          .filter { seen.insert($0).inserted }
      },
      label: { node, parent in
        let role = roles[isUpward ? [node, parent] : [parent, node]]
        return nodeText(node, in: report) + (role == .influence ? "  (influences)" : "")
      })
  }
  var text = style.paint(printable("\(report.asset).\(column)"), .strong) + "\n"
  if report.showsUpstream {
    text += report.upstream.isEmpty ? "  is made from no columns\n" : "  made from\n"
    text += side(assets.above, root, true)
  }
  if report.showsDownstream {
    text += report.downstream.isEmpty ? "  has no readers\n" : "  read by\n"
    text += side(assets.below, root, false)
  }
  return text
}

/// The columns of all assets, each with where its values come from.
func columnsText(of report: LineageReport, style: TextStyle) -> String {
  let byAsset = Dictionary(grouping: report.columns, by: \.column.asset)
  return (report.upstream + [report.asset] + report.downstream).compactMap { key in
    byAsset[key].map { "\ncolumns of \(style.paint(key.name, .strong))\n" + columnsText($0) }
  }.joined()
}

private func columnsText(_ columns: [LineageReport.Column]) -> String {
  guard columns.contains(where: { !$0.from.isEmpty || !$0.influencedBy.isEmpty }) else {
    return "  " + printable(columns.map(\.column.column).joined(separator: ", ")) + "\n"
  }
  // What decides which rows there are concerns all columns, and is said once.
  let common = columns.dropFirst().reduce(Set(columns[0].influencedBy)) { common, column in
    common.intersection(column.influencedBy)
  }
  let shared = columns.count > 1 ? common : []
  let rows = columns.map { column in
    let own = column.influencedBy.filter { !shared.contains($0) }
    let parts = [
      column.from.isEmpty ? "" : "from " + names(column.from),
      own.isEmpty ? "" : "influenced by " + names(own),
    ]
    return ["", column.column.column, parts.filter { !$0.isEmpty }.joined(separator: ", ")]
  }
  guard !shared.isEmpty else { return aligned(rows) }
  return aligned(rows) + "  all of them influenced by \(printable(names(shared.sorted())))\n"
}

private func names(_ columns: [AssetColumn]) -> String {
  columns.map { "\($0.asset).\($0.column)" }.joined(separator: ", ")
}

private func nodeText(_ node: ColumnNode, in report: LineageReport) -> String {
  guard let column = node.column else { return assetText(node.asset, in: report) }
  return printable("\(node.asset).\(column)")
}

// MARK: - Drawings

/// The columns of a map by their assets, in the order of the map.
private func clusters(of map: LineageReport.ColumnMap) -> [(asset: AssetKey, nodes: [ColumnNode])] {
  let byAsset = Dictionary(grouping: map.nodes, by: \.asset)
  var seen: Set<AssetKey> = []
  return map.nodes.map(\.asset).filter { seen.insert($0).inserted }
    .map { ($0, byAsset[$0] ?? []) }
}

private func isAskedFor(_ node: ColumnNode, in report: LineageReport) -> Bool {
  node.asset == report.asset && node.column == report.column
}

func columnDotText(of report: LineageReport, _ map: LineageReport.ColumnMap) -> String {
  func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
  func id(_ node: ColumnNode) -> String {
    quoted(node.asset.name + (node.column.map { "." + printable($0) } ?? ""))
  }
  var text = "digraph lineage {\n  rankdir=LR;\n  node [shape=box];\n"
  for (asset, nodes) in clusters(of: map) {
    text += "  subgraph \"cluster_\(asset)\" {\n    label=\"\(asset)\";\n"
    if asset == report.asset, report.column == nil { text += "    style=bold;\n" }
    for node in nodes {
      let bold = report.column != nil && isAskedFor(node, in: report) ? ", style=bold" : ""
      let label = quoted(node.column.map(printable) ?? asset.name)
      text += "    \(id(node)) [label=\(label)\(bold)];\n"
    }
    text += "  }\n"
  }
  for edge in map.edges {
    let style = edge.role == .influence ? " [style=dashed]" : ""
    text += "  \(id(edge.from)) -> \(id(edge.to))\(style);\n"
  }
  return text + "}\n"
}

func columnMermaidText(of report: LineageReport, _ map: LineageReport.ColumnMap) -> String {
  // Names of columns may hold anything, so nodes are numbered.
  let ids = Dictionary(
    uniqueKeysWithValues: map.nodes.enumerated().map { ($0.element, "c\($0.offset)") })
  func id(_ node: ColumnNode) -> String { ids[node] ?? "c" }
  func label(_ text: String) -> String {
    printable(text).replacing("#", with: "#35;").replacing("\"", with: "#quot;")
  }
  var text = "flowchart LR\n"
  for (asset, nodes) in clusters(of: map) {
    text += "  subgraph n_\(asset)[\"\(asset)\"]\n"
    for node in nodes { text += "    \(id(node))[\"\(label(node.column ?? asset.name))\"]\n" }
    text += "  end\n"
  }
  for edge in map.edges {
    text += "  \(id(edge.from)) \(edge.role == .influence ? "-.->" : "-->") \(id(edge.to))\n"
  }
  let bold = report.column.map { id(ColumnNode(AssetColumn(report.asset, $0))) }
  return text + "  style \(bold ?? "n_\(report.asset)") stroke-width:3px\n"
}
