package import AssetCore
import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// All that is in a folder, in the order of the paths.
///
/// A symbolic link is followed as long as it leads to a place inside the project; any other counts as
/// the text that it holds. Empty folders count, times and rights do not.
package struct FileTree {
  private enum Content {
    case file(FileFacts)
    case emptyFolder
    case link(to: String)
  }

  private let path: String
  private let shownPath: String
  private let root: String
  private var entries: [(path: String, content: Content)] = []

  /// Walks through a folder; no file is read.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - shownPath: What messages call it.
  ///   - root: The project's folder.
  package init(_ path: String, shownPath: String, root: String) {
    self.path = path
    self.shownPath = shownPath
    self.root = Self.resolved(root) ?? root
    walk("", seen: [Self.resolved(path) ?? path])
    entries.sort { $0.path < $1.path }
  }

  /// One stamp for all of it, which differs whenever the content may differ.
  package var stamp: String {
    var fields: [CanonicalForm.Field] = []
    fields.reserveCapacity(entries.count)
    for (path, content) in entries {
      switch content {
      case .file(let facts): fields.append(.init(path, facts.stamp))
      case .emptyFolder: fields.append(.init(path, "folder"))
      case .link(let target): fields.append(.init(path, "link " + target))
      }
    }
    return "tree:" + CanonicalForm(tag: "assetctl.tree.stamp.1", fields: fields).sha256
  }

  /// Whether the last change of each file is long ago; see ``FileFacts/isSettled``.
  package var isSettled: Bool {
    entries.allSatisfy { entry in
      if case .file(let facts) = entry.content { facts.isSettled } else { true }
    }
  }

  /// Reads all files, as many at once as there are cores, and digests them with their paths.
  ///
  /// - Throws: A ``RowFileError`` if one cannot be read.
  /// - Returns: The digest of the names and contents together.
  package func digest() throws -> ContentDigest {
    let digests = Mutex<[Int: Result<ContentDigest, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: entries.count) { index in
      guard case .file = entries[index].content else { return }
      let name = entries[index].path
      let result = Result {
        try digestFile(path + "/" + name, shownPath: shownPath + "/" + name)
      }
      digests.withLock { $0[index] = result }
    }
    let found = digests.withLock { $0 }
    var fields: [CanonicalForm.Field] = []
    fields.reserveCapacity(entries.count)
    for (index, entry) in entries.enumerated() {
      switch entry.content {
      case .file: fields.append(.init(entry.path, try found[index]?.get().rawValue ?? ""))
      case .emptyFolder: fields.append(.init(entry.path, "folder"))
      case .link(let target): fields.append(.init(entry.path, "link " + target))
      }
    }
    return ContentDigest(
      rawValue: "tree1:" + CanonicalForm(tag: "assetctl.tree.1", fields: fields).sha256)
  }

  private mutating func walk(_ folder: String, seen: [String]) {
    let names = FilePublishing.names(in: folder.isEmpty ? path : path + "/" + folder)
    if names.isEmpty, !folder.isEmpty { entries.append((folder, .emptyFolder)) }
    for name in names {
      let inner = folder.isEmpty ? name : folder + "/" + name
      let absolute = path + "/" + inner
      var status = stat()
      guard lstat(absolute, &status) == 0 else { continue }
      var place = absolute
      if status.st_mode & S_IFMT == S_IFLNK {
        guard let target = Self.resolved(absolute), isInside(target), !seen.contains(target) else {
          entries.append((inner, .link(to: Self.text(ofLink: absolute))))
          continue
        }
        place = target
      }
      guard let facts = FileFacts(path: absolute) else { continue }
      if facts.isFolder {
        walk(inner, seen: place == absolute ? seen : seen + [place])
      } else if facts.isFile {
        entries.append((inner, .file(facts)))
      }
    }
  }

  private func isInside(_ path: String) -> Bool { path == root || path.hasPrefix(root + "/") }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func text(ofLink path: String) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    return String(
      decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
