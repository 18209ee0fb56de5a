import AssetCore
import AssetSQL

/// Reads declarations out of the files under `assets/`.
struct DeclarationReader {
  let log: ProblemLog
  let dialect: SQLDialect
  /// Says what the engine would refuse; `nil` if none is at hand.
  var judge: (any QueryJudge)?
  /// Whether all is told that is wrong, and not only what every command refuses.
  var isThorough = false

  private static let common: Set<String> = [
    "name", "description", "owner", "tags", "columns", "volatile", "checks",
  ]
  /// What every asset may have that is materialized.
  private static let materialized = common.union(Settings.policyKeys).union([
    "foreach", "contract", "quarantine",
  ])
  /// Settings of features to come.
  private static let later: Set<String> = [
    "freshness", "start", "schedule", "triggers",
  ]

  /// The declaration of a query's file; its settings may be left out.
  func query(_ source: SourceText) throws(LoadingProblem) -> Declaration? {
    let header = try SettingsComment.find(in: source)
    let analysis: QueryAnalysis
    do {
      analysis = try analyze(source.text, dialect: dialect)
    } catch {
      let templates = Template.all(in: source.text, from: error.offset)
      guard let last = templates.last, templates[0].offset == error.offset else {
        throw .sql(error, at: place(of: error.offset, in: source))
      }
      for template in templates.dropLast() {
        log.add(.template(template, at: place(of: template.offset, in: source)))
      }
      throw .template(last, at: place(of: last.offset, in: source))
    }
    let yaml = header ?? YAMLSource(file: source.file, text: "")
    guard let settings = Settings(try yaml.parse(), named: "the settings", in: yaml, log: log)
    else { return nil }
    settings.expect(
      Self.materialized.union(["materialized", "indexes", "inputs", "kind", "partitions"])
        .union(FormReader.keys), later: Self.later)
    _ = settings.choice("kind", of: ["table"])
    let name = AssetKey(trusted: settings.text("name") ?? ProjectPath.stem(of: source.file))
    let form = FormReader(
      settings: settings, log: log,
      readsItself: analysis.tables.contains {
        $0.schema == nil && AssetKey(trusted: $0.name) == name
      }
    ).form()
    let indexes = settings.textLists("indexes") ?? []
    for (position, columns) in indexes.enumerated() where indexes[..<position].contains(columns) {
      log.add(
        .repeatedIndex(columns.joined(separator: ", "), at: settings.place(of: "indexes")))
    }
    if form == .view, !indexes.isEmpty {
      log.add(
        .conflictingSettings("materialized: view", "indexes", at: settings.place(of: "indexes")))
    }
    if form == .view, settings.has("keep") {
      log.add(.conflictingSettings("materialized: view", "keep", at: settings.place(of: "keep")))
    }
    let verifier = QueryVerifier(
      log: log, dialect: dialect, judge: judge, isThorough: isThorough)
    let columns = verifier.columns(of: source)
    let declared = declaration(
      settings, name: ProjectPath.stem(of: source.file), place: Place(file: source.file),
      body: .query(
        QueryDeclaration(
          form: form, indexes: indexes, text: source.text, analysis: analysis, columns: columns)))
    if let declared { verifier.verify(declared, settings) }
    return declared
  }

  /// The declaration of a program's file; without settings the file is none of ours.
  func program(_ source: SourceText) throws(LoadingProblem) -> Declaration? {
    guard let header = try SettingsComment.find(in: source),
      let settings = Settings(try header.parse(), named: "the settings", in: header, log: log)
    else { return nil }
    settings.expect(Self.materialized.union(Self.programKeys), later: Self.later)
    return declaration(
      settings, name: ProjectPath.stem(of: source.file), place: Place(file: source.file),
      body: .program(program(settings, file: source.file)))
  }

  /// The declarations of a YAML file.
  func list(_ source: SourceText) throws(LoadingProblem) -> [Declaration] {
    let yaml = YAMLSource(file: source.file, text: source.text)
    guard let settings = Settings(try yaml.parse(), named: "the file", in: yaml, log: log) else {
      return []
    }
    settings.expect(["assets", "sources"])
    return settings.mappings("sources").compactMap(self.source)
      + settings.mappings("assets").compactMap(asset)
  }

