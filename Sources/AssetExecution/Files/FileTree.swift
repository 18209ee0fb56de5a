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
/// the text that it holds. One that leads out of the folder by `..` is followed from where the folder
/// is to be published. Empty folders count, times and rights do not.
package struct FileTree {
  private enum Content {
    case file(FileFacts, at: String)
    case emptyFolder
    case link(to: String)
  }

  private let path: String
  private let shownPath: String
  private let root: String
  private let place: String
  private var entries: [(path: String, content: Content)] = []

  /// Walks through a folder; no file is read.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - shownPath: What messages call it.
  ///   - root: The project's folder.
  ///   - place: Where it is to be published; `nil` if it is there.
  /// - Throws: ``RowFileError/nameNotUTF8(_:in:)`` for a name that no path can hold, and
  ///   ``RowFileError/unreadable(file:reason:)`` for what cannot be looked at.
  package init(
    _ path: String, shownPath: String, root: String, place: String? = nil
  ) throws(RowFileError) {
    self.path = path
    self.shownPath = shownPath
    self.root = Self.resolved(root) ?? root
    self.place = place ?? path
    try walk("", at: path, seen: [Self.resolved(path) ?? path])
    entries.sort { PathText.precedes($0.path, $1.path) }
  }

  /// One stamp for all of it, which differs whenever the content may differ.
  package var stamp: String {
    var fields: [CanonicalForm.Field] = []
    fields.reserveCapacity(entries.count)
    for (path, content) in entries {
      switch content {
      case .file(let facts, _): fields.append(.init(path, facts.stamp))
      case .emptyFolder: fields.append(.init(path, "folder"))
      case .link(let target): fields.append(.init(path, "link " + target))
      }
    }
    return "tree:" + CanonicalForm(tag: "assetctl.tree.stamp.1", fields: fields).sha256
  }

  /// Whether the last change of each file is long ago; see ``FileFacts/isSettled``.
  package var isSettled: Bool {
    entries.allSatisfy { entry in
      if case .file(let facts, _) = entry.content { facts.isSettled } else { true }
    }
  }

  /// Reads all files, as many at once as there are cores, and digests them with their paths.
  ///
  /// - Throws: A ``RowFileError`` if one cannot be read.
  /// - Returns: The digest of the names and contents together.
  package func digest() throws -> ContentDigest {
    let digests = Mutex<[Int: Result<ContentDigest, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: entries.count) { index in
      guard case .file(_, let file) = entries[index].content else { return }
      let result = Result {
        try digestFile(file, shownPath: shownPath + "/" + entries[index].path)
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

  private mutating func walk(
    _ folder: String, at absolute: String, seen: [String]
  ) throws(RowFileError) {
    let names = try FolderNames.texts(in: absolute, inner: folder, of: shownPath)
    if names.isEmpty, !folder.isEmpty { entries.append((folder, .emptyFolder)) }
    for name in names {
      let inner = folder.isEmpty ? name : folder + "/" + name
      var file = absolute + "/" + name
      var status = stat()
      guard lstat(file, &status) == 0 else {
        if isAbsence(errno) { continue }
        throw .unreadable(file: shownPath + "/" + inner, reason: lastSystemError())
      }
      let isLink = status.st_mode & S_IFMT == S_IFLNK
      if isLink {
        let text = FilePublishing.text(ofLink: file)
        file = publishedTarget(of: text, in: folder) ?? file
        let target = Self.resolved(file)
        if target == nil, !isAbsence(errno), errno != ELOOP {
          throw .unreadable(file: shownPath + "/" + inner, reason: lastSystemError())
        }
        guard let target, isInside(target), !seen.contains(target) else {
          entries.append((inner, .link(to: text)))
          continue
        }
      }
      guard let facts = try FileFacts(path: file, shownPath: shownPath + "/" + inner) else {
        continue
      }
      if facts.isFolder {
        try walk(inner, at: file, seen: isLink ? seen + [Self.resolved(file) ?? file] : seen)
      } else if facts.isFile {
        entries.append((inner, .file(facts, at: file)))
      }
    }
  }

  /// Where a link leads once the tree is published, if it leads out of the tree by `..`.
  private func publishedTarget(of text: String, in folder: String) -> String? {
    guard place != path, !PathText.isAbsolute(text) else { return nil }
    let target = PathText.normal(place + "/" + folder + "/" + text)
    return PathText.lies(target, in: place) ? nil : target
  }

  private func isInside(_ path: String) -> Bool { PathText.lies(path, in: root) }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
