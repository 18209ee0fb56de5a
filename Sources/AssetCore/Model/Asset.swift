/// A table, file or model that the project declares, or a source that it observes.
package struct Asset: Equatable, Sendable {
  package var key: AssetKey
  package var recipe: Recipe
  /// The folder under `assets/` that holds the declaration, such as `staging`; empty at the top.
  package var group: String
  package var description: String?
  package var owner: String?
  package var tags: [String]
  /// Where the asset is declared.
  package var place: Place
  /// What it reads; one entry per input.
  package var inputs: [AssetInput]
  /// The assets that write files of the project that it reads as data; the graph finds them.
  package internal(set) var fileWriters: [AssetKey] = []
  /// What can change its content, apart from its inputs.
  package var definition: CanonicalForm
  /// Why the definition is not known, so that nothing can be decided about it.
  package var obstacle: String?
  /// The columns as declared, in order; empty when none are.
  package var columns: [DeclaredColumn]
  package var volatility: Volatility
  package var policy: ExecutionPolicy
  /// Of a source, how new its data is expected to be.
  package var freshness: Freshness?
  /// What a candidate must fulfil to be published.
  package var checks: [Check]
  /// Whether a candidate must have just the declared columns, with values of their types.
  package var isContractEnforced: Bool
  /// Whether a candidate that is not published is kept as a table to look into.
  package var keepsRefused: Bool
  /// How its table is cut into parts that are made one by one; `nil` if it is made as a whole.
  package var partitions: PartitionScheme?
  /// Of a source, whether a check of severity `error` that fails keeps its readers from being made.
  package var failureStopsReaders = true
  /// Of one of these parts, which one it is.
  package var partition: Partition?

  package init(
    key: AssetKey, recipe: Recipe, group: String = "", description: String? = nil,
    owner: String? = nil, tags: [String] = [], place: Place, inputs: [AssetInput] = [],
    definition: CanonicalForm, obstacle: String? = nil, columns: [DeclaredColumn] = [],
    volatility: Volatility = .judgedByInputs, policy: ExecutionPolicy = ExecutionPolicy(),
    freshness: Freshness? = nil,
    checks: [Check] = [], isContractEnforced: Bool = false, keepsRefused: Bool = false,
    partitions: PartitionScheme? = nil
  ) {
    self.key = key
    self.recipe = recipe
    self.group = group
    self.description = description
    self.owner = owner
    self.tags = tags
    self.place = place
    self.inputs = inputs
    self.definition = definition
    self.obstacle = obstacle
    self.columns = columns
    self.volatility = volatility
    self.policy = policy
    self.freshness = freshness
    self.checks = checks
    self.isContractEnforced = isContractEnforced
    self.keepsRefused = keepsRefused
    self.partitions = partitions
  }
}

/// How an asset comes to be.
package enum Recipe: Equatable, Sendable {
  case query(QueryRecipe)
  case seed(SeedRecipe)
  case program(ProgramRecipe)
  /// Others write it; it is observed, never materialized.
  case source(table: TableName)
  /// Files that are observed and given to programs as they are; no table is made of them.
  case files(FileSet)
}

