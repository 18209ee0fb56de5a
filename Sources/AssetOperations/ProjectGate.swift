import AssetCore
import AssetExecution
import AssetLoading
import AssetSQL

/// Finds in a project what no run could mend, by the columns that the project itself tells of its tables.
///
/// Neither the warehouse nor the store is looked at. Where the columns of an input are not known, as those
/// of sources, nothing is said that depends on them.
struct ProjectGate {
  enum Scope {
    /// What every command refuses: names that columns share, and checks on columns that are not given.
    case declarations
    /// Everything, with names in queries and settings that stand for nothing.
    case all
  }

  private let graph: AssetGraph
  private let judge: any QueryJudge
  private let mask: SecretMask
  private var catalog: ColumnCatalog
  /// The files whose columns were looked at, relative to the project's folder.
  let files: [String]

  /// - Parameters:
  ///   - graph: The project.
  ///   - folder: Its folder.
  ///   - reader: Reads its queries.
  ///   - judge: Prepares queries without data.
  ///   - mask: Hides secrets that vars brought into the texts of checks.
  ///   - scope: What is looked for.
  init(
    _ graph: AssetGraph, in folder: String, reader: any QueryReader, judge: any QueryJudge,
    mask: SecretMask, _ scope: Scope
  ) {
    self.graph = graph
    self.mask = mask
    self.judge = judge
    let needed = Self.needed(graph, scope)
    var known: [AssetKey: [String]] = [:]
    var actual: [AssetKey: [String]] = [:]
    var files: [String] = []
    for asset in graph.sortedAssets {
      switch asset.recipe {
      case .query(let query): actual[asset.key] = query.form.columns(of: query.columns)
      case .seed(let seed) where needed.contains(asset.key):
        // What others write is their data; it may have other columns at any time.
        guard !seed.isSource, asset.fileWriters.isEmpty else { continue }
        files += seed.files
        if let found = seed.columns(in: folder), found.isComplete { known[asset.key] = found.names }
      case .program where asset.isContractEnforced:
        known[asset.key] = asset.columns.map(\.name)
      case .seed, .program, .source, .files: continue
      }
    }
    self.files = files
    catalog = ColumnCatalog(
      of: graph, reader: SureReader(reader: reader), actual: actual, known: known)
  }

  /// The assets whose columns decide something.
  private static func needed(_ graph: AssetGraph, _ scope: Scope) -> Set<AssetKey> {
    guard scope == .declarations else { return Set(graph.order) }
    var needed: Set<AssetKey> = []
    for asset in graph.sortedAssets {
      if !asset.checks.isEmpty { needed.insert(asset.key) }
      needed.formUnion(asset.checks.flatMap(\.reads))
      needed.formUnion(asset.inputs.filter { $0.consumption.filter != nil }.map(\.key))
      guard case .query(let query) = asset.recipe, query.columns == nil else { continue }
      needed.formUnion(asset.inputs.map(\.key))
    }
    return needed
  }

  /// What is wrong, in the order of places.
  mutating func problems(_ scope: Scope) -> [Diagnostic] {
    var problems: [Diagnostic] = []
    for asset in graph.sortedAssets {
      if case .query(let query) = asset.recipe {
        problems += self.problems(in: query, of: asset, scope)
      }
      problems += unknownColumns(in: asset, scope)
      for check in asset.checks { problems += self.problems(in: check, of: asset) }
    }
    return Problems(problems).diagnostics
  }
}

