package import AssetCore

/// All of a project's lineage as trees, each from an asset that has no inputs down to its last readers.
package func treeText(of report: GraphReport) -> String {
  guard !report.assets.isEmpty else { return "no assets\n" }
  let readers = Dictionary(grouping: report.edges, by: \.from).mapValues { $0.map(\.to).sorted() }
  let read = Set(report.edges.map(\.to))
  let kinds = Dictionary(report.assets.map { ($0.key, $0.kind) }) { first, _ in first }
  func label(_ key: AssetKey) -> String {
    key.name + (kinds[key].map { $0 == .table ? "" : "  (\($0.rawValue))" } ?? "")
  }
  // What was shown with its branch under one root is not shown once more under another.
  var shown: Set<AssetKey> = []
  var text = ""
  for node in report.assets where !read.contains(node.key) {
    text += label(node.key) + "\n"
    text += branches(
      of: node.key, children: { readers[$0] ?? [] }, label: { key, _ in label(key) }, shown: &shown)
  }
  return text
}

/// All of a project's lineage in Graphviz's language.
package func dotText(of report: GraphReport) -> String {
  var text = "digraph lineage {\n  rankdir=LR;\n  node [shape=box];\n"
  for node in report.assets { text += "  \"\(node.key.name)\";\n" }
  for edge in report.edges { text += "  \"\(edge.from.name)\" -> \"\(edge.to.name)\";\n" }
  return text + "}\n"
}

/// All of a project's lineage as a Mermaid flowchart.
package func mermaidText(of report: GraphReport) -> String {
  var text = "flowchart LR\n"
  for node in report.assets { text += "  n_\(node.key.name)[\"\(node.key.name)\"]\n" }
  for edge in report.edges { text += "  n_\(edge.from.name) --> n_\(edge.to.name)\n" }
  return text
}
