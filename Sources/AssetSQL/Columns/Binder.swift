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
    var name: String?
    var key: String?
    var node: Int
    /// What an unknown number of columns is taken from, except for some names.
    var open: (relation: Relation, except: Set<String>)?
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
    var names: [String: Declared]
  }

  struct Scope {
    struct Member {
      /// The key of the name by which it is called.
      var alias: String?
      var schema: String?
      var relation: Relation
      var isHidden: Bool
    }

    /// Columns that `using` or a natural join made one.
    struct Merged {
      var members: Set<Int>
      /// The members whose own column `*` leaves out.
      var hidden: Set<Int>
      var nodes: [Int]
    }

    var parent: Int?
    var members: [Member] = []
    var membersByAlias: [String: [Int]] = [:]
    var merged: [String: Merged] = [:]
    var aliases: [String: Int] = [:]
    var windows: [String: Int] = [:]
  }

  let syntax: Syntax
  let dialect: SQLDialect
  private let columns: (AssetKey) -> [String]?
  var graph = ColumnGraph()
  var tables: [BoundTable] = []
  private var tablesByKey: [AssetKey: Int] = [:]
  var queries: [Query] = []
  private var bound: [Int: Int] = [:]
  var environments: [Environment] = []
  var scopes: [Scope] = []
  var problems: [NameProblem] = []
  private var depth = 0
  /// The columns of the present `select` that choose a row, and those that may be taken from it.
  var choosers: [Int] = []
  var bare: [(expression: Expression, node: Int)] = []
  /// How much work was done, which is bounded by the length of the text.
  var effort = 0

  init(_ syntax: Syntax, dialect: SQLDialect, columns: @escaping (AssetKey) -> [String]?) {
    self.syntax = syntax
    self.dialect = dialect
    self.columns = columns
  }

  /// The names without qualifier that stand for tables in queries that nothing uses.
  var unusedNames: Set<String> {
    Set(
      syntax.queries.indices.filter { bound[$0] == nil }.flatMap { index in
        syntax.queries[index].tableNames.map(\.key)
      })
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
    if let known = bound[index] { return known }
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
        scopes[own].aliases[key] = output.node
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
        let name = "\(dialect.valuesColumnPrefix)\(index + dialect.firstValuesColumn)"
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
      // A name means a column of the result first, but not in all places where it has no alias.
      let named = queries[query].outputs.filter { $0.key != nil && $0.key == expression.name?.key }
      for output in named { graph.connect(sink, to: output.node, as: .condition) }
      let isAlias = expression.name.map { scopes[scope].aliases[$0.key] != nil } ?? false
      if !isAlias {
        try use(
          named.isEmpty ? expression : expression.softened, of: sink, in: scope, environment,
          .anywhere, asCondition: true)
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
    environments.append(Environment(parent: environment, names: [:]))
    let own = environments.count - 1
    let seesAll = query.isRecursive || dialect.cteVisibility == .wholeClause
    if seesAll {
      for cte in query.ctes {
        environments[own].names[cte.name.key] = .init(cte: cte, environment: own, scope: scope)
      }
    }
    // In order, so that a long chain of them is no deep recursion.
    let used = syntax.usedCTEs(of: index)
    for cte in query.ctes {
      if used.contains(cte.name.key) { _ = try bind(cte.query, in: scope, own) }
      if !seesAll {
        environments[own].names[cte.name.key] = .init(cte: cte, environment: own, scope: scope)
      }
    }
    return own
  }

  /// The relation that a name stands for in an environment; a table if it is not declared.
  mutating func relation(
    named parts: [Name], in environment: Int?
  ) throws(BindingFailure) -> Relation {
    guard let name = parts.last else { throw .unresolved }
    var next = parts.count == 1 ? environment : nil
    while let current = next {
      if let declared = environments[current].names[name.key] {
        let query = try bind(declared.cte.query, in: declared.scope, declared.environment)
        // A query that reads itself does so behind its first term.
        guard queries[query].hasOutputs else { throw .unresolved }
        return .query(query, names: declared.cte.columns)
      }
      next = environments[current].parent
    }
    return .table(table(named: name))
  }

  private mutating func table(named name: Name) -> Int {
    let key = AssetKey(trusted: name.text)
    if let known = tablesByKey[key] { return known }
    tables.append(
      BoundTable(key, named: name.text, columns: columns(key), index: tables.count, dialect))
    tablesByKey[key] = tables.count - 1
    return tables.count - 1
  }
}

/// Why the names of a query could not be resolved at all.
enum BindingFailure: Error {
  case tooDeep
  case tooLarge
  case unresolved
  case unsupported(String)

  /// The reason in words, to follow "because".
  var words: String {
    switch self {
    case .tooLarge: "its names may mean too many things"
    case .tooDeep: "its queries build upon each other too deeply"
    case .unresolved: "a query in it reads itself before it has columns"
    case .unsupported(let what): "the analysis does not know \(what)"
    }
  }
}

extension Syntax {
  /// The keys of the names of a `with` clause that something uses; databases pass over the others.
  fileprivate func usedCTEs(of index: Int) -> Set<String> {
    let query = queries[index]
    let bodies = Dictionary(grouping: query.ctes, by: \.name.key).mapValues { ctes in
      ctes.map { queries[$0.query].first...$0.query }
    }
    // The bodies come first, so that the rest is all behind the last one.
    let start = query.ctes.last.map { $0.query + 1 } ?? query.first
    var used: Set<String> = []
    var names = (start...index).flatMap { queries[$0].tableNames }
    while let name = names.popLast() {
      guard used.insert(name.key).inserted else { continue }
      for body in bodies[name.key] ?? [] { names += body.flatMap { queries[$0].tableNames } }
    }
    return used
  }
}

extension QuerySyntax {
  /// The last parts of the names that stand where a table may, in this query alone.
  var tableNames: [Name] {
    terms.flatMap { term -> [Name] in
      guard case .select(let select) = term else { return [] }
      return select.from.tables.compactMap { table in
        guard case .name(let parts) = table.kind else { return nil }
        return parts.last
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
