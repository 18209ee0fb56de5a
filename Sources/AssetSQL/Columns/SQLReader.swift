package import AssetCore

/// Reads the queries of assets in one dialect.
package struct SQLReader: QueryReader {
  private let dialect: SQLDialect

  package init(dialect: SQLDialect) { self.dialect = dialect }

  package func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
    guard case .query(let query) = asset.recipe else { return QueryReading() }
    var reading = readQuery(query.text, dialect: dialect, columns: columns)
    if reading.unreadable != nil {
      reading.mentioned = mentionedNames(in: query.text, dialect: dialect)
    }
    for index in reading.problems.indices {
      reading.problems[index].place?.file = asset.place.file
    }
    return reading
  }
}

/// Finds out what a query reads of each table that it names, and where its columns come from.
///
/// ```swift
/// let reading = readQuery("select total from orders where day > 5", dialect: .sqlite) { _ in nil }
/// reading.inputs["orders"]?.consumption  // .columns(["day", "total"])
/// ```
///
/// - Parameters:
///   - sql: One query.
///   - dialect: The dialect that it is written in.
///   - columns: The names of a table's columns, in order; `nil` if they are not known.
/// - Returns: What it reads and gives. The places of its problems have no file.
package func readQuery(
  _ sql: String, dialect: SQLDialect, columns: (AssetKey) -> [String]?
) -> QueryReading {
  let source: SQLTokens
  let tables: [AssetKey]
  do {
    source = try tokenize(sql, dialect: dialect)
    tables = try tableNames(of: source, dialect: dialect)
  } catch {
    return QueryReading(unreadable: error.diagnostic(at: nil).summary)
  }
  return withoutActuallyEscaping(columns) { columns in
    do throws(Unreadable) {
      return try reading(of: source, tables: tables, dialect: dialect, columns: columns)
    } catch {
      return QueryReading(unreadable: error.words, reading: tables)
    }
  }
}

/// Why a query could not be read.
private struct Unreadable: Error {
  var words: String
}

private func reading(
  of source: SQLTokens, tables: [AssetKey], dialect: SQLDialect,
  columns: @escaping (AssetKey) -> [String]?
) throws(Unreadable) -> QueryReading {
  let syntax: Syntax
  do {
    syntax = try QueryParser.parse(source, dialect: dialect)
  } catch {
    let position = source.position(of: error.offset)
    throw Unreadable(words: "\(error.words) (line \(position.line), column \(position.column))")
  }
  var binder = Binder(syntax, dialect: dialect, columns: columns)
  do {
    _ = try binder.bind(syntax.outermost, in: nil, nil)
  } catch {
    throw Unreadable(words: error.words)
  }
  // The tables were found once before, by other means; the two must agree.
  let bound = Set(binder.tables.map(\.key))
  let unused = binder.unusedNames
  let rest = Set(tables).subtracting(bound)
  guard bound.isSubset(of: tables),
    rest.allSatisfy({ unused.contains(dialect.key(of: $0.name, isQuoted: true)) })
  else { throw Unreadable(words: "it is not clear which tables it reads") }
  return binder.reading(unread: rest)
}

/// The tables that a text names, CTEs and functions aside.
private func tableNames(
  of source: SQLTokens, dialect: SQLDialect
) throws(SQLError) -> [AssetKey] {
  var scanner = ReferenceScanner(source: source, dialect: dialect)
  try scanner.scan()
  return scanner.scopes.tables(among: scanner.tables, dialect: dialect)
    .map { AssetKey(trusted: $0.name) }
}

extension SQLTokens {
  fileprivate func position(of offset: Int) -> LineAndColumn {
    lineAndColumn(ofByteOffset: offset, in: String(decoding: bytes, as: UTF8.self))
  }
}

extension QueryReading {
  /// The reading of what cannot be read: all of each table.
  fileprivate init(unreadable reason: String, reading tables: [AssetKey]) {
    let whole = InputReading(.whole, wholeBecause: reason)
    self.init(
      inputs: Dictionary(tables.map { ($0, whole) }) { first, _ in first }, unreadable: reason)
  }
}

