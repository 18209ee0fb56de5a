package import AssetCore

/// What can be wrong with a request for tests.
package enum TestError: DiagnosableError, Equatable {
  case unknownTest(String, nearest: String?, file: String)
  /// A test is to be generated of what no query makes.
  case notAQuery(AssetKey)
  case nameTaken(String, at: Place)
  case inputNotMaterialized(AssetKey, isSource: Bool)
  /// The query cannot be carried out on the rows of its inputs.
  case refused(Diagnostic)
  /// The query gives another number of rows each time.
  case unstable(AssetKey)
  case unwritable(String)

  package var diagnostics: [Diagnostic] {
    switch self {
    case .unknownTest(let name, let nearest, let folder):
      [
        Diagnostic(
          "there is no test `\(name)`",
          hint: nearest.map { "did you mean `\($0)`?" } ?? "see the tests' names in `\(folder)/`")
      ]
    case .notAQuery(let key):
      [
        Diagnostic(
          "`\(key)` is not made by a query, and only queries can be tested",
          hint: "generate tests of the queries that read it")
      ]
    case .nameTaken(let name, let place):
      [
        Diagnostic(
          "there is already a test `\(name)`", at: place,
          hint: "give the new one another name with `--name`")
      ]
    case .inputNotMaterialized(let key, let isSource):
      [
        Diagnostic(
          isSource ? "the source `\(key)` is not there" : "`\(key)` is not materialized",
          hint: isSource
            ? "tests are generated from rows that are there"
            : "tests are generated from published rows; materialize it with "
              + "`assetctl materialize \(key)`")
      ]
    case .refused(let diagnostic): [diagnostic]
    case .unstable(let key):
      [
        Diagnostic(
          "the query of `\(key)` gives other rows each time",
          hint: "write the test by hand, with what is always the same under `expect:`")
      ]
    case .unwritable(let path):
      [Diagnostic("`\(path)` cannot be written", hint: "check the rights on its folder")]
    }
  }
}

/// What can be wrong with the rows of a test.
enum TestInputProblem {
  case unknownColumn(String, of: AssetKey, known: [String], isComplete: Bool)
  case noColumns(AssetKey)
  /// A name in the query stands for no column that is known or given.
  case unresolved(Diagnostic)

  func diagnostic(at place: Place) -> Diagnostic {
    switch self {
    case .unknownColumn(let name, let key, let known, let isComplete):
      Diagnostic(
        "`\(key)` has no column `\(name)`"
          + (isComplete ? "" : ", as far as is declared or recorded"), at: place,
        hint: nearestName(to: name, in: known).map { "did you mean `\($0)`?" }
          ?? (isComplete
            ? "it has " + listed(known.map { "`\($0)`" })
            : "declare it under `columns:` of `\(key)`, or of the rows: "
              + "`{columns: [\(name)], rows: […]}`"))
    case .noColumns(let key):
      Diagnostic(
        "nothing tells which columns `\(key)` has", at: place,
        hint: "name them, as in `\(key): {columns: [a, b]}`, or declare them under its `columns:`")
    case .unresolved(let problem):
      Diagnostic(
        "the given rows are not enough for the query: \(problem.summary)", at: place,
        facts: problem.place.map { [.init("query", "\($0)")] } ?? [],
        hint: problem.hint
          ?? "name the column in a row under `given:`, or declare it under the input's `columns:`")
    }
  }
}
