/// The facts in which databases differ on how SQL is written.
///
/// A dialect holds facts, not behaviour: the tokenizer and the analysis ask for the fact and never
/// for the name of the database, so that another database is another value of this type.
package struct SQLDialect: Hashable, Sendable {
  /// Where in a `with` clause the names that it declares are known.
  enum CTEVisibility {
    /// In all of its queries, in whatever order, and in each of itself.
    case wholeClause
    /// In the later ones; after `with recursive` in all of them.
    case laterQueries
  }

  /// A function that stands in a `from` clause, by what it gives.
  struct TableFunction: Hashable {
    var columns: [String]
    /// Columns that `*` leaves out.
    var hidden: [String]
  }

  /// The name of the dialect as messages may show it.
  package var name: String

  // What begins and ends a token.

  /// Whether `/* /* */ */` is one comment.
  var nestsComments = false
  /// Whether a carriage return alone ends a `--` comment.
  var carriageReturnEndsComment = false
  /// Whether `$$text$$` and `$tag$text$tag$` are strings.
  var hasDollarStrings = false
  /// Whether a name that is not quoted may hold `$` after its first character.
  var allowsDollarInNames = true
  /// Whether such a name may begin with a digit.
  var allowsDigitFirstInNames = false
  /// Whether `` `name` `` is a quoted name.
  var hasBacktickNames = false
  /// Whether `[name]` is a quoted name; otherwise brackets and braces enclose values.
  var hasBracketNames = false
  /// Whether `"text"` is a string; otherwise it is a quoted name.
  var hasDoubleQuotedStrings = false
  /// Whether a backslash escapes the next character in every string.
  var hasBackslashEscapes = false
  /// The letters (in lower case) that may precede a string's quote, `x` aside.
  var stringPrefixes: Set<Character> = []
  /// Whether operators are runs of operator characters, as in PostgreSQL; otherwise a fixed set.
  var hasOperatorRuns = false
  /// The characters that begin a parameter, of `:`, `@`, `$` and `?`.
  var parameterSigils: Set<Character> = [":", "?"]

  // What names stand for.

  /// Whether quoted names are compared by case (and names without quotes are folded to lower case).
  var comparesQuotedNamesByCase = false
  /// Whether `from 'name'` reads a table (or a file) of that name.
  var allowsStringsAsTableNames = false
  /// Where the names that a `with` clause declares are known.
  var cteVisibility = CTEVisibility.laterQueries

  // What reads a table.

  /// Whether `x in name` reads the table `name`.
  var hasInTable = false
  /// Whether a query may begin with `from`.
  var hasLeadingFrom = false
  /// Whether `lateral`, `only`, `rows from` and `tablesample` have their meaning.
  var hasTableModifiers = true
  /// The words that make a query of the table behind them, such as `table orders`.
  var tableCommands: Set<String> = []
  /// Whether `leading`, `trailing` and `both` have a meaning in `trim`.
  var hasTrimSides = true
  /// The words that make joins of their own kinds, such as `semi join`; elsewhere they are names.
  var joinWords: Set<String> = []
  /// Whether `localtime` and `localtimestamp` are clocks.
  var hasLocalClocks = true

  // How a query is made up.

  /// Whether `qualify` filters by windows; elsewhere it is a word like any other.
  var hasQualify = false
  /// Whether `minus` is `except`.
  var hasMinus = false
  /// Whether `name: expression` gives a column or a table its name.
  var hasPrefixAliases = false
  /// Whether a comma joins just as `join` does, so that neither binds its sides more tightly.
  var joinsBindLikeCommas = false
  /// Whether `x -> f(x)` is a function.
  var hasLambdas = false
  /// Whether a word in front of a string names the string's type, as in `date '2026-01-01'`.
  var hasTypedLiterals = true

  /// Whether a query may end in `for update`.
  var hasLockingClauses = false

  // What a name in an expression may mean.

  /// Whether the condition of a join may name every table of the `from` clause.
  var conditionsSeeAllTables = false
  /// Whether a query in a `from` clause may name the tables before it without `lateral`.
  var tablesSeeEarlierOnes = false
  /// Whether a select list may name its own earlier columns.
  var hasLateralAliases = false
  /// Whether a table's name stands for its rows.
  var hasRowReferences = false
  /// Whether `a.b` may be the field `b` of a column `a`.
  var hasFieldAccess = false
  /// Whether a function in a select list may give several rows or none.
  var hasSetReturningFunctions = true
  /// Aggregates that choose the row from which columns beside them are taken.
  var rowChoosingAggregates: Set<String> = []
  /// The names by which rows can be told apart beside their columns.
  var rowIdentifiers: Set<String> = []
  /// Whether `true` and `false` are columns if there are any of that name.
  var hasBooleanColumns = false
  /// Whether a column without alias that is more than a name is called by its text.
  var namesColumnsByText = false
  /// Whether a table can be called, so that any but the known table functions may read the database.
  var hasCallableTables = false
  /// The columns of table functions; those of others are not known.
  var tableFunctions: [String: TableFunction] = [:]
  /// How many columns a query gives at most; `nil` if that is not limited.
  var mostColumns: Int?
  /// How `values` names its columns: this and a number, which begins at ``firstValuesColumn``.
  var valuesColumnPrefix = "column"
  var firstValuesColumn = 1

  /// SQLite's SQL, as of version 3.40.
  package static let sqlite = {
    var dialect = SQLDialect(name: "SQLite")
    dialect.hasBacktickNames = true
    dialect.hasBracketNames = true
    dialect.parameterSigils = [":", "@", "$", "?"]
    dialect.allowsStringsAsTableNames = true
    dialect.cteVisibility = .wholeClause
    dialect.hasInTable = true
    dialect.hasTableModifiers = false
    dialect.hasLocalClocks = false
    dialect.hasTrimSides = false
    dialect.joinsBindLikeCommas = true
    dialect.hasTypedLiterals = false
    dialect.conditionsSeeAllTables = true
    dialect.hasSetReturningFunctions = false
    dialect.rowIdentifiers = ["rowid", "oid", "_rowid_"]
    dialect.namesColumnsByText = true
    dialect.rowChoosingAggregates = ["min", "max"]
    dialect.hasBooleanColumns = true
    dialect.mostColumns = 2000
    dialect.hasCallableTables = true
    let json = TableFunction(
      columns: ["key", "value", "type", "atom", "id", "parent", "fullkey", "path"],
      hidden: ["json", "root"])
    dialect.tableFunctions = [
      "json_each": json, "json_tree": json, "jsonb_each": json, "jsonb_tree": json,
      "generate_series": TableFunction(columns: ["value"], hidden: ["start", "stop", "step"]),
    ]
    return dialect
  }()

  /// PostgreSQL's SQL, with `:name` for a parameter besides its own `$1`.
  package static let postgresql = {
    var dialect = SQLDialect(name: "PostgreSQL")
    dialect.nestsComments = true
    dialect.carriageReturnEndsComment = true
    dialect.hasDollarStrings = true
    dialect.stringPrefixes = ["e", "b", "n"]
    dialect.hasOperatorRuns = true
    dialect.parameterSigils = [":", "$"]
    dialect.comparesQuotedNamesByCase = true
    dialect.tableCommands = ["table"]
    dialect.hasRowReferences = true
    dialect.hasLockingClauses = true
    dialect.rowIdentifiers = ["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid"]
    return dialect
  }()

  /// DuckDB's SQL, with `:name` for a parameter besides its own `$name` and `?`.
  package static let duckdb = {
    var dialect = postgresql
    dialect.name = "DuckDB"
    dialect.joinWords = ["asof", "positional", "semi", "anti"]
    dialect.parameterSigils = [":", "$", "?"]
    dialect.comparesQuotedNamesByCase = false
    dialect.allowsStringsAsTableNames = true
    dialect.hasLeadingFrom = true
    dialect.tableCommands = ["table", "pivot", "unpivot", "describe", "summarize"]
    dialect.hasPrefixAliases = true
    dialect.hasLambdas = true
    dialect.hasQualify = true
    dialect.tablesSeeEarlierOnes = true
    dialect.hasLateralAliases = true
    dialect.hasFieldAccess = true
    dialect.rowIdentifiers = ["rowid"]
    dialect.valuesColumnPrefix = "col"
    dialect.firstValuesColumn = 0
    return dialect
  }()

  /// Spark's SQL.
  package static let spark = {
    var dialect = SQLDialect(name: "Spark")
    dialect.joinWords = ["semi", "anti"]
    dialect.nestsComments = true
    dialect.allowsDollarInNames = false
    dialect.allowsDigitFirstInNames = true
    dialect.hasBacktickNames = true
    dialect.hasDoubleQuotedStrings = true
    dialect.hasBackslashEscapes = true
    dialect.stringPrefixes = ["r"]
    dialect.hasLeadingFrom = true
    dialect.tableCommands = ["table"]
    dialect.hasMinus = true
    dialect.hasLambdas = true
    dialect.hasQualify = true
    dialect.hasLateralAliases = true
    dialect.hasFieldAccess = true
    dialect.valuesColumnPrefix = "col"
    return dialect
  }()

  /// Makes the form of a name by which the dialect compares names: equal keys, equal names.
  ///
  /// Letters beyond ASCII are compared as written, as SQLite does.
  ///
  /// ```swift
  /// SQLDialect.sqlite.key(of: "Orders", isQuoted: true)      // "orders"
  /// SQLDialect.postgresql.key(of: "Orders", isQuoted: true)  // "Orders"
  /// ```
  package func key(of name: String, isQuoted: Bool) -> String {
    if isQuoted, comparesQuotedNamesByCase { return name }
    return name.asciiLowercased
  }
}

extension SQLDialect: CustomStringConvertible {
  /// The dialect's name.
  package var description: String { name }
}

extension String {
  /// The text with the letters A to Z in lower case and all else as it is.
  var asciiLowercased: String {
    guard utf8.contains(where: { 0x41...0x5A ~= $0 }) else { return self }
    return String(decoding: utf8.map(\.asciiLowercased), as: UTF8.self)
  }
}

extension UInt8 {
  /// The byte, with the letters A to Z in lower case.
  var asciiLowercased: UInt8 { 0x41...0x5A ~= self ? self | 0x20 : self }
}
