import AssetCore
import AssetSQL

/// Turns declarations into assets: fills in vars and the environment, finds the files that patterns
/// name, and digests what is part of the definition.
final class DeclarationResolver {
  let folder: ProjectFolder
  let project: ProjectFile
  let environment: [String: String]
  let log: ProblemLog
  let dialect = SQLDialect.sqlite
  private(set) var warnings: [Diagnostic] = []
  /// The digests of large files.
  let digests: CodeDigests
  /// The paths that programs write, which are nobody's code.
  let written: Set<String>
  /// Of these, those that are declared as folders.
  private let writtenFolders: Set<String>
  /// The table of each source that is one.
  private let tables: [AssetKey: TableName]

  init(
    folder: ProjectFolder, project: ProjectFile, request: LoadRequest, log: ProblemLog,
    declarations: [Declaration], digests: CodeDigests
  ) {
    self.digests = digests
    written = Set(
      declarations.flatMap { declaration -> [String] in
        guard case .program(let program) = declaration.body else { return [] }
        let paths = program.outputs.map(\.path) + [program.metrics].compactMap { $0 }
        return paths.compactMap { try? ProjectPath.normalize($0.text).get() }
      })
    writtenFolders = Set(
      declarations.flatMap { declaration -> [String] in
        guard case .program(let program) = declaration.body else { return [] }
        return program.outputs.map(\.path.text).filter(PathText.endsAsFolder)
          .compactMap { try? ProjectPath.normalize($0).get() }
      })
    tables = Self.tables(of: declarations, environment: request.environment, log: log)
    self.folder = folder
    self.project = project
    environment = request.environment
    self.log = log
    refuseOwnTables(among: declarations, tables)
  }

  /// The asset, or nothing if something is wrong with it, which is noted.
  func resolve(_ declaration: Declaration) -> Asset? {
    guard let key = AssetKey(declaration.name) else { return nil }
    let before = log.problems.count
    for prefix in ["assetctl_", "sqlite_"] where key.name.lowercased().hasPrefix(prefix) {
      log.add(.reservedName(key.name, prefix: prefix, at: declaration.place))
    }
    var inputs = self.inputs(of: declaration)
    refusePaths(in: declaration)
    var fields: [CanonicalForm.Field] = []
    checkWindows(inputs, in: declaration)
    let recipe: Recipe?
    switch declaration.body {
    case .query(let query):
      inputs += tableInputs(of: query, in: declaration, beside: inputs)
      checkPartitions(of: query, in: declaration, inputs: &inputs)
      recipe = .query(self.query(query, of: declaration, inputs: inputs, fields: &fields))
    case .rows(let rows):
      recipe = seed(rows, fields: &fields).map(Recipe.seed)
    case .program(let program):
      recipe = self.program(program, of: declaration, inputs: inputs, fields: &fields)
        .map(Recipe.program)
    case .source: recipe = tables[key].map { .source(table: $0) }
    case .files(let path): recipe = fileSet(path).map(Recipe.files)
    }
    for column in declaration.columns {
      if let type = column.type {
        fields.append(.init("type." + column.name.lowercased(), type.rawValue))
      }
    }
    fields += partitionFields(of: declaration, inputs: inputs)
    if declaration.isContractEnforced { fields.append(.init("contract", "enforced")) }
    let checks = checks(of: declaration)
    if let pool = declaration.policy.pool ?? project.defaults.pool, project.pools[pool.text] == nil
    {
      log.add(
        .unknownPool(
          pool.text, at: pool.place,
          nearest: nearestName(to: pool.text, in: project.pools.keys)))
    }
    guard let recipe, log.problems.count == before else { return nil }
    var asset = Asset(
      key: key, recipe: recipe, group: group(of: declaration.place.file),
      description: declaration.description, owner: declaration.owner, tags: declaration.tags,
      place: declaration.place, inputs: inputs,
      definition: CanonicalForm(tag: "assetctl.definition.1", fields: fields),
      columns: declaration.columns, volatility: declaration.volatility ?? .judgedByInputs,
      policy: declaration.policy.resolved(with: project.defaults),
      freshness: declaration.freshness, checks: checks,
      isContractEnforced: declaration.isContractEnforced, keepsRefused: declaration.keepsRefused,
      partitions: declaration.partitions?.scheme)
    asset.failureStopsReaders = declaration.failureStopsReaders
    // Parts are made where they are.
    if asset.partitions != nil { asset.policy.keptVersions = 0 }
    if asset.runtime != nil { asset.obstacle = "the version of its runtime was not asked for" }
    return asset
  }

