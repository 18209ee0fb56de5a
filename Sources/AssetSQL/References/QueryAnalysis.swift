/// What the text of one query shows without knowing any table's columns.
///
/// All lists are in the order of the text.
package struct QueryAnalysis: Equatable, Sendable {
  /// The tables that the query reads; one that is read twice is listed twice.
  ///
  /// Names that a `with` clause declares are not among them, where they are known; what the query
  /// of such a name reads is, even if the name is never used.
  package var tables: [TableReference]
  /// The parameters, each as often as it stands in the text.
  package var parameters: [ParameterReference]
  /// The functions that are called, and clocks such as `current_date`.
  package var functions: [FunctionReference]
  /// Why the result may differ from run to run although no table changed; empty if it may not.
  package var volatileReasons: [VolatileReason]
  /// The query's text without what has no meaning: equal texts, equal queries.
  ///
  /// The tokens, one space between two of them. Comments, white space and semicolons at the end
  /// are dropped; words without quotes are in lower case (A to Z); names in quotes, strings,
  /// numbers and parameters are as written.
  ///
  /// Two texts have the same canonical form only if they have the same tokens up to the case of
  /// words without quotes. For the tokenizer gives back just those tokens when it reads the form:
  /// every token is one that it read whole before, a space ends any token but a quoted one, and
  /// those end at their own closing quote, which no space can extend; in particular `- -` stays
  /// two tokens and no comment, and `'a' 'b'` two strings. A function that can be undone maps no
  /// two things to one.
  package var canonicalForm: String
  /// The texts, as they are written, of columns that have no name of their own, where the database
  /// calls them by those; of a query that cannot be parsed, all of it.
  package var unnamedColumns: [String]
  /// Of the tables, the offsets of those that stand in a common table expression of their own name, where
  /// the database would take that for what is meant.
  package var ownNames: [Int]
  /// The places of the semicolons that end the query.
  package var terminators: [Range<Int>]

  /// Makes an analysis out of its parts, such as one that was stored.
  package init(
    tables: [TableReference], parameters: [ParameterReference], functions: [FunctionReference],
    volatileReasons: [VolatileReason], canonicalForm: String, unnamedColumns: [String] = [],
    ownNames: [Int] = [], terminators: [Range<Int>]
  ) {
    self.tables = tables
    self.parameters = parameters
    self.functions = functions
    self.volatileReasons = volatileReasons
    self.canonicalForm = canonicalForm
    self.unnamedColumns = unnamedColumns
    self.ownNames = ownNames
    self.terminators = terminators
  }
}

/// A name that stands where a table is read.
package struct TableReference: Equatable, Sendable {
  /// The first of three parts of a name, without quotes.
  package var catalog: String?
  /// The part in front of the name, without quotes.
  package var schema: String?
  /// The name, without quotes and in the case in which it is written.
  package var name: String
  /// Whether the name itself is written in quotes.
  package var isQuoted: Bool
  /// The place of the whole reference, qualifiers included, in bytes of UTF-8.
  package var range: Range<Int>

  /// Makes a reference as the analysis would find it.
  package init(
    _ name: String, schema: String? = nil, catalog: String? = nil, isQuoted: Bool = false,
    range: Range<Int>
  ) {
    self.name = name
    self.schema = schema
    self.catalog = catalog
    self.isQuoted = isQuoted
    self.range = range
  }

  /// The offset of the first byte.
  package var offset: Int { range.lowerBound }
}

/// A place in the text where a value is to stand.
package struct ParameterReference: Equatable, Sendable {
  /// The character that begins a parameter.
  package enum Sigil: Character, Sendable {
    /// `:name`
    case colon = ":"
    /// `@name`
    case at = "@"
    /// `$name`
    case dollar = "$"
    /// `?` or `?1`
    case questionMark = "?"
  }

  /// The name without its sigil; empty for a bare `?`.
  package var name: String
  /// The character in front of the name.
  package var sigil: Sigil
  /// The place of sigil and name in bytes of UTF-8.
  package var range: Range<Int>

  /// Makes a reference as the analysis would find it.
  package init(name: String, sigil: Sigil, range: Range<Int>) {
    self.name = name
    self.sigil = sigil
    self.range = range
  }
}

/// A function that the query calls, in an expression or as a table.
package struct FunctionReference: Equatable, Sendable {
  /// The last part of the name, in lower case.
  package var name: String
  /// The offset of the name (of its first part) in bytes of UTF-8.
  package var offset: Int

  /// Makes a reference as the analysis would find it.
  package init(name: String, offset: Int) {
    self.name = name
    self.offset = offset
  }
}