  /// A data file that no YAML file speaks of is a seed by itself.
  func seed(_ path: String) -> Declaration {
    let place = Place(file: path)
    return Declaration(
      name: ProjectPath.stem(of: path), place: place,
      body: .rows(
        RowsDeclaration(
          file: PlacedText(text: path, place: place), format: RowFormat(), isSource: false)))
  }
}

extension DeclarationReader {
  private static let programKeys: Set<String> = [
    "kind", "inputs", "run", "outputs", "code", "env", "secrets", "runtime", "metrics",
    "partitions",
  ]

  private func source(_ settings: Settings) -> Declaration? {
    settings.expect(
      Self.common.subtracting(["volatile"])
        .union(["table", "database", "file", "path", "csv", "freshness", "on_failure"]),
      later: Self.later)
    guard let name = settings.required("name", of: "the source") else { return nil }
    for other in ["table", "database", "on_failure"]
    where settings.has("file") && settings.has(other) {
      log.add(.conflictingSettings("file", other, at: settings.place(of: other)))
    }
    let isPath = settings.has("path")
    for other in ["table", "database", "file", "csv", "on_failure", "columns", "checks"]
    where isPath && settings.has(other) {
      log.add(.notWithPath(other, at: settings.place(of: other)))
    }
    let isFile = settings.has("file")
    let body: Declaration.Body =
      if isPath {
        .files(
          PlacedText(text: settings.text("path") ?? "", place: settings.valuePlace(of: "path")))
      } else if isFile {
        .rows(rows(settings, isSource: true))
      } else {
        .source(table: settings.text("table") ?? name, database: placed("database", in: settings))
      }
    var declaration = declaration(settings, name: name, place: settings.place, body: body)
    declaration?.freshness = freshness(
      settings, needsColumn: !isFile && !isPath, mayHaveColumn: !isPath)
    declaration?.failureStopsReaders =
      settings.choice("on_failure", of: ["stop", "warn"]) != "warn"
    return declaration
  }

  /// `freshness: {column: at, warn_after: 6h, error_after: 24h}`.
  private func freshness(
    _ settings: Settings, needsColumn: Bool, mayHaveColumn: Bool
  ) -> Freshness? {
    guard settings.has("freshness"), let settings = settings.mapping("freshness") else {
      return nil
    }
    settings.expect(["column", "warn_after", "error_after", "on_late"])
    if needsColumn, settings.isEmpty("column") {
      log.add(.missingSetting("column", of: "`freshness`", at: settings.place))
    }
    if !mayHaveColumn, settings.has("column") {
      log.add(.notWithPath("column", at: settings.place(of: "column")))
    }
    var freshness = FreshnessReader(log: log).limits(settings)
    freshness.column = settings.text("column")
    freshness.stopsReaders = settings.choice("on_late", of: ["stop", "warn"]) == "stop"
    if freshness.stopsReaders, freshness.errorAfterMilliseconds == nil {
      log.add(.missingSetting("error_after", of: "`on_late: stop`", at: settings.place))
    }
    return freshness
  }

  private func asset(_ settings: Settings) -> Declaration? {
    guard settings.required("name", of: "the asset") != nil else { return nil }
    let isProgram = settings.has("run")
    if settings.has("file") == isProgram {
      log.add(
        isProgram
          ? .conflictingSettings("run", "file", at: settings.place(of: "file"))
          : .missingRecipe(at: settings.place))
      return nil
    }
    settings.expect(
      Self.materialized.union(isProgram ? Self.programKeys : ["file", "csv"]), later: Self.later)
    return declaration(
      settings, name: "", place: settings.place,
      body: isProgram
        ? .program(program(settings, file: nil)) : .rows(rows(settings, isSource: false)))
  }

