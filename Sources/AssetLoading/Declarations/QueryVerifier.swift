import AssetCore
import AssetSQL

/// Finds in a query's text, and in what is declared beside it, what no table could mend.
///
/// It is asked when a file is parsed; what was once found good is remembered with what was parsed.
struct QueryVerifier {
  let log: ProblemLog
  let dialect: SQLDialect
  let judge: (any QueryJudge)?
  /// Whether settings are looked at that would keep just this asset from being made.
  let isThorough: Bool

  /// Notes what is wrong with a query's text.
  ///
  /// - Parameter source: The text.
  /// - Returns: The names of the columns that it gives; `nil` if the text alone does not tell them.
  func columns(of source: SourceText) -> [String]? {
    let result = resultColumns(of: source.text, dialect: dialect)
    func place(_ offset: Int) -> Place {
      let position = lineAndColumn(ofByteOffset: offset, in: source.text)
      return Place(file: source.file, line: position.line, column: position.column)
    }
    let verdict = judge?.verdict(on: source.text, tables: []) ?? .open
    if case .refused(let fault) = verdict, fault.kind == .syntax {
      let offset = fault.offset ?? result.stop ?? source.text.endOfText
      log.add(
        .refusedQuery(
          fault.isIncomplete ? nil : fault.words, hint: source.text.hintOfComma(before: offset),
          at: place(offset)))
    } else if let name = nameOfCircle(in: source.text) {
      log.add(.circle(name, at: place(source.text.offset(ofDeclaration: name) ?? 0)))
    } else if let repeated = result.repeated, verdict.mayRepeatNames {
      log.add(
        .repeatedColumn(
          repeated.name, first: place(repeated.first), at: place(repeated.second)))
    }
    return result.names
  }

  /// The name of a query of a `with` clause that reads itself and is not recursive, in the form in which the
  /// query is carried out.
  private func nameOfCircle(in text: String) -> String? {
    guard let judge, text.utf8.count > 4, text.lowercased().contains("with"),
      let analysis = try? analyze(text, dialect: dialect)
    else { return nil }
    // The database finds a circle before it looks at columns, but not before it looks for tables.
    let tables = Set(analysis.tables.filter { $0.schema == nil }.map(\.name.caseFolded))
    let fault = judge.fault(
      in: render(text, analysis: analysis) { _ in nil },
      tables: tables.sorted().map { KnownTable($0, columns: ["_"]) })
    return fault?.kind == .circle ? fault?.name : nil
  }

  /// Notes what a declaration asks of its own table that its query does not give.
  ///
  /// - Parameters:
  ///   - declaration: The declaration of a query.
  ///   - settings: What it was read from.
  func verify(_ declaration: Declaration, _ settings: Settings) {
    guard case .query(let query) = declaration.body else { return }
    let given = query.form.columns(of: query.columns)
    let known = given.map { [KnownTable(declaration.name, columns: $0)] } ?? []
    for check in declaration.checks { verify(check, of: declaration, known) }
    guard let given else { return }
    let names = TableColumns(given)
    func expect(_ columns: [String], _ place: Place) {
      for column in columns where !names.contains(column) {
        log.add(.noResultColumn(column, asset: declaration.name, given: given, at: place))
      }
    }
    for check in declaration.checks { expect(check.assertion.columns, check.place) }
    guard isThorough else { return }
    expect(query.form.uniqueKey, settings.place(of: "unique_key"))
    expect(query.form.comparedColumns, settings.place(of: "materialized"))
    // A view has no indexes, and its columns are the query's.
    guard query.form != .view else { return }
    expect(query.indexes.flatMap { $0 }, settings.place(of: "indexes"))
    // What breaks a contract is told all at once, types and all, when the table is made.
    guard !declaration.isContractEnforced else { return }
    let columns = settings.mapping("columns")
    for column in declaration.columns where column.type != nil {
      expect([column.name], columns?.place(of: column.name) ?? settings.place)
    }
  }

  /// Notes what the engine says of the texts of a check.
  ///
  /// - Parameters:
  ///   - check: A check.
  ///   - declaration: What declares it.
  ///   - known: The tables whose columns are known.
  func verify(_ check: CheckDeclaration, of declaration: Declaration, _ known: [KnownTable]) {
    var texts: [(query: String, source: CheckSource)] = []
    if let filter = check.filter {
      texts.append((filter.asCondition(of: declaration.name), filter))
    }
    if let text = check.text {
      let isQuery = if case .sql = check.assertion { true } else { false }
      texts.append((isQuery ? text.text : text.asCondition(of: declaration.name), text))
    }
    for (query, source) in texts {
      guard let fault = judge?.fault(in: query, tables: known) else { continue }
      switch fault.kind {
      case .syntax:
        // The parenthesis behind an expression is none of it.
        let isIncomplete = fault.isIncomplete || fault.offset == query.utf8.count - 1
        log.add(
          .refusedQuery(isIncomplete ? nil : fault.words, hint: nil, at: source.place))
      case .name where !known.isEmpty:
        let nearest = fault.name.flatMap { nearestName(to: $0, in: known.flatMap(\.columns)) }
        log.add(
          .refusedQuery(
            fault.words, hint: nearest.map { "did you mean `\($0)`?" }, at: source.place))
      case .name, .circle, .other: continue
      }
    }
  }
}

extension CheckSource {
  /// The expression as what rows of a table are chosen by.
  fileprivate func asCondition(of table: String) -> String {
    let name = table.replacing("\"", with: "\"\"")
    return "select 1 from \"\(name)\" where (\n\(rendered(isExpression: true) { _ in nil })\n)"
  }
}

extension String {
  /// Where a `with` clause declares a name: the name in front of `as`, or of its columns.
  fileprivate func offset(ofDeclaration name: String) -> Int? {
    let lowered = Array(lowercased().utf8)
    let word = Array(name.lowercased().utf8)
    guard lowered.count == utf8.count, lowered.count > word.count else { return nil }
    return (0..<(lowered.count - word.count)).first { start in
      guard lowered[start...].starts(with: word) else { return false }
      let rest = lowered[(start + word.count)...].drop { $0 <= 0x20 || $0 == UInt8(ascii: "\"") }
      return rest.starts(with: "as".utf8) || rest.first == UInt8(ascii: "(")
    }
  }

  /// The offset behind the last byte that is no white space.
  fileprivate var endOfText: Int {
    utf8.count - utf8.reversed().prefix { $0 <= UInt8(ascii: " ") }.count
  }

  /// What to do about a comma that stands in front of an offset, if one does.
  fileprivate func hintOfComma(before offset: Int) -> String? {
    let before = utf8.prefix(offset).reversed().first { $0 > UInt8(ascii: " ") }
    return before == UInt8(ascii: ",") ? "remove the comma in front of it" : nil
  }
}
