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
  private let sets: [FileSet: String]

  /// Takes note of files.
  ///
  /// - Parameters:
  ///   - files: The paths with the digests that the files are to have.
  ///   - sets: The sets of files with the digests that they are to have.
  ///   - known: What the files of a set were found to hold before.
  ///   - folder: The project that they lie in.
  ///   - asset: What is made from them.
  /// - Throws: ``StepError/editedMeanwhile`` if a file has another content or does not come to rest.
  init(
    _ files: [String: ContentDigest], _ sets: [FileSet: ContentDigest] = [:],
    knowing known: (FileSet) -> FileList = { _ in FileList() }, in folder: RunFolder,
    for asset: AssetKey
  ) async throws {
    self.asset = asset
    self.folder = folder
    var looks: [FileSet: String] = [:]
    for (set, digest) in sets.sorted(by: { $0.key.path < $1.key.path }) {
      let look = try await Self.settled(asset, set.text) {
        try FileSetLook(set, in: folder.project).map { ($0, $0.isSettled) }
      }
      guard try look.contents(knowing: known(set)).digest == digest else {
        throw StepError.editedMeanwhile(asset: asset, path: set.text)
      }
      looks[set] = look.stamp
    }
    self.sets = looks
    var stamps: [String: String] = [:]
    for (path, digest) in files.sorted(by: { $0.key < $1.key }) {
      stamps[path] = try await Self.settled(asset, path) { try Self.look(at: path, in: folder) }
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
    for (set, stamp) in sets.sorted(by: { $0.key.path < $1.key.path }) {
      guard try FileSetLook(set, in: folder.project)?.stamp == stamp else {
        throw StepError.editedMeanwhile(asset: asset, path: set.text)
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

  /// What a look finds once what it looks at has come to rest.
  private static func settled<Found>(
    _ asset: AssetKey, _ path: String, look: () throws -> (Found, isSettled: Bool)?
  ) async throws -> Found {
    for _ in 0..<300 {
      guard let (found, isSettled) = try look() else { break }
      if isSettled { return found }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw StepError.editedMeanwhile(asset: asset, path: path)
  }
}
