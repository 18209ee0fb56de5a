/// Taking paths apart, and telling where they lie.
///
/// A path is bytes to the system, and so it is here: an accent behind a `/` would make one character
/// with it, and hide it among characters; and texts that look alike are equal as characters, but name
/// two files.
package enum PathText {
  private static let slash = UInt8(ascii: "/")

  /// The names of a path, without empty ones.
  package static func parts(of path: some StringProtocol) -> [String] {
    path.utf8.split(separator: slash).map { String(decoding: $0, as: UTF8.self) }
  }

  /// What stands before the last `/`; `nil` for a name alone.
  package static func folder(of path: String) -> String? {
    path.utf8.lastIndex(of: slash).map { String(decoding: path.utf8[..<$0], as: UTF8.self) }
  }

  /// What stands behind the last `/`; all of a name alone.
  package static func name(of path: String) -> String {
    path.utf8.lastIndex(of: slash).map { end in
      String(decoding: path.utf8[path.utf8.index(after: end)...], as: UTF8.self)
    } ?? path
  }

  /// Whether a path begins at the top of the file system.
  package static func isAbsolute(_ path: String) -> Bool { path.utf8.first == slash }

  /// Whether a path is more than a name.
  package static func hasFolder(_ path: String) -> Bool { path.utf8.contains(slash) }

  /// Whether a path is written as that of a folder.
  package static func endsAsFolder(_ path: String) -> Bool { path.utf8.last == slash }

  /// Where a path lies in a folder, such as `a/b` for `/x/a/b` in `/x`; empty for the folder itself.
  ///
  /// - Returns: The rest of the path; `nil` for one that does not lie there.
  package static func place(of path: String, in folder: String) -> String? {
    guard path.utf8.starts(with: folder.utf8) else { return nil }
    let rest = path.utf8.dropFirst(folder.utf8.count)
    if rest.isEmpty || folder.utf8.last == slash { return String(decoding: rest, as: UTF8.self) }
    return rest.first == slash ? String(decoding: rest.dropFirst(), as: UTF8.self) : nil
  }

  /// Whether a path is that of a folder, or of something in it.
  package static func lies(_ path: String, in folder: String) -> Bool {
    place(of: path, in: folder) != nil
  }

  /// Whether both are the same bytes.
  package static func areSame(_ path: String, _ other: String) -> Bool {
    path.utf8.elementsEqual(other.utf8)
  }

  /// Whether one path comes before another in the order of their bytes.
  package static func precedes(_ path: String, _ other: String) -> Bool {
    path.utf8.lexicographicallyPrecedes(other.utf8)
  }

  /// The absolute path without `.`, `..` and doubled slashes; no link is looked at.
  package static func normal(_ path: String) -> String {
    var parts: [String] = []
    for part in self.parts(of: path) where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// The folders that a path leads through, from the outermost one, without the path itself.
  package static func folders(above path: String) -> [String] {
    path.utf8.indices.filter { path.utf8[$0] == slash && $0 > path.utf8.startIndex }
      .map { String(decoding: path.utf8[..<$0], as: UTF8.self) }
  }
}
