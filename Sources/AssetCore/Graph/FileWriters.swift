extension AssetGraph {
  /// Connects what is read from files with the assets that write them.
  ///
  /// - Parameters:
  ///   - assets: The assets, which are told who writes what they read.
  ///   - place: Tells where a path leads that may go through links.
  /// - Returns: Assets that read what they write themselves.
  static func findFileWriters(
    of assets: inout [AssetKey: Asset], _ place: (String) -> String
  ) -> [GraphError] {
    let outputs = WrittenFiles(of: assets.values, place)
    guard !outputs.isEmpty else { return [] }
    var errors: [GraphError] = []
    for asset in assets.values {
      var written: [AssetKey: String] = [:]
      for files in asset.filesRead.flatMap({ $0.places(place) }) {
        for (owner, path) in outputs.touching(files) {
          written[owner] = min(path, written[owner] ?? path)
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

/// All that the programs of a project write, to be found by what reads it.
private struct WrittenFiles {
  private var outputs: [(output: ProgramOutput, owner: AssetKey)] = []
  private var owners: [String: AssetKey] = [:]
  /// The paths in the order of their bytes, so that those in a folder stand together.
  private var sorted: [String] = []

  init(of assets: some Sequence<Asset>, _ place: (String) -> String) {
    for asset in assets {
      guard case .program(let program) = asset.recipe else { continue }
      for output in program.outputs {
        for path in Set([output.path, place(output.path)]) {
          owners[path] = min(asset.key, owners[path] ?? asset.key)
          outputs.append((ProgramOutput(path, isFolder: output.isFolder), asset.key))
        }
      }
    }
    sorted = owners.keys.sorted(by: PathText.precedes)
  }

  var isEmpty: Bool { outputs.isEmpty }

  /// The outputs that may be among some files, hold them or lie in them, each with who writes it.
  func touching(_ files: FileSet) -> [(owner: AssetKey, path: String)] {
    guard !files.isPattern else {
      return outputs.compactMap { output, owner in
        pattern(files.path, mayFind: output.path, isFolder: output.isFolder)
          ? (owner, output.path) : nil
      }
    }
    let around = PathText.folders(above: files.path) + [files.path]
    return (around + paths(in: files.path)).compactMap { path in owners[path].map { ($0, path) } }
  }

  private func paths(in folder: String) -> ArraySlice<String> {
    let folder = folder + "/"
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if PathText.precedes(sorted[middle], folder) { low = middle + 1 } else { high = middle }
    }
    return sorted[low...].prefix { $0.utf8.starts(with: folder.utf8) }
  }
}

extension FileSet {
  /// The files as they are named and, if that goes through links, where they are.
  fileprivate func places(_ place: (String) -> String) -> [FileSet] {
    var other = self
    other.path = place(path)
    return other == self ? [self] : [self, other]
  }
}

extension Asset {
  /// All files that it reads as data: rows that are loaded, databases, and what programs are given.
  fileprivate var filesRead: [FileSet] {
    var files = dataFiles.map { FileSet($0) } + givenFiles
    switch recipe {
    case .seed(let seed): files += seed.glob.map { [FileSet($0, isPattern: true)] } ?? []
    case .files(let set): files.append(set)
    case .source(let table): files += table.database.map { [FileSet($0)] } ?? []
    case .query, .program: break
    }
    return files
  }
}
