extension AssetGraph {
  /// Connects what is loaded from files with the assets that write them.
  ///
  /// - Parameter assets: The assets, which are told who writes what they read.
  /// - Returns: Assets that read what they write themselves.
  static func findFileWriters(of assets: inout [AssetKey: Asset]) -> [GraphError] {
    var owners: [String: AssetKey] = [:]
    var outputs: [(output: ProgramOutput, owner: AssetKey)] = []
    for asset in assets.values {
      guard case .program(let program) = asset.recipe else { continue }
      for output in program.outputs {
        owners[output.path] = min(asset.key, owners[output.path] ?? asset.key)
        outputs.append((output, asset.key))
      }
    }
    guard !owners.isEmpty else { return [] }
    var errors: [GraphError] = []
    for asset in assets.values {
      var written: [AssetKey: String] = [:]
      for file in asset.dataFiles {
        for path in file.foldersAbove + [file] {
          if let owner = owners[path] { written[owner] = written[owner] ?? path }
        }
      }
      if case .seed(let seed) = asset.recipe, let glob = seed.glob {
        for (output, owner) in outputs
        where pattern(glob, mayFind: output.path, isFolder: output.isFolder) {
          written[owner] = min(output.path, written[owner] ?? output.path)
        }
      }
      if let own = written.removeValue(forKey: asset.key) {
        errors.append(.outputIsInput(own, asset.key, at: asset.place, reader: asset.key))
      }
      assets[asset.key]?.fileWriters = written.keys.sorted()
    }
    return errors
  }
}
