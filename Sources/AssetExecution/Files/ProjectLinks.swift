#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The symbolic links of a project's folder, followed by their text alone: what they lead to need not be
/// there yet.
package final class ProjectLinks {
  private let root: String
  /// The real path of the root, as links may name it.
  private let realRoot: String
  private var known: [String: String] = [:]

  package init(_ folder: String) {
    root = folder
    realRoot = FilePublishing.realFolder(of: folder + "/.") ?? folder
  }

  /// Where a path leads.
  ///
  /// - Parameter path: A path in the project, relative to its folder; a pattern is followed up to its first
  ///   wildcard.
  /// - Returns: The path without links; the same one if it has none, leads out of the project, or in circles.
  package func place(of path: String) -> String {
    follow(path, hops: 0) ?? path
  }

  private func follow(_ path: String, hops: Int) -> String? {
    guard hops < 40 else { return nil }
    var done = ""
    var parts = path.split(separator: "/")[...]
    while let part = parts.popFirst() {
      guard part != ".", !part.utf8.contains(where: "*?[".utf8.contains) else {
        done += (done.isEmpty ? "" : "/") + ([part] + parts).joined(separator: "/")
        return done
      }
      let next = done.isEmpty ? String(part) : done + "/" + part
      guard let target = target(of: next) else {
        done = next
        continue
      }
      guard let inside = inside(target, from: done) else { return nil }
      let rest = ([inside] + parts.map(String.init)).filter { !$0.isEmpty }
      return follow(rest.joined(separator: "/"), hops: hops + 1)
    }
    return done
  }

  /// What a link says; `nil` if the path is none.
  private func target(of path: String) -> String? {
    if let known = known[path] { return known.isEmpty ? nil : known }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(root + "/" + path, &buffer, buffer.count)
    let bytes = buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
    let target = String(decoding: bytes, as: UTF8.self)
    known[path] = target
    return target.isEmpty ? nil : target
  }

  /// The path in the project that a link's text names; `nil` if that is none.
  private func inside(_ target: String, from folder: String) -> String? {
    var parts = folder.split(separator: "/")
    var text = target[...]
    if target.hasPrefix("/") {
      guard
        let base = [root, realRoot].first(where: { target == $0 || target.hasPrefix($0 + "/") })
      else { return nil }
      parts = []
      text = target.dropFirst(base.count)
    }
    for part in text.split(separator: "/") where part != "." {
      guard part == ".." else {
        parts.append(part)
        continue
      }
      guard parts.popLast() != nil else { return nil }
    }
    return parts.joined(separator: "/")
  }
}