/// A reason why a query may give other rows although nothing that it reads has changed.
package enum VolatileReason: Equatable, Sendable {
  /// A function that draws a new value each time.
  case random(function: String, offset: Int)
  /// A function that reads the clock.
  case clock(function: String, offset: Int)
  /// A function that tells what the connection did before.
  case connectionState(function: String, offset: Int)
  /// A `limit` in a query that has no `order by`: which rows are left is open.
  case unorderedLimit(offset: Int)
  /// A sample of a table's rows.
  case sample(offset: Int)

  /// The place of what makes the query volatile, in bytes of UTF-8.
  package var offset: Int {
    switch self {
    case .random(_, let offset), .clock(_, let offset), .connectionState(_, let offset),
      .unorderedLimit(let offset), .sample(let offset):
      offset
    }
  }
}

/// Reads the text of one query and lists what it refers to.
///
/// The text must be exactly one query: `select`, `with … select` or `values`, and what else the
/// dialect takes for one, with nothing behind its semicolon. Beyond that the syntax is left to the
/// database: a text that it would refuse may be analysed, and nothing that it would accept is
/// refused for its nesting. The cost is linear in the length of the text.
///
/// ```swift
/// let query = "with recent as (select * from orders where day > :since) select * from recent"
/// let analysis = try analyze(query, dialect: .sqlite)
/// analysis.tables.map(\.name)      // ["orders"]
/// analysis.parameters.map(\.name)  // ["since"]
/// ```
package func analyze(_ sql: String, dialect: SQLDialect) throws(SQLError) -> QueryAnalysis {
  let source = try tokenize(sql, dialect: dialect)
  var scanner = ReferenceScanner(source: source, dialect: dialect)
  try scanner.scan()
  var parameters: [ParameterReference] = []
  for token in source.tokens where token.kind == .parameter {
    // By scalars, as a combining mark behind the sigil makes one character with it.
    let text = source.text(of: token).unicodeScalars
    let first = text.first.map(Character.init)
    guard let sigil = first.flatMap(ParameterReference.Sigil.init) else {
      preconditionFailure("a parameter begins with its sigil")
    }
    let name = String(String.UnicodeScalarView(text.dropFirst()))
    parameters.append(ParameterReference(name: name, sigil: sigil, range: token.range))
  }
  let (tables, own) = scanner.scopes.resolve(scanner.tables, dialect)
  return QueryAnalysis(
    tables: tables,
    parameters: parameters,
    functions: scanner.functions,
    volatileReasons: scanner.volatileReasons.sorted { $0.offset < $1.offset },
    canonicalForm: source.canonicalForm(upTo: scanner.end),
    unnamedColumns: unnamedColumns(of: source, dialect: dialect),
    ownNames: own.map(\.offset),
    terminators: source.tokens[scanner.end...].map(\.range)
  )
}

/// The texts of the columns that have no name of their own, where the database calls them by those.
///
/// Of a query that cannot be parsed it is all of the text.
private func unnamedColumns(of source: SQLTokens, dialect: SQLDialect) -> [String] {
  guard dialect.namesColumnsByText else { return [] }
  guard let syntax = try? QueryParser.parse(source, dialect: dialect) else {
    return [String(decoding: source.bytes, as: UTF8.self)]
  }
  // What a query within an expression calls its columns is seen by nobody.
  let inExpressions = Set(
    syntax.uses.compactMap { use in
      if case .query(let index, _) = use.kind { index } else { nil }
    })
  var texts: [String] = []
  for (index, query) in syntax.queries.enumerated() where !inExpressions.contains(index) {
    for case .select(let select) in query.terms {
      for case .expression(let expression, aliases: []) in select.items
      where expression.column == nil {
        let tokens = source.tokens[expression.tokens]
        guard let first = tokens.first, let last = tokens.last else { continue }
        texts.append(String(decoding: source.bytes[first.start..<last.end], as: UTF8.self))
      }
    }
  }
  return texts
}

extension SQLTokens {
  /// Joins the first tokens to the canonical form, whose contract is at ``QueryAnalysis``.
  func canonicalForm(upTo end: Int) -> String {
    var form: [UInt8] = []
    form.reserveCapacity(bytes.count)
    for token in tokens[..<end] {
      if !form.isEmpty { form.append(UInt8(ascii: " ")) }
      if token.kind == .identifier {
        for index in token.range { form.append(bytes[index].asciiLowercased) }
      } else {
        form.append(contentsOf: bytes[token.range])
      }
    }
    return String(decoding: form, as: UTF8.self)
  }
}