  /// The table that queries read when they name an asset, if it is another one than that name says.
  private func renamed(_ key: AssetKey) -> TableName? {
    guard let table = tables[key], table.database != nil || AssetKey(trusted: table.name) != key
    else { return nil }
    return table
  }

  /// The tables that sources are; one of a path that cannot be read is a problem.
  private static func tables(
    of declarations: [Declaration], environment: [String: String], log: ProblemLog
  ) -> [AssetKey: TableName] {
    var tables: [AssetKey: TableName] = [:]
    var databases: [String: String] = [:]
    for declaration in declarations {
      guard case .source(let name, let database) = declaration.body,
        let key = AssetKey(declaration.name), tables[key] == nil
      else { continue }
      guard let database else {
        tables[key] = TableName(name)
        continue
      }
      guard let filled = log.fill(database.text, at: database.place, from: environment) else {
        continue
      }
      guard let path = try? ProjectPath.normalizeDatabase(filled).get() else {
        log.add(.badPath(filled, .empty, at: database.place))
        continue
      }
      if let other = databases[path.asciiFolded], other != path {
        log.add(.databasesDifferByCase(other, path, at: database.place))
      }
      databases[path.asciiFolded] = path
      tables[key] = TableName(name, in: path)
    }
    return tables
  }

  /// The folder below `assets/`.
  private func group(of path: String) -> String {
    let folder = ProjectPath.folder(of: path)
    return PathText.place(of: folder, in: "assets") ?? ""
  }

  /// The inputs under `inputs:`, each of which may be named once.
  private func inputs(of declaration: Declaration) -> [AssetInput] {
    var seen: Set<AssetKey> = []
    return declaration.inputs.filter { !$0.isPath }
      .compactMap { input($0, of: declaration) }.filter { input in
        let isNew = seen.insert(input.key).inserted
        if !isNew { log.add(.duplicateSetting(input.key.name, at: input.place)) }
        return isNew
      }
  }

  private func input(
    _ declaration: InputDeclaration, of reader: Declaration
  ) -> AssetInput? {
    guard let key = AssetKey(declaration.name) else {
      log.add(.badName(declaration.name, at: declaration.place))
      return nil
    }
    let read = declaration.columns.map { Consumption(columns: $0) } ?? .whole
    let filter = declaration.filter.flatMap { rowFilter($0, of: reader) }
    return AssetInput(
      key: key, consumption: filter.map { .filtered($0, of: read) } ?? read,
      exportedColumns: declaration.columns, format: declaration.format, window: declaration.window,
      place: declaration.place)
  }
}

// MARK: - Queries

extension DeclarationResolver {
  private func tableInputs(
    of query: QueryDeclaration, in declaration: Declaration, beside declared: [AssetInput]
  ) -> [AssetInput] {
    var seen = Set(declared.map(\.key))
    var inputs: [AssetInput] = []
    for table in query.analysis.tables {
      // A place takes as long to find as the text is, and few of the tables need one.
      func place() -> Place { self.place(of: table.offset, in: query, declaration) }
      if let schema = table.schema, schema.lowercased() != "main" {
        log.add(.unknownSchema(schema, table: table.name, at: place()))
        continue
      }
      let key = AssetKey(trusted: table.name)
      if query.form.readsItself(table, as: declaration) { continue }
      if table.schema != nil, let other = renamed(key) {
        log.add(.schemaOfRenamed(key.name, table: other, at: place()))
        continue
      }
      if query.form == .view, let database = tables[key]?.database {
        log.add(
          .viewBeside(declaration.name, source: key.name, database: database, at: place()))
      }
      if seen.insert(key).inserted {
        inputs.append(AssetInput(key: key, isDerived: true, place: place()))
      }
    }
    return inputs
  }

