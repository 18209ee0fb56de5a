import AssetCore
import AssetSQL

/// An entry of `checks:`, before vars and names are looked up.
struct CheckDeclaration: Equatable {
  /// What it is called; what it asserts gives the name if none was chosen.
  var name: String?
  /// The assertion, whose texts are as they are written.
  var assertion: Check.Assertion
  /// The text of an expression or a query.
  var text: CheckSource?
  /// A file with the query.
  var file: PlacedText?
  /// The text under `where:`.
  var filter: CheckSource?
  var severity: CheckResult.Severity
  var errorIf: CountCondition?
  var warnIf: CountCondition?
  var place: Place
}

/// SQL as it stands in a declaration.
struct CheckSource: Equatable {
  var text: String
  /// What it was found to name, as a query of its own.
  var analysis: QueryAnalysis
  var place: Place

  /// What stands in front of an expression to make it a query.
  private static let opening = "select\n"

  /// Analyses an expression.
  static func expression(
    _ text: String, at place: Place, _ dialect: SQLDialect
  ) throws(LoadingProblem) -> CheckSource {
    try query(opening + text, at: place, dialect)
  }

  /// Analyses a query.
  static func query(
    _ text: String, at place: Place, _ dialect: SQLDialect
  ) throws(LoadingProblem) -> CheckSource {
    do {
      return CheckSource(text: text, analysis: try analyze(text, dialect: dialect), place: place)
    } catch {
      throw .sql(error, at: place)
    }
  }

  /// The text with the values of vars in it.
  ///
  /// - Parameters:
  ///   - isExpression: Whether it was made to be a query by what stands in front of it.
  ///   - literal: Gives the literal of a parameter.
  /// - Returns: The expression or query alone.
  func rendered(isExpression: Bool, _ literal: (ParameterReference) -> String?) -> String {
    let text = render(self.text, analysis: analysis, replacing: literal)
    guard isExpression else { return text }
    return String(decoding: Array(text.utf8.dropFirst(Self.opening.utf8.count)), as: UTF8.self)
  }
}
