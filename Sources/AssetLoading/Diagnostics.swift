import AssetCore
import AssetSQL

extension LoadingProblem {
  /// The problem in words.
  var diagnostic: Diagnostic {
    switch self {
    case .noAssets:
      Diagnostic(
        "the project declares no assets", at: Place(file: "assetctl.yml"),
        hint: "add a query such as `assets/hello.sql` that says `select 'hello' as greeting`")
    case .unreadable(let path, let reason):
      Diagnostic("`\(path)` cannot be read: \(reason)", hint: "check its rights")
    case .missingFile(let path, let place):
      Diagnostic(
        "there is no file `\(path)`", at: place,
        hint: "paths are relative to the project's folder")
    case .notUTF8(let place):
      Diagnostic("the file is not UTF-8 here", at: place, hint: "save the file as UTF-8")
    case .yaml(let problem, let place):
      Diagnostic("the YAML cannot be read: \(problem)", at: place)
    case .checkNeedsTable(let asset, let place):
      Diagnostic(
        "the check is about rows, and `\(asset)` is no table", at: place,
        hint: "bound its metrics with `metric: {name: …, max: …}`, or let the program report checks"
      )
    case .metricNeedsProgram(let asset, let place):
      Diagnostic(
        "the check is about a metric, and `\(asset)` is not made by a program that could report one",
        at: place, hint: "check its rows, such as with `expression:`")
    case .unquotedPlaceholder(let problem, let place):
      Diagnostic(
        "the YAML cannot be read: \(problem)", at: place,
        hint: "put a text with `{item}` or `{stem}` in quotes")
    case .duplicateSetting(let key, let place):
      Diagnostic("`\(key)` is set twice", at: place, hint: "remove one of the two")
    case .unknownSetting(let key, let place, let nearest):
      Diagnostic(
        "`\(key)` is not a setting here", at: place,
        hint: hint(forForeignSetting: key) ?? nearest.map { "did you mean `\($0)`?" }
          ?? "remove it, or see the docs for what is")
    case .notSupportedYet(let key, let place):
      Diagnostic("`\(key)` is not supported yet", at: place, hint: "remove it for now")
    case .emptyColumns(let input, let place):
      Diagnostic(
        "the input `\(input)` names no column to read", at: place,
        hint: "name at least one column, or leave `columns` out")
    case .wrongType(let setting, let expected, let place):
      Diagnostic(
        "`\(setting)` must be \(expected)", at: place,
        hint: setting == "columns" && expected == "a mapping"
          ? "write `columns: {id: integer, name: {type: text, checks: [not_null]}}`" : nil)
    case .missingSetting(let key, let owner, let place):
      Diagnostic("\(owner) has no `\(key)`", at: place, hint: "add `\(key):`")
    case .missingRecipe(let place):
      Diagnostic(
        "the asset has neither `run` nor `file`", at: place,
        hint: "say how it is made with `run:`, or which file is loaded with `file:`")
    case .unknownValue(let value, let setting, let known, let place):
      Diagnostic(
        "`\(value)` is not a value of `\(setting)`", at: place,
        hint: nearestName(to: value, in: known).map { "did you mean `\($0)`?" }
          ?? "use one of \(known.map { "`\($0)`" }.joined(separator: ", "))")
    case .conflictingSettings(let first, let second, let place):
      Diagnostic(
        "`\(first)` and `\(second)` exclude each other", at: place, hint: "keep one of them")
    case .onlyForTables(let setting, let place):
      Diagnostic(
        "`\(setting)` is for tables, and this asset is files", at: place, hint: "remove it")
    case .notWithPath(let setting, let place):
      Diagnostic(
        "`\(setting)` does not go with `path`, which is files as they are", at: place,
        hint: "files of rows are loaded as a table with `file:` in the place of `path:`")
    case .pathOfQuery(let path, let place):
      Diagnostic(
        "a query reads tables, and `\(path)` is the path of files", at: place,
        hint: "files of rows are a table as a source with `file:`; name that one")
    case .pathHasNoColumns(let path, let place):
      Diagnostic(
        "the files of `\(path)` are given as they are, without columns or rows to choose",
        at: place,
        hint: "name the path alone; files of rows are a table as a source with `file:`")
    case .whereOfQuery(let place):
      Diagnostic(
        "`where` chooses the rows that a program is given, and this is none", at: place,
        hint: "write the condition in the query")
    case .secretInCondition(let name, let place):
      Diagnostic(
        "`where` uses `:\(name)`, whose value is a secret that the records would keep", at: place,
        hint: "compare with something else, or choose the rows in the program")
    case .badCondition(let text, let fault, let place): fault.diagnostic(of: text, at: place)
    case .pathInStateFolder(let path, let place):
      Diagnostic(
        "`\(path)` lies in `.assetctl`, where assetctl keeps its own files", at: place,
        hint: "keep data elsewhere; to read a table, name its asset")
    case .badName(let name, let place):
      Diagnostic(
        "`\(name)` cannot be an asset's name", at: place,
        hint: "use letters, digits and `_`, not starting with a digit; "
          + "`name:` gives a file's asset another name")
    case .reservedName(let name, let prefix, let place):
      Diagnostic(
        "`\(name)` cannot be an asset's name: names that begin with `\(prefix)` are reserved",
        at: place, hint: "give it another name with `name:`")
    case .badPath(let path, let fault, let place):
      Diagnostic(
        fault == .outside
          ? "the path `\(path)` leads out of the project's folder"
          : fault == .absolute
            ? "the path `\(path)` is absolute" : "the path `\(path)` names no file",
        at: place, hint: "write a path inside the project, relative to its folder")
    case .outputInside(let path, let folder, let place):
      Diagnostic(
        "the output `\(path)` lies under `\(folder)/`", at: place,
        hint: "write outputs elsewhere, such as `build/`")
    case .outputIsProjectFile(let place):
      Diagnostic(
        "the output would replace `assetctl.yml`", at: place,
        hint: "write outputs elsewhere, such as `build/`")
    case .schemaOfRenamed(let name, let table, let place):
      Diagnostic(
        "the source `\(name)` stands for the table \(table.inWords), "
          + "so that `main.\(name)` names nothing",
        at: place, hint: "write `\(name)` alone")
    case .sourceIsAsset(let source, let asset, let place):
      Diagnostic(
        "the source `\(source)` is the table that the asset `\(asset)` makes", at: place,
        hint: "name the asset in `from`, as in `from \(asset)`, and remove the source")
    case .sourceInWarehouse(let source, let database, let place):
      Diagnostic(
        "the database `\(database)` of the source `\(source)` is the warehouse itself", at: place,
        hint: "leave out `database:`; a source without one is a table of the warehouse")
    case .viewBeside(let view, let source, let database, let place):
      Diagnostic(
        "the view `\(view)` cannot read `\(source)`, which is in another database, "
          + "`\(database)`",
        at: place, hint: "make it a table: a view can only show what is in the warehouse")
    case .ownNameOfInput(let name, let place):
      Diagnostic(
        "the common table expression `\(name)` has the name of the input that it reads, which is a table "
          + "of another name or a window of one",
        at: place, hint: "call the common table expression something else")
    case .secretInView(let view, let name, let place):
      Diagnostic(
        "the view `\(view)` would keep the value of `:\(name)`, which is filled from a secret, in its text",
        at: place, hint: "make it a table: its text is not kept in the warehouse")
    case .databasesDifferByCase(let first, let second, let place):
      Diagnostic(
        "the databases `\(first)` and `\(second)` differ only by case", at: place,
        hint: "SQLite cannot tell them apart; rename one of the files")
    case .limitsOutOfOrder(let place):
      Diagnostic(
        "`warn_after` is longer than `error_after`, so that there is never a warning", at: place,
        hint: "warn earlier, or leave out `warn_after`")
    case .badOutputName(let name, let place):
      Diagnostic(
        "`\(name)` cannot be the name of an output", at: place,
        hint: "use letters, digits and `_`, not starting with a digit")
    case .outputsShareName(let name, let place):
      Diagnostic(
        "two outputs are both handed over as `ASSETCTL_OUTPUT_\(name)`", at: place,
        hint: "give their files different names")
    case .itemsShareName(let name, let first, let second, let place):
      Diagnostic(
        "the items `\(first)` and `\(second)` of `foreach` both make the asset `\(name)`",
        at: place,
        hint: "tell them apart with `name:`, as in `name: sales_{item}`")
    case .badItemName(let name, let item, let place):
      Diagnostic(
        "the item `\(item)` of `foreach` makes an asset `\(name)`, which cannot be its name",
        at: place,
        hint: "use letters, digits and `_` in `name:`, not beginning with a digit, "
          + "as in `name: sales_{stem}`")
    case .itemInShell(let shell, let place):
      Diagnostic(
        "`{item}` in the script of `\(shell) -c` would be read by the shell", at: place,
        hint: "write `\"$ASSETCTL_ITEM\"` or `\"$ASSETCTL_STEM\"` there")
    case .unknownPool(let name, let place, let nearest):
      Diagnostic(
        "there is no pool `\(name)`", at: place,
        hint: nearest.map { "did you mean `\($0)`?" }
          ?? "add it with its limit under `pools:` in `assetctl.yml`, as in `pools: {\(name): 1}`")
    case .repeatedIndex(let columns, let place):
      Diagnostic("the index `\(columns)` is declared twice", at: place, hint: "remove one of them")
    case .badVarName(let name, let place):
      Diagnostic(
        "`\(name)` cannot be the name of a var", at: place,
        hint: "use letters, digits and `_`, not starting with a digit")
    case .varsDifferByCase(let first, let second, let place):
      Diagnostic(
        "the vars `\(first)` and `\(second)` differ only by case", at: place,
        hint: "programs get both as `ASSETCTL_VAR_\(first.uppercased())`; rename one of them")
    case .positionalParameter(let text, let place):
      Diagnostic(
        "`\(text)` is not a parameter that assetctl can fill in", at: place,
        hint: "name a var of `assetctl.yml`, as in `:name`")
    case .noOutputs(let asset, let place):
      Diagnostic(
        "`\(asset)` names no file that it writes", at: place,
        hint: "add `outputs: [PATH]`, or `kind: table` if it writes rows")
    case .uselessOutputs(let asset, let place):
      Diagnostic(
        "`\(asset)` is a table, which has no `outputs`", at: place,
        hint: "remove `outputs:`, or set `kind: file`")
    case .noFilesMatch(let pattern, let place):
      Diagnostic(
        "no file matches `\(pattern)`", at: place,
        hint: "patterns are relative to the project's folder")
    case .noRunner(let file, let place):
      Diagnostic(
        "nothing is known to run `\(file)`", at: place,
        hint: "say how with `run:`, for example `run: python3 {file}`")
    case .badCommand(let command, let reason, let place):
      Diagnostic(
        "the command `\(command)` cannot be split into words: \(reason)", at: place,
        hint: "no shell reads it; for one, write `run: bash -c '…'`")
    case .unclosedHeader(let place):
      Diagnostic("the `@asset` comment has no end", at: place, hint: "close the comment")
    case .missingEnvironment(let name, let place):
      Diagnostic(
        "the environment has no variable `\(name)`", at: place,
        hint: "set it, for example with "
          + "`export \(name)=…`")
    case .unknownTarget(let name, let known):
      Diagnostic(
        "there is no target `\(name)`", at: Place(file: "assetctl.yml"),
        hint: nearestName(to: name, in: known).map { "did you mean `\($0)`?" }
          ?? "add it under `targets:`")
    case .unknownVar(let name, let place, let nearest):
      Diagnostic(
        "there is no var `\(name)`", at: place,
        hint: nearest.map { "did you mean `\($0)`?" } ?? "add it under `vars:` in `assetctl.yml`")
    case .partitions(let error, let place): error.diagnostic(at: place)
    case .badPartitionValue(let value, let reason, let place):
      Diagnostic(
        "`\(value)` cannot be the value of a partition: \(reason)", at: place,
        hint: "use texts and whole numbers, each once")
    case .needsPartitions(let name, let place):
      Diagnostic(
        "`\(name)` has a meaning only in an asset with `partitions`", at: place,
        hint: "add `partitions: {column: …, every: day, start: …}`, or remove it")
    case .needsPartitionsOfTime(let name, let place):
      Diagnostic(
        "`\(name)` has a meaning only for partitions of time", at: place,
        hint: name.utf8.first == UInt8(ascii: ":")
          ? "use `:partition_key`, which is the value of the partition"
          : "remove it, or write `window: all`")
    case .partitionsNeedTable(let place):
      Diagnostic(
        "`partitions` are parts of a table, and this program makes none", at: place,
        hint: "set `kind: table`, or make one asset per item with `foreach:`")
    case .partitionUnused(let asset, let scheme, let place):
      Diagnostic(
        "the query of `\(asset)` is the same for all of its partitions", at: place,
        hint: scheme.parameters.contains(.start)
          ? "keep it to one, as in `where \(scheme.column) >= :partition_start "
            + "and \(scheme.column) < :partition_end`"
          : "keep it to one, as in `where \(scheme.column) = :partition_key`")
    case .unnamedPartitionColumn(let text, let place):
      Diagnostic(
        "the column `\(text)` would be called otherwise in each partition", at: place,
        hint: "give it a name with `as`")
    case .schemaOfWindow(let name, let place):
      Diagnostic(
        "`main.\(name)` reads all rows of `\(name)`, of which `window` gives some", at: place,
        hint: "write `\(name)` alone")
    case .settingNeeds(let setting, let other, let place):
      Diagnostic(
        "`\(setting)` only counts beside `\(other)`", at: place, hint: "add that, or remove it")
    case .badCursor(let text, let place):
      Diagnostic(
        "`\(text)` is not a cursor", at: place,
        hint: "name the column of an input whose values grow, as in `cursor: at` or "
          + "`cursor: events.at`")
    case .unknownCursorInput(let name, let asset, let known, let place):
      Diagnostic(
        "the cursor of `\(asset)` is in `\(name)`, which the query does not read", at: place,
        hint: nearestName(to: name, in: known).map { "did you mean `\($0)`?" }
          ?? "name one of its inputs")
    case .cursorNotSet(let asset, let place):
      Diagnostic(
        "`\(asset)` asks for `:cursor` and has no `cursor`", at: place,
        hint: "set `materialized: incremental` and name the column with `cursor:`")
    case .cursorNotUsed(let asset, let place):
      Diagnostic(
        "the query of `\(asset)` never asks for its `cursor`, so each run would take all rows again",
        at: place, hint: "take the new rows only, as in `where :cursor is null or at > :cursor`")
    case .badWarehouse(let address, let place):
      // The rest of an address may hold a password.
      Diagnostic(
        "`\(address.prefix { $0 != ":" }):…` is not an address of a warehouse", at: place,
        hint: "write it like `sqlite:.assetctl/warehouse.sqlite`")
    case .unknownSchema(let schema, let table, let place):
      Diagnostic(
        "`\(schema).\(table)` is in the schema `\(schema)`, which assetctl does not know",
        at: place,
        hint: "write `\(table)` alone")
    case .sql(let error, let place):
      error.diagnostic(at: place)
    case .template(let template, let place):
      Diagnostic(
        "`\(template.text)` is a template, and no SQL", at: place, hint: template.hint)
    case .refusedQuery(let words, let hint, let place):
      Diagnostic(
        words ?? "the query ends too early", at: place,
        hint: hint ?? (words == nil ? "something has to follow" : nil))
    case .circle(let name, let place):
      Diagnostic(
        "`\(name)` of the `with` clause reads itself, and is not recursive", at: place,
        hint:
          "give it another name than what it reads; what is recursive does not read itself before its `union`"
      )
    case .repeatedColumn(let name, let first, let place):
      Diagnostic(
        "the query gives two columns named `\(name)`", at: place,
        facts: [.init("first", "\(first)")], hint: "name one of them otherwise with `as`")
    case .noResultColumn(let name, let asset, let given, let place):
      Diagnostic(
        "`\(asset)` has no column `\(name)`", at: place,
        hint: nearestName(to: name, in: given).map { "did you mean `\($0)`?" }
          ?? "its query gives \(listed(given.prefix(20).map { "`\($0)`" }))")
    case .test(let problem, let place):
      problem.diagnostic(at: place)
    }
  }
}

