import AssetCore

/// A piece of a template language in a query, such as `{{ ref('orders') }}`, which is none of SQL.
struct Template: Equatable {
  /// All of it, braces and all.
  var text: String
  /// The offset of its first byte.
  var offset: Int

  /// Finds the pieces from an offset on.
  static func all(in text: String, from offset: Int) -> [Template] {
    let bytes = Array(text.utf8)
    let closing: [UInt8: UInt8] = [
      UInt8(ascii: "{"): UInt8(ascii: "}"), UInt8(ascii: "%"): UInt8(ascii: "%"),
      UInt8(ascii: "#"): UInt8(ascii: "#"),
    ]
    var found: [Template] = []
    var index = offset
    while index + 1 < bytes.count {
      guard bytes[index] == UInt8(ascii: "{"), let close = closing[bytes[index + 1]] else {
        index += 1
        continue
      }
      let end = bytes.indices[(index + 2)...].dropLast().first {
        bytes[$0] == close && bytes[$0 + 1] == UInt8(ascii: "}")
      }
      let next = end.map { $0 + 2 } ?? bytes.count
      found.append(
        Template(text: String(decoding: bytes[index..<next], as: UTF8.self), offset: index))
      index = next
    }
    return found
  }

  /// What to write instead of it.
  var hint: String {
    let inner = text.dropFirst(2).dropLast(2)
      .trimmingPrefix { $0 == "-" || $0.isWhitespace }
    let word = String(inner.prefix { $0.isLetter || $0 == "_" })
    // What stands in quotes, in order.
    let names = inner.split(omittingEmptySubsequences: false) { $0 == "'" || $0 == "\"" }
      .enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    switch (text.dropFirst().first, word) {
    case ("#", _): return "write `/* … */` for a comment"
    case ("%", _) where inner.contains("is_incremental"):
      return
        "with `materialized: incremental` the query reads its own rows by the asset's name, or "
        + "asks for `:cursor`; neither needs a condition"
    case ("%", _):
      return "a query is plain SQL: `:name` is a var, and `foreach:` makes one asset for each item"
    case (_, "ref"):
      return "write `\(names.last ?? "orders")`: the name of an asset, as of any table"
    case (_, "source"):
      return "write `\(names.last ?? "events")`, and declare it under `sources:` in a YAML file"
    case (_, "config"):
      return
        "settings stand in a comment: `/* @asset`, then YAML such as `materialized: view`, then `*/`"
    case (_, "var"), (_, "env_var"):
      return
        "write `:\(names.first ?? "name")`, and give it a value under `vars:` in `assetctl.yml`"
    case (_, "this"):
      return "write the asset's own name; with `materialized: incremental` it stands for its rows"
    default:
      return "a query is plain SQL: `:name` is a var, and `foreach:` makes one asset for each item"
    }
  }
}

/// What settings of other tools are here.
func hint(forForeignSetting key: String) -> String? {
  let checks = "write `checks:`, as in `checks: [not_null, {unique: [id]}]`"
  let assets =
    "settings of a query stand in its file, in a comment that begins with `@asset`; programs and seeds "
    + "stand under `assets:`"
  return [
    "version": "remove it; the keys are `assets:` and `sources:`",
    "models": assets,
    "seeds":
      "a CSV file under `assets/` is a seed; settings for it stand under `assets:`, with `file:`",
    "snapshots": "write a query with `materialized: snapshot`",
    "exposures": "declare what reads an asset under `assets:`, with `run:`",
    "macros":
      "a query is plain SQL: `:name` is a var, and `foreach:` makes one asset for each item",
    "unit_tests": "write unit tests to `tests/NAME.yml`, under `tests:`",
    "tests": checks, "data_tests": checks,
    "tables": "write each table as a source of its own, as in `sources: [{name: orders}]`",
    "loaded_at_field": "write `freshness: {column: …, error_after: 24h}`",
    "config": "write the settings themselves, without `config:`",
    "schema":
      "remove it; a source is a table of the warehouse, or of the SQLite file under `database:`",
  ][key]
}
