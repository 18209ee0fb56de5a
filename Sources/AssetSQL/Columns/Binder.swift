import AssetCore

/// Finds out what the names of a query stand for, and connects what depends on what.
///
/// Each query is bound once, in the scope where it stands. A name that may mean several things, as
/// long as a table's columns are not known, is connected to all of them, so that what is reached
/// is never too little.
///
/// This file binds queries; `Binder+Select` the clauses of one, `Binder+Names` resolves names.
struct Binder {
  /// What stands in a `from` clause.
  indirect enum Relation {
    case table(Int)
    /// A query, with other names for its first columns.
    case query(Int, names: [Name])
    /// Something whose columns are not known, such as a table function.
    case opaque(Int, names: [Name])
  }

  /// A column that a query gives, or columns that are not known one by one.
  struct Output {
    /// As it is written; `nil` for what has no certain name.
    var name: Word?
    var key: Word?
    var node: Int
    /// What an unknown number of columns is taken from, except for some names.
    var open: (relation: Relation, except: Set<Word>)?
  }

  /// A query that was bound, or is being bound.
  struct Query {
    var outputs: [Output] = []
    /// Whether the outputs are known yet.
    var hasOutputs = false
    /// The node for which rows there are.
    var rows: Int
    /// The node for the order and number of columns that stars stand for.
    var header: Int
    /// The node for all of it.
    var all: Int
    /// What its stars take columns from.
    var starred: [Relation] = []
    /// Where each item of the list ends among the outputs, and where it stands in the text.
    var items: [(end: Int, offset: Int)] = []
    /// The first two outputs of one name, in a dialect that numbers them.
    var collision: (first: Int, second: Int)?
    /// The tables under it, by index, for a `limit` that may take any rows.
    var relations: [Relation] = []

    var isOpen: Bool { outputs.contains { $0.open != nil } }
  }

  /// The names that a `with` clause declares, as far as they are known somewhere.
  struct Environment {
    struct Declared {
      var cte: QuerySyntax.CTE
      var environment: Int
      var scope: Int?
    }

    var parent: Int?
    var names = WordMap<Declared>()
  }

  struct Scope {
    struct Member {
      /// The key of the name by which it is called.
      var alias: Word?
      var schema: Word?
      var relation: Relation
      var isHidden: Bool
      /// The next member of the same name.
      var next: Int?
    }

    /// Columns that `using` or a natural join made one.
    struct Merged {
      var members: Set<Int>
      /// The members whose own column `*` leaves out.
      var hidden: Set<Int>
      var nodes: [Int]
    }

    var parent: Int?
    /// The query whose `select` it is; `nil` for a scope of something else.
    var query: Int?
    /// The columns of the `select` that choose a row, those that may be taken from it, the keys by
    /// which rows are grouped, and whether groups are filtered.
    var choosers: [Int] = []
    var bare: [Int] = []
    var groupKeys: [Word] = []
    var filtersGroups = false
    var members: [Member] = []
    /// The first and the last member of each name; the first leads to the others.
    private(set) var membersByAlias = WordMap<(first: Int, last: Int)>()
    var merged = WordMap<Merged>()
    var aliases = WordMap<Int>()
    var windows = WordMap<Int>()

    /// Adds a member behind the others.
    mutating func add(_ member: Member) {
      let index = members.count
      members.append(member)
      guard let alias = member.alias else { return }
      if let (first, last) = membersByAlias[alias] {
        members[last].next = index
        membersByAlias.set(alias, to: (first, index))
      } else {
        membersByAlias.set(alias, to: (index, index))
      }
    }
  }

  let syntax: Syntax
  let dialect: SQLDialect
  private let columns: (AssetKey) -> [String]?
  var words: WordTable
  /// The names by which rows can be told apart beside their columns.
  let rowIdentifiers: [Word]
  var graph: ColumnGraph
  var tables: [BoundTable] = []
  private var tablesByName = WordMap<Int>()
  private var tablesByKey: [AssetKey: Int] = [:]
  var queries: [Query] = []
  /// The index of each query of the syntax among those that were bound; -1 if it was not.
  private var bound: [Int]
  var environments: [Environment] = []
  var scopes: [Scope] = []
  var problems: [NameProblem] = []
  /// Each place where a table is read, if the query names a partition.
  var occurrences: [Occurrence] = []
  private var depth = 0
  /// Of table functions by their nodes, columns that `*` leaves out.
  var hiddenColumns: [Int: [Word]] = [:]
  /// Room for what names stand for.
  var spare: [Int] = []
  /// How much work was done, which is bounded by the length of the text.
  var effort = 0

