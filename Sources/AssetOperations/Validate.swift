package import AssetCore
import AssetExecution
import AssetLoading
import AssetSQL
import AssetWarehouseSQLite

extension Workspace {
  /// Finds all that is wrong with a project, as far as that can be told without its data.
  ///
  /// Neither the store nor the warehouse is opened or made, and no program is run.
  ///
  /// - Parameter request: The project.
  /// - Throws: What keeps a project from being found.
  /// - Returns: All problems at once.
  package static func validate(_ request: WorkspaceRequest) throws -> ValidationReport {
    let folder = try projectFolder(from: request.folder)
    var cache = DeclarationCache()
    let judge = SQLiteJudge()
    let examined = ProjectLoader(.disk(folder)).examine(
      request.load, cache: &cache, judge: judge, isThorough: true)
    var problems = examined.problems
    guard let project = examined.project else {
      return ValidationReport(
        project: nil, assetCount: 0, problems: Problems(problems).diagnostics)
    }
    problems += found { try verifyWarehouse(of: project, in: folder) }
    let (graph, faults) = connect(
      project.assets, hasGaps: examined.hasGaps, ProjectLinks(folder))
    problems += faults
    if let graph {
      var gate = ProjectGate(
        graph, in: folder, reader: SQLReader(dialect: .sqlite), judge: judge,
        mask: SecretMask(project.secrets), .all)
      problems += gate.problems(.all)
      // Tests name assets, and some of those may be missing here.
      if problems.isEmpty {
        problems += found {
          var loader = TestLoader(.disk(folder), of: graph)
          _ = try loader.load(project.testsFolder)
        }
      }
    }
    var unique: [Diagnostic] = []
    for problem in problems + project.warnings where !unique.contains(where: problem.says) {
      unique.append(problem)
    }
    return ValidationReport(
      project: project.name, assetCount: project.assets.count,
      problems: Problems(unique).diagnostics)
  }

  /// Connects the assets as far as they can be.
  ///
  /// - Parameters:
  ///   - assets: The assets that are in order.
  ///   - hasGaps: Whether there are others, of which not even the names are known.
  ///   - links: The links of the project's folder.
  /// - Returns: A graph in which inputs that are not declared stand for tables of unknown columns, if there
  ///   is one, and what is wrong.
  private static func connect(
    _ assets: [Asset], hasGaps: Bool, _ links: ProjectLinks
  ) -> (graph: AssetGraph?, problems: [Diagnostic]) {
    var problems: [Diagnostic] = []
    do throws(Problems) {
      return (try AssetGraph(assets, place: links.place), [])
    } catch {
      problems = error.diagnostics
    }
    let declared = Set(assets.map(\.key))
    var missing: [AssetKey: Place] = [:]
    for asset in assets {
      for input in asset.inputs where !declared.contains(input.key) {
        missing[input.key] = input.place
      }
      for check in asset.checks {
        for key in check.reads where !declared.contains(key) { missing[key] = check.place }
      }
    }
    let standIns = missing.map { key, place in
      Asset(
        key: key, recipe: .source(table: TableName(key.name)), place: place,
        definition: CanonicalForm(tag: "", fields: []))
    }
    do throws(Problems) {
      return (try AssetGraph(assets + standIns, place: links.place), hasGaps ? [] : problems)
    } catch {
      return (nil, hasGaps ? error.diagnostics : problems)
    }
  }

  private static func found(_ body: () throws -> Void) -> [Diagnostic] {
    do {
      try body()
      return []
    } catch let error as any DiagnosableError {
      return error.diagnostics
    } catch {
      return [Diagnostic("\(error)")]
    }
  }
}

extension Diagnostic {
  /// Whether another one says the same of the same place, perhaps with another hint.
  fileprivate func says(_ other: Diagnostic) -> Bool {
    place == other.place && summary == other.summary
  }
}