extension Diagnostic {
  /// A pattern under `code:` that no file matches, so that nothing of it is watched.
  static func noCodeMatches(_ pattern: String, at place: Place) -> Diagnostic {
    Diagnostic(
      "no file matches `\(pattern)` under `code:`", severity: .warning, at: place,
      hint: "patterns are relative to the project's folder")
  }
}

extension RowCondition.Fault {
  /// What keeps a text from being a condition on the rows of an input, and the way out.
  fileprivate func diagnostic(of text: String, at place: Place) -> Diagnostic {
    let hint =
      "write an expression on the columns of the input, such as `region = :item`; "
      + "for anything else make a table with a query, and give the program that"
    let reason: String
    switch self {
    case .sql(let error): reason = error.diagnostic(at: nil).summary
    case .nothing: reason = "it is empty"
    case .semicolon: reason = "`;` has no place in it"
    case .subquery: reason = "it reads other tables, which would be no inputs"
    case .window: reason = "it uses a window function"
    case .aggregate(let function): reason = "it uses the aggregate `\(function)`"
    case .volatile(let function): reason = "`\(function)` holds for other rows at another time"
    case .notReadable(let words): reason = words
    }
    return Diagnostic("`where: \(text)` is no condition on rows: \(reason)", at: place, hint: hint)
  }
}
