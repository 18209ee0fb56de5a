import AssetCore
import AssetLoading
import Testing

/// Loads a project whose files are in memory; `assetctl.yml` names it `shop` unless it is given.
func load(
  _ files: [String: String], _ request: LoadRequest = LoadRequest()
) throws -> Project {
  try ProjectLoader(.memory(["assetctl.yml": "project: shop\n"].merging(files) { $1 }))
    .load(request)
}

/// The one asset of a project of one file, or of the named key.
func loadAsset(
  _ files: [String: String], _ key: AssetKey? = nil, _ request: LoadRequest = LoadRequest()
) throws -> Asset {
  let assets = try load(files, request).assets
  return try #require(key.map { key in assets.first { $0.key == key } } ?? assets.first)
}

/// All that is wrong with a project.
func problems(
  _ files: [String: String], _ request: LoadRequest = LoadRequest()
) -> [Diagnostic] {
  do {
    _ = try load(files, request)
    return []
  } catch {
    return (error as? Problems)?.diagnostics ?? [Diagnostic("not a problem for users: \(error)")]
  }
}

/// A place in a file, as `file:line:column` reads.
func at(_ file: String, _ line: Int? = nil, _ column: Int? = nil) -> Place {
  Place(file: file, line: line, column: column)
}

extension Recipe {
  /// The same without the digests of whole files, which say no more than those of their code.
  var withoutWholeFiles: Recipe {
    guard case .program(var program) = self else { return self }
    program.wholeFiles = [:]
    return .program(program)
  }
}
