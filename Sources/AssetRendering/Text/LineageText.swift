package import AssetCore

/// Lineage as two trees: what the asset is made from, and what is made from it.
///
/// An asset that was already shown with its branch is marked with `(above)`.
package func treeText(of report: LineageReport, style: TextStyle = .plain) -> String {
  let inputs = Dictionary(grouping: report.edges, by: \.to).mapValues { $0.map(\.from) }
  let readers = Dictionary(grouping: report.edges, by: \.from).mapValues { $0.map(\.to) }
  var text = style.paint(report.asset.name, .strong) + "\n"
  if report.showsUpstream {
    text += report.upstream.isEmpty ? "  has no inputs\n" : "  made from\n"
    text += branches(of: report.asset, along: inputs, among: Set(report.upstream), report)
  }
  if report.showsDownstream {
    text += report.downstream.isEmpty ? "  has no readers\n" : "  read by\n"
    text += branches(of: report.asset, along: readers, among: Set(report.downstream), report)
  }
  return text
}

/// The branches below a root, with a stack of its own, so that depth costs none of the thread's.
private func branches(
  of root: AssetKey, along next: [AssetKey: [AssetKey]], among side: Set<AssetKey>,
  _ report: LineageReport
) -> String {
  var text = ""
  var shown: Set<AssetKey> = []
  func children(of key: AssetKey) -> [AssetKey] { (next[key] ?? []).filter(side.contains).sorted() }
  func frames(of key: AssetKey, indentation: String) -> [(
    key: AssetKey, lead: String, below: String
  )] {
    let keys = children(of: key)
    return keys.enumerated().map { index, child in
      let isLast = index == keys.count - 1
      return (
        child, indentation + (isLast ? "└─ " : "├─ "), indentation + (isLast ? "   " : "│  ")
      )
    }.reversed()
  }
  var stack = frames(of: root, indentation: "  ")
  while let frame = stack.popLast() {
    let isKnown = !shown.insert(frame.key).inserted
    let hasMore = !children(of: frame.key).isEmpty
    let kind = report.kinds[frame.key].map { $0 == .table ? "" : "  (\($0.rawValue))" } ?? ""
    text += frame.lead + frame.key.name + kind + (isKnown && hasMore ? "  (above)" : "") + "\n"
    if !isKnown { stack += frames(of: frame.key, indentation: frame.below) }
  }
  return text
}

/// Lineage in Graphviz's language.
package func dotText(of report: LineageReport) -> String {
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
package func mermaidText(of report: LineageReport) -> String {
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
