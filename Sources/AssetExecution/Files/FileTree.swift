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
  private let givenRoot: String
  private let root: String
  private let place: String
  /// The pattern of those that are meant, relative to the project's folder; `nil` for all.
  private let pattern: String?
  private var entries: [(path: String, content: Content)] = []
  /// A link that leads out of the project to something that is there, if any does.
  package private(set) var outwardLink: String?

  /// Walks through a folder; no file is read.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - shownPath: What messages call it.
  ///   - root: The project's folder.
  ///   - place: Where it is to be published; `nil` if it is there.
  ///   - pattern: The pattern of the files that are meant, relative to the project's folder; hidden ones are
  ///     none of them then. `nil` for all that is in the folder.
  /// - Throws: ``RowFileError/nameNotUTF8(_:in:)`` for a name that no path can hold, and
  ///   ``RowFileError/unreadable(file:reason:)`` for what cannot be looked at.
  package init(
    _ path: String, shownPath: String, root: String, place: String? = nil, pattern: String? = nil
  ) throws(RowFileError) {
    self.pattern = pattern
    self.path = path
    self.shownPath = shownPath
    givenRoot = root
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
  package func digest() throws -> ContentDigest { try contents(knowing: FileList()).digest }

  /// The same, with what each file holds; those whose stamp is known are not read.
  ///
  /// - Parameter known: The files as they were read before.
  /// - Throws: A ``RowFileError`` if one cannot be read.
  /// - Returns: The digest of the names and contents together, and the files by their paths in the folder.
  func contents(knowing known: FileList) throws -> (digest: ContentDigest, files: FileList) {
    var due: [Int] = []
    var files: [FileList.Entry] = entries.enumerated().map { index, entry in
      switch entry.content {
      case .emptyFolder: return .init(stamp: "", digest: ContentDigest(rawValue: "folder"))
      case .link(let target):
        return .init(stamp: "", digest: ContentDigest(rawValue: "link " + target))
      case .file(let facts, _):
        if facts.isSettled, let known = known.files[entry.path], known.stamp == facts.stamp {
          return known
        }
        due.append(index)
        return .init(
          stamp: facts.isSettled ? facts.stamp : "", digest: ContentDigest(rawValue: ""))
      }
    }
    let unread = due
    let digests = Mutex<[Int: Result<ContentDigest, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: unread.count) { place in
      let index = unread[place]
      guard case .file(_, let file) = entries[index].content else { return }
      let result = Result {
        try digestFile(file, shownPath: shownPath + "/" + entries[index].path)
      }
      digests.withLock { $0[index] = result }
    }
    for (index, result) in digests.withLock({ $0 }) { files[index].digest = try result.get() }
    let named = zip(entries, files).map { ($0.path, $1) }
    let form = CanonicalForm(
      tag: "assetctl.tree.1", fields: named.map { .init($0, $1.digest.rawValue) })
    return (
      ContentDigest(rawValue: "tree1:" + form.sha256),
      FileList(Dictionary(named) { first, _ in first })
    )
  }

  /// The paths of the files in the folder, in the order of their bytes.
  var files: [String] {
    entries.compactMap { if case .file = $0.content { $0.path } else { nil } }
  }

  /// When one of the files was written last.
  var modifiedAt: Timestamp? {
    entries.compactMap {
      if case .file(let facts, _) = $0.content { facts.modifiedAt } else { nil }
    }
    .max()
  }

  /// Whether a file in the folder is meant, or one that may be in a folder of it.
  private func isMeant(_ inner: String, isFolder: Bool) -> Bool {
    guard let pattern else { return true }
    let name = PathText.name(of: inner)
    guard name.utf8.first != UInt8(ascii: "."), name != "__pycache__" else { return false }
    let path = PathText.place(of: self.path, in: givenRoot).map {
      $0.isEmpty ? inner : $0 + "/" + inner
    }
    guard let path else { return false }
    return isFolder ? pathMayMatch(pattern, inside: path) : pathMatches(pattern, path)
  }

  private mutating func walk(
    _ folder: String, at absolute: String, seen: [String]
  ) throws(RowFileError) {
    let names = try FolderNames.texts(in: absolute, inner: folder, of: shownPath)
    if names.isEmpty, !folder.isEmpty, pattern == nil { entries.append((folder, .emptyFolder)) }
    for name in names {
      let inner = folder.isEmpty ? name : folder + "/" + name
      guard isMeant(inner, isFolder: false) || isMeant(inner, isFolder: true) else { continue }
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
        if let target, !isInside(target) || isOurs(target) { outwardLink = outwardLink ?? inner }
        guard let target, isInside(target), !seen.contains(target) else {
          entries.append((inner, .link(to: text)))
          continue
        }
      }
      guard let facts = try FileFacts(path: file, shownPath: shownPath + "/" + inner) else {
        continue
      }
      guard isMeant(inner, isFolder: facts.isFolder) else { continue }
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

  private func isOurs(_ path: String) -> Bool { PathText.lies(path, in: root + "/.assetctl") }

  private static func resolved(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
