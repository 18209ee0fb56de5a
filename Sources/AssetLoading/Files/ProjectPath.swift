import AssetCore

/// Paths as declarations write them: relative to the project's folder, with `/`.
enum ProjectPath {
  /// Why a path may not be used.
  enum Fault: Equatable {
    case empty, absolute, outside
  }

  /// Brings a path to its one normal form: no `.`, no `..`, no doubled slashes.
  static func normalize(_ path: String) -> Result<String, Fault> {
    guard !path.isEmpty else { return .failure(.empty) }
    guard !PathText.isAbsolute(path) else { return .failure(.absolute) }
    var parts: [String] = []
    for part in PathText.parts(of: path) where part != "." {
      if part == ".." {
        guard parts.popLast() != nil else { return .failure(.outside) }
      } else {
        parts.append(part)
      }
    }
    return parts.isEmpty ? .failure(.empty) : .success(parts.joined(separator: "/"))
  }

  /// Brings the path of a database to one normal form, which may be absolute or lead out of the
  /// project's folder.
  ///
  /// It is also what queries call the database, so that it is none of the names that SQLite uses.
  static func normalizeDatabase(_ path: String) -> Result<String, Fault> {
    guard !path.isEmpty else { return .failure(.empty) }
    let isAbsolute = path.hasPrefix("/")
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !isAbsolute {
        parts.append(part)
      }
    }
    guard !parts.isEmpty else { return .failure(.empty) }
    let joined = (isAbsolute ? "/" : "") + parts.joined(separator: "/")
    return .success(["main", "temp"].contains(joined.asciiFolded) ? "./" + joined : joined)
  }

  /// The folder part of a path; empty at the top.
  static func folder(of path: String) -> String {
    PathText.folder(of: path) ?? ""
  }

  static func fileName(of path: String) -> String { PathText.name(of: path) }

  /// The file name without its last extension.
  static func stem(of path: String) -> String {
    let name = fileName(of: path)
    return dot(in: name).map { String(decoding: name.utf8[..<$0], as: UTF8.self) } ?? name
  }

  /// The last extension in lower case, without its dot.
  static func fileExtension(of path: String) -> String {
    let name = fileName(of: path)
    guard let dot = dot(in: name) else { return "" }
    return String(decoding: name.utf8[dot...].dropFirst(), as: UTF8.self).lowercased()
  }

  /// Where the last extension of a name begins; a dot at its start begins none.
  private static func dot(in name: String) -> String.Index? {
    name.utf8.dropFirst().lastIndex(of: UInt8(ascii: "."))
  }
}

extension ProjectPath.Fault: Error {}
