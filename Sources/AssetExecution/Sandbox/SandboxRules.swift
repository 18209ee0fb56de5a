package import AssetCore

/// Where the files are that the assets of a project are published as.
package struct PublishedFiles: Sendable {
  /// The assets, by the paths of their outputs in the project.
  package var assets: [String: AssetKey]
  /// The absolute path of the warehouse, if it is a file.
  package var warehouse: String?

  package init(assets: [String: AssetKey] = [:], warehouse: String? = nil) {
    self.assets = assets
    self.warehouse = warehouse
  }
}

/// Which files of the project a program may read without further ado.
///
/// All paths are absolute and lead through no symbolic link. Unaware of how it is found out what a
/// program opens.
struct SandboxRules: Equatable, Sendable {
  /// The project's folder.
  var project: String
  /// What the program declared, and what it was given.
  var files: Set<String> = []
  /// The same, with all that is below.
  var folders: Set<String> = []
  /// What the assets of the project are published as.
  var published: [String: AssetKey] = [:]
  var warehouse: String?

  /// What a file is to the program.
  enum Verdict: Equatable {
    /// Declared, or nothing of the project's.
    case free
    case undeclared(UndeclaredFile)
    /// What tools keep for themselves: not worth a report, but nothing that was declared either.
    case aside(String)
  }

  func verdict(on path: String) -> Verdict {
    // The warehouse may lie outside, and holds other assets' content all the same.
    if let warehouse, ["", "-wal", "-shm", "-journal"].contains(where: { path == warehouse + $0 }) {
      return .undeclared(.warehouse(shown(warehouse)))
    }
    guard let inside = relative(path) else { return .free }
    let source = Self.source(ofCompiled: path) ?? path
    guard !isDeclared(path), !isDeclared(source) else { return .free }
    let parts = PathText.parts(of: inside)
    if parts.contains("node_modules") { return .free }
    if parts.contains(".git") || parts.first == ".assetctl" { return .aside(inside) }
    if let key = publisher(of: path) { return .undeclared(.output(inside, of: key)) }
    return .undeclared(.code(relative(source) ?? inside))
  }

  /// The asset that a file, or a folder that holds it, is an output of.
  private func publisher(of path: String) -> AssetKey? {
    guard !published.isEmpty else { return nil }
    var place = path
    while place.utf8.count > project.utf8.count {
      if let key = published[place] { return key }
      guard let folder = PathText.folder(of: place) else { return nil }
      place = folder
    }
    return nil
  }

  /// The path inside the project; `nil` for one outside.
  func relative(_ path: String) -> String? {
    guard let place = PathText.place(of: path, in: project), !place.isEmpty else { return nil }
    return place
  }

  private func shown(_ path: String) -> String { relative(path) ?? path }

  private func isDeclared(_ path: String) -> Bool {
    if files.contains(path) { return true }
    return folders.contains { PathText.lies(path, in: $0) }
  }

  /// The file that Python compiled a file from: it reads the one instead of the other.
  private static func source(ofCompiled path: String) -> String? {
    let parts = PathText.parts(of: path)
    guard path.hasSuffix(".pyc"), parts.count >= 2, parts[parts.count - 2] == "__pycache__",
      let module = parts[parts.count - 1].split(separator: ".").first
    else { return nil }
    return "/" + (parts.dropLast(2) + [module + ".py"]).joined(separator: "/")
  }
}

/// A file that a program read, or was to read, and did not declare.
enum UndeclaredFile: Hashable, Sendable, Comparable {
  /// By its path in the project.
  case code(String)
  case output(String, of: AssetKey)
  case warehouse(String)
  /// A tool's own file, which cannot be declared.
  case aside(String)

  var path: String {
    switch self {
    case .code(let path), .output(let path, _), .warehouse(let path), .aside(let path): path
    }
  }

  static func < (left: UndeclaredFile, right: UndeclaredFile) -> Bool { left.path < right.path }
}
