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

  /// Connects a node with all that an expression uses.
  ///
  /// - Parameters:
  ///   - expression: The expression.
  ///   - node: What depends on it.
  ///   - scope: The scope that it stands in.
  ///   - environment: The names that `with` clauses declare there.
  ///   - clause: What its names may mean.
  ///   - asCondition: Whether all that it uses only decides which rows count.
  ///   - isSoft: Whether all of its names may as well stand for nothing.
  ///   - members: The tables of the scope that it may name.
  /// - Throws: What binding a query in it throws.
  mutating func use(
    _ expression: Expression, of node: Int, in scope: Int, _ environment: Int?, _ clause: Clause,
    asCondition: Bool = false, isSoft: Bool = false, members: Range<Int>? = nil
  ) throws(BindingFailure) {
    var found: [Int] = []
    swap(&found, &spare)
    defer { swap(&found, &spare) }
    for use in syntax.uses[expression.uses] {
      try spend(1)
      let role = asCondition ? .condition : use.role
      switch use.kind {
      case .column(let name):
        found.removeAll(keepingCapacity: true)
        if use.isConstant {
          resolve(constant: name.name, in: scope, into: &found)
        } else {
          resolve(
            name, in: scope, clause, members: members, isSoft: isSoft || use.isSoft, into: &found)
        }
        for other in found { graph.connect(node, to: other, as: role) }
        if use.isInChooser, scopes[scope].parent != nil, !isOwn(name, in: scope) {
          chooseOutside(found, in: scope)
        }
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

  /// Whether a name is certainly a column of a table in the scope itself.
  private mutating func isOwn(_ name: QualifiedName, in scope: Int) -> Bool {
    var nodes: [Int] = []
    guard let qualifier = name.qualifier else {
      return find(name.name.key, in: scope, members: nil, into: &nodes) > 0
    }
    var next = scopes[scope].membersByAlias[qualifier.key]?.first
    while let index = next {
      let member = scopes[scope].members[index]
      if lookup(name.name.key, in: member.relation, into: &nodes) { return true }
      next = member.next
    }
    return false
  }

  /// Lets the arguments of `min` or `max` in an inner query choose the rows of the queries around it, to
  /// one of which it belongs if they are columns of that.
  private mutating func chooseOutside(_ nodes: [Int], in scope: Int) {
    var next = scopes[scope].parent
    let node = graph.inner()
    for other in nodes { graph.connect(node, to: other, as: .value) }
    while let current = next {
      addChooser(node, in: current)
      next = scopes[current].parent
    }
  }

  // MARK: Resolving

  /// Adds the nodes that a name may stand for; one that stands for nothing is noted as a problem.
  private mutating func resolve(
    _ name: QualifiedName, in scope: Int, _ clause: Clause, members: Range<Int>?, isSoft: Bool,
    into nodes: inout [Int]
  ) {
    let problem =
      name.qualifier == nil
      ? resolve(name.name, in: scope, clause, members: members, into: &nodes)
      : resolve(qualified: name, in: scope, clause, members: members, into: &nodes)
    if let problem, !isSoft { problems.append(problem) }
  }

  /// Resolves a name without qualifier, from the innermost scope outwards.
  private mutating func resolve(
    _ name: Name, in scope: Int, _ clause: Clause, members: Range<Int>?, into nodes: inout [Int]
  ) -> NameProblem? {
    let start = nodes.count
    var next: Int? = scope
    var range = members
    while let current = next {
      let isFirst = nodes.count == start
      let holders = find(name.key, in: current, members: range, into: &nodes)
      if holders > 0 {
        // It may still be an inner table's whose columns are not known.
        guard holders > 1, isFirst else { return nil }
        let tables = self.holders(of: name.key, in: current, members: range)
        return NameProblem(
          kind: .ambiguousColumn(tables: tables), name: words.text(of: name.text),
          offset: name.offset)
      }
      rowsThemselves(name, in: current, into: &nodes)
      if clause != .columns, let alias = scopes[current].aliases[name.key] {
        nodes.append(alias)
        return nil
      }
      next = scopes[current].parent
      range = nil
    }
    guard nodes.count == start else { return nil }
    let text = words.text(of: name.text)
    let nearest = nearestName(to: text, in: columnNames(in: scope))
    return NameProblem(
      kind: .unknownColumn(table: onlyTable(in: scope), nearest: nearest), name: text,
      offset: name.offset)
  }

  /// Looks a name up in all tables of one scope, and returns how many certainly have it.
  private mutating func find(
    _ key: Word, in scope: Int, members: Range<Int>?, into nodes: inout [Int]
  ) -> Int {
    var holders = 0
    let merged = scopes[scope].merged[key]
    let range = (members ?? 0..<Int.max).clamped(to: 0..<scopes[scope].members.count)
    for member in range {
      effort += 1
      let before = nodes.count
      let isCertain = lookup(key, in: scopes[scope].members[member].relation, into: &nodes)
      if let merged, merged.members.contains(member) {
        nodes.removeSubrange(before...)
      } else if isCertain {
        holders += 1
      }
    }
    if let merged {
      nodes += merged.nodes
      // Where one of the sides is not known the merged column is there all the same.
      holders += 1
    }
    return holders
  }

  /// The names of the tables of one scope that certainly have a column.
  private mutating func holders(of key: Word, in scope: Int, members: Range<Int>?) -> [String] {
    let merged = scopes[scope].merged[key]
    let range = (members ?? 0..<Int.max).clamped(to: 0..<scopes[scope].members.count)
    var names: [String] = []
    var nodes: [Int] = []
    for index in range where merged?.members.contains(index) != true {
      let member = scopes[scope].members[index]
      guard lookup(key, in: member.relation, into: &nodes) else { continue }
      names.append(member.alias.map(words.text(of:)) ?? "")
    }
    return merged == nil ? names : names + ["using"]
  }

  /// Resolves a name with qualifiers.
  private mutating func resolve(
    qualified parts: QualifiedName, in scope: Int, _ clause: Clause, members: Range<Int>?,
    into nodes: inout [Int]
  ) -> NameProblem? {
    // `table.column`, `schema.table.column`; a field of a column may follow where there are such.
    let last = parts.count - 2
    let start = nodes.count
    var missing: NameProblem?
    for split in stride(from: last, through: dialect.hasFieldAccess ? 0 : last, by: -1) {
      let table = parts[split]
      let schema = split > 0 ? parts[split - 1] : nil
      var next: Int? = scope
      while let current = next {
        var candidate = scopes[current].membersByAlias[table.key]?.first
        while let index = candidate {
          let member = scopes[current].members[index]
          candidate = member.next
          guard schema == nil || member.schema == nil || member.schema == schema?.key else {
            continue
          }
          // Tables of one name are told apart by their columns, as far as those are known.
          let before = nodes.count
          if column(parts[split + 1], of: member.relation, into: &nodes) {
            noteRivals(of: index, parts[split + 1].key, in: current)
            return nil
          }
          if nodes.count == before, missing == nil {
            missing = unknownColumn(parts[split + 1], of: member.relation, named: table)
          }
        }
        next = scopes[current].parent
      }
    }
    if nodes.count > start { return nil }
    if let missing { return missing }
    if dialect.hasFieldAccess {
      let before = nodes.count
      let problem = resolve(parts[0], in: scope, clause, members: members, into: &nodes)
      if problem == nil { return nil }
      nodes.removeSubrange(before...)
    }
    let table = words.text(of: parts[last].text)
    return NameProblem(
      kind: .unknownTable(nearest: nearestName(to: table, in: tableNames(in: scope))),
      name: table, offset: parts[last].offset)
  }

  /// Notes that a name is looked for in further tables of one name: if another one gains such a column, the
  /// name is ambiguous.
  private mutating func noteRivals(of member: Int, _ key: Word, in scope: Int) {
    var next = scopes[scope].members[member].next
    while let index = next {
      note(key, in: scopes[scope].members[index].relation)
      next = scopes[scope].members[index].next
    }
  }

  /// Resolves `true` or `false`, which means a column only where there certainly is one of that name.
  private mutating func resolve(constant name: Name, in scope: Int, into nodes: inout [Int]) {
    var next: Int? = scope
    while let current = next, nodes.isEmpty {
      for member in scopes[current].members {
        note(name.key, in: member.relation)
        if certainlyHas(name.key, member.relation) {
          _ = lookup(name.key, in: member.relation, into: &nodes)
        }
      }
      next = scopes[current].parent
    }
  }

  private mutating func certainlyHas(_ key: Word, _ relation: Relation) -> Bool {
    switch relation {
    case .table(let table): tables[table].spelling(of: key) != nil
    case .query: outputs(of: relation).contains { $0.key == key }
    case .opaque(_, let names): names.contains { $0.key == key }
    }
  }

  /// Looks a column up in one relation; true if it certainly has it.
  private mutating func column(
    _ name: Name, of relation: Relation, into nodes: inout [Int]
  ) -> Bool {
    if lookup(name.key, in: relation, into: &nodes) { return true }
    if rowIdentifiers.contains(name.key) {
      let node = graph.inner()
      demandWhole(relation, .rowIdentifier(words.text(of: name.text)), by: node)
      nodes.append(node)
    }
    return false
  }

  private mutating func unknownColumn(
    _ name: Name, of relation: Relation, named table: Name
  ) -> NameProblem {
    let text = words.text(of: name.text)
    let names = outputs(of: relation).compactMap { $0.name.map(words.text(of:)) }
    return NameProblem(
      kind: .unknownColumn(
        table: words.text(of: table.text), nearest: nearestName(to: text, in: names)),
      name: text, offset: name.offset)
  }

  /// Looks a name up in one relation, and notes in its tables that it was looked for.
  ///
  /// - Parameters:
  ///   - key: The key of the name.
  ///   - relation: The relation.
  ///   - nodes: Gains the nodes that the name may stand for.
  /// - Returns: Whether the name is certainly among the columns.
  mutating func lookup(_ key: Word, in relation: Relation, into nodes: inout [Int]) -> Bool {
    switch relation {
    case .table(let table):
      let item = tables[table].lookUp(key)
      let isKnown = tables[table].isKnown
      if isKnown, item >= tables[table].columnCount { return false }
      nodes.append(tables[table].node(at: item, in: &graph))
      return isKnown
    case .opaque(let node, let names):
      let isCertain = names.contains { $0.key == key } || hiddenColumns[node]?.contains(key) == true
      if isCertain || names.isEmpty { nodes.append(node) }
      return isCertain
    case .query(let query, _):
      // A column that a star's table gains may get in the way of another of its name.
      for starred in queries[query].starred { note(key, in: starred) }
      let outputs = outputs(of: relation)
      effort += outputs.count / 16
      for index in outputs.indices {
        if let open = outputs[index].open {
          guard !open.except.contains(key) else { continue }
          if case .query(let inner, _) = open.relation, inner == query {
            nodes.append(outputs[index].node)
          } else {
            _ = lookup(key, in: open.relation, into: &nodes)
          }
        } else if outputs[index].key == nil {
          nodes.append(outputs[index].node)
        } else if outputs[index].key == key {
          nodes.append(outputs[index].node)
          return true
        }
      }
      return false
    }
  }

  /// Notes that a name was looked for in all that stars in a relation take columns from.
  mutating func note(_ key: Word, in relation: Relation) {
    if case .table(let table) = relation {
      tables[table].lookUp(key)
      return
    }
    var stack = [relation]
    var seen: Set<Int> = []
    while let next = stack.popLast() {
      switch next {
      case .table(let table): tables[table].lookUp(key)
      case .query(let query, _):
        guard !queries[query].starred.isEmpty else { continue }
        if seen.insert(query).inserted { stack += queries[query].starred }
      case .opaque: break
      }
    }
  }

  // MARK: Rows, and what messages name

  /// What a name stands for if it is no column: whole rows, or what tells rows apart.
  private mutating func rowsThemselves(_ name: Name, in scope: Int, into nodes: inout [Int]) {
    let isIdentifier = rowIdentifiers.contains(name.key)
    guard isIdentifier || dialect.hasRowReferences else { return }
    let node = graph.inner()
    var isUsed = false
    for member in scopes[scope].members {
      if dialect.hasRowReferences, member.alias == name.key {
        demandWhole(member.relation, .rowReference, by: node)
        isUsed = true
      }
      if isIdentifier {
        demandWhole(member.relation, .rowIdentifier(words.text(of: name.text)), by: node)
        isUsed = true
      }
    }
    if isUsed { nodes.append(node) }
  }

  private func onlyTable(in scope: Int) -> String? {
    guard scopes[scope].members.count == 1, scopes[scope].parent == nil,
      case .table(let table) = scopes[scope].members[0].relation
    else { return nil }
    return tables[table].key.name
  }

  private mutating func columnNames(in scope: Int) -> [String] {
    var names: [String] = []
    var next: Int? = scope
    while let current = next {
      for member in scopes[current].members {
        names += outputs(of: member.relation).compactMap { $0.name.map(words.text(of:)) }
      }
      next = scopes[current].parent
    }
    return names
  }

  private func tableNames(in scope: Int) -> [String] {
    var names: [String] = []
    var next: Int? = scope
    while let current = next {
      names += scopes[current].members.compactMap { $0.alias.map(words.text(of:)) }
      next = scopes[current].parent
    }
    return names
  }
}