  private func declaration(
    _ settings: Settings, name: String, place: Place, body: Declaration.Body
  ) -> Declaration? {
    let chosen = settings.text("name") ?? name
    let foreach = settings.foreach()
    guard settings.has("foreach") || AssetKey(chosen) != nil else {
      log.add(.badName(chosen, at: settings.has("name") ? settings.valuePlace(of: "name") : place))
      return nil
    }
    let columns = columns(settings)
    if settings.has("partitions"), settings.has("keep") {
      log.add(.conflictingSettings("partitions", "keep", at: settings.place(of: "keep")))
    }
    return Declaration(
      name: chosen, place: place, description: settings.text("description"),
      owner: settings.text("owner"), tags: settings.texts("tags")?.map(\.text) ?? [],
      columns: columns.map(\.column), inputs: inputs(settings), volatility: volatility(settings),
      policy: settings.policy(),
      checks: columns.flatMap(\.checks) + CheckReader(log: log, dialect: dialect).checks(settings),
      isContractEnforced: isContractEnforced(settings),
      keepsRefused: settings.choice("quarantine", of: ["true", "false"]) == "true",
      partitions: PartitionReader(log: log, dialect: dialect).partitions(settings, of: body),
      foreach: foreach, body: body)
  }

  private func rows(_ settings: Settings, isSource: Bool) -> RowsDeclaration {
    var format = RowFormat()
    if let csv = settings.mapping("csv") {
      csv.expect(["delimiter", "null"])
      if let delimiter = csv.text("delimiter") {
        let byte = delimiter == "\\t" || delimiter == "tab" ? "\t" : delimiter
        if byte.utf8.count == 1, !["\"", "\n", "\r", "\0"].contains(byte) {
          format.delimiter = byte
        } else {
          log.add(
            .wrongType(
              setting: "delimiter", expected: "one character", at: csv.valuePlace(of: "delimiter")))
        }
      }
      if let nulls = csv.texts("null") { format.nulls = nulls.map(\.text) }
    }
    return RowsDeclaration(
      file: PlacedText(
        text: settings.text("file") ?? "", place: settings.valuePlace(of: "file")),
      format: format, isSource: isSource)
  }

  private func program(_ settings: Settings, file: String?) -> ProgramDeclaration {
    let outputs = outputs(settings)
    let kind = settings.choice("kind", of: ["file", "model", "table"])
    var run: ProgramDeclaration.RunSetting?
    if settings.isList("run") {
      run = .words(settings.texts("run")?.map(\.text) ?? [])
    } else if let line = settings.text("run") {
      run = .line(PlacedText(text: line, place: settings.valuePlace(of: "run")))
    }
    let product =
      kind.flatMap(ProgramRecipe.Product.init(rawValue:))
      ?? (settings.has("outputs") ? .file : .table)
    if product != .table, settings.has("keep") {
      log.add(.onlyForTables("keep", at: settings.place(of: "keep")))
    }
    return ProgramDeclaration(
      product: product,
      file: file, run: run, outputs: outputs, code: placed(settings.texts("code")),
      environment: placed(settings.texts("env")), secrets: placed(settings.texts("secrets")),
      runtime: placed("runtime", in: settings), metrics: placed("metrics", in: settings))
  }

  private func placed(_ key: String, in settings: Settings) -> PlacedText? {
    settings.text(key).map { PlacedText(text: $0, place: settings.valuePlace(of: key)) }
  }

  private func outputs(_ settings: Settings) -> [OutputDeclaration] {
    guard settings.isMapping("outputs") else {
      return placed(settings.texts("outputs")).map { OutputDeclaration(path: $0) }
    }
    return (settings.mapping("outputs")?.entries() ?? []).compactMap { entry in
      if AssetKey(entry.key) == nil { log.add(.badOutputName(entry.key, at: entry.place)) }
      guard case .scalar(let path, _) = entry.value else {
        log.add(.wrongType(setting: entry.key, expected: "a path", at: entry.valuePlace))
        return nil
      }
      return OutputDeclaration(
        name: PlacedText(text: entry.key, place: entry.place),
        path: PlacedText(text: path, place: entry.valuePlace))
    }
  }

  private func placed(_ texts: [(text: String, place: Place)]?) -> [PlacedText] {
    (texts ?? []).map { PlacedText(text: $0.text, place: $0.place) }
  }