/// One `select` that the warehouse carries out.
package struct QueryRecipe: Equatable, Sendable {
  package enum Form: Hashable, Sendable {
    case table, view
    case incremental(IncrementalRule)
    case snapshot(SnapshotRule)
  }

  /// A place in the query that is filled in when it is run.
  package struct Blank: Hashable, Sendable {
    package var name: String
    /// The bytes of the query that it takes.
    package var range: Range<Int>

    package init(_ name: String, range: Range<Int>) {
      self.name = name
      self.range = range
    }
  }

  package var form: Form
  /// The query to run: the file's text with the vars filled in as literals.
  package var sql: String
  /// What is not filled in yet, in the order of the text.
  package var blanks: [Blank]
  /// The file's text, in which its names and their places are looked up.
  package var text: String
  /// The values that were filled in, by the names that the text has for them.
  package var vars: [String: VarValue]
  /// The columns of each index to make on the table.
  package var indexes: [[String]]
  /// The names of the columns that it gives; `nil` if its text alone does not tell them.
  package var columns: [String]?
  /// The query as it is run while there are no rows to go on from, if it reads the rows that it has.
  package var fromNothing: FromNothing?

  /// A query that reads its own table, which has no rows yet.
  package struct FromNothing: Hashable, Sendable {
    /// The name of the blank for the columns of that table.
    package static let columns = "assetctl_own_columns"

    package var sql: String
    package var blanks: [Blank]

    package init(sql: String, blanks: [Blank]) {
      self.sql = sql
      self.blanks = blanks
    }

    /// What stands for the columns of a table without rows.
    package static func list(_ columns: [String]) -> String {
      columns.map { "null as \"\($0.replacing("\"", with: "\"\""))\"" }.joined(separator: ", ")
    }
  }

  package init(
    form: Form, sql: String, text: String? = nil, vars: [String: VarValue] = [:],
    indexes: [[String]] = [], blanks: [Blank] = [], columns: [String]? = nil
  ) {
    self.columns = columns
    self.form = form
    self.sql = sql
    self.text = text ?? sql
    self.vars = vars
    self.indexes = indexes
    self.blanks = blanks
  }

  /// The query with its blanks filled in.
  ///
  /// - Parameter literals: The literal for each blank by its name, as the database reads it.
  /// - Returns: The text, in which blanks without a literal stay.
  package func filled(_ literals: [String: String]) -> String {
    Self.fill(blanks, of: sql, literals)
  }

  /// The query for a table without rows, with its blanks filled in; `nil` if it does not read its table.
  package func filledFromNothing(_ literals: [String: String]) -> String? {
    fromNothing.map { Self.fill($0.blanks, of: $0.sql, literals) }
  }

  private static func fill(
    _ blanks: [Blank], of sql: String, _ literals: [String: String]
  ) -> String {
    var bytes = Array(sql.utf8)
    for blank in blanks.reversed() {
      guard let literal = literals[blank.name] else { continue }
      // With spaces, so that a sign or a letter beside it stays what it is.
      bytes.replaceSubrange(blank.range, with: Array(" \(literal) ".utf8))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Asset {
  /// The rule of an incremental table.
  package var incremental: IncrementalRule? {
    if case .query(let query) = recipe, case .incremental(let rule) = query.form {
      rule
    } else {
      nil
    }
  }

  /// The rule of a snapshot.
  package var snapshot: SnapshotRule? {
    if case .query(let query) = recipe, case .snapshot(let rule) = query.form { rule } else { nil }
  }
}

/// CSV or JSON Lines files that are loaded as one table.
package struct SeedRecipe: Equatable, Sendable {
  /// The paths, relative to the project's folder, sorted.
  ///
  /// Only of a source there may be none.
  package var files: [String]
  /// The path or pattern that names them, as it is written.
  package var pattern: String
  /// The pattern that finds the files, relative to the project's folder; `nil` for a path.
  package var glob: String?
  package var format: RowFormat
  /// Whether others write the files (`sources:`) or the project does.
  package var isSource: Bool

  package init(
    files: [String], pattern: String? = nil, glob: String? = nil,
    format: RowFormat = RowFormat(), isSource: Bool = false
  ) {
    self.files = files
    self.pattern = pattern ?? files.joined(separator: ", ")
    self.glob = glob
    self.format = format
    self.isSource = isSource
  }
}

/// How rows are written in CSV files.
package struct RowFormat: Hashable, Sendable, Codable {
  /// One ASCII character.
  package var delimiter: String
  /// The unquoted texts that stand for null.
  package var nulls: [String]

  package init(delimiter: String = ",", nulls: [String] = [""]) {
    self.delimiter = delimiter
    self.nulls = nulls
  }
}

/// A command of any language that writes files, or the rows of a table.
package struct ProgramRecipe: Equatable, Sendable {
  package enum Product: String, Sendable, Codable {
    case file, model, table
  }

  package var product: Product
  /// The program and its arguments; no shell reads them.
  package var command: [String]
  /// Where the outputs are published, relative to the project's folder; empty for a table.
  package var outputs: [ProgramOutput]
  /// The values of the vars, handed over in the environment.
  package var vars: [String: VarValue]
  /// The names of environment variables that are masked in every log.
  package var secrets: [String]
  /// The files whose bytes are part of the definition: the program's own and those under `code:`.
  package var codeFiles: [String]
  /// Of these, the digests of all bytes of those that are part of the definition just in part.
  package var wholeFiles: [String: ContentDigest] = [:]
  /// The declared environment, part of the definition.
  package var environment: [String: String]
  /// The output, by its path, that holds a model's metrics as JSON; `nil` for the first one.
  package var metrics: String?
  /// The item of `foreach:` that it makes the asset of.
  package var item: ProgramItem?
  /// The command that tells the version of what it runs on, which is part of the definition.
  package var runtime: [String]?
  /// The files that stand under `inputs:` by their paths, each with what follows `ASSETCTL_INPUT_` in the
  /// variable that tells where they are.
  package var given: [GivenFiles] = []

  package init(
    product: Product, command: [String], outputs: [ProgramOutput] = [],
    vars: [String: VarValue] = [:],
    secrets: [String] = [], codeFiles: [String] = [], environment: [String: String] = [:],
    metrics: String? = nil, item: ProgramItem? = nil, runtime: [String]? = nil
  ) {
    self.product = product
    self.command = command
    self.outputs = outputs
    self.vars = vars
    self.secrets = secrets
    self.codeFiles = codeFiles
    self.environment = environment
    self.metrics = metrics
    self.item = item
    self.runtime = runtime
  }
}

/// Files that a program is given by a path under its `inputs:`.
package struct GivenFiles: Equatable, Sendable {
  package var name: String
  package var files: FileSet

  package init(_ files: FileSet, name: String) {
    self.files = files
    self.name = name
  }
}

/// The value that one of several assets of one program is made for.
package struct ProgramItem: Equatable, Sendable {
  /// The value of `ASSETCTL_ITEM`: a text, or the path of a file relative to the project's folder.
  package var text: String
  /// The value of `ASSETCTL_STEM`: of a file its name without the extension, else the text.
  package var stem: String
  /// Whether it is a file, whose content the asset is made from.
  package var isFile: Bool

  package init(text: String, stem: String, isFile: Bool) {
    self.text = text
    self.stem = stem
    self.isFile = isFile
  }
}

/// One of the files or folders that a program writes.
package struct ProgramOutput: Equatable, Sendable {
  /// What follows `ASSETCTL_OUTPUT_` in the variable that says where to write it.
  package var name: String
  /// Where it is published, relative to the project's folder.
  package var path: String
  /// Whether it is declared as a folder, which is then made for the program.
  package var isFolder: Bool

  /// - Parameters:
  ///   - path: Where it is published.
  ///   - name: Its name; without one the path's stem is its name.
  ///   - isFolder: Whether it is declared as a folder.
  package init(_ path: String, name: String? = nil, isFolder: Bool = false) {
    self.path = path
    self.name = name?.uppercased() ?? Self.name(of: path)
    self.isFolder = isFolder
  }

  /// The stem of a path as a part of an environment variable's name.
  package static func name(of path: String) -> String {
    let name = PathText.parts(of: path).last ?? ""
    let dot = name.lastIndex(of: ".").flatMap { $0 == name.startIndex ? nil : $0 }
    let stem = dot.map { String(name[..<$0]) } ?? name
    return String(stem.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  }
}

/// An input of an asset, as declared or as derived from its query.
package struct AssetInput: Equatable, Sendable {
  package enum ExportFormat: String, Sendable, Codable {
    case csv, jsonl
  }

  package var key: AssetKey
  /// What is read of it; of an input that the query shows, at most that.
  package var consumption: Consumption
  /// Whether the query shows it, so that a ``QueryReader`` tells what is consumed.
  package var isDerived: Bool
  /// The columns that a program asked for, in its order; `nil` for all of them.
  package var exportedColumns: [String]?
  /// How the rows of a table are handed to a program.
  package var format: ExportFormat
  /// Which of its partitions a partition of the reader reads, and by which of its columns; `nil` if
  /// that is left to what the query proves.
  package var window: InputWindow?
  /// Where the name stands.
  package var place: Place

  package init(
    key: AssetKey, consumption: Consumption = .whole, isDerived: Bool = false,
    exportedColumns: [String]? = nil, format: ExportFormat = .csv, window: InputWindow? = nil,
    place: Place
  ) {
    self.key = key
    self.consumption = consumption
    self.isDerived = isDerived
    self.exportedColumns = exportedColumns
    self.format = format
    self.window = window
    self.place = place
  }
}

extension AssetInput {
  /// Whether a partition of the reader sees just some of its rows.
  package var isWindowed: Bool { window.map { $0.window != .all } ?? false }

  /// The name of the blank in a query where the condition for these rows is filled in.
  package var windowBlank: String { "assetctl_window_" + key.name.caseFolded }
}

/// What a partition of a reader reads of one input, as `window:` says it.
package struct InputWindow: Hashable, Sendable {
  package var window: PartitionWindow
  /// The input's column that says which partition a row belongs to, in lower case; `nil` for the
  /// one that its own partitions, or else the reader's, go by.
  package var column: String?

  package init(_ window: PartitionWindow, column: String? = nil) {
    self.window = window
    self.column = column?.caseFolded
  }
}

/// A column that the declaration describes.
package struct DeclaredColumn: Equatable, Sendable, Codable {
  package var name: String
  package var type: ColumnType?
  package var description: String?
  /// Whether its values are masked wherever samples of rows are kept or shown.
  package var isSensitive: Bool

  package init(
    name: String, type: ColumnType? = nil, description: String? = nil, isSensitive: Bool = false
  ) {
    self.name = name
    self.type = type
    self.description = description
    self.isSensitive = isSensitive
  }
}

/// How to treat an asset whose result may change although its inputs do not.
package enum Volatility: Equatable, Sendable {
  /// As any other: stale when an input or the definition changed.
  case judgedByInputs
  /// Stale in every run.
  case always
  /// Stale when its last materialization is older than this many seconds.
  case after(seconds: Int)
}

/// A value of `vars:`, typed as YAML's core schema types it.
package enum VarValue: Hashable, Sendable, Codable {
  case null
  case boolean(Bool)
  case integer(Int64)
  case real(Double)
  case text(String)

  /// The value as a program finds it in its environment.
  package var text: String {
    switch self {
    case .null: ""
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .real(let value): String(value)
    case .text(let value): value
    }
  }

  /// The value with its type, for canonical forms and messages; no two values share it.
  package var canonicalText: String {
    switch self {
    case .null: "null"
    case .boolean, .integer, .real: text
    case .text(let value):
      // By scalars: an accent behind a quote would hide it among characters.
      "'"
        + String(
          String.UnicodeScalarView(value.unicodeScalars.flatMap { $0 == "'" ? [$0, $0] : [$0] }))
        + "'"
    }
  }
}