  /// The offsets of tables that stand in a common table expression of their own name.
  private let ownNames: Set<Int>

  init(
    _ syntax: Syntax, dialect: SQLDialect, ownNames: [Int] = [],
    columns: @escaping (AssetKey) -> [String]?
  ) {
    self.ownNames = Set(ownNames)
    self.syntax = syntax
    self.dialect = dialect
    self.columns = columns
    var words = syntax.words
    rowIdentifiers = dialect.rowIdentifiers.map { words.word($0) }
    self.words = words
    bound = [Int](repeating: -1, count: syntax.queries.count)
    graph = ColumnGraph(capacity: syntax.source.tokens.count)
  }

  /// The index of a table among those that were bound.
  func index(of table: AssetKey) -> Int? { tablesByKey[table] }

  /// Whether nothing but queries that nothing uses can name the tables.
  func passesOver(_ tables: [AssetKey]) -> Bool {
    guard !tables.isEmpty else { return true }
    var names: [Word] = []
    for index in syntax.queries.indices where bound[index] < 0 {
      syntax.queries[index].addTableNames(to: &names)
    }
    let keys = Set(names.map { AssetKey(trusted: words.text(of: $0)) })
    return tables.allSatisfy(keys.contains)
  }

  // MARK: Queries

  /// Adds to the work that was done.
  ///
  /// Columns can multiply, as in `with a as (select * from t), b as (select * from a, a as x), …`.
  mutating func spend(_ effort: Int) throws(BindingFailure) {
    self.effort += effort
    guard self.effort < 100_000 + 100 * syntax.source.tokens.count else { throw .tooLarge }
  }

  /// Binds a query of the syntax where it stands, and returns its index among the bound ones.
  mutating func bind(
    _ index: Int, in scope: Int?, _ environment: Int?, onlyExistence: Bool = false
  ) throws(BindingFailure) -> Int {
    if bound[index] >= 0 { return bound[index] }
    depth += 1
    defer { depth -= 1 }
    guard depth <= 3 * QueryParser.maximalDepth else { throw BindingFailure.tooDeep }

    let query = queries.count
    queries.append(
      Query(rows: graph.inner(), header: graph.inner(), all: graph.inner()))
    bound[index] = query
    let environment = try declare(index, in: scope, environment)
    try bindTerms(of: syntax.queries[index], query, in: scope, environment, onlyExistence)
    connectAll(query)
    return query
  }

  private mutating func bindTerms(
    of syntax: QuerySyntax, _ query: Int, in scope: Int?, _ environment: Int?,
    _ onlyExistence: Bool
  ) throws(BindingFailure) {
    if syntax.terms.count == 1, case .select(let select) = syntax.terms[0] {
      let inner = try bind(select, query, in: scope, environment)
      try order(
        syntax, query, in: inner, environment, keepsFirst: select.keepsFirst, onlyExistence)
      return
    }
    var terms: [Int] = []
    for term in syntax.terms {
      let bound = try bind(term, in: scope, environment)
      terms.append(bound)
      if terms.count == 1 { begin(query, with: bound) }
      join(bound, to: query, syntax)
    }
    // The names of a compound's `order by` are its own columns'.
    scopes.append(Scope(parent: scope))
    let own = scopes.count - 1
    scopes[own].members = terms.map {
      .init(alias: nil, schema: nil, relation: .query($0, names: []), isHidden: false)
    }
    for output in queries[query].outputs {
      if let key = output.key, scopes[own].aliases[key] == nil {
        scopes[own].aliases.set(key, to: output.node)
      }
    }
    try order(syntax, query, in: own, environment, keepsFirst: false, onlyExistence)
  }

  private mutating func bind(
    _ term: QuerySyntax.Term, in scope: Int?, _ environment: Int?
  ) throws(BindingFailure) -> Int {
    if case .query(let index) = term { return try bind(index, in: scope, environment) }
    let query = queries.count
    queries.append(Query(rows: graph.inner(), header: graph.inner(), all: graph.inner()))
    switch term {
    case .select(let select): _ = try bind(select, query, in: scope, environment)
    case .values(let columns):
      scopes.append(Scope(parent: scope))
      let own = scopes.count - 1
      for (index, values) in columns.enumerated() {
        let node = graph.inner()
        for value in values { try use(value, of: node, in: own, environment, .anywhere) }
        graph.connect(node, to: queries[query].rows, as: .condition)
        let name = words.word("\(dialect.valuesColumnPrefix)\(index + dialect.firstValuesColumn)")
        queries[query].outputs.append(Output(name: name, key: name, node: node))
      }
      queries[query].hasOutputs = true
    case .query: break
    }
    connectAll(query)
    return query
  }

