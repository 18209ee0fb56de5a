/// Files of the project that are given to programs as they are, whatever they hold: one, a folder with all
/// that is in it, or all that match a pattern.
package struct FileSet: Hashable, Sendable {
  /// The path or pattern, relative to the project's folder and without an end.
  package var path: String
  package var isPattern: Bool
  /// Whether it is written as the path of a folder.
  package var isFolder: Bool

  package init(_ path: String, isPattern: Bool = false, isFolder: Bool = false) {
    self.path = path
    self.isPattern = isPattern
    self.isFolder = isFolder
  }

  /// The path as it is written.
  package var text: String { isFolder ? path + "/" : path }

  /// Whether a file of this path may be one of them.
  package func mayHold(_ file: String) -> Bool {
    isPattern ? pathMatches(path, file) : PathText.lies(file, in: path)
  }

  /// What is to be said when nothing of them is there.
  package var whyMissing: String {
    isPattern
      ? "no file matches `\(path)`"
      : isFolder ? "there is no folder `\(text)`" : "there is no file or folder `\(path)`"
  }
}

/// Which files there were of a set at one moment, and what each held.
package struct FileList: Equatable, Sendable {
  /// One file.
  package struct Entry: Hashable, Sendable {
    /// What its folder said of it when it was read; empty if that may stay the same when it changes.
    package var stamp: String
    package var digest: ContentDigest

    package init(stamp: String, digest: ContentDigest) {
      self.stamp = stamp
      self.digest = digest
    }
  }

  /// By the path relative to the project's folder.
  package var files: [String: Entry]

  package init(_ files: [String: Entry] = [:]) { self.files = files }

  /// What is another in a later list.
  package func changes(to later: FileList) -> FileChanges {
    FileChanges(
      added: later.files.keys.filter { files[$0] == nil }.sorted(by: PathText.precedes),
      removed: files.keys.filter { later.files[$0] == nil }.sorted(by: PathText.precedes),
      changed: files.filter { path, file in
        later.files[path].map { $0.digest != file.digest } ?? false
      }.keys.sorted(by: PathText.precedes))
  }
}

/// The files of a set that came, went, and hold something else, by their paths.
package struct FileChanges: Equatable, Sendable {
  /// How many of each are named to people.
  package static let mostNamed = 10

  package var added: [String]
  package var removed: [String]
  package var changed: [String]

  package init(added: [String], removed: [String], changed: [String]) {
    self.added = added
    self.removed = removed
    self.changed = changed
  }

  package var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }
}