extension AssetGraph {
  /// Makes sure that nothing is declared that no run could mend, unless that was found before.
  ///
  /// - Parameters:
  ///   - folder: The project's folder.
  ///   - reader: Reads its queries.
  ///   - judge: Prepares queries without data.
  ///   - mask: Hides secrets.
  ///   - cache: What is known of the project's files.
  /// - Throws: All problems.
  /// - Returns: What to remember of it; `nil` if that is known.
  func verified(
    in folder: String, reader: any QueryReader, judge: any QueryJudge, mask: SecretMask,
    knowing cache: DeclarationCache
  ) throws(Problems) -> (key: String, files: [UInt8])? {
    let key = cache.fingerprint
    if let known = cache.entries[DeclarationCache.verdict], known.key == key {
      let stamps = String(decoding: known.declarations, as: UTF8.self).split(separator: "\n")
      let files = stamps.dropFirst().map { $0.split(separator: "\0") }
      let isSame =
        stamps.first == "good"
        && files.allSatisfy { file in
          file.count == 2 && stamp(of: String(file[0]), in: folder) == String(file[1])
        }
      if isSame { return nil }
    }
    var gate = ProjectGate(
      self, in: folder, reader: reader, judge: judge, mask: mask, .declarations)
    let problems = gate.problems(.declarations)
    guard problems.isEmpty else { throw Problems(problems) }
    let files = gate.files.map { $0 + "\0" + (stamp(of: $0, in: folder) ?? "") }
    return (key, Array((["good"] + files).joined(separator: "\n").utf8))
  }
}

private func stamp(of path: String, in folder: String) -> String? {
  (try? FileFacts(path: folder + "/" + path))?.stamp
}

// MARK: - Queries

extension ProjectGate {
  private mutating func problems(
    in query: QueryRecipe, of asset: Asset, _ scope: Scope
  ) -> [Diagnostic] {
    // What the text alone tells was looked for when it was parsed.
    guard scope == .all || query.columns == nil else { return [] }
    let inputs = asset.inputs.map(\.key)
    var tables: [KnownTable] = []
    for key in inputs {
      if let columns = catalog.columns(of: key) {
        tables.append(KnownTable(key.name, columns: columns))
      }
    }
    let isComplete = tables.count == inputs.count
    if query.fromNothing != nil, let own = catalog.columns(of: asset.key) {
      tables.append(KnownTable(asset.key.name, columns: own))
    }
    if isComplete {
      let verdict = judge.verdict(on: query.text, tables: tables)
      switch verdict {
      case .gives where verdict.mayRepeatNames:
        return [repeated(in: query, of: asset, by: tables)]
      case .refused(let fault) where scope == .all && ![.syntax, .circle].contains(fault.kind):
        // What is carried out is the text with the values of vars in it.
        guard judge.fault(in: query.sql, tables: tables) != nil else { return [] }
        return refused(fault, in: query, of: asset)
      case .gives, .refused, .open: return []
      }
    }
    guard scope == .all, let names = mentionedNames(in: query.text, dialect: .sqlite) else {
      return []
    }
    // A table that is not known has whatever column it is asked for.
    let missing = inputs.filter { key in !tables.contains { AssetKey(trusted: $0.name) == key } }
    tables += missing.map { KnownTable($0.name, columns: names) }
    guard let fault = judge.fault(in: query.text, tables: tables), fault.kind == .name else {
      return []
    }
    return refused(fault, in: query, of: asset)
  }

  private func repeated(
    in query: QueryRecipe, of asset: Asset, by tables: [KnownTable]
  ) -> Diagnostic {
    let columns = Dictionary(tables.map { (AssetKey(trusted: $0.name), $0.columns) }) { $1 }
    let found = resultColumns(of: query.text, dialect: .sqlite) { columns[$0] }.repeated
    guard let found else {
      return Diagnostic(
        "the query gives two columns of one name", at: asset.place,
        hint: "name one of them otherwise with `as`")
    }
    return Diagnostic(
      "the query gives two columns named `\(found.name)`",
      at: place(of: found.second, in: query, of: asset),
      facts: [.init("first", "\(place(of: found.first, in: query, of: asset))")],
      hint: "name the columns that are needed, and one of these otherwise with `as`")
  }

  private mutating func refused(
    _ fault: QueryFault, in query: QueryRecipe, of asset: Asset
  ) -> [Diagnostic] {
    // Our own words have hints, and tell all names at once.
    let own = catalog.reading(of: asset.key).problems
    if fault.kind == .name, !own.isEmpty { return own }
    return [
      Diagnostic(
        fault.words, at: fault.offset.map { place(of: $0, in: query, of: asset) } ?? asset.place)
    ]
  }

