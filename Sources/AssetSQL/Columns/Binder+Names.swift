import AssetCore

// What the names in an expression stand for.

/// A name that no column or more than one has.
struct NameProblem: Equatable {
  enum Kind: Equatable {
    case unknownColumn(table: String?, nearest: String?)
    case ambiguousColumn(tables: [String])
    case unknownTable(nearest: String?)
  }

  var kind: Kind
  var name: String
  var offset: Int
}

extension Binder {
  /// What the names in a clause may mean besides columns.
  enum Clause {
    /// Nothing else.
    case columns
    /// A column of the select list, if there is no other column of that name.
    case anywhere
  }

  /// What was found under a name.
  struct Found {
    var nodes: [Int] = []
    /// Whether it is certain that the name is among the columns.
    var isCertain = false
  }

  /// Connects a node with all that an expression uses.
  ///
  /// - Parameters:
  ///   - expression: The expression.
  ///   - node: What depends on it.
  ///   - scope: The scope that it stands in.
  ///   - environment: The names that `with` clauses declare there.
  ///   - clause: What its names may mean.
  ///   - asCondition: Whether all that it uses only decides which rows count.
  ///   - members: The tables of the scope that it may name.
  mutating func use(
    _ expression: Expression, of node: Int, in scope: Int, _ environment: Int?, _ clause: Clause,
    asCondition: Bool = false, members: Range<Int>? = nil
  ) throws(BindingFailure) {
    for use in expression.uses {
      try spend(1)
      let role = asCondition ? .condition : use.role
      switch use.kind {
      case .column(let parts):
        let found = resolve(
          parts, in: scope, clause, members: members, isSoft: use.isSoft)
        for other in found { graph.connect(node, to: other, as: role) }
      case .query(let index, let onlyExistence):
        let query = try bind(index, in: scope, environment, onlyExistence: onlyExistence)
        graph.connect(node, to: queries[query].rows, as: .condition)
        if !onlyExistence { graph.connect(node, to: queries[query].all, as: role) }
      case .window(let name):
        var next: Int? = scope
        while let current = next {
          if let window = scopes[current].windows[name.key] {
            graph.connect(node, to: window, as: .condition)
            break
          }
          next = scopes[current].parent
        }
      case .star(let qualifier):
        let members = scopes[scope].members
        let named = members.filter { $0.alias == qualifier?.key }
        for member in named.isEmpty ? members : named {
          demandWhole(member.relation, .rowReference, by: node)
        }
      }
    }
  }

  // MARK: Resolving

  /// The nodes that a name may stand for; a name that stands for nothing is noted as a problem.
  private mutating func resolve(
    _ parts: [Name], in scope: Int, _ clause: Clause, members: Range<Int>?, isSoft: Bool
  ) -> [Int] {
    let problem: NameProblem?
    let nodes: [Int]
    if parts.count == 1 {
      (nodes, problem) = resolve(parts[0], in: scope, clause, members: members)
    } else {
      (nodes, problem) = resolve(qualified: parts, in: scope, clause, members: members)
    }
    if let problem, !isSoft { problems.append(problem) }
    return nodes
  }

  /// Resolves a name without qualifier, from the innermost scope outwards.
  private mutating func resolve(
    _ name: Name, in scope: Int, _ clause: Clause, members: Range<Int>?
  ) -> ([Int], NameProblem?) {
    var possible: [Int] = []
    var next: Int? = scope
    var range = members
    while let current = next {
      let (nodes, isCertain, holders) = find(name.key, in: current, members: range)
      if isCertain {
        // It may still be an inner table's whose columns are not known.
        let isAmbiguous = holders.count > 1 && possible.isEmpty
        return (
          possible + nodes,
          isAmbiguous
            ? NameProblem(
              kind: .ambiguousColumn(tables: holders), name: name.text, offset: name.offset) : nil
        )
      }
      possible += nodes + rowsThemselves(name, in: current)
      if clause != .columns, let alias = scopes[current].aliases[name.key] {
        return (possible + [alias], nil)
      }
      next = scopes[current].parent
      range = nil
    }
    if !possible.isEmpty { return (possible, nil) }
    let nearest = nearestName(to: name.text, in: columnNames(in: scope))
    return (
      [],
      NameProblem(
        kind: .unknownColumn(table: onlyTable(in: scope), nearest: nearest), name: name.text,
        offset: name.offset)
    )
  }

  /// Looks a name up in all tables of one scope.
  ///
  /// - Returns: What was found, whether it is certain, and the tables that certainly have it.
  private mutating func find(
    _ key: String, in scope: Int, members: Range<Int>?
  ) -> (nodes: [Int], isCertain: Bool, holders: [String]) {
    var nodes: [Int] = []
    var holders: [String] = []
    let merged = scopes[scope].merged[key]
    let range = (members ?? 0..<Int.max).clamped(to: 0..<scopes[scope].members.count)
    for member in range {
      effort += 1
      let found = lookup(key, in: scopes[scope].members[member].relation)
      if let merged, merged.members.contains(member) { continue }
      nodes += found.nodes
      if found.isCertain { holders.append(scopes[scope].members[member].alias ?? "") }
    }
    if let merged {
      nodes += merged.nodes
      // Where one of the sides is not known the merged column is there all the same.
      holders.append("using")
    }
    return (nodes, !holders.isEmpty, holders)
  }

