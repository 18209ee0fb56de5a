/// What is wrong with a selection.
package enum SelectionError: Equatable, DiagnosableError {
  case malformed(String, String)
  case unknownMethod(String, nearest: String?)
  case unknownValue(String, of: String, known: [String])
  case columnsNotSupported(String)
  case namesNothing(String, nearest: String?)

  package var diagnostics: [Diagnostic] {
    switch self {
    case .malformed(let word, let reason):
      [
        Diagnostic(
          "the selection `\(word)` cannot be read: \(reason)",
          hint: "write it like `daily`, `+daily`, `2+daily+1`, `@daily` or `tag:nightly`")
      ]
    case .unknownMethod(let method, let nearest):
      [
        Diagnostic(
          "`\(method):` selects nothing that assets have",
          hint: nearest.map { "did you mean `\($0):`?" }
            ?? "use `tag:`, `group:`, `kind:`, `path:`, `status:` or `source:`")
      ]
    case .unknownValue(let value, let method, let known):
      [
        Diagnostic(
          "`\(value)` is no \(method)",
          hint: "use one of \(known.map { "`\($0)`" }.joined(separator: ", "))")
      ]
    case .columnsNotSupported(let word):
      [
        Diagnostic(
          "selecting columns, as in `\(word)`, is not supported yet",
          hint: "select the asset that has the column")
      ]
    case .namesNothing(let word, let nearest):
      [
        Diagnostic(
          "the selection `\(word)` names no asset",
          hint: nearest.map { "did you mean `\($0)`?" } ?? "see all assets with `assetctl list`")
      ]
    }
  }
}
