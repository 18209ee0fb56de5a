import AssetCore

// The `from` clause: the members of a scope, and how joins tie them.

extension Binder {
  mutating func bind(
    _ from: FromSyntax, _ query: Int, in scope: Int, _ environment: Int?
  ) throws(BindingFailure) {
    let rows = queries[query].rows
    var calls: [(node: Int, arguments: Expression)] = []
    defer { proveRows(of: from, in: scope) }
    for table in from.tables {
      let relation: Relation
      var alias = table.alias
      var schema: Name?
      switch table.kind {
      case .name(let name):
        relation = try self.relation(named: name, in: environment)
        alias = alias ?? name.name
        if table.alias == nil { schema = name.qualifier }
      case .query(let index, let isLateral):
        let parent = isLateral ? scope : scopes[scope].parent
        relation = .query(try bind(index, in: parent, environment), names: [])
      case .call(let name, let arguments):
        let node = graph.inner()
        graph.connect(rows, to: node, as: .condition)
        if dialect.conditionsSeeAllTables {
          calls.append((node, arguments))
        } else {
          try use(arguments, of: node, in: scope, environment, .columns)
        }
        alias = alias ?? name
        relation = .opaque(node, names: columns(of: name, node))
      }
      let renamed = rename(relation, table.columns, by: rows)
      noteOccurrence(of: relation, as: renamed, in: scope)
      if case .opaque = renamed {
      } else {
        graph.connect(rows, to: self.rows(of: renamed), as: .condition)
      }
      queries[query].relations.append(renamed)
      if table.isSampled { demandEverything(renamed, .sample, by: rows) }
      scopes[scope].add(
        .init(alias: alias?.key, schema: schema?.key, relation: renamed, isHidden: table.isHidden))
    }
    for merge in from.merges { bind(merge, rows: rows, in: scope) }
    for call in calls {
      try use(call.arguments, of: call.node, in: scope, environment, .columns)
    }
  }

  /// The columns that a table function is known to give; none if it is not known.
  private mutating func columns(of function: Name, _ node: Int) -> [Name] {
    guard let known = dialect.tableFunctions[words.text(of: function.key)] else { return [] }
    hiddenColumns[node] = known.hidden.map { words.word($0) }
    return known.columns.map { column in
      let word = words.word(column)
      return Name(text: word, key: word, offset: function.offset)
    }
  }

  /// Gives a relation other names for its columns.
  private mutating func rename(
    _ relation: Relation, _ names: [Name], by rows: Int
  ) -> Relation {
    guard !names.isEmpty else {
      if case .query(let query, let names) = relation, !names.isEmpty {
        demandPositions(of: query, by: rows)
      }
      return relation
    }
    switch relation {
    case .table:
      // Names for the columns of a table go by their order.
      scopes.append(Scope(parent: nil))
      let own = scopes.count - 1
      scopes[own].members = [.init(alias: nil, schema: nil, relation: relation, isHidden: false)]
      let query = queries.count
      queries.append(Query(rows: graph.inner(), header: graph.inner(), all: graph.inner()))
      graph.connect(queries[query].rows, to: self.rows(of: relation), as: .condition)
      queries[query].outputs = outputs(of: relation)
      queries[query].starred = [relation]
      queries[query].relations = [relation]
      queries[query].hasOutputs = true
      demandHeader(relation, by: queries[query].header)
      graph.connect(queries[query].all, to: queries[query].header, as: .condition)
      demandPositions(of: query, by: rows)
      return .query(query, names: names)
    case .query(let query, let earlier):
      demandPositions(of: query, by: rows)
      return .query(query, names: names + earlier.dropFirst(names.count))
    case .opaque(let node, _):
      return .opaque(node, names: names)
    }
  }

  /// Lets rows depend on the order of the columns that stars in a query stand for.
  private mutating func demandPositions(of query: Int, by rows: Int) {
    for relation in queries[query].starred { demandWhole(relation, .positions, by: rows) }
  }

  /// The node for the rows of a relation.
  mutating func rows(of relation: Relation) -> Int {
    switch relation {
    case .table(let table): graph.node(.rows(table: table))
    case .query(let query, _): queries[query].rows
    case .opaque(let node, _): node
    }
  }

  // MARK: Joins

  private mutating func bind(_ merge: FromSyntax.Merge, rows: Int, in scope: Int) {
    let count = scopes[scope].members.count
    let left = merge.left.clamped(to: 0..<count)
    let right = merge.right.clamped(to: 0..<count)
    guard let names = merge.names else {
      for index in Array(left) + Array(right) {
        demandWhole(scopes[scope].members[index].relation, .naturalJoin, by: rows)
      }
      let common = visibleNames(left, in: scope).intersection(visibleNames(right, in: scope))
      for key in common.sorted(by: { words.text(of: $0) < words.text(of: $1) }) {
        self.merge(key, left, right, merge, rows: rows, in: scope)
      }
      return
    }
    for name in names { self.merge(name.key, left, right, merge, rows: rows, in: scope) }
  }

  private mutating func merge(
    _ key: Word, _ left: Range<Int>, _ right: Range<Int>, _ merge: FromSyntax.Merge, rows: Int,
    in scope: Int
  ) {
    var merged = scopes[scope].merged[key] ?? Scope.Merged(members: [], hidden: [], nodes: [])
    var nodes: [Int] = []
    for (range, isTaken) in [(left, merge.takesLeft), (right, merge.takesRight)] {
      // What was merged before stands on the left as one column.
      let known = range == left && !merged.nodes.isEmpty
      for member in range {
        var found: [Int] = []
        _ = lookup(key, in: scopes[scope].members[member].relation, into: &found)
        guard !found.isEmpty else { continue }
        for node in found { graph.connect(rows, to: node, as: .condition) }
        merged.members.insert(member)
        if range == right { merged.hidden.insert(member) }
        if isTaken, !known { nodes += found }
      }
      if isTaken, known { nodes += merged.nodes }
    }
    merged.nodes = nodes
    scopes[scope].merged.set(key, to: merged)
  }

  private mutating func visibleNames(_ members: Range<Int>, in scope: Int) -> Set<Word> {
    var names: Set<Word> = []
    for member in members {
      names.formUnion(outputs(of: scopes[scope].members[member].relation).compactMap(\.key))
    }
    return names
  }
}