  /// Gives a compound the columns of its first term.
  private mutating func begin(_ query: Int, with term: Int) {
    if queries[term].isOpen {
      queries[query].outputs = [
        Output(node: queries[query].all, open: (.opaque(queries[query].all, names: []), []))
      ]
    } else {
      queries[query].outputs = queries[term].outputs.map { output in
        let node = graph.inner()
        graph.connect(node, to: queries[query].rows, as: .condition)
        return Output(name: output.name, key: output.key, node: node)
      }
    }
    queries[query].items = queries[term].items
    queries[query].collision = queries[term].collision
    queries[query].hasOutputs = true
  }

  /// Connects a compound with one of its terms.
  private mutating func join(_ term: Int, to query: Int, _ syntax: QuerySyntax) {
    let rows = queries[query].rows
    graph.connect(rows, to: queries[term].rows, as: .condition)
    graph.connect(queries[query].header, to: queries[term].header, as: .condition)
    queries[query].relations.append(.query(term, names: []))
    guard syntax.terms.count > 1 else {
      // A query in parentheses, which stays what it is.
      for (output, inner) in zip(queries[query].outputs, queries[term].outputs) {
        graph.connect(output.node, to: inner.node, as: .value)
      }
      queries[query].starred.append(.query(term, names: []))
      return
    }
    if syntax.comparesRows || syntax.isByName || queries[term].isOpen || queries[query].isOpen {
      graph.connect(rows, to: queries[term].all, as: .condition)
    }
    // Which columns meet depends on the order of those that stars stand for.
    for relation in queries[term].starred { demandWhole(relation, .positions, by: rows) }
    for (position, output) in queries[query].outputs.enumerated() {
      let inner =
        position < queries[term].outputs.count
        ? queries[term].outputs[position].node : queries[term].all
      graph.connect(output.node, to: inner, as: .value)
    }
  }

  /// Connects the node for all of a query with its parts.
  private mutating func connectAll(_ query: Int) {
    let all = queries[query].all
    graph.connect(all, to: queries[query].rows, as: .condition)
    graph.connect(all, to: queries[query].header, as: .condition)
    for output in queries[query].outputs where output.node != all {
      graph.connect(all, to: output.node, as: .value)
    }
  }

  // MARK: Order and limit

  private mutating func order(
    _ syntax: QuerySyntax, _ query: Int, in scope: Int, _ environment: Int?, keepsFirst: Bool,
    _ onlyExistence: Bool
  ) throws(BindingFailure) {
    let isOutermost = query == 0
    let rows = queries[query].rows
    let isLimited =
      syntax.limitOffset != nil && !(onlyExistence && syntax.keepsExistence) || keepsFirst
    // Without a limit the order of the outermost rows is no content.
    let matters = isLimited || !isOutermost
    let unused = graph.inner()
    for expression in syntax.order {
      // An aggregate that chooses a row does so wherever it stands.
      let sink = matters || expression.choosesRow ? rows : unused
      if let ordinal = expression.ordinal {
        connectOrdinal(ordinal, of: query, to: sink)
        continue
      }
      // A name means a column of the result first, but not in all places where it has no alias. A
      // star's tables may come to have one of that name.
      if let name = expression.name {
        for starred in queries[query].starred { note(name.key, in: starred) }
      }
      let named = queries[query].outputs.filter { $0.key != nil && $0.key == expression.name?.key }
      for output in named { graph.connect(sink, to: output.node, as: .condition) }
      let isAlias = expression.name.map { scopes[scope].aliases[$0.key] != nil } ?? false
      if !isAlias {
        try use(
          expression, of: sink, in: scope, environment, .anywhere, asCondition: true,
          isSoft: !named.isEmpty)
      }
    }
    for expression in syntax.limit {
      try use(expression, of: rows, in: scope, environment, .anywhere, asCondition: true)
    }
    if isLimited, syntax.order.isEmpty, !keepsFirst {
      for relation in queries[query].relations {
        demandEverything(relation, .unorderedLimit, by: rows)
      }
    }
  }

  /// Connects a node with the column at a position, counted from 1.
  mutating func connectOrdinal(_ ordinal: Int, of query: Int, to node: Int) {
    let outputs = queries[query].outputs
    let isKnown = ordinal >= 1 && ordinal <= outputs.count && !queries[query].isOpen
    graph.connect(
      node, to: isKnown ? outputs[ordinal - 1].node : queries[query].all, as: .condition)
    graph.connect(node, to: queries[query].header, as: .condition)
  }

