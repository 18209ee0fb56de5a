// What the parser makes of a query's tokens.
//
// Queries refer to each other by their index in ``Syntax/queries``. Expressions are not trees: all
// that matters of one is which columns and queries it uses, and what for.

/// The syntax of one statement: its queries, the outermost last.
struct Syntax: Sendable {
  var source: SQLTokens
  var queries: [QuerySyntax]
  /// What its expressions use.
  var uses: [Expression.Use]
  /// The texts and keys of its names.
  var words: WordTable
  /// Whether a value in it may depend on the order of the rows that a query within it gives.
  var seesOrder: Bool
  /// Whether it has a place for a value of a partition.
  var namesPartition: Bool

  var outermost: Int { queries.count - 1 }
}

/// A name as it is written, and the form in which the dialect compares it.
struct Name: Equatable, Sendable {
  var text: Word
  var key: Word
  /// The offset of its first byte.
  var offset: Int
}

/// A name with what stands in front of it, such as `schema.table.column`.
struct QualifiedName: Equatable, Sendable {
  var name: Name
  var qualifier: Name?
  /// What stands in front of the qualifier, in order.
  var outer: [Name] = []

  init(_ name: Name) { self.name = name }

  /// How many parts it has.
  var count: Int { qualifier == nil ? 1 : outer.count + 2 }

  subscript(position: Int) -> Name {
    if position < outer.count { return outer[position] }
    if let qualifier, position == outer.count { return qualifier }
    return name
  }

  /// Adds a part behind the others.
  mutating func append(_ part: Name) {
    if let qualifier { outer.append(qualifier) }
    qualifier = name
    name = part
  }
}

/// A query with all that belongs to it: `with … select … order by … limit …`.
struct QuerySyntax: Sendable {
  /// One name of a `with` clause.
  struct CTE: Sendable {
    var name: Name
    /// The names for its columns, if they are listed.
    var columns: [Name]
    var query: Int
  }

  /// One operand of `union` and its like.
  enum Term: Sendable {
    case select(SelectSyntax)
    /// The expressions of each row, column by column.
    case values([[Expression]])
    case query(Int)
  }

  /// The index of the first query within it; all from there up to its own are.
  var first: Int
  var ctes: [CTE] = []
  var isRecursive = false
  var terms: [Term] = []
  /// Whether an operator other than `union all` stands between the terms.
  var comparesRows = false
  /// Whether the terms' columns are matched by name.
  var isByName = false
  var order: [Expression] = []
  var limit: [Expression] = []
  /// Where its `limit` or `fetch` stands.
  var limitOffset: Int?
  var hasOffset = false
}

/// One `select … from … where …`.
struct SelectSyntax: Sendable {
  enum Duplicates: Sendable {
    case kept, removed
    /// `distinct on`: one row for each value of these.
    case removedOn([Expression])
  }

  var duplicates = Duplicates.kept
  var items: [ItemSyntax] = []
  var from = FromSyntax()
  var filters: [Expression] = []
  var having: [Expression] = []
  var grouping: [Expression] = []
  /// Whether it says `group by all`.
  var groupsByAll = false
  var windows: [(name: Name, definition: Expression)] = []
}

/// One entry of a select list.
enum ItemSyntax: Sendable {
  /// The aliases are more than one for a function that gives several columns.
  case expression(Expression, aliases: [Name])
  case star(StarSyntax)
}

/// `*` or `t.*`, with what may follow it.
struct StarSyntax: Sendable {
  var qualifier: [Name] = []
  var excluded: [Name] = []
  var replaced: [(expression: Expression, name: Name)] = []
  var renamed: [(from: Name, to: Name)] = []
  /// Whether a pattern decides which columns it stands for.
  var hasPattern = false
  var offset: Int
}

/// The tables of a `from` clause, in order, and what joins them.
struct FromSyntax: Sendable {
  struct Condition: Sendable {
    var expression: Expression
    /// The tables that its names may mean.
    var scope: Range<Int>
  }

  /// `using` or `natural`, which make one column of two.
  struct Merge: Sendable {
    /// `nil` for a natural join: all names that both sides have.
    var names: [Name]?
    var left: Range<Int>
    var right: Range<Int>
    /// Whether a merged column's value may come from the left and from the right.
    var takesLeft: Bool
    var takesRight: Bool
  }

  var tables: [TableSyntax] = []
  var conditions: [Condition] = []
  var merges: [Merge] = []
  /// What conditions say about the partition that a row belongs to, also that of the `where` clause.
  var bounds = PartitionBounds()
  /// Whether a join may choose among rows before the `where` clause does, as `asof` does.
  var hasOddJoins = false
}

/// One table of a `from` clause.
struct TableSyntax: Sendable {
  enum Kind: Sendable {
    /// A table or CTE.
    case name(QualifiedName)
    case query(Int, isLateral: Bool)
    /// A table function with its arguments.
    case call(Name, Expression)
  }

  var kind: Kind
  var alias: Name?
  /// The names for its columns, if they are listed.
  var columns: [Name] = []
  /// Whether `*` leaves it out, as the right side of a semi join.
  var isHidden = false
  /// Whether only a sample of its rows is taken.
  var isSampled = false
}

/// What an expression uses.
struct Expression: Sendable {
  /// What a thing is used for.
  enum Role: Sendable {
    /// The value is computed out of it.
    case value
    /// It decides which rows count.
    case condition
  }

  struct Use: Sendable {
    enum Kind: Sendable {
      case column(QualifiedName)
      case query(Int, onlyExistence: Bool)
      case window(Name)
      /// All columns of a table, or of all tables.
      case star(Name?)
    }

    var kind: Kind
    var role: Role
    /// Whether it may as well be no column at all, such as a unit of time or a lambda's parameter.
    var isSoft: Bool
    /// Whether it is a constant such as `true`, unless there is a column of that name.
    var isConstant = false
    /// Whether it stands in the definition of a window.
    var isInWindow = false
    /// Whether it is an argument of an aggregate that chooses a row.
    var isInChooser = false
  }

  /// What it uses, in ``Syntax/uses``.
  var uses: Range<Int> = 0..<0
  /// The tokens that it is made of.
  var tokens: Range<Int> = 0..<0
  /// The column that it is, if it is nothing else.
  var column: QualifiedName?
  /// Its value if it is nothing but a whole number.
  var ordinal: Int?
  /// Whether it calls an aggregate that chooses the row from which columns beside it are taken.
  var choosesRow = false
  /// Whether a column in it may stand outside of every aggregate.
  var mayBeBare = false
  /// Whether it may give more rows than one, or none.
  var mayChangeRows = false
}

extension Expression {
  /// The name without qualifier that it is, if it is nothing else.
  var name: Name? { column?.qualifier == nil ? column?.name : nil }
}

/// Why a query could not be parsed.
struct ParseFailure: Error, Equatable {
  enum Reason: Equatable {
    case unexpected(String?)
    case tooDeep
    case unsupported(String)
  }

  var reason: Reason
  var offset: Int

  /// The reason in words, to follow "because".
  var words: String {
    switch reason {
    case .unexpected(let found?): "`\(found)` stands where the analysis expects something else"
    case .unexpected(nil): "the text ends where the analysis expects something else"
    case .tooDeep: "its queries are nested too deeply"
    case .unsupported(let what): "the analysis does not know `\(what)`"
    }
  }
}
