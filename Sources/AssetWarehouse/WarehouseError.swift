package import AssetCore

/// What can go wrong in a warehouse.
package enum WarehouseError: DiagnosableError, Equatable {
  /// The database refused a statement; the offset is in bytes of the query, if it is known.
  case refused(message: String, offset: Int?)
  /// The warehouse itself cannot be used.
  case unusable(warehouse: String, reason: String)
  /// A table of this name is there, and assetctl did not make it.
  case foreignTable(String)
  /// The query read a table that its analysis did not find.
  case undeclaredInput(asset: AssetKey, table: String)
  case duplicateColumn(asset: AssetKey, column: String)
  case unknownColumn(asset: AssetKey, column: String, nearest: String?)
  case missingTable(String)
  /// A version that was to be published again is not kept any more.
  case missingVersion(AssetKey)
  /// Somebody else wrote to the warehouse since it was observed.
  case changedMeanwhile
  /// Another process holds the warehouse's write lock.
  case busy

  /// Whether the text of a query is what has to change.
  package var isAboutQuery: Bool {
    switch self {
    case .refused, .undeclaredInput, .duplicateColumn, .unknownColumn: true
    case .unusable, .foreignTable, .missingTable, .missingVersion, .changedMeanwhile,
      .busy:
      false
    }
  }

  package var diagnostics: [Diagnostic] {
    switch self {
    case .refused(let message, _):
      [Diagnostic(message)]
    case .unusable(let warehouse, let reason):
      [
        Diagnostic(
          "the warehouse `\(warehouse)` cannot be used: \(reason)",
          hint: "check `warehouse:` in `assetctl.yml` and the rights on the file; "
            + "a damaged file may be moved away, and is then built anew")
      ]
    case .foreignTable(let name):
      [
        Diagnostic(
          "the warehouse holds a table `\(name)` that assetctl did not make",
          hint: "rename or drop it, give the asset another `name:`, or declare it under `sources:`")
      ]
    case .undeclaredInput(let asset, let table):
      [
        Diagnostic(
          "the query of `\(asset)` reads `\(table)`, which is not among its inputs",
          hint: "add it under `inputs:`")
      ]
    case .duplicateColumn(let asset, let column):
      [
        Diagnostic(
          "the query of `\(asset)` gives two columns named `\(column)`",
          hint: "name one of them otherwise with `as`")
      ]
    case .unknownColumn(let asset, let column, let nearest):
      [
        Diagnostic(
          "`\(asset)` has no column `\(column)`",
          hint: nearest.map { "did you mean `\($0)`?" }
            ?? "see its columns with `assetctl show \(asset)`")
      ]
    case .missingTable(let name):
      [
        Diagnostic(
          "there is no table `\(name)` in the warehouse",
          hint: "make it with `assetctl materialize \(name)`")
      ]
    case .missingVersion(let asset):
      [
        Diagnostic(
          "the version of `\(asset)` that was to be published is not kept any more",
          hint: "see those that are with `assetctl rollback \(asset) --list`")
      ]
    case .changedMeanwhile:
      [
        Diagnostic(
          "another program keeps writing to the warehouse",
          hint: "materialize again when it is done")
      ]
    case .busy:
      [
        Diagnostic(
          "another program holds the warehouse's write lock",
          hint: "end its transaction, then materialize again")
      ]
    }
  }
}
