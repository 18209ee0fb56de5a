package import AssetCore

/// What is known of the columns that a query gives.
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
  /// The first name that two columns have.
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
///
/// - Parameters:
///   - sql: One query.
///   - dialect: The dialect that it is written in.
///   - columns: The names of a table's columns; `nil` if they are not known.
/// - Returns: What is known of its columns.
package func resultColumns(
  of sql: String, dialect: SQLDialect, columns: (AssetKey) -> [String]? = { _ in nil }
) -> ResultColumns {
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
  return withoutActuallyEscaping(columns) { columns in
    var binder = Binder(syntax, dialect: dialect, ownNames: own, columns: columns)
    guard result.repeated == nil, (try? binder.bind(syntax.outermost, in: nil, nil)) != nil,
      !binder.queries[0].isOpen
    else { return result }
    let outputs = binder.queries[0].outputs
    guard outputs.allSatisfy({ $0.key != nil }) else { return result }
    let names = outputs.map { $0.name.map(binder.words.text(of:)) ?? "" }
    // A column without a name of its own is called by the value that a parameter has. One with a collation
    // is called by its text here, and by its name where another query reads it.
    let hasParameters = source.tokens.contains { $0.kind == .parameter }
    if source.tokens.contains(where: { $0.keyword == .collate }) { return result }
    if !hasParameters || !names.contains(where: { $0.contains { ":@$?".contains($0) } }) {
      result.names = names
    }
    result.repeated = binder.collision(of: 0)
    return result
  }
}

extension Binder {
  /// Two columns of a query that share a name through what its stars stand for.
  fileprivate func collision(of query: Int) -> ResultColumns.Repeated? {
    guard let (first, second) = queries[query].collision,
      let name = queries[query].outputs[first].name
    else { return nil }
    func offset(_ output: Int) -> Int {
      queries[query].items.first { output < $0.end }?.offset ?? 0
    }
    return ResultColumns.Repeated(
      name: words.text(of: name), first: offset(first), second: offset(second))
  }
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
  let tokens = syntax.source.tokens[expression.tokens]
  if let name = expression.column?.name, !tokens.contains(where: { $0.keyword == .collate }) {
    return [(syntax.words.text(of: name.text), name.offset)]
  }
  guard dialect.namesColumnsByText, let first = tokens.first, let last = tokens.last else {
    return []
  }
  let text = syntax.source.bytes[first.start..<last.end]
  return [(String(decoding: text, as: UTF8.self), first.start)]
}
