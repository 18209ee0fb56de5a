/// What keeps declarations from being a graph.
enum GraphError: Equatable, Sendable {
  case duplicateKey(AssetKey, at: Place, first: Place)
  case unknownInput(String, of: AssetKey, at: Place, nearest: String?)
  case unknownInCheck(String, check: String, of: AssetKey, at: Place, nearest: String?)
  case sharedOutput(String, AssetKey, at: Place, first: AssetKey)
  case outputIsInput(String, AssetKey, at: Place, reader: AssetKey)
  case outputInOutput(String, AssetKey, at: Place, folder: String, first: AssetKey)
  /// A closed path of assets, of which some pairs hang together by files that the first one writes.
  case cycle([AssetKey], at: Place?, byFiles: [[AssetKey]] = [])
  /// A query that reads the table that it makes.
  case readsItself(AssetKey, at: Place)
  /// A source that is files, where a table is needed.
  case filesAreNoTable(AssetKey, FileSet, of: AssetKey, at: Place)
  /// Settings that choose rows or columns of a source that is files.
  case filesHaveNoColumns(AssetKey, FileSet, of: AssetKey, at: Place)
  /// Two inputs of a program whose paths one variable would hold.
  case inputsShareVariable(String, of: AssetKey, at: Place)

  var diagnostic: Diagnostic {
    switch self {
    case .duplicateKey(let key, let place, let first):
      Diagnostic(
        "`\(key)` is declared twice", at: place, facts: [.init("first", "\(first)")],
        hint: "give one of them another name with `name:`")
    case .unknownInput(let input, let reader, let place, let nearest):
      Diagnostic(
        "`\(reader)` reads `\(input)`, which no file declares", at: place,
        hint: nearest.map { "did you mean `\($0)`?" }
          ?? "declare it as an asset, or under `sources:` if others write it")
    case .unknownInCheck(let name, let check, let key, let place, let nearest):
      Diagnostic(
        "the check `\(check)` of `\(key)` names `\(name)`, which no file declares", at: place,
        hint: nearest.map { "did you mean `\($0)`?" }
          ?? "declare it as an asset, or under `sources:` if others write it")
    case .sharedOutput(let path, let key, let place, let first):
      Diagnostic(
        "`\(key)` and `\(first)` both write `\(path)`", at: place,
        hint: "give one of them another path under `outputs:`")
    case .outputIsInput(let path, let key, let place, let reader):
      Diagnostic(
        key == reader
          ? "`\(key)` reads `\(path)`, which it writes itself"
          : "`\(key)` writes `\(path)`, which `\(reader)` is made from", at: place,
        hint: "write to another path; to read an asset's file, name the asset under `inputs:`")
    case .outputInOutput(let path, let key, let place, let folder, let first):
      Diagnostic(
        "`\(key)` writes `\(path)`, but `\(first)` writes a file `\(folder)`", at: place,
        hint: "give one of them another path under `outputs:`")
    case .filesAreNoTable(let key, let files, let reader, let place):
      Diagnostic(
        "`\(reader)` reads `\(key)`, which is no table but files, `\(files.text)`", at: place,
        hint:
          "files of rows are a table with `file:` in the place of `path:`; a program reads any file"
      )
    case .filesHaveNoColumns(let key, let files, let reader, let place):
      Diagnostic(
        "`\(reader)` is given `\(key)` as it is: files, `\(files.text)`, have no columns",
        at: place,
        hint: "name it alone under `inputs:`")
    case .inputsShareVariable(let variable, let reader, let place):
      Diagnostic(
        "two inputs of `\(reader)` would both be told by `\(variable)`", at: place,
        hint: "declare one of them as a source with another name: "
          + "`{name: …, path: …}` under `sources:`")
    case .readsItself(let key, let place):
      Diagnostic(
        "`\(key)` reads itself", at: place,
        facts: [.init("cycle", "\(key) -> \(key)")],
        hint:
          "with `materialized: incremental` it reads the rows that it has; a query that means another "
          + "table of that name needs another `name:`")
    case .cycle(let path, let place, let byFiles):
      Diagnostic(
        "assets read each other in a circle", at: place,
        facts: [.init("cycle", path.map(\.name).joined(separator: " -> "))]
          + byFiles.map { .init("by files", "`\($0[0])` writes what `\($0[1])` reads") },
        hint: "break the circle by removing one of these inputs")
    }
  }
}