  private func query(
    _ query: QueryDeclaration, of declaration: Declaration, inputs: [AssetInput],
    fields: inout [CanonicalForm.Field]
  ) -> QueryRecipe {
    let analysis = query.analysis
    fields.append(.init("kind", "table"))
    fields.append(.init("materialized", query.form.materialized.rawValue))
    fields += query.form.fields
    verifyCursor(of: query, declaration, inputs: inputs.map(\.key))
    fields.append(.init("query", analysis.canonicalForm))
    // What has no name is called by its text, white space and all.
    fields += analysis.unnamedColumns.map { .init("column", $0) }
    var used: [String: VarValue] = [:]
    let vars = project.vars.merging(declaration.item?.parameters ?? [:]) { _, item in item }
    for parameter in analysis.parameters {
      func place() -> Place {
        self.place(of: parameter.range.lowerBound, in: query, declaration)
      }
      if let parameter = PartitionParameter(rawValue: parameter.name),
        let partitions = declaration.partitions
      {
        // The engine fills it in when the query is run, as it does with a cursor.
        if partitions.scheme?.parameters.contains(parameter) == false {
          log.add(.needsPartitionsOfTime(":" + parameter.rawValue, at: place()))
        }
      } else if parameter.name == "cursor", query.form.cursor != nil {
        continue
      } else if let value = vars[parameter.name] {
        used[parameter.name] = value
      } else if parameter.sigil == .questionMark {
        log.add(.positionalParameter("?" + parameter.name, at: place()))
      } else if parameter.name == "cursor" {
        log.add(.cursorNotSet(asset: declaration.name, at: place()))
      } else if PartitionParameter(rawValue: parameter.name) != nil {
        log.add(.needsPartitions(":" + parameter.name, at: place()))
      } else {
        log.add(
          .unknownVar(
            parameter.name, at: place(),
            nearest: nearestName(to: parameter.name, in: vars.keys)))
      }
    }
    fields += used.sorted { $0.key < $1.key }.map { name, value in
      declaration.item?.parameters[name] == nil
        ? project.field(ofVar: name, value) : .init("var." + name, value.canonicalText)
    }
    if query.form == .view, let name = used.keys.sorted().first(where: project.secretVars.contains)
    {
      log.add(.secretInView(declaration.name, variable: name, at: declaration.place))
    }
    fields += query.indexes.map { .init("index", $0.joined(separator: ",")) }
    warnIfVolatile(query, declaration)
    let sources = Set(analysis.tables.map { AssetKey(trusted: $0.name) }).sorted()
      .compactMap { key in renamed(key).map { (name: key.name, table: $0) } }
    // Which file it is does not matter, just what it holds.
    fields += sources.filter { AssetKey(trusted: $0.table.name) != AssetKey(trusted: $0.name) }
      .map { .init("source." + $0.name.lowercased(), $0.table.name) }
    var rendered = render(query.text, analysis: analysis) { used[$0.name]?.sqlLiteral }
    // Ten thousand values in the settings need not be read with each of ten thousand queries.
    if declaration.partitions != nil { rendered = withoutLeadingComment(rendered) }
    var named = namedTables(sources, windows: inputs)
    let own = analysis.tables.first { query.form.readsItself($0, as: declaration) }
    if let own {
      named.append(
        NamedTable(own.name, columnsWithoutRows: ":" + QueryRecipe.FromNothing.columns))
    }
    for table in analysis.tables where analysis.ownNames.contains(table.offset) {
      guard named.contains(where: { AssetKey(trusted: $0.name) == AssetKey(trusted: table.name) })
      else { continue }
      log.add(
        .ownNameOfInput(
          table.name, at: place(of: table.offset, in: query, declaration)))
    }
    let fromNothing = own == nil ? nil : try? naming(named, in: rendered, dialect: dialect)
    if own != nil { named.removeLast() }
    let sql = (try? naming(named, in: rendered, dialect: dialect)) ?? rendered
    // What stands before a blank may have become longer or shorter.
    let blanks =
      query.form.cursor == nil && declaration.partitions == nil
      ? []
      : self.blanks(of: sql)
    var recipe = QueryRecipe(
      form: query.form, sql: sql, text: query.text, vars: used, indexes: query.indexes,
      blanks: blanks, columns: query.columns)
    recipe.fromNothing = fromNothing.map { .init(sql: $0, blanks: self.blanks(of: $0)) }
    return recipe
  }

  private func blanks(of sql: String) -> [QueryRecipe.Blank] {
    ((try? analyze(sql, dialect: dialect))?.parameters ?? []).map {
      QueryRecipe.Blank($0.name, range: $0.range)
    }
  }

  /// Makes sure that a cursor is asked for, and is in an input.
  private func verifyCursor(
    of query: QueryDeclaration, _ declaration: Declaration, inputs: [AssetKey]
  ) {
    guard let cursor = query.form.cursor else { return }
    let place = declaration.place
    if !query.analysis.parameters.contains(where: { $0.name == "cursor" }) {
      log.add(.cursorNotUsed(asset: declaration.name, at: place))
    }
    if let input = cursor.input, !inputs.contains(input) {
      log.add(
        .unknownCursorInput(
          input.name, asset: declaration.name, known: inputs.map(\.name), at: place))
    }
  }

  private func warnIfVolatile(_ query: QueryDeclaration, _ declaration: Declaration) {
    guard declaration.volatility == nil, let reason = query.analysis.volatileReasons.first else {
      return
    }
    // The assets of one `foreach:` share their text, and what is to say of it.
    let place = place(of: reason.offset, in: query, declaration)
    guard declaration.item == nil || warnings.last?.place != place else { return }
    warnings.append(
      Diagnostic(
        "the result of `\(declaration.name)` may change by itself: \(reason.explanation)",
        severity: .warning, at: place,
        hint: "say how to treat it with `volatile: always`, `never` or a time such as `6h`"))
  }

