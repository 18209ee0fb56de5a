/// All assets and sources of a project, and what reads what.
package struct GraphReport: Equatable, Sendable {
  package struct Node: Equatable, Sendable {
    package var key: AssetKey
    package var kind: AssetKind

    package init(key: AssetKey, kind: AssetKind) {
      self.key = key
      self.kind = kind
    }
  }

  /// Inputs before readers.
  package var assets: [Node]
  package var edges: [LineageReport.Edge]

  package init(assets: [Node], edges: [LineageReport.Edge]) {
    self.assets = assets
    self.edges = edges
  }
}
