import AssetCore
import Synchronization

/// The digests of large files under `code:`, which are read once and then known by their stamps.
///
/// A file of a mebibyte or more is no text that anybody looks for names in.
final class CodeDigests: Sendable {
  static let large = 1 << 20

  private let folder: ProjectFolder
  private let cache: Mutex<DeclarationCache>

  init(_ folder: ProjectFolder, _ cache: DeclarationCache) {
    self.folder = folder
    self.cache = Mutex(cache)
  }

  /// What is known now.
  var known: DeclarationCache { cache.withLock { $0 } }

  /// The digest of a large file; `nil` of a small one.
  func digest(of path: String) throws(FileProblem) -> ContentDigest? {
    guard let (size, stamp) = folder.facts(path), size >= Self.large else { return nil }
    if !stamp.isEmpty, let known = cache.withLock({ $0.digest(of: path, stamp: stamp) }) {
      folder.note(path)
      return known
    }
    folder.note(path)
    let digest = try folder.digest(path)
    // What changed meanwhile, or just now, is read again.
    if !stamp.isEmpty, folder.facts(path)?.stamp == stamp {
      cache.withLock { $0.note(digest, of: path, stamp: stamp) }
    }
    return digest
  }
}