// MARK: - Reading the graph

extension Binder {
  /// What the outermost query reads and gives.
  ///
  /// - Parameter unread: Tables that only queries name that nothing uses.
  fileprivate mutating func reading(unread: Set<AssetKey>) -> QueryReading {
    var inputs = consumptions(from: queries[0].all)
    for key in unread { inputs[key] = InputReading(.rowCount) }
    let problems = self.problems.sorted { $0.offset < $1.offset }.map { problem in
      let position = syntax.source.position(of: problem.offset)
      return problem.diagnostic(
        at: Place(file: "", line: position.line, column: position.column))
    }
    if let first = problems.first {
      let whole = InputReading(.whole, wholeBecause: first.summary)
      inputs = inputs.mapValues { _ in whole }
    }
    return QueryReading(inputs: inputs, columns: lineage(), problems: problems)
  }

  private mutating func consumptions(from node: Int) -> [AssetKey: InputReading] {
    var columns = [[String]](repeating: [], count: tables.count)
    var reasons = [WholeReason?](repeating: nil, count: tables.count)
    for node in graph.reach(from: [node]).sorted() {
      switch graph.nodes[node] {
      case .inner, .rows: break
      case .column(let table, let item): columns[table].append(tables[table].items[item].key)
      case .whole(let table, let reason): reasons[table] = reasons[table] ?? reason
      }
    }
    var inputs: [AssetKey: InputReading] = [:]
    for (index, table) in tables.enumerated() {
      let reason = reasons[index] ?? (table.hasCollidingNames ? .namesDifferInCase : nil)
      inputs[table.key] =
        reason.map { InputReading(.whole, wholeBecause: $0.words) }
        ?? InputReading(
          Consumption(
            columns: columns[index], names: table.items.compactMap { $0.isLookedUp ? $0.key : nil })
        )
    }
    return inputs
  }

  /// The outermost columns with their origins; nothing if not all of them are known.
  private mutating func lineage() -> [ColumnLineage]? {
    guard !queries[0].isOpen else { return nil }
    let sources = RankedColumns(of: graph.nodes, tables)
    // Most columns are influenced by the same: by what decides which rows there are.
    var influences: [[Int]: [AssetColumn]] = [:]
    return queries[0].outputs.map { output in
      let (values, decisive) = graph.origins(of: output.node)
      let influence = influences[decisive] ?? sources.columns(among: graph.reach(from: decisive))
      influences[decisive] = influence
      return ColumnLineage(
        name: output.name ?? "", from: sources.columns(among: values), influencedBy: influence)
    }
  }
}

/// The columns that nodes stand for, sorted once, so that any choice of them is sorted quickly.
private struct RankedColumns {
  private var sorted: [AssetColumn] = []
  /// The ranks of the columns that a node stands for.
  private var ranks: [[Int]]

  init(of nodes: [ColumnGraph.Node], _ tables: [BoundTable]) {
    var columns: [(node: Int, column: AssetColumn)] = []
    for (index, node) in nodes.enumerated() {
      switch node {
      case .inner, .rows: break
      case .column(let table, let item):
        columns.append((index, AssetColumn(tables[table].key, tables[table].items[item].key)))
      case .whole(let table, let reason) where reason != .star && reason != .positions:
        columns += tables[table].columnKeys.map { (index, AssetColumn(tables[table].key, $0)) }
      case .whole: break
      }
    }
    ranks = [[Int]](repeating: [], count: nodes.count)
    for (node, column) in columns.sorted(by: { $0.column < $1.column }) {
      if sorted.last != column { sorted.append(column) }
      ranks[node].append(sorted.count - 1)
    }
  }

  /// The columns that nodes stand for, sorted, each once.
  func columns(among nodes: [Int]) -> [AssetColumn] {
    var found: [Int] = []
    for node in nodes where !ranks[node].isEmpty { found += ranks[node] }
    found.sort()
    var columns: [AssetColumn] = []
    for (index, rank) in found.enumerated() where index == 0 || found[index - 1] != rank {
      columns.append(sorted[rank])
    }
    return columns
  }
}