  private func place(of offset: Int, in query: QueryRecipe, of asset: Asset) -> Place {
    let position = lineAndColumn(ofByteOffset: offset, in: query.text)
    return Place(file: asset.place.file, line: position.line, column: position.column)
  }
}

// MARK: - Checks and settings

extension ProjectGate {
  /// Columns that checks and settings ask for, and that are not given.
  private mutating func unknownColumns(in asset: Asset, _ scope: Scope) -> [Diagnostic] {
    var asked = asset.checks.flatMap { check in
      check.assertion.columns.map { (name: $0, of: asset.key, place: check.place) }
    }
    for check in asset.checks {
      guard case .relationships(_, let other, let field) = check.assertion else { continue }
      asked.append((field, other, check.place))
    }
    for input in asset.inputs {
      let columns = input.consumption.filter?.columns ?? []
      asked += columns.map { ($0, input.key, input.place) }
    }
    if scope == .all, case .query(let query) = asset.recipe, query.columns == nil {
      let isTable = query.form != .view
      let typed =
        isTable && !asset.isContractEnforced ? asset.columns.filter { $0.type != nil } : []
      let names =
        query.form.uniqueKey + query.form.comparedColumns
        + (isTable ? query.indexes.flatMap { $0 } : []) + typed.map(\.name)
      asked += names.map { ($0, asset.key, asset.place) }
    }
    return asked.compactMap { name, key, place in
      guard let columns = catalog.columns(of: key), !TableColumns(columns).contains(name) else {
        return nil
      }
      return Diagnostic(
        "`\(key)` has no column `\(name)`", at: place,
        hint: nearestName(to: name, in: columns).map { "did you mean `\($0)`?" }
          ?? "it has \(listed(columns.prefix(20).map { "`\($0)`" }))")
    }
  }

  /// What the engine says of the texts of a check.
  private mutating func problems(in check: Check, of asset: Asset) -> [Diagnostic] {
    var queries = [check.filter].compactMap(\.self).map { ($0.asCondition(of: asset.key), $0) }
    switch check.assertion {
    case .expression(let text): queries.append((text.asCondition(of: asset.key), text))
    case .sql(let text): queries.append((text.sql, text))
    default: break
    }
    return queries.compactMap { query, text in
      var tables: [KnownTable] = []
      for key in Set(text.reads + [asset.key.asset]).sorted() {
        // With a table that is not known nothing is known of the names.
        guard let columns = catalog.columns(of: key) else { continue }
        tables.append(KnownTable(key.name, columns: columns))
      }
      guard let fault = judge.fault(in: query, tables: tables),
        [.syntax, .name].contains(fault.kind)
      else {
        return nil
      }
      let nearest = fault.name.flatMap { nearestName(to: $0, in: tables.flatMap(\.columns)) }
      return Diagnostic(
        mask.masked(fault.words), at: check.place,
        hint: nearest.map { "did you mean `\($0)`?" })
    }
  }
}

extension CheckText {
  /// The expression as what rows of a table are chosen by.
  fileprivate func asCondition(of key: AssetKey) -> String {
    "select 1 from \"\(key.asset.name)\" where (\n\(sql)\n)"
  }
}

/// Gives columns only where they are sure.
private struct SureReader: QueryReader {
  let reader: any QueryReader

  func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
    var reading = reader.read(asset, columns: columns)
    let isSure =
      if case .query(let query) = asset.recipe { query.form.columns(of: []) != nil } else { false }
    if !isSure || !reading.problems.isEmpty || asset.mayNameColumnsByVars(reading) {
      reading.columns = nil
    }
    return reading
  }
}

extension Asset {
  /// Whether a column without a name of its own may be called by the value of a var, or by a collation.
  fileprivate func mayNameColumnsByVars(_ reading: QueryReading) -> Bool {
    guard case .query(let query) = recipe else { return false }
    if query.text.lowercased().contains("collate") { return true }
    guard query.text != query.sql else { return false }
    return reading.columns?.contains { $0.name.contains { ":@$?".contains($0) } } == true
  }
}
