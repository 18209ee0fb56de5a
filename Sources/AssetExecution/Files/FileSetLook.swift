package import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What folders say of the files of a set, none of which is read yet.
package struct FileSetLook {
  private enum Content {
    case file(FileFacts)
    case tree(FileTree)
  }

  private let set: FileSet
  private let root: String
  private let content: Content

  /// Looks at the files; `nil` if there is none.
  ///
  /// - Parameters:
  ///   - set: The files.
  ///   - root: The project's folder, out of which no link may lead.
  /// - Throws: A ``RowFileError`` for what cannot be looked at, which is not to say that it is not there.
  package init?(_ set: FileSet, in root: String) throws(RowFileError) {
    self.set = set
    self.root = root
    let top = set.isPattern ? set.fixedFolder : set.path
    let absolute = top.isEmpty ? root : root + "/" + top
    guard let facts = try FileFacts(path: absolute, shownPath: set.text) else { return nil }
    try Self.verifyInside(absolute, root, shownPath: set.text)
    if facts.isFile, !set.isPattern {
      guard !set.isFolder else {
        throw .unreadable(file: set.text, reason: "it is a file, and no folder")
      }
      content = .file(facts)
      return
    }
    guard facts.isFolder else {
      guard !set.isPattern else { return nil }
      throw .unreadable(file: set.text, reason: "it is neither a file nor a folder")
    }
    let tree = try FileTree(
      absolute, shownPath: top, root: root, pattern: set.isPattern ? set.path : nil)
    if let link = tree.outwardLink {
      throw .unreadable(
        file: top.isEmpty ? link : top + "/" + link,
        reason: "it is a link that leads out of the project")
    }
    if set.isPattern {
      guard !tree.files.isEmpty else { return nil }
      if let bad = tree.files.first(where: { $0.utf8.contains(UInt8(ascii: "\n")) }) {
        throw .unreadable(
          file: set.text, reason: "the name `\(bad)` has a line break, so that no list can hold it")
      }
    }
    content = .tree(tree)
  }

  /// Makes sure that a path leads to a place in the project that is not assetctl's own.
  private static func verifyInside(
    _ path: String, _ root: String, shownPath: String
  ) throws(RowFileError) {
    guard let target = realpath(path, nil), let real = realpath(root, nil) else {
      throw .unreadable(file: shownPath, reason: lastSystemError())
    }
    defer {
      free(target)
      free(real)
    }
    let (place, project) = (String(cString: target), String(cString: real))
    guard PathText.lies(place, in: project), !PathText.lies(place, in: project + "/.assetctl")
    else {
      throw .unreadable(file: shownPath, reason: "it is a link that leads out of the project")
    }
  }

  /// One stamp for all of them, which differs whenever the content may differ.
  package var stamp: String {
    switch content {
    case .file(let facts): facts.stamp
    case .tree(let tree): tree.stamp
    }
  }

  /// Whether the last change of each file is long ago; see ``FileFacts/isSettled``.
  package var isSettled: Bool {
    switch content {
    case .file(let facts): facts.isSettled
    case .tree(let tree): tree.isSettled
    }
  }

  /// When one of the files was written last.
  package var modifiedAt: Timestamp? {
    switch content {
    case .file(let facts): facts.modifiedAt
    case .tree(let tree): tree.modifiedAt
    }
  }

  /// The paths of the files relative to the project's folder, in the order of their bytes.
  package var paths: [String] {
    switch content {
    case .file: [set.path]
    case .tree(let tree): tree.files.map(path)
    }
  }

  /// Reads the files; those whose stamp is known are not read.
  ///
  /// - Parameter known: The files as they were read before.
  /// - Throws: A ``RowFileError`` if one cannot be read.
  /// - Returns: The digest of all of them with their names, and each by its path in the project.
  package func contents(
    knowing known: FileList = FileList()
  ) throws -> (digest: ContentDigest, files: FileList) {
    switch content {
    case .file(let facts):
      if facts.isSettled, let file = known.files[set.path], file.stamp == facts.stamp {
        return (file.digest, FileList([set.path: file]))
      }
      let digest = try digestFile(root + "/" + set.path, shownPath: set.path)
      return (
        digest,
        FileList([set.path: .init(stamp: facts.isSettled ? facts.stamp : "", digest: digest)])
      )
    case .tree(let tree):
      let top = path("")
      let inner = known.files.map { path, file in
        (String(decoding: path.utf8.dropFirst(top.utf8.count), as: UTF8.self), file)
      }
      let found = try tree.contents(knowing: FileList(Dictionary(inner) { first, _ in first }))
      let files = found.files.files.map { (path($0.key), $0.value) }
      return (found.digest, FileList(Dictionary(files) { first, _ in first }))
    }
  }

  /// The path in the project of what lies in the folder that was looked through.
  private func path(_ inner: String) -> String {
    let top = set.isPattern ? set.fixedFolder : set.path
    return top.isEmpty ? inner : top + "/" + inner
  }
}

extension FileSet {
  /// The folder before the first wildcard of a pattern.
  fileprivate var fixedFolder: String {
    PathText.parts(of: path).prefix { !$0.utf8.contains { "*?".utf8.contains($0) } }
      .joined(separator: "/")
  }
}