  /// Resolves a name with qualifiers.
  private mutating func resolve(
    qualified parts: [Name], in scope: Int, _ clause: Clause, members: Range<Int>?
  ) -> ([Int], NameProblem?) {
    // `table.column`, `schema.table.column`; a field of a column may follow where there are such.
    var splits = [parts.count - 2]
    if dialect.hasFieldAccess { splits += (0..<parts.count - 2).reversed() }
    var missing: NameProblem?
    for split in splits {
      let table = parts[split]
      let schema = split > 0 ? parts[split - 1] : nil
      var next: Int? = scope
      while let current = next {
        for index in scopes[current].membersByAlias[table.key] ?? [] {
          let member = scopes[current].members[index]
          guard schema == nil || member.schema == nil || member.schema == schema?.key else {
            continue
          }
          // Tables of one name are told apart by their columns.
          let (nodes, problem) = column(parts[split + 1], of: member.relation, named: table)
          guard let problem else { return (nodes, nil) }
          missing = missing ?? problem
        }
        next = scopes[current].parent
      }
    }
    if let missing { return ([], missing) }
    if dialect.hasFieldAccess {
      let (nodes, problem) = resolve(parts[0], in: scope, clause, members: members)
      if problem == nil { return (nodes, nil) }
    }
    let table = parts[parts.count - 2]
    return (
      [],
      NameProblem(
        kind: .unknownTable(nearest: nearestName(to: table.text, in: tableNames(in: scope))),
        name: table.text, offset: table.offset)
    )
  }

  private mutating func column(
    _ name: Name, of relation: Relation, named table: Name
  ) -> ([Int], NameProblem?) {
    let found = lookup(name.key, in: relation)
    if !found.isCertain, dialect.rowIdentifiers.contains(name.key) {
      let node = graph.inner()
      demandWhole(relation, .rowIdentifier(name.text), by: node)
      return (found.nodes + [node], nil)
    }
    if !found.nodes.isEmpty { return (found.nodes, nil) }
    let names = outputs(of: relation).compactMap(\.name)
    return (
      [],
      NameProblem(
        kind: .unknownColumn(table: table.text, nearest: nearestName(to: name.text, in: names)),
        name: name.text, offset: name.offset)
    )
  }

  /// Looks a name up in one relation, and notes in its tables that it was looked for.
  mutating func lookup(_ key: String, in relation: Relation) -> Found {
    switch relation {
    case .table(let table):
      let item = tables[table].lookUp(key)
      let isKnown = tables[table].isKnown
      if isKnown, item >= tables[table].columnCount { return Found() }
      return Found(nodes: [tables[table].node(at: item, in: &graph)], isCertain: isKnown)
    case .opaque(let node, let names):
      if names.isEmpty { return Found(nodes: [node]) }
      return names.contains { $0.key == key } ? Found(nodes: [node], isCertain: true) : Found()
    case .query(let query, _):
      // A column that a star's table gains may get in the way of another of its name.
      for starred in queries[query].starred { note(key, in: starred) }
      var found = Found()
      let outputs = outputs(of: relation)
      effort += outputs.count / 16
      for output in outputs {
        if let open = output.open {
          guard !open.except.contains(key) else { continue }
          if case .query(let inner, _) = open.relation, inner == query {
            found.nodes.append(output.node)
          } else {
            found.nodes += lookup(key, in: open.relation).nodes
          }
        } else if output.key == nil {
          found.nodes.append(output.node)
        } else if output.key == key {
          found.nodes.append(output.node)
          found.isCertain = true
          break
        }
      }
      return found
    }
  }

  /// Notes that a name was looked for in all that stars in a relation take columns from.
  private mutating func note(_ key: String, in relation: Relation) {
    var stack = [relation]
    var seen: Set<Int> = []
    while let next = stack.popLast() {
      switch next {
      case .table(let table): tables[table].lookUp(key)
      case .query(let query, _):
        if seen.insert(query).inserted { stack += queries[query].starred }
      case .opaque: break
      }
    }
  }

  // MARK: Rows, and what messages name

  /// What a name stands for if it is no column: whole rows, or what tells rows apart.
  private mutating func rowsThemselves(_ name: Name, in scope: Int) -> [Int] {
    let node = graph.inner()
    var isUsed = false
    for member in scopes[scope].members {
      if dialect.hasRowReferences, member.alias == name.key {
        demandWhole(member.relation, .rowReference, by: node)
        isUsed = true
      }
      if dialect.rowIdentifiers.contains(name.key) {
        demandWhole(member.relation, .rowIdentifier(name.text), by: node)
        isUsed = true
      }
    }
    return isUsed ? [node] : []
  }

  private func onlyTable(in scope: Int) -> String? {
    guard scopes[scope].members.count == 1, scopes[scope].parent == nil,
      case .table(let table) = scopes[scope].members[0].relation
    else { return nil }
    return tables[table].name
  }

  private mutating func columnNames(in scope: Int) -> [String] {
    var names: [String] = []
    var next: Int? = scope
    while let current = next {
      for member in scopes[current].members {
        names += outputs(of: member.relation).compactMap(\.name)
      }
      next = scopes[current].parent
    }
    return names
  }

  private func tableNames(in scope: Int) -> [String] {
    var names: [String] = []
    var next: Int? = scope
    while let current = next {
      names += scopes[current].members.compactMap(\.alias)
      next = scopes[current].parent
    }
    return names
  }
}
