package import AssetCore
import AssetSQL

/// What a project is loaded with.
package struct LoadRequest: Sendable {
  /// The name under `targets:` to use; `nil` for none.
  package var target: String?
  /// The texts of `--var`.
  package var vars: [String: String]
  package var environment: [String: String]
  /// Whether a project without any asset is none the worse for it.
  package var mayBeEmpty: Bool

  package init(
    target: String? = nil, vars: [String: String] = [:], environment: [String: String] = [:],
    mayBeEmpty: Bool = false
  ) {
    self.mayBeEmpty = mayBeEmpty
    self.target = target
    self.vars = vars
    self.environment = environment
  }
}

/// What could be read of a project's folder.
package struct Examination: Sendable {
  /// The project with those assets that are in order; `nil` if the project's own file is not.
  package var project: Project?
  package var problems: [Diagnostic]
  /// Whether assets may be missing, so that it is not known which names there are.
  package var hasGaps: Bool
}

/// Turns a project's folder into assets, or into all that is wrong with it.
package struct ProjectLoader: Sendable {
  private let folder: ProjectFolder
  private let record = FileRecord()

  package init(_ folder: ProjectFolder) { self.folder = folder.recording(in: record) }

  /// Reads `assetctl.yml` and everything under `assets/`.
  ///
  /// Inputs are not looked up; that is the graph's part.
  ///
  /// - Parameters:
  ///   - request: The target, vars and environment to read it with.
  ///   - cache: What was parsed in earlier runs; what is parsed now is added to it.
  ///   - judge: Says what the engine would refuse, of what is parsed now; without one only what the
  ///     analysis knows of the dialect is said.
  /// - Returns: The project, its assets in the order of their places.
  /// - Throws: All problems at once, sorted by place.
  package func load(
    _ request: LoadRequest, cache: inout DeclarationCache, judge: (any QueryJudge)? = nil
  ) throws(Problems) -> Project {
    let examined = examine(request, cache: &cache, judge: judge)
    guard let project = examined.project, examined.problems.isEmpty else {
      throw Problems(examined.problems)
    }
    return project
  }

  /// Reads all that can be read, whatever is wrong with the rest.
  ///
  /// - Parameters:
  ///   - request: The target, vars and environment to read it with.
  ///   - cache: What was parsed in earlier runs; what is parsed now is added to it.
  ///   - judge: Says what the engine would refuse, of what is parsed now.
  ///   - isThorough: Whether all is told that is wrong with what is parsed now, and not only what every
  ///     command refuses.
  /// - Returns: What was found.
  package func examine(
    _ request: LoadRequest, cache: inout DeclarationCache, judge: (any QueryJudge)?,
    isThorough: Bool = false
  ) -> Examination {
    let log = ProblemLog()
    let project: ProjectFile
    let paths: [String]
    do throws(LoadingProblem) {
      project = try ProjectFile(
        SourceText(bytes(of: ProjectFile.path), file: ProjectFile.path), request: request, log: log)
      paths = try files(in: "assets")
    } catch {
      return Examination(problems: (log.problems + [error]).map(\.diagnostic), hasGaps: true)
    }

    let reader = DeclarationReader(
      log: log, dialect: .sqlite, judge: judge, isThorough: isThorough)
    var expansion = ForeachExpansion(folder, log: log)
    var hasGaps = false
    let found = declarations(in: paths, by: reader, cache: &cache, &expansion, &hasGaps)
    let declarations = expansion.expandInputs(of: found)
    let digests = CodeDigests(folder, cache)
    let resolver = DeclarationResolver(
      folder: folder, project: project, request: request, log: log,
      declarations: declarations, digests: digests)
    let assets = declarations.compactMap(resolver.resolve)
    cache = digests.known
    // A `foreach:` without items declares something, too.
    if assets.isEmpty, !request.mayBeEmpty, expansion.warnings.isEmpty, log.problems.isEmpty {
      log.add(.noAssets)
    }
    let loaded = Project(
      name: project.name, target: request.target ?? "default", warehouse: project.warehouse,
      assets: assets.sorted { ($0.place, $0.key) < ($1.place, $1.key) }, pools: project.pools,
      testsFolder: project.testsFolder,
      secrets: secrets(of: project, assets, request.environment),
      files: record.paths, warnings: Problems(expansion.warnings + resolver.warnings).diagnostics)
    return Examination(
      project: loaded, problems: log.unique.map(\.diagnostic),
      hasGaps: hasGaps || assets.count < declarations.count)
  }

  /// The values of all secrets of a project and its programs, and of the vars that are filled from any.
  private func secrets(
    of project: ProjectFile, _ assets: [Asset], _ environment: [String: String]
  ) -> Set<String> {
    var names = Set(project.secrets.map(\.text))
    for asset in assets {
      if case .program(let program) = asset.recipe { names.formUnion(program.secrets) }
    }
    let vars = project.secretVars.compactMap { project.vars[$0]?.text }
    return Set(names.compactMap { environment[$0] } + vars).subtracting([""])
  }

  /// Loads a project without remembering anything.
  package func load(_ request: LoadRequest = LoadRequest()) throws(Problems) -> Project {
    var cache = DeclarationCache()
    return try load(request, cache: &cache)
  }

  /// What the files declare; a file that cannot be read is a problem and declares nothing.
  private func declarations(
    in paths: [String], by reader: DeclarationReader, cache: inout DeclarationCache,
    _ expansion: inout ForeachExpansion, _ hasGaps: inout Bool
  ) -> [Declaration] {
    let log = reader.log
    var declarations: [Declaration] = []
    for path in paths where FileRole(of: path).mayDeclare {
      do {
        declarations += try self.declarations(in: path, by: reader, cache: &cache)
      } catch {
        log.add(error)
        hasGaps = true
      }
    }
    declarations = expansion.expand(declarations)
    // Data files that no declaration speaks of are seeds by themselves.
    var spokenOf: Set<String> = []
    var patterns: Set<String> = []
    for declaration in declarations {
      if let item = declaration.item, item.isFile { spokenOf.insert(item.text) }
      guard case .rows(let rows) = declaration.body,
        let path = try? ProjectPath.normalize(rows.file.text).get()
      else { continue }
      spokenOf.insert(path)
      if path.hasWildcard, !rows.file.isLiteral { patterns.insert(path) }
    }
    for path in paths where FileRole(of: path) == .data && !spokenOf.contains(path) {
      guard !patterns.contains(where: { pathMatches($0, path) }) else { continue }
      if AssetKey(ProjectPath.stem(of: path)) == nil {
        log.add(.badName(ProjectPath.stem(of: path), at: Place(file: path)))
      } else {
        declarations.append(reader.seed(path))
      }
    }
    return declarations
  }

  /// What one file declares: as it was parsed before, if its bytes are the same.
  private func declarations(
    in path: String, by reader: DeclarationReader, cache: inout DeclarationCache
  ) throws(LoadingProblem) -> [Declaration] {
    let bytes = try bytes(of: path)
    // A file of another kind, such as a spreadsheet, that happens to lie here.
    if FileRole(of: path) == .program, bytes.contains(0) { return [] }
    let source = try SourceText(bytes, file: path)
    let key = DeclarationCache.key(of: bytes)
    if let known = cache.declarations(of: source, key: key) { return known }
    let problems = reader.log.problems.count
    let declarations: [Declaration]
    switch FileRole(of: path) {
    case .query: declarations = try [reader.query(source)].compactMap { $0 }
    case .program: declarations = try [reader.program(source)].compactMap { $0 }
    case .list: declarations = try reader.list(source)
    case .data, .other: declarations = []
    }
    if reader.log.problems.count == problems {
      cache.note(declarations, of: path, key: key)
    }
    return declarations
  }

  private func bytes(of path: String) throws(LoadingProblem) -> [UInt8] {
    do {
      return try folder.read(path)
    } catch {
      throw LoadingProblem(error, of: path, at: Place(file: path))
    }
  }

  private func files(in path: String) throws(LoadingProblem) -> [String] {
    do {
      return try folder.files(path)
    } catch {
      throw .unreadable(path, reason: error == .missing ? "it is not there" : error.reason)
    }
  }
}

/// What a file under `assets/` is by its name.
private enum FileRole {
  case query, program, list, data, other

  init(of path: String) {
    switch ProjectPath.fileExtension(of: path) {
    case "sql": self = .query
    case "yml", "yaml": self = .list
    case "csv", "jsonl", "ndjson": self = .data
    case "md", "txt", "json", "parquet", "png", "svg", "sqlite", "db": self = .other
    default: self = .program
    }
  }

  /// Whether the file is read for declarations.
  var mayDeclare: Bool { self != .data && self != .other }
}

extension LoadingProblem {
  /// What keeps a file from being read, which is named at a place.
  init(_ problem: FileProblem, of path: String, at place: Place) {
    switch problem {
    case .missing: self = .missingFile(path, at: place)
    case .unreadable(let reason): self = .unreadable(path, reason: reason)
    }
  }
}

extension FileProblem {
  /// The problem in words.
  package var reason: String {
    switch self {
    case .missing: "it is not there"
    case .unreadable(let reason): reason
    }
  }
}
