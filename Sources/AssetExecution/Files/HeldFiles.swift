import AssetCore

/// Files that must stay as they are while something is made from them.
///
/// That their content is the same before and after is not enough: a file that was edited and put
/// back meanwhile may have been read in between. So it is their inode, size and times that are
/// compared, after a wait until those would show an edit.
struct HeldFiles: Sendable {
  private let asset: AssetKey
  private let folder: RunFolder
  private let stamps: [String: String]

  /// Takes note of files.
  ///
  /// - Parameters:
  ///   - files: The paths with the digests that the files are to have.
  ///   - folder: The project that they lie in.
  ///   - asset: What is made from them.
  /// - Throws: ``StepError/editedMeanwhile`` if a file has another content or does not come to rest.
  init(_ files: [String: ContentDigest], in folder: RunFolder, for asset: AssetKey) async throws {
    self.asset = asset
    self.folder = folder
    var stamps: [String: String] = [:]
    for (path, digest) in files.sorted(by: { $0.key < $1.key }) {
      stamps[path] = try await Self.settledStamp(of: path, in: folder, for: asset)
      let actual = try digestOutput(
        folder.absolute(path), shownPath: path, root: folder.project)
      guard actual == digest else {
        throw StepError.editedMeanwhile(asset: asset, path: path)
      }
    }
    self.stamps = stamps
  }

  /// Makes sure that no file was touched since.
  func verify() throws {
    for (path, stamp) in stamps.sorted(by: { $0.key < $1.key }) {
      guard try Self.look(at: path, in: folder)?.stamp == stamp else {
        throw StepError.editedMeanwhile(asset: asset, path: path)
      }
    }
  }

  private static func look(
    at path: String, in folder: RunFolder
  ) throws -> (stamp: String, isSettled: Bool)? {
    guard let facts = try FileFacts(path: folder.absolute(path), shownPath: path) else {
      return nil
    }
    guard facts.isFolder else { return (facts.stamp, facts.isSettled) }
    let tree = try FileTree(folder.absolute(path), shownPath: path, root: folder.project)
    return (tree.stamp, tree.isSettled)
  }

  private static func settledStamp(
    of path: String, in folder: RunFolder, for asset: AssetKey
  ) async throws -> String {
    for _ in 0..<300 {
      guard let look = try look(at: path, in: folder) else { break }
      if look.isSettled { return look.stamp }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw StepError.editedMeanwhile(asset: asset, path: path)
  }
}
