import AssetCore

/// A condition on the rows of one table, as the text of a query that has just that table.
package struct RowCondition: Equatable, Sendable {
  /// What keeps a text from being a condition on rows alone.
  package enum Fault: Error, Equatable, Sendable {
    case sql(SQLError)
    /// It is empty.
    case nothing
    case semicolon
    /// It reads further tables.
    case subquery
    case window
    case aggregate(String)
    /// It may hold for other rows at another time, by this function.
    case volatile(String)
    /// It is no expression on columns, for a reason in words.
    case notReadable(String)
  }

  /// What the table is called in it.
  package static let table = "assetctl_rows"
  private static let opening = "select 1 from assetctl_rows where (\n"
  private static let canonicalOpening = "select 1 from assetctl_rows where ( "

  /// The condition within a query.
  package let query: String
  private let analysis: QueryAnalysis
  /// The columns that it reads, in lower case, sorted.
  package let columns: [String]

  /// Reads a condition.
  ///
  /// - Parameters:
  ///   - text: The condition, in which parameters may stand for values.
  ///   - dialect: The dialect that it is written in.
  /// - Throws: What keeps it from being a condition on the columns of one table.
  package init(_ text: String, dialect: SQLDialect) throws(Fault) {
    let source: SQLTokens
    do { source = try tokenize(text, dialect: dialect) } catch { throw .sql(error) }
    try Self.verify(source)
    query = Self.opening + text + "\n)"
    do { analysis = try analyze(query, dialect: dialect) } catch { throw .sql(error) }
    guard analysis.tables.count == 1 else { throw .subquery }
    if let reason = analysis.volatileReasons.first { throw .volatile(reason.function) }
    let reading = readQuery(query, dialect: dialect) { _ in nil }
    if let reason = reading.unreadable ?? reading.problems.first?.summary {
      throw .notReadable(reason)
    }
    guard let read = reading.inputs[AssetKey(trusted: Self.table)]?.consumption.lists?.columns
    else {
      throw .notReadable("it is not clear which columns it reads")
    }
    columns = read
  }

  /// The parameters in it.
  package var parameters: [ParameterReference] { analysis.parameters }

  /// The condition with values in the place of parameters, in a form that comments, white space and the case
  /// of words do not change.
  ///
  /// - Parameters:
  ///   - dialect: The dialect that it is written in.
  ///   - literal: Gives the literal of a parameter.
  /// - Returns: The condition.
  package func rendered(
    dialect: SQLDialect, _ literal: (ParameterReference) -> String?
  ) -> String {
    let text = render(query, analysis: analysis, replacing: literal)
    let form = (try? analyze(text, dialect: dialect))?.canonicalForm ?? text
    return String(
      decoding: form.utf8.dropFirst(Self.canonicalOpening.utf8.count).dropLast(2), as: UTF8.self)
  }

  /// Finds what no condition on rows has.
  private static func verify(_ source: SQLTokens) throws(Fault) {
    let tokens = source.tokens
    guard !tokens.isEmpty else { throw .nothing }
    var open: [Int] = []
    for (index, token) in tokens.enumerated() {
      let before = index > 0 ? tokens[index - 1].kind : nil
      let after = index + 1 < tokens.count ? tokens[index + 1] : nil
      switch token.kind {
      case .semicolon: throw .semicolon
      case .open: open.append(token.start)
      case .close where open.popLast() == nil:
        throw .sql(.unbalanced(source.text(of: token), offset: token.start))
      case .identifier where token.keyword == .select || token.keyword == .exists: throw .subquery
      case .identifier where token.keyword == .over && before == .close: throw .window
      case .identifier where token.keyword == .filter && before == .close && after?.kind == .open:
        throw .window
      case .identifier where after?.kind == .open && before != .dot:
        let name = source.text(of: token).lowercased()
        if windows.contains(name) { throw .window }
        let isOne = ["min", "max"].contains(name) && !hasComma(tokens[(index + 2)...])
        if isOne || aggregates.contains(name) { throw .aggregate(name) }
      default: break
      }
    }
    if let first = open.first { throw .sql(.unbalanced("(", offset: first)) }
  }

  /// Whether a list of arguments, whose tokens follow, has more than one.
  private static func hasComma(_ tokens: ArraySlice<SQLToken>) -> Bool {
    var depth = 0
    for token in tokens {
      switch token.kind {
      case .open: depth += 1
      case .close where depth == 0: return false
      case .close: depth -= 1
      case .comma where depth == 0: return true
      default: break
      }
    }
    return false
  }

  private static let aggregates: Set<String> = [
    "array_agg", "avg", "count", "group_concat", "json_group_array", "json_group_object",
    "jsonb_group_array", "jsonb_group_object", "median", "percentile", "percentile_cont",
    "percentile_disc", "string_agg", "sum", "total",
  ]
  private static let windows: Set<String> = [
    "cume_dist", "dense_rank", "first_value", "lag", "last_value", "lead", "nth_value", "ntile",
    "percent_rank", "rank", "row_number",
  ]
}

extension VolatileReason {
  /// The function, or the word.
  fileprivate var function: String {
    switch self {
    case .random(let function, _), .clock(let function, _), .connectionState(let function, _):
      function
    case .unorderedLimit: "limit"
    case .sample: "sample"
    }
  }
}
