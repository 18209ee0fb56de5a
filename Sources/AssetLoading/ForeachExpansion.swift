import AssetCore

/// Makes of each declaration with `foreach:` the declarations of its items.
struct ForeachExpansion {
  private let folder: ProjectFolder
  private let log: ProblemLog
  /// What is odd, but no problem.
  private(set) var warnings: [Diagnostic] = []

  init(_ folder: ProjectFolder, log: ProblemLog) {
    self.folder = folder
    self.log = log
  }

  /// The declarations of single assets; those of one `foreach:` are sorted by their items.
  mutating func expand(_ declarations: [Declaration]) -> [Declaration] {
    var expanded: [Declaration] = []
    for declaration in declarations {
      if let foreach = declaration.foreach {
        expanded += assets(of: declaration, foreach)
      } else {
        expanded.append(declaration)
      }
    }
    return expanded
  }

  private mutating func assets(
    of declaration: Declaration, _ foreach: ForeachDeclaration
  ) -> [Declaration] {
    guard let items = items(of: foreach) else { return [] }
    if items.isEmpty { warnings.append(Self.warning(of: declaration, foreach)) }
    var known: [AssetKey: ForeachItem] = [:]
    return items.compactMap { item in
      let made = declaration.made(for: item)
      guard let key = AssetKey(made.name) else {
        log.add(.badItemName(made.name, item: item.text, at: foreach.place))
        return nil
      }
      if let other = known[key] {
        log.add(.itemsShareName(key.name, other.text, item.text, at: foreach.place))
        return nil
      }
      known[key] = item
      return made
    }
  }

  /// The items, each once; nothing if they cannot be found out.
  private func items(of foreach: ForeachDeclaration) -> [ForeachItem]? {
    switch foreach.items {
    case .list(let items):
      return Set(items.map(ForeachItem.init)).sorted {
        ($0.text, $0.value.canonicalText) < ($1.text, $1.value.canonicalText)
      }
    case .files(let pattern):
      do {
        return try folder.files(matching: ProjectPath.normalize(pattern).get())
          .map(ForeachItem.init(file:))
      } catch let fault as ProjectPath.Fault {
        log.add(.badPath(pattern, fault, at: foreach.place))
      } catch let problem as FileProblem {
        // Files that cannot be seen have not disappeared.
        log.add(.unreadable(pattern, reason: problem.reason))
      } catch {
        log.add(.unreadable(pattern, reason: "\(error)"))
      }
      return nil
    }
  }

  private static func warning(
    of declaration: Declaration, _ foreach: ForeachDeclaration
  ) -> Diagnostic {
    let summary =
      switch foreach.items {
      case .list: "`foreach` is an empty list, so `\(declaration.name)` makes no assets"
      case .files(let pattern):
        "no file matches `\(pattern)`, so `\(declaration.name)` makes no assets"
      }
    return Diagnostic(summary, severity: .warning, at: foreach.place)
  }
}

extension ForeachExpansion {
  /// Puts in the place of each pattern under `inputs:` the assets and sources that it matches, sorted,
  /// without the reader itself.
  ///
  /// What is also named by itself keeps what is set there.
  mutating func expandInputs(of declarations: [Declaration]) -> [Declaration] {
    let isPattern = { (input: InputDeclaration) in input.name.hasWildcard && !input.isPath }
    guard declarations.contains(where: { $0.inputs.contains(where: isPattern) }) else {
      return declarations
    }
    let keys = declarations.compactMap { AssetKey($0.name) }.sorted()
    return declarations.map { declaration in
      guard declaration.inputs.contains(where: isPattern) else { return declaration }
      var declaration = declaration
      var known = Set(declaration.inputs.compactMap { AssetKey($0.name) })
      if let own = AssetKey(declaration.name) { known.insert(own) }
      declaration.inputs = declaration.inputs.flatMap { input -> [InputDeclaration] in
        guard isPattern(input) else { return [input] }
        let matched = keys.filter { matches(input.name, $0.name) }
        if matched.allSatisfy({ $0.name == declaration.name }) {
          warnings.append(
            Diagnostic(
              "no asset matches `\(input.name)`, so `\(declaration.name)` reads none by it",
              severity: .warning, at: input.place))
        }
        return matched.filter { known.insert($0).inserted }.map { key in
          var named = input
          named.name = key.name
          return named
        }
      }
      return declaration
    }
  }
}

extension ProjectFolder {
  /// The paths of the files that a pattern matches, sorted.
  package func files(matching pattern: String) throws(FileProblem) -> [String] {
    // Only the folders before the first wildcard need not be searched.
    let fixed = PathText.parts(of: pattern).prefix { !$0.hasWildcard }
    let found = try files(fixed.joined(separator: "/")).filter { pathMatches(pattern, $0) }
    found.forEach(note)
    return found
  }
}
