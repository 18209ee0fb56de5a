package import AssetCore

/// Reads the queries of assets in one dialect.
package struct SQLReader: QueryReader {
  private let dialect: SQLDialect

  package init(dialect: SQLDialect) { self.dialect = dialect }

  package func read(_ asset: Asset, columns: (AssetKey) -> [String]?) -> QueryReading {
    guard case .query(let query) = asset.recipe else { return QueryReading() }
    var reading = readQuery(query.text, dialect: dialect, columns: columns)
    if reading.unreadable != nil { reading.mentioned = names(in: query) }
    for index in reading.problems.indices {
      reading.problems[index].place?.file = asset.place.file
    }
    return reading
  }

  package func names(in query: QueryRecipe) -> [String]? {
    mentionedNames(in: query.text, dialect: dialect)
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
  let own: [Int]
  do {
    source = try tokenize(sql, dialect: dialect)
    (tables, own) = try tableNames(of: source, dialect: dialect)
  } catch {
    return QueryReading(unreadable: error.diagnostic(at: nil).summary)
  }
  return withoutActuallyEscaping(columns) { columns in
    do throws(Unreadable) {
      return try reading(
        of: source, tables: tables, own: own, dialect: dialect, columns: columns)
    } catch {
      return QueryReading(
        unreadable: error.words, reading: tables, namesPartition: source.namesPartition)
    }
  }
}

/// Why a query could not be read.
private struct Unreadable: Error {
  var words: String
}

private func reading(
  of source: SQLTokens, tables: [AssetKey], own: [Int], dialect: SQLDialect,
  columns: @escaping (AssetKey) -> [String]?
) throws(Unreadable) -> QueryReading {
  let syntax: Syntax
  do {
    syntax = try QueryParser.parse(source, dialect: dialect)
  } catch {
    let position = source.position(of: error.offset)
    throw Unreadable(words: "\(error.words) (line \(position.line), column \(position.column))")
  }
  var binder = Binder(syntax, dialect: dialect, ownNames: own, columns: columns)
  do {
    _ = try binder.bind(syntax.outermost, in: nil, nil)
  } catch {
    throw Unreadable(words: error.words)
  }
  // The tables were found once before, by other means; the two must agree.
  let rest = tables.filter { binder.index(of: $0) == nil }
  guard Set(tables).count - Set(rest).count == binder.tables.count, binder.passesOver(rest) else {
    throw Unreadable(words: "it is not clear which tables it reads")
  }
  return binder.reading(unread: rest)
}

/// The tables that a text names, CTEs and functions aside, and where one stands in a CTE of its own name.
func tableNames(
  of source: SQLTokens, dialect: SQLDialect
) throws(SQLError) -> (tables: [AssetKey], own: [Int]) {
  var scanner = ReferenceScanner(source: source, dialect: dialect)
  try scanner.scan()
  let (tables, own) = scanner.scopes.resolve(scanner.tables, dialect)
  return (tables.map { AssetKey(trusted: $0.name) }, own.map(\.offset))
}

extension SQLTokens {
  fileprivate func position(of offset: Int) -> LineAndColumn {
    lineAndColumn(ofByteOffset: offset, in: String(decoding: bytes, as: UTF8.self))
  }
}

extension QueryReading {
  /// The reading of what cannot be read: all of each table.
  fileprivate init(
    unreadable reason: String, reading tables: [AssetKey], namesPartition: Bool
  ) {
    let whole = InputReading(
      .whole, wholeBecause: reason, partition: namesPartition ? .all(because: reason) : nil)
    self.init(
      inputs: Dictionary(tables.map { ($0, whole) }) { first, _ in first }, unreadable: reason)
  }
}

// MARK: - Reading the graph

extension Binder {
  /// What the outermost query reads and gives.
  ///
  /// - Parameter unread: Tables that only queries name that nothing uses.
  /// - Returns: The reading, with the problems in the order of the text.
  fileprivate mutating func reading(unread: [AssetKey]) -> QueryReading {
    var inputs = consumptions(from: queries[0].all)
    for key in unread {
      inputs[key] = InputReading(
        .nothing,
        partition: syntax.namesPartition ? .all(because: "nothing uses what names it") : nil)
    }
    let problems = self.problems.sorted { $0.offset < $1.offset }.map { problem in
      let position = syntax.source.position(of: problem.offset)
      return problem.diagnostic(
        at: Place(file: "", line: position.line, column: position.column))
    }
    if let first = problems.first {
      let whole = InputReading(
        .whole, wholeBecause: first.summary,
        partition: syntax.namesPartition ? .all(because: first.summary) : nil)
      inputs = inputs.mapValues { _ in whole }
    }
    return QueryReading(inputs: inputs, columns: lineage(), problems: problems)
  }

  private mutating func consumptions(from node: Int) -> [AssetKey: InputReading] {
    var columns = [[String]](repeating: [], count: tables.count)
    var reasons = [(node: Int, reason: WholeReason)?](repeating: nil, count: tables.count)
    for node in graph.reach(from: [node]) {
      switch graph.nodes[node] {
      case .inner, .rows: break
      case .column(let table, let item):
        columns[table].append(words.text(of: tables[table].items[item].key))
      case .whole(let table, let reason):
        // The first one that was met is the reason to be told.
        if reasons[table].map({ node < $0.node }) ?? true { reasons[table] = (node, reason) }
      }
    }
    var inputs = [AssetKey: InputReading](minimumCapacity: tables.count)
    for (index, table) in tables.enumerated() {
      let partition = partitionReading(of: index, whole: reasons[index]?.reason)
      if let reason = reasons[index]?.reason ?? (table.hasCollidingNames ? .namesDifferInCase : nil)
      {
        inputs[table.key] = InputReading(
          .whole, wholeBecause: reason.words, partition: partition)
        continue
      }
      var names: [String] = []
      for item in table.items where item.isLookedUp { names.append(words.text(of: item.key)) }
      var reading = InputReading(
        Consumption(columns: columns[index], names: names), partition: partition)
      for item in table.items where item.isLookedUp || item.node != nil {
        reading.met.insert(words.text(of: item.key).caseFolded)
      }
      inputs[table.key] = reading
    }
    return inputs
  }

  /// The outermost columns with their origins; nothing if not all of them are known.
  private mutating func lineage() -> [ColumnLineage]? {
    guard !queries[0].isOpen else { return nil }
    var sources = RankedColumns(of: graph.nodes, tables, words)
    // Most columns are influenced by the same: by what decides which rows there are.
    var influences: [[Int]: [AssetColumn]] = [:]
    var last: (decisive: [Int], influence: [AssetColumn]) = ([], [])
    var origins: [Int] = []
    var decisive: [Int] = []
    var lineage: [ColumnLineage] = []
    lineage.reserveCapacity(queries[0].outputs.count)
    for output in queries[0].outputs {
      graph.trace(output.node, &origins, &decisive)
      if decisive != last.decisive {
        let influence = influences[decisive] ?? sources.columns(among: graph.reach(from: decisive))
        influences[decisive] = influence
        last = (decisive, influence)
      }
      lineage.append(
        ColumnLineage(
          name: output.name.map(words.text(of:)) ?? "", from: sources.columns(among: origins),
          influencedBy: last.influence))
    }
    return lineage
  }
}

/// The columns that nodes stand for, sorted once, so that any choice of them is sorted quickly.
private struct RankedColumns {
  private var sorted: [AssetColumn] = []
  /// The ranks of the columns that a node stands for.
  private var ranks: [Range<Int>]
  private var found: [Int] = []

  init(of nodes: [ColumnGraph.Node], _ tables: [BoundTable], _ words: WordTable) {
    // The items of all tables, one after the other.
    var first = 0
    var firsts: [Int] = []
    for table in tables {
      firsts.append(first)
      first += table.items.count
    }
    var needed = [Bool](repeating: false, count: first)
    for node in nodes {
      switch node {
      case .column(let table, let item): needed[firsts[table] + item] = true
      case .whole(let table, let reason) where reason.readsColumns:
        for item in 0..<tables[table].columnCount { needed[firsts[table] + item] = true }
      case .inner, .rows, .whole: break
      }
    }
    var rankOfItem = [Int](repeating: 0, count: first)
    var ranksOfTable = [Range<Int>](repeating: 0..<0, count: tables.count)
    for table in tables.indices.sorted(by: { tables[$0].key < tables[$1].key }) {
      let start = sorted.count
      let items = firsts[table]..<firsts[table] + tables[table].items.count
      var columns: [(column: AssetColumn, item: Int)] = []
      columns.reserveCapacity(items.count)
      for item in items where needed[item] {
        let name = words.text(of: tables[table].items[item - items.lowerBound].key)
        columns.append((AssetColumn(tables[table].key, name), item))
      }
      columns.sort { $0.column.column < $1.column.column }
      for (column, item) in columns {
        if sorted.count == start || sorted[sorted.count - 1].column != column.column {
          sorted.append(column)
        }
        rankOfItem[item] = sorted.count - 1
      }
      ranksOfTable[table] = start..<sorted.count
    }
    ranks = nodes.map { node in
      switch node {
      case .column(let table, let item):
        let rank = rankOfItem[firsts[table] + item]
        return rank..<rank + 1
      case .whole(let table, let reason) where reason.readsColumns: return ranksOfTable[table]
      case .inner, .rows, .whole: return 0..<0
      }
    }
  }

  /// The columns that nodes stand for, sorted, each once.
  mutating func columns(among nodes: [Int]) -> [AssetColumn] {
    found.removeAll(keepingCapacity: true)
    for node in nodes { found.append(contentsOf: ranks[node]) }
    found.sort()
    var columns: [AssetColumn] = []
    columns.reserveCapacity(found.count)
    for (index, rank) in found.enumerated() where index == 0 || found[index - 1] != rank {
      columns.append(sorted[rank])
    }
    return columns
  }
}

extension WholeReason {
  /// Whether it is for the columns' values, and not for what there is of them.
  fileprivate var readsColumns: Bool { self != .star && self != .positions }
}
