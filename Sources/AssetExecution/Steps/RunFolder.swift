/// Where the files of a project and of a run are.
package struct RunFolder: Sendable {
  /// The absolute path of the project's folder.
  package let project: String
  package let run: String

  package init(project: String, run: String) {
    self.project = project
    self.run = run
  }

  /// The absolute path of a path of the project.
  package func absolute(_ path: String) -> String { project + "/" + path }

  /// The log of an asset's program, relative to the project.
  package func log(of asset: String) -> String { ".assetctl/runs/\(run)/\(asset).log" }

  /// The names of the assets whose programs have a log, sorted.
  package func loggedAssets() -> [String] {
    FilePublishing.names(in: absolute(".assetctl/runs/\(run)"))
      .filter { $0.hasSuffix(".log") }.map { String($0.dropLast(4)) }.sorted()
  }

  /// Where an asset's inputs are exported and its candidate is written.
  func work(of asset: String) -> String { ".assetctl/runs/\(run)/\(asset).work" }

  /// Removes what a run that died left of its steps' work; logs stay.
  package func removeLeftovers() {
    let path = absolute(".assetctl/runs/\(run)")
    for name in FilePublishing.names(in: path) where name.hasSuffix(".work") {
      FilePublishing.removeFolder(path + "/" + name)
    }
  }

  /// Where a file is kept that was not ours and stood at an output's place.
  func kept(_ path: String) -> String { ".assetctl/replaced/\(run)/\(path)" }
}
