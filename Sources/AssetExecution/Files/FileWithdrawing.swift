package import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Removes a published file or folder, if it is still the one that was published.
///
/// - Parameters:
///   - path: Where it was published, relative to the project.
///   - digest: What it held then.
///   - project: The absolute path of the project's folder.
///   - isDryRun: Whether to say only what would be done.
/// - Throws: A ``StepError`` if it cannot be removed, or a ``RowFileError`` if it cannot be looked at.
/// - Returns: What became of it.
package func withdrawFile(
  _ path: String, published digest: ContentDigest, in project: String, isDryRun: Bool
) throws -> CleanReport.Fate {
  let absolute = project + "/" + path
  var status = stat()
  guard lstat(absolute, &status) == 0 else {
    guard isAbsence(errno) else {
      throw RowFileError.unreadable(file: path, reason: lastSystemError())
    }
    return .missing
  }
  guard isInside(absolute, project: project) else { return .kept(.outside) }
  // What is published is a file or folder itself, never a link to one.
  guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT),
    try isPublished(absolute, as: digest, shownPath: path, in: project)
  else { return .kept(.altered) }
  guard !isDryRun else { return .removed }
  FilePublishing.remove(absolute)
  guard lstat(absolute, &status) != 0 else {
    throw StepError.unwritable(path: path, reason: lastSystemError())
  }
  return .removed
}

/// Whether a path holds what was published; a name that is not UTF-8 never was.
private func isPublished(
  _ path: String, as digest: ContentDigest, shownPath: String, in project: String
) throws -> Bool {
  do {
    return try digestOutput(path, shownPath: shownPath, root: project) == digest
  } catch RowFileError.nameNotUTF8 {
    return false
  }
}

/// Whether the folder of a path is in the project, and none of assetctl's own, with links followed.
private func isInside(_ path: String, project: String) -> Bool {
  guard let root = FilePublishing.realFolder(of: project + "/."),
    let folder = FilePublishing.realFolder(of: path)
  else { return false }
  let inside = root == "/" ? "/" : root + "/"
  return PathText.lies(folder, in: root) && !PathText.lies(folder, in: inside + ".assetctl")
}

extension RunFolder {
  /// Removes the exports of a table that are kept for its readers.
  package static func removeExports(of asset: AssetKey, in project: String) {
    let folder = project + "/.assetctl/exports"
    // No key holds a point.
    for name in FilePublishing.names(in: folder) where name.hasPrefix(asset.name + ".") {
      FilePublishing.remove(folder + "/" + name)
    }
  }

  /// The names of the runs that have a folder in a project, the oldest first.
  ///
  /// Whatever else lies beside them is not named.
  package static func runs(in project: String) -> [String] {
    let folder = project + "/.assetctl/runs"
    return FilePublishing.names(in: folder).filter { name in
      var status = stat()
      return isRun(name) && lstat(folder + "/" + name, &status) == 0
        && status.st_mode & S_IFMT == S_IFDIR
    }.sorted()
  }

  /// Removes the folder with all logs in it.
  package func remove() { FilePublishing.removeFolder(absolute(".assetctl/runs/\(run)")) }

  /// Whether a name is one of a run: `20261121-091403-5f2a`.
  private static func isRun(_ name: String) -> Bool {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    return parts.map(\.count) == [8, 6, 4]
      && parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
  }
}
