package import AssetCore
import AssetSQL

/// What a project is loaded with.
package struct LoadRequest: Sendable {
  /// The name under `targets:` to use; `nil` for none.
  package var target: String?
  /// The texts of `--var`.
  package var vars: [String: String]
  package var environment: [String: String]

  package init(
    target: String? = nil, vars: [String: String] = [:], environment: [String: String] = [:]
  ) {
    self.target = target
    self.vars = vars
    self.environment = environment
  }
}

/// Turns a project's folder into assets, or into all that is wrong with it.
package struct ProjectLoader: Sendable {
  private let folder: ProjectFolder

  package init(_ folder: ProjectFolder) { self.folder = folder }

  /// Reads `assetctl.yml` and everything under `assets/`.
  ///
  /// Inputs are not looked up; that is the graph's part.
  ///
  /// - Parameter request: The target, vars and environment to read it with.
  /// - Returns: The project, its assets in the order of their places.
  /// - Throws: All problems at once, sorted by place.
  package func load(_ request: LoadRequest = LoadRequest()) throws(Problems) -> Project {
    let log = ProblemLog()
    let project: ProjectFile
    let paths: [String]
    do {
      project = try ProjectFile(text(of: ProjectFile.path), request: request, log: log)
      paths = try files(in: "assets")
    } catch {
      throw Problems((log.problems + [error]).map(\.diagnostic))
    }

    let declarations = declarations(in: paths, log: log)
    let resolver = DeclarationResolver(
      folder: folder, project: project, environment: request.environment, log: log,
      declarations: declarations)
    let assets = declarations.compactMap(resolver.resolve)
    if assets.isEmpty, log.problems.isEmpty { log.add(.noAssets) }
    guard log.problems.isEmpty else { throw Problems(log.problems.map(\.diagnostic)) }
    return Project(
      name: project.name, target: request.target ?? "default", warehouse: project.warehouse,
      assets: assets.sorted { $0.place < $1.place }, warnings: resolver.warnings)
  }

  /// What the files declare; a file that cannot be read is a problem and declares nothing.
  private func declarations(in paths: [String], log: ProblemLog) -> [Declaration] {
    let reader = DeclarationReader(log: log, dialect: .sqlite)
    var declarations: [Declaration] = []
    var dataFiles: [String] = []
    for path in paths {
      do {
        switch FileRole(of: path) {
        case .query: declarations += try [reader.query(text(of: path))].compactMap { $0 }
        case .program: declarations += try [reader.program(text(of: path))].compactMap { $0 }
        case .list: declarations += try reader.list(text(of: path))
        case .data: dataFiles.append(path)
        case .other: break
        }
      } catch {
        log.add(error)
      }
    }
    var spokenOf: Set<String> = []
    for case .rows(let rows) in declarations.map(\.body) {
      if case .success(let path) = ProjectPath.normalize(rows.file) { spokenOf.insert(path) }
    }
    for path in dataFiles where !spokenOf.contains(where: { $0 == path || covers($0, path) }) {
      if AssetKey(ProjectPath.stem(of: path)) == nil {
        log.add(.badName(ProjectPath.stem(of: path), at: Place(file: path)))
      } else {
        declarations.append(reader.seed(path))
      }
    }
    return declarations
  }

  private func covers(_ pattern: String, _ path: String) -> Bool {
    pattern.contains("*") && pathMatches(pattern, path)
  }

  private func text(of path: String) throws(LoadingProblem) -> SourceText {
    do {
      return try SourceText(folder.read(path), file: path)
    } catch let error as FileProblem {
      switch error {
      case .missing: throw .missingFile(path, at: Place(file: path))
      case .unreadable(let reason): throw .unreadable(path, reason: reason)
      }
    } catch let error as LoadingProblem {
      throw error
    } catch {
      throw .unreadable(path, reason: "\(error)")
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
}

extension FileProblem {
  var reason: String {
    switch self {
    case .missing: "it is not there"
    case .unreadable(let reason): reason
    }
  }
}