  /// The declared columns, each with the checks that stand under it.
  private func columns(
    _ settings: Settings
  ) -> [(column: DeclaredColumn, checks: [CheckDeclaration])] {
    guard settings.has("columns"), let columns = settings.mapping("columns") else { return [] }
    return columns.entries().map { entry in
      switch entry.value {
      case .mapping(let column):
        column.expect(["type", "description", "checks", "sensitive"])
        let declared = DeclaredColumn(
          name: entry.key,
          type: column.text("type").flatMap { type($0, at: column.valuePlace(of: "type")) },
          description: column.text("description"),
          isSensitive: column.choice("sensitive", of: ["true", "false"]) == "true")
        let reader = CheckReader(log: log, dialect: dialect, column: entry.key)
        return (declared, reader.checks(column))
      case .scalar(let text, _):
        return (DeclaredColumn(name: entry.key, type: type(text, at: entry.valuePlace)), [])
      case .nothing: return (DeclaredColumn(name: entry.key), [])
      case .list:
        log.add(.wrongType(setting: entry.key, expected: "a type", at: entry.valuePlace))
        return (DeclaredColumn(name: entry.key), [])
      }
    }
  }

  /// `contract: enforced`, which needs columns.
  private func isContractEnforced(_ settings: Settings) -> Bool {
    guard settings.choice("contract", of: ["enforced"]) != nil else { return false }
    if settings.isEmpty("columns") {
      log.add(.missingSetting("columns", of: "the contract", at: settings.place(of: "contract")))
    }
    return true
  }

  private func type(_ text: String, at place: Place) -> ColumnType? {
    let type = ColumnType(rawValue: text.lowercased())
    if type == nil {
      log.add(
        .unknownValue(text, setting: "type", known: ColumnType.allCases.map(\.rawValue), at: place))
    }
    return type
  }

  private func inputs(_ settings: Settings) -> [InputDeclaration] {
    guard settings.has("inputs") else { return [] }
    guard settings.isMapping("inputs") else {
      return (settings.texts("inputs") ?? []).map {
        InputDeclaration(name: $0.text, place: $0.place)
      }
    }
    return (settings.mapping("inputs")?.entries() ?? []).map { entry in
      guard case .mapping(let input) = entry.value else {
        if case .nothing = entry.value {
        } else {
          log.add(
            .wrongType(
              setting: entry.key, expected: "a mapping such as `{columns: [a, b]}`",
              at: entry.valuePlace))
        }
        return InputDeclaration(name: entry.key, place: entry.place)
      }
      input.expect(["columns", "format", "window", "where"])
      let columns = input.texts("columns")
      if columns?.isEmpty == true {
        log.add(.emptyColumns(of: entry.key, at: input.valuePlace(of: "columns")))
      }
      return InputDeclaration(
        name: entry.key, place: entry.place, columns: columns?.map(\.text),
        format: input.choice("format", of: ["csv", "jsonl"])
          .flatMap(AssetInput.ExportFormat.init(rawValue:)) ?? .csv,
        window: PartitionReader(log: log, dialect: dialect).window(input),
        filter: filter(input))
    }
  }

  /// The condition on the rows of an input, after the engine was asked what it says of it.
  private func filter(_ input: Settings) -> PlacedText? {
    guard input.has("where") else { return nil }
    let text = placed("where", in: input) ?? PlacedText(text: "", place: input.place(of: "where"))
    // What more is wrong with it is found together with its vars.
    if let condition = try? RowCondition(text.text, dialect: dialect),
      let fault = judge?.fault(
        in: condition.query, tables: [KnownTable(RowCondition.table, columns: condition.columns)])
    {
      log.add(.badCondition(text.text, .notReadable(fault.words), at: text.place))
    }
    return text
  }

  private func volatility(_ settings: Settings) -> Volatility? {
    guard let text = settings.text("volatile") else { return nil }
    switch text {
    case "always": return .always
    case "never": return .judgedByInputs
    default:
      if let seconds = duration(text) { return .after(seconds: seconds) }
      log.add(
        .wrongType(
          setting: "volatile", expected: "`always`, `never` or a time such as `6h`",
          at: settings.valuePlace(of: "volatile")))
      return nil
    }
  }

  private func place(of offset: Int, in source: SourceText) -> Place {
    let position = lineAndColumn(ofByteOffset: offset, in: source.text)
    return Place(file: source.file, line: position.line, column: position.column)
  }
}

extension Settings {
  func number(_ key: String) -> Double? {
    guard let text = text(key) else { return nil }
    if let number = Double(text), number.isFinite { return number }
    log.add(.wrongType(setting: key, expected: "a number", at: valuePlace(of: key)))
    return nil
  }

  func required(_ key: String, of owner: String) -> String? {
    if isEmpty(key) { log.add(.missingSetting(key, of: owner, at: place)) }
    return text(key)
  }
}
