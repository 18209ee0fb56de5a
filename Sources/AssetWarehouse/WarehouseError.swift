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
  /// Rows that their key does not tell apart.
  case badKeys(asset: AssetKey, KeyFault)
  /// The query gives other columns than the published table has.
  case columnsDiffer(asset: AssetKey, added: [String], missing: [String])
  /// The query of a snapshot gives a column that the snapshot adds.
  case reservedColumn(asset: AssetKey, column: String)
  /// A view cannot have a column of this name, which the database would change.
  case renamedColumn(asset: AssetKey, column: String)
  /// What makes a partition gives no column by which partitions are told apart.
  case partitionColumnMissing(asset: AssetKey, column: String, nearest: String?)
  /// What makes a partition gives rows that are not of it; with the value of one of them.
  case rowsOutside(partition: AssetKey, column: String, count: Int, example: Value)
  /// What stands in the place of a history is none.
  case notAHistory(asset: AssetKey)
  /// What is no snapshot would take the place of a history.
  case historyInTheWay(asset: AssetKey)
  /// Somebody else wrote to the warehouse since it was observed.
  case changedMeanwhile
  /// Another process holds the warehouse's write lock.
  case busy
  /// There is no room for what is to be written.
  case full
  /// A database beside the warehouse cannot be read; the reason in words that stand by themselves.
  case unreadableDatabase(String)
  /// A query reads more databases than the warehouse can read at once.
  case tooManyDatabases(asset: AssetKey, count: Int, limit: Int)

  /// Whether the text of a query is what has to change.
  package var isAboutQuery: Bool {
    switch self {
    case .refused, .undeclaredInput, .duplicateColumn, .unknownColumn, .tooManyDatabases,
      .columnsDiffer, .reservedColumn, .renamedColumn, .partitionColumnMissing, .rowsOutside:
      true
    case .unusable, .foreignTable, .missingTable, .missingVersion, .changedMeanwhile, .busy, .full,
      .unreadableDatabase, .badKeys, .notAHistory, .historyInTheWay:
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
    case .badKeys(let asset, let fault): [fault.diagnostic(of: asset)]
    case .columnsDiffer(let asset, let added, let missing):
      [
        Diagnostic(
          "the query of `\(asset)` gives other columns than its table has",
          facts: [("added", added), ("missing", missing)].filter { !$0.1.isEmpty }.map {
            .init($0.0, $0.1.joined(separator: ", "))
          },
          hint: "build it anew with `assetctl materialize \(asset) --full-refresh`, "
            + "or set `on_schema_change: append_columns`")
      ]
    case .reservedColumn(let asset, let column):
      [
        Diagnostic(
          "the query of `\(asset)` gives a column `\(column)`, which the snapshot adds by itself",
          hint: "name it otherwise with `as`")
      ]
    case .renamedColumn(let asset, let column):
      [
        Diagnostic(
          "SQLite would give the column `\(column)` of the view `\(asset)` another name",
          hint: "name it otherwise with `as`, or make the asset a table")
      ]
    case .partitionColumnMissing(let asset, let column, let nearest):
      [
        Diagnostic(
          "`\(asset.asset)` gives no column `\(column)`, by which its partitions are told apart",
          hint: nearest.map { "did you mean `\($0)`? Name it as `column` under `partitions:`" }
            ?? "give it that column, or name another one as `column` under `partitions:`")
      ]
    case .rowsOutside(let partition, let column, let count, let example):
      [
        Diagnostic(
          "\(counted(count, "row")) that `\(partition)` gives \(count == 1 ? "is" : "are") not of that "
            + "partition",
          facts: [.init("example", "`\(column)` is \(example.exampleText)")],
          hint: "take just its rows with `where`; see how bounds are written under `partitions:`")
      ]
    case .notAHistory(let asset):
      [
        Diagnostic(
          "the table `\(asset)` is no longer the history that was published",
          hint: "restore it with its columns `valid_from` and `valid_to` from a copy; "
            + "or drop it, and the history begins anew")
      ]
    case .historyInTheWay(let asset):
      [
        Diagnostic(
          "the table `\(asset)` holds the history of a snapshot, which `\(asset)` no longer is",
          hint: "make it a snapshot again, or give the new asset another name; "
            + "to give the history up, drop the table")
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
    case .full:
      [
        Diagnostic(
          "there is no space left on the disk, for the warehouse or for the temporary files of SQLite",
          hint: "make room on the disk, then materialize again")
      ]
    case .unreadableDatabase(let reason):
      [Diagnostic(reason, hint: "sources are written by others; check `database:` and the file")]
    case .tooManyDatabases(let asset, let count, let limit):
      [
        Diagnostic(
          "the query of `\(asset)` reads \(count) database files beside the warehouse, "
            + "of which SQLite reads at most \(limit) at once",
          hint: "read some of them in assets of their own, and those assets here")
      ]
    }
  }
}
