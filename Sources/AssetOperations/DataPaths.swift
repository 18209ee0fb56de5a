import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Asset {
  /// Of the paths and patterns that an asset reads files by, the first that names any of some files.
  ///
  /// - Parameters:
  ///   - files: The absolute paths of the files, links followed.
  ///   - root: The project's folder, links followed.
  /// - Returns: The path or pattern as it is written.
  func dataPath(holding files: Set<String>, in root: String) -> String? {
    let inside = files.compactMap { PathText.place(of: $0, in: root) }
    if let path = dataFiles.first(where: inside.contains) { return path }
    var sets = givenFiles
    if let sourceFiles { sets.append(sourceFiles) }
    if case .seed(let seed) = recipe, let glob = seed.glob {
      sets.append(FileSet(glob, isPattern: true))
    }
    return sets.first { set in
      if inside.contains(where: set.mayHold) { return true }
      guard !set.isPattern, let path = realpath(root + "/" + set.path, nil) else { return false }
      defer { free(path) }
      return files.contains { PathText.lies($0, in: String(cString: path)) }
    }?.text
  }
}
