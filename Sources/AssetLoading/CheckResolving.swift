import AssetCore
import AssetSQL

// Turns declared checks into checks: fills in vars, reads files, and gives each a name of its own.

extension DeclarationResolver {
  func checks(of declaration: Declaration) -> [Check] {
    var names: [String: Int] = [:]
    return declaration.checks.compactMap { declared in
      guard var check = check(declared, of: declaration) else { return nil }
      let count = names[check.name, default: 0] + 1
      names[check.name] = count
      if count > 1 { check.name += " #\(count)" }
      return check
    }
  }

  private func check(_ declared: CheckDeclaration, of declaration: Declaration) -> Check? {
    var assertion = declared.assertion
    var title: String?
    switch assertion {
    case .expression:
      guard let text = declared.text else { return nil }
      let resolved = resolve(text, isExpression: true, in: declaration)
      assertion = .expression(resolved)
      title = resolved.sql
    case .sql:
      guard let text = declared.text ?? read(declared.file) else { return nil }
      assertion = .sql(resolve(text, isExpression: false, in: declaration))
      title = declared.file?.text
    default: break
    }
    if !isTable(declaration), isAboutTables(assertion) {
      log.add(.checkNeedsTable(declaration.name, at: declared.place))
      return nil
    }
    if case .metric = assertion, !isProgram(declaration) {
      log.add(.metricNeedsProgram(declaration.name, at: declared.place))
      return nil
    }
    return Check(
      name: declared.name ?? assertion.title(title), assertion,
      filter: declared.filter.map { resolve($0, isExpression: true, in: declaration) },
      severity: declared.severity, errorIf: declared.errorIf ?? .some,
      warnIf: declared.warnIf ?? .some, place: declared.place)
  }

  private func isTable(_ declaration: Declaration) -> Bool {
    if case .program(let program) = declaration.body { program.product == .table } else { true }
  }

  private func isProgram(_ declaration: Declaration) -> Bool {
    if case .program = declaration.body { true } else { false }
  }

  private func isAboutTables(_ assertion: Check.Assertion) -> Bool {
    switch assertion {
    case .metric: false
    case .anomaly(let bounds): bounds.measure.isAboutRows
    default: true
    }
  }

  private func read(_ file: PlacedText?) -> CheckSource? {
    guard let file else { return nil }
    do {
      let path = try ProjectPath.normalize(file.text).get()
      let bytes: [UInt8]
      do throws(FileProblem) {
        bytes = try folder.read(path)
      } catch {
        throw LoadingProblem(error, of: path, at: file.place)
      }
      return try .query(
        String(decoding: bytes, as: UTF8.self), at: Place(file: path), dialect)
    } catch let fault as ProjectPath.Fault {
      log.add(.badPath(file.text, fault, at: file.place))
    } catch let problem as LoadingProblem {
      log.add(problem)
    } catch {
      log.add(.unreadable(file.text, reason: "\(error)"))
    }
    return nil
  }

  /// The text with the vars filled in, and what it names.
  private func resolve(
    _ source: CheckSource, isExpression: Bool, in declaration: Declaration
  ) -> CheckText {
    let vars = project.vars.merging(declaration.item?.parameters ?? [:]) { _, item in item }
    for parameter in source.analysis.parameters where vars[parameter.name] == nil {
      log.add(
        .unknownVar(
          parameter.name, at: source.place,
          nearest: nearestName(to: parameter.name, in: vars.keys)))
    }
    let sql = source.rendered(isExpression: isExpression) { vars[$0.name]?.sqlLiteral }
    return CheckText(sql, reads: source.analysis.tables.map { AssetKey(trusted: $0.name) })
  }
}

extension Check.Assertion {
  /// What a check is called that has no name of its own.
  ///
  /// - Parameter text: The text of an expression, or the file of a query.
  /// - Returns: The name, which other checks of the asset may have too.
  fileprivate func title(_ text: String?) -> String {
    switch self {
    case .unique(let columns): return "unique(\(columns.joined(separator: ", ")))"
    case .notNull(let column): return "not_null(\(column))"
    case .acceptedValues(let column, _): return "accepted_values(\(column))"
    case .relationships(let column, let other, let field):
      return "relationships(\(column), \(other).\(field))"
    case .expression: return "expression(\(Self.oneLine(text ?? "")))"
    case .rowCount(_, _, let other?): return "row_count(equals \(other))"
    case .rowCount: return "row_count"
    case .range(let column, _, _, _): return "range(\(column))"
    case .matches(let column, _): return "matches(\(column))"
    case .freshness(let expected): return "freshness(\(expected.column ?? ""))"
    case .sql: return text.map { "sql(\($0))" } ?? "sql"
    case .metric(let bounds): return "metric(\(bounds.metric))"
    case .anomaly(let bounds): return "anomaly(\(bounds.label))"
    }
  }

  private static func oneLine(_ text: String) -> String {
    let words = text.split { $0.isWhitespace }.joined(separator: " ")
    return words.count > 60 ? String(words.prefix(59)) + "…" : words
  }
}
