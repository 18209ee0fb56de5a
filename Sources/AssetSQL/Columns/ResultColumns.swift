import AssetCore

/// What the text of a query tells of the columns that it gives, whatever columns its tables have.
package struct ResultColumns: Equatable, Sendable {
  /// Two columns of one name.
  package struct Repeated: Equatable, Sendable {
    package var name: String
    /// The places of both, in bytes of UTF-8.
    package var first: Int
    package var second: Int

    package init(name: String, first: Int, second: Int) {
      self.name = name
      self.first = first
      self.second = second
    }
  }

  /// The names, in order; `nil` if they depend on a table, or if the query cannot be parsed.
  package var names: [String]?
  /// The first name that the query itself gives to two columns.
  package var repeated: Repeated?
  /// Where the analysis found no way on, in bytes of UTF-8; its grammar may lack what the database has.
  package var stop: Int?

  package init(names: [String]? = nil, repeated: Repeated? = nil, stop: Int? = nil) {
    self.names = names
    self.repeated = repeated
    self.stop = stop
  }
}

/// Finds out what a query calls its columns.
///
/// ```swift
/// resultColumns(of: "select id, total as id, note from orders", dialect: .sqlite)
/// // names: ["id", "id", "note"], repeated: "id" at 7 and 11
/// ```
package func resultColumns(of sql: String, dialect: SQLDialect) -> ResultColumns {
  var result = ResultColumns()
  guard let source = try? tokenize(sql, dialect: dialect),
    let own = try? tableNames(of: source, dialect: dialect).own
  else { return result }
  let syntax: Syntax
  do throws(ParseFailure) {
    syntax = try QueryParser.parse(source, dialect: dialect)
  } catch {
    if case .unexpected = error.reason { result.stop = error.offset }
    return result
  }
  result.repeated = repeatedColumn(in: syntax, dialect)
  var binder = Binder(syntax, dialect: dialect, ownNames: own) { _ in nil }
  guard result.repeated == nil, (try? binder.bind(syntax.outermost, in: nil, nil)) != nil,
    !binder.queries[0].isOpen
  else { return result }
  let outputs = binder.queries[0].outputs
  guard outputs.allSatisfy({ $0.key != nil }) else { return result }
  result.names = outputs.map { $0.name.map(binder.words.text(of:)) ?? "" }
  return result
}

/// The first name that the outermost list of columns has twice; what stars stand for is left out.
private func repeatedColumn(in syntax: Syntax, _ dialect: SQLDialect) -> ResultColumns.Repeated? {
  var query = syntax.outermost
  // A compound has the names of its first query.
  while case .query(let inner)? = syntax.queries[query].terms.first { query = inner }
  guard case .select(let select)? = syntax.queries[query].terms.first else { return nil }
  var first: [String: Int] = [:]
  for case .expression(let expression, let aliases) in select.items {
    for (name, offset) in names(of: expression, aliases, in: syntax, dialect) {
      let earlier = first.updateValue(offset, forKey: name.asciiFolded)
      if let earlier { return .init(name: name, first: earlier, second: offset) }
    }
  }
  return nil
}

private func names(
  of expression: Expression, _ aliases: [Name], in syntax: Syntax, _ dialect: SQLDialect
) -> [(name: String, offset: Int)] {
  if !aliases.isEmpty { return aliases.map { (syntax.words.text(of: $0.text), $0.offset) } }
  if let name = expression.column?.name { return [(syntax.words.text(of: name.text), name.offset)] }
  let tokens = syntax.source.tokens[expression.tokens]
  guard dialect.namesColumnsByText, let first = tokens.first, let last = tokens.last else {
    return []
  }
  let text = syntax.source.bytes[first.start..<last.end]
  return [(String(decoding: text, as: UTF8.self), first.start)]
}
