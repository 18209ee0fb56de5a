/// All that a project's folder declares, before names are resolved.
package struct Project: Equatable, Sendable {
  package var name: String
  /// The target in use: a name under `targets:`, or `default`.
  package var target: String
  package var warehouse: WarehouseAddress
  /// Assets and sources, in the order of their places.
  package var assets: [Asset]
  /// How much may run at once in each pool.
  package var pools: [String: Int]
  /// The folder of its unit tests, relative to the project's.
  package var testsFolder: String
  /// The values of all secrets, which are shown to nobody.
  package var secrets: Set<String>
  /// The files that its declarations are in, or name in any way, relative to its folder.
  package var files: Set<String>
  package var warnings: [Diagnostic]

  package init(
    name: String, target: String = "default", warehouse: WarehouseAddress, assets: [Asset],
    pools: [String: Int] = [:], testsFolder: String = "tests",
    secrets: Set<String> = [], files: Set<String> = [], warnings: [Diagnostic] = []
  ) {
    self.name = name
    self.target = target
    self.warehouse = warehouse
    self.assets = assets
    self.pools = pools
    self.testsFolder = testsFolder
    self.secrets = secrets
    self.files = files
    self.warnings = warnings
  }
}

/// Where a warehouse is.
package enum WarehouseAddress: Equatable, Sendable {
  /// A SQLite file; the path is relative to the project's folder or absolute.
  case sqlite(path: String)
}
