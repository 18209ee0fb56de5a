/// What is wrong with a selection.
package enum SelectionError: Equatable, DiagnosableError {
  case malformed(String, String)
  case unknownMethod(String, nearest: String?)
  case unknownValue(String, of: String, known: [String])
  case unknownColumn(String, of: AssetKey, nearest: String?)
  case namesNothing(String, nearest: String?)

  package var diagnostics: [Diagnostic] {
    switch self {
    case .malformed(let word, let reason):
      [
        Diagnostic(
          "the selection `\(word)` cannot be read: \(reason)",
          hint: "write it like `daily`, `+daily`, `2+daily+1`, `@daily` or `tag:nightly`")
      ]
    case .unknownMethod("state", _), .unknownMethod("result", _):
      [
        Diagnostic(
          "`state:` and `result:` select nothing here",
          hint: "content decides what is to be built: `status:stale` is what changed, "
            + "`status:failed` what failed")
      ]
    case .unknownMethod("config", _), .unknownMethod("resource_type", _):
      [
        Diagnostic(
          "`config:` and `resource_type:` select nothing here",
          hint: "use `kind:`, such as `kind:incremental` or `kind:source`")
      ]
    case .unknownMethod(let method, let nearest):
      [
        Diagnostic(
          "`\(method):` selects nothing that assets have",
          hint: nearest.map { "did you mean `\($0):`?" }
            ?? "use `tag:`, `group:`, `kind:`, `path:`, `status:`, `source:` or `col:`")
      ]
    case .unknownValue(let value, let method, let known):
      [
        Diagnostic(
          "`\(value)` is no \(method)",
          hint: "use one of \(known.map { "`\($0)`" }.joined(separator: ", "))")
      ]
    case .unknownColumn(let column, let asset, let nearest):
      [
        Diagnostic(
          "`\(asset)` has no column `\(column)`",
          hint: nearest.map { "did you mean `col:\(asset).\($0)`?" }
            ?? "see its columns with `assetctl lineage \(asset) --columns`")
      ]
    case .namesNothing(let word, let nearest):
      [
        Diagnostic(
          "the selection `\(word)` names no asset",
          hint: partitionHint(word)
            ?? nearest.map { "did you mean `\($0)`?" } ?? "see all assets with `assetctl list`")
      ]
    }
  }

  /// What to do about a word that names a partition.
  private func partitionHint(_ word: String) -> String? {
    let key = AssetKey(trusted: word)
    guard let partition = key.partition, !key.asset.name.isEmpty else { return nil }
    return "select `\(key.asset)`; `materialize` and `plan` take `--partition \(partition)`"
  }
}