  // MARK: With clauses

  /// Makes the environment of a query out of its `with` clause and binds what that declares.
  private mutating func declare(
    _ index: Int, in scope: Int?, _ environment: Int?
  ) throws(BindingFailure) -> Int? {
    let query = syntax.queries[index]
    guard !query.ctes.isEmpty else { return environment }
    environments.append(Environment(parent: environment))
    let own = environments.count - 1
    let seesAll = query.isRecursive || dialect.cteVisibility == .wholeClause
    if seesAll {
      for cte in query.ctes {
        environments[own].names.set(
          cte.name.key, to: .init(cte: cte, environment: own, scope: scope))
      }
    }
    // In order, so that a long chain of them is no deep recursion.
    let used = syntax.usedCTEs(of: index)
    for cte in query.ctes {
      if used.contains(cte.name.key) { _ = try bind(cte.query, in: scope, own) }
      if !seesAll {
        environments[own].names.set(
          cte.name.key, to: .init(cte: cte, environment: own, scope: scope))
      }
    }
    return own
  }

  /// The relation that a name stands for in an environment; a table if it is not declared.
  mutating func relation(
    named table: QualifiedName, in environment: Int?
  ) throws(BindingFailure) -> Relation {
    var next = table.qualifier == nil ? environment : nil
    if ownNames.contains(table.name.offset) { next = nil }
    while let current = next {
      if let declared = environments[current].names[table.name.key] {
        let query = try bind(declared.cte.query, in: declared.scope, declared.environment)
        // A query that reads itself does so behind its first term.
        guard queries[query].hasOutputs else { throw .unresolved }
        return .query(query, names: declared.cte.columns)
      }
      next = environments[current].parent
    }
    return .table(self.table(named: table.name.text))
  }

  private mutating func table(named name: Word) -> Int {
    if let known = tablesByName[name] { return known }
    let key = AssetKey(trusted: words.text(of: name))
    if let known = tablesByKey[key] {
      tablesByName.set(name, to: known)
      return known
    }
    tables.append(BoundTable(key, columns: columns(key), index: tables.count, dialect, &words))
    tablesByName.set(name, to: tables.count - 1)
    tablesByKey[key] = tables.count - 1
    return tables.count - 1
  }
}

/// Why the names of a query could not be resolved at all.
enum BindingFailure: Error {
  case tooDeep
  case tooLarge
  case tooManyColumns(Int)
  case unresolved
  case unsupported(String)

  /// The reason in words, to follow "because".
  var words: String {
    switch self {
    case .tooManyColumns(let most): "a query in it gives more than \(grouped(most)) columns"
    case .tooLarge: "its names may mean too many things"
    case .tooDeep: "its queries build upon each other too deeply"
    case .unresolved: "a query in it reads itself before it has columns"
    case .unsupported(let what): "the analysis does not know \(what)"
    }
  }
}

extension Syntax {
  /// The keys of the names of a `with` clause that something uses; databases pass over the others.
  fileprivate func usedCTEs(of index: Int) -> WordSet {
    let query = queries[index]
    var bodies = WordMap<[ClosedRange<Int>]>()
    for cte in query.ctes {
      bodies[cte.name.key, default: []].append(queries[cte.query].first...cte.query)
    }
    // The bodies come first, so that the rest is all behind the last one.
    let start = query.ctes.last.map { $0.query + 1 } ?? query.first
    var used = WordSet()
    var names: [Word] = []
    for query in start...index { queries[query].addTableNames(to: &names) }
    while let name = names.popLast() {
      guard used.insert(name) else { continue }
      for body in bodies[name] ?? [] {
        for query in body { queries[query].addTableNames(to: &names) }
      }
    }
    return used
  }
}

extension QuerySyntax {
  /// Adds the keys of the names that stand where a table may, in this query alone.
  fileprivate func addTableNames(to names: inout [Word]) {
    for case .select(let select) in terms {
      for table in select.from.tables {
        if case .name(let name) = table.kind { names.append(name.name.key) }
      }
    }
  }

  /// Whether the limit leaves a row if there is one.
  var keepsExistence: Bool {
    !hasOffset && limit.allSatisfy { ($0.ordinal ?? 0) > 0 }
  }
}

extension SelectSyntax {
  /// Whether it takes the first of several rows, so that their order decides.
  var keepsFirst: Bool {
    if case .removedOn = duplicates { true } else { false }
  }
}