  func place(
    of offset: Int, in query: QueryDeclaration, _ declaration: Declaration
  ) -> Place {
    let position = lineAndColumn(ofByteOffset: offset, in: query.text)
    return Place(file: declaration.place.file, line: position.line, column: position.column)
  }
}

extension QueryRecipe.Form {
  /// Whether a name in the query of an asset stands for the rows that its own table has.
  fileprivate func readsItself(_ table: TableReference, as declaration: Declaration) -> Bool {
    guard case .incremental = self, table.schema == nil else { return false }
    return AssetKey(trusted: table.name) == AssetKey(trusted: declaration.name)
  }
}

extension VolatileReason {
  /// The reason in words.
  fileprivate var explanation: String {
    switch self {
    case .random(let function, _): "`\(function)` is random"
    case .clock(let function, _): "`\(function)` reads the clock"
    case .connectionState(let function, _): "`\(function)` depends on what ran before"
    case .unorderedLimit: "a `limit` without `order by` takes any rows"
    case .sample: "a sample takes any rows"
    }
  }
}

// MARK: - Files

extension DeclarationResolver {
  private func seed(
    _ rows: RowsDeclaration, fields: inout [CanonicalForm.Field]
  ) -> SeedRecipe? {
    fields.append(.init("kind", "table"))
    fields.append(.init("materialized", "seed"))
    fields.append(.init("delimiter", rows.format.delimiter))
    fields += rows.format.nulls.map { .init("null", $0) }
    let path = try? ProjectPath.normalize(rows.file.text).get()
    if let path, PathText.lies(path, in: ".assetctl") {
      log.add(.pathInStateFolder(rows.file.text, at: rows.file.place))
      return nil
    }
    let glob = rows.file.isLiteral ? nil : path.flatMap { $0.hasWildcard ? $0 : nil }
    // What others or an asset writes may not be there yet.
    let mayBeMissing = rows.isSource || isWritten(glob ?? path ?? "", isPattern: glob != nil)
    let files = expand(rows.file, mayBeMissing: mayBeMissing)
    guard mayBeMissing || !files.isEmpty else { return nil }
    return SeedRecipe(
      files: files, pattern: rows.file.text, glob: glob, format: rows.format,
      isSource: rows.isSource)
  }

  /// Whether an asset writes a file, or may write one that matches a pattern.
  private func isWritten(_ path: String, isPattern: Bool) -> Bool {
    isPattern
      ? written.contains {
        AssetCore.pattern(path, mayFind: $0, isFolder: writtenFolders.contains($0))
      }
      : (path.foldersAbove + [path]).contains(where: written.contains)
  }

  /// The files that a path or pattern names, sorted; none is a problem, unless it may be so.
  func expand(_ pattern: PlacedText) -> [String] { expand(pattern, mayBeMissing: false) }

  private func expand(_ pattern: PlacedText, mayBeMissing: Bool) -> [String] {
    guard let path = normalize(pattern) else { return [] }
    do throws(FileProblem) {
      guard path.hasWildcard, !pattern.isLiteral else {
        if !mayBeMissing, try !folder.exists(path) { throw .missing }
        return [path]
      }
      let files = try folder.files(matching: path)
      if files.isEmpty, !mayBeMissing { log.add(.noFilesMatch(pattern.text, at: pattern.place)) }
      return files
    } catch {
      log.add(LoadingProblem(error, of: path, at: pattern.place))
      return []
    }
  }

  /// The files that an entry of `code:` names: one, those of a folder, or those that match a pattern.
  func expandCode(_ entry: PlacedText) -> [String] {
    guard let path = normalize(entry) else { return [] }
    do throws(FileProblem) {
      if path.hasWildcard, !entry.isLiteral {
        let files = try folder.files(matching: path)
        if files.isEmpty { warnings.append(.noCodeMatches(entry.text, at: entry.place)) }
        return files
      }
      if try folder.exists(path) { return [path] }
      let files = try folder.files(path)
      guard !files.isEmpty else { throw .missing }
      return files
    } catch {
      log.add(LoadingProblem(error, of: path, at: entry.place))
      return []
    }
  }

  func normalize(_ path: PlacedText) -> String? {
    switch ProjectPath.normalize(path.text) {
    case .success(let normal): return normal
    case .failure(let fault):
      log.add(.badPath(path.text, fault, at: path.place))
      return nil
    }
  }
}
