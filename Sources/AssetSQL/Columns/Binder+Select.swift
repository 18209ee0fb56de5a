import AssetCore

// The clauses of a `select`: what its columns and its rows depend on.

extension Binder {
  /// Binds a `select` as (a term of) a query, and returns its scope.
  mutating func bind(
    _ select: SelectSyntax, _ query: Int, in parent: Int?, _ environment: Int?
  ) throws(BindingFailure) -> Int {
    scopes.append(Scope(parent: parent))
    let scope = scopes.count - 1
    try bind(select.from, query, in: scope, environment)
    for window in select.windows {
      let node = graph.inner()
      scopes[scope].windows.set(window.name.key, to: node)
      try use(window.definition, of: node, in: scope, environment, .columns)
    }
    scopes[scope].query = query
    scopes[scope].groupKeys = select.grouping.compactMap { $0.name?.key }
    scopes[scope].filtersGroups = !select.having.isEmpty
    queries[query].outputs.reserveCapacity(select.items.count)
    for item in select.items {
      try bind(item, query, in: scope, environment)
      queries[query].items.append((queries[query].outputs.count, offset(of: item)))
    }
    if let most = dialect.mostColumns, queries[query].outputs.count > most {
      throw .tooManyColumns(most)
    }
    if dialect.namesColumnsByText { makeNamesUnique(of: query) }
    queries[query].hasOutputs = true

    let rows = queries[query].rows
    for condition in select.from.conditions {
      try use(
        condition.expression, of: rows, in: scope, environment, .anywhere, asCondition: true,
        members: condition.scope)
    }
    for expression in select.filters + select.having {
      try use(expression, of: rows, in: scope, environment, .anywhere, asCondition: true)
    }
    for expression in select.grouping {
      if let ordinal = expression.ordinal {
        connectOrdinal(ordinal, of: query, to: rows)
      } else {
        try use(expression, of: rows, in: scope, environment, .anywhere, asCondition: true)
      }
    }
    if select.groupsByAll { connectOutputs(of: query, to: rows) }
    switch select.duplicates {
    case .kept: break
    case .removed: connectOutputs(of: query, to: rows)
    case .removedOn(let expressions):
      connectOutputs(of: query, to: rows)
      for expression in expressions {
        try use(expression, of: rows, in: scope, environment, .anywhere, asCondition: true)
      }
    }
    return scope
  }

  // Columns that stand beside `min` or `max` depend on it, as far as SQLite takes them from the row
  // that it chooses; the columns by which rows are grouped are the same in all of them.

  /// Notes that a node chooses the row of a `select`.
  mutating func addChooser(_ node: Int, in scope: Int) {
    for bare in scopes[scope].bare where bare != node {
      graph.connect(bare, to: node, as: .condition)
    }
    if scopes[scope].filtersGroups, let query = scopes[scope].query {
      graph.connect(queries[query].rows, to: node, as: .condition)
    }
    scopes[scope].choosers.append(node)
  }

  /// Notes that a column may be taken from the row that is chosen.
  private mutating func addBare(_ node: Int, _ name: Word?, in scope: Int) {
    if let name, scopes[scope].groupKeys.contains(name) { return }
    for chooser in scopes[scope].choosers where chooser != node {
      graph.connect(node, to: chooser, as: .condition)
    }
    scopes[scope].bare.append(node)
  }

  /// Lets the rows of an inner query depend on what its windows sort by, used or not: what depends on
  /// the order of rows further out, such as `group_concat`, sees it.
  private mutating func orderByWindows(
    of expression: Expression, _ query: Int, _ node: Int, in scope: Int
  ) {
    guard query != 0, syntax.seesOrder, syntax.uses[expression.uses].contains(where: \.isInWindow)
    else { return }
    graph.connect(queries[query].rows, to: node, as: .condition)
  }

  /// Numbers columns that share a name, as SQLite does.
  private mutating func makeNamesUnique(of query: Int) {
    guard !queries[query].isOpen else { return }
    let keys = queries[query].outputs.map(\.key)
    var taken = WordSet(minimumCapacity: queries[query].outputs.count)
    // The last number of each name, as lower ones are taken.
    var numbers: [Word: Int] = [:]
    for (index, output) in queries[query].outputs.enumerated() {
      guard let name = output.name, var key = output.key else { continue }
      if taken.insert(key) { continue }
      if queries[query].collision == nil, let first = keys.firstIndex(of: key) {
        queries[query].collision = (first, index)
      }
      let base = words.text(of: name).withoutNumber
      let root = words.lowercased(words.word(base))
      var number = numbers[root] ?? 0
      var text = name
      repeat {
        number += 1
        text = words.word("\(base):\(number)")
        key = dialect.key(of: text, isQuoted: true, in: words)
      } while !taken.insert(key)
      numbers[root] = number
      queries[query].outputs[index].name = text
      queries[query].outputs[index].key = key
    }
  }

  /// Where an entry of a list of columns begins.
  private func offset(of item: ItemSyntax) -> Int {
    switch item {
    case .star(let star): star.qualifier.first?.offset ?? star.offset
    case .expression(let expression, let aliases):
      aliases.first?.offset ?? syntax.source.tokens[expression.tokens].first?.start ?? 0
    }
  }

  private mutating func connectOutputs(of query: Int, to node: Int) {
    graph.connect(node, to: queries[query].header, as: .condition)
    for output in queries[query].outputs { graph.connect(node, to: output.node, as: .condition) }
  }

  // MARK: Items

  private mutating func bind(
    _ item: ItemSyntax, _ query: Int, in scope: Int, _ environment: Int?
  ) throws(BindingFailure) {
    switch item {
    case .star(let star):
      try expand(star, query, in: scope, environment)
    case .expression(let expression, let aliases):
      let node = graph.inner()
      try use(
        expression, of: node, in: scope, environment,
        dialect.hasLateralAliases ? .anywhere : .columns)
      graph.connect(node, to: queries[query].rows, as: .condition)
      if expression.mayChangeRows { graph.connect(queries[query].rows, to: node, as: .condition) }
      if expression.choosesRow { addChooser(node, in: scope) }
      if expression.mayBeBare { addBare(node, expression.name?.key, in: scope) }
      orderByWindows(of: expression, query, node, in: scope)
      if aliases.isEmpty {
        let name = self.name(of: expression, in: scope)
        let isCertain = expression.column != nil || dialect.namesColumnsByText
        queries[query].outputs.append(
          Output(
            name: name,
            key: isCertain ? dialect.key(of: name, isQuoted: true, in: words) : nil, node: node))
      }
      for alias in aliases {
        queries[query].outputs.append(Output(name: alias.text, key: alias.key, node: node))
        if scopes[scope].aliases[alias.key] == nil {
          scopes[scope].aliases.set(alias.key, to: node)
        }
      }
    }
  }

  /// The name that a column without alias gets: a column's own, or else its text.
  private mutating func name(of expression: Expression, in scope: Int) -> Word {
    if let column = expression.column { return declaredName(of: column.name, in: scope) }
    let tokens = syntax.source.tokens[expression.tokens]
    guard let first = tokens.first, let last = tokens.last else { return words.word("") }
    return words.word(syntax.source.bytes, first.start..<last.end)
  }

  /// A column's name as its table spells it.
  private func declaredName(of name: Name, in scope: Int) -> Word {
    for member in scopes[scope].members {
      switch member.relation {
      case .table(let table):
        if let declared = tables[table].spelling(of: name.key) { return declared }
      case .query(let query, _):
        if let output = queries[query].outputs.first(where: { $0.key == name.key }) {
          return output.name ?? name.text
        }
      case .opaque: continue
      }
    }
    return name.text
  }

  // MARK: Stars

  private mutating func expand(
    _ star: StarSyntax, _ query: Int, in scope: Int, _ environment: Int?
  ) throws(BindingFailure) {
    let members = scopes[scope].members.indices.filter { index in
      let member = scopes[scope].members[index]
      guard let qualifier = star.qualifier.last else { return !member.isHidden }
      return member.alias == qualifier.key
    }
    guard !members.isEmpty || star.qualifier.isEmpty else {
      // The fields of a column, as far as anything is known of them.
      throw .unsupported(
        "what `\(star.qualifier.map { words.text(of: $0.text) }.joined(separator: ".")).*` stands for"
      )
    }
    var replaced = WordMap<Int>()
    for (expression, name) in star.replaced {
      let node = graph.inner()
      try use(expression, of: node, in: scope, environment, .columns)
      graph.connect(node, to: queries[query].rows, as: .condition)
      replaced.set(name.key, to: node)
    }
    let excluded = Set(star.excluded.map(\.key))
    let renamed = Dictionary(star.renamed.map { ($0.from.key, $0.to) }) { first, _ in first }
    let rows = queries[query].rows
    for index in members {
      let relation = scopes[scope].members[index].relation
      queries[query].starred.append(relation)
      demandHeader(relation, by: queries[query].header)
      if star.hasPattern { demandWhole(relation, .starPattern, by: rows) }
      let outputs = outputs(of: relation)
      try spend(outputs.count)
      if let most = dialect.mostColumns, queries[query].outputs.count > most {
        throw .tooManyColumns(most)
      }
      for output in outputs {
        if let key = output.key {
          if excluded.contains(key) { continue }
          if star.qualifier.isEmpty, isMergedAway(key, index, in: scope) { continue }
        }
        var copy = output
        if let open = output.open {
          for (_, name) in star.replaced {
            guard let node = replaced[name.key],
              !queries[query].outputs.contains(where: { $0.node == node })
            else {
              continue
            }
            queries[query].outputs.append(Output(name: name.text, key: name.key, node: node))
          }
          copy.open = (open.relation, open.except.union(excluded).union(replaced.words))
        }
        copy.node = graph.inner()
        graph.connect(copy.node, to: rows, as: .condition)
        if let key = output.key, let node = replaced[key] {
          graph.connect(copy.node, to: node, as: .value)
        } else if star.qualifier.isEmpty, let key = output.key,
          let merged = scopes[scope].merged[key]
        {
          for node in merged.nodes { graph.connect(copy.node, to: node, as: .value) }
        } else {
          graph.connect(copy.node, to: output.node, as: .value)
        }
        if let key = output.key, let name = renamed[key] {
          (copy.name, copy.key) = (name.text, name.key)
        }
        queries[query].outputs.append(copy)
      }
    }
  }

  /// Whether a column stands in the star already as that of an earlier table.
  private func isMergedAway(_ key: Word, _ member: Int, in scope: Int) -> Bool {
    scopes[scope].merged[key]?.hidden.contains(member) ?? false
  }

  /// The columns that a relation gives under their names there.
  mutating func outputs(of relation: Relation) -> [Output] {
    switch relation {
    case .table(let table):
      guard tables[table].isKnown else {
        let whole = graph.node(.whole(table: table, .star))
        return [Output(node: whole, open: (relation, []))]
      }
      return (0..<tables[table].columnCount).map { position in
        let item = tables[table].items[position]
        let node = tables[table].node(at: position, in: &graph)
        return Output(name: item.name, key: item.key, node: node)
      }
    case .query(let query, let names):
      var outputs = queries[query].outputs
      for (index, name) in names.enumerated() where index < outputs.count {
        guard outputs[index].open == nil else {
          return [Output(node: queries[query].all, open: (relation, []))]
        }
        (outputs[index].name, outputs[index].key) = (name.text, name.key)
      }
      return outputs
    case .opaque(let node, let names):
      guard !names.isEmpty else { return [Output(node: node, open: (relation, []))] }
      return names.map { Output(name: $0.text, key: $0.key, node: node) }
    }
  }

  /// Lets a node depend on which columns a star over the relation stands for.
  mutating func demandHeader(_ relation: Relation, by node: Int) {
    switch relation {
    case .table(let table):
      graph.connect(node, to: graph.node(.whole(table: table, .star)), as: .condition)
    case .query(let query, _): graph.connect(node, to: queries[query].header, as: .condition)
    case .opaque(let inner, _): graph.connect(node, to: inner, as: .condition)
    }
  }

  /// Lets a node depend on all columns of the relation.
  mutating func demandWhole(_ relation: Relation, _ reason: WholeReason, by node: Int) {
    switch relation {
    case .table(let table):
      graph.connect(node, to: graph.node(.whole(table: table, reason)), as: .condition)
    case .query(let query, _): graph.connect(node, to: queries[query].all, as: .condition)
    case .opaque(let inner, _): graph.connect(node, to: inner, as: .condition)
    }
  }

  /// Lets a node depend on all columns of all tables under the relation, used or not.
  mutating func demandEverything(_ relation: Relation, _ reason: WholeReason, by node: Int) {
    var stack = [relation]
    var seen: Set<Int> = []
    while let next = stack.popLast() {
      demandWhole(next, reason, by: node)
      if case .query(let query, _) = next, seen.insert(query).inserted {
        stack += queries[query].relations
      }
    }
  }
}

extension String {
  /// The text without a colon and digits at its end.
  fileprivate var withoutNumber: String {
    guard let colon = lastIndex(of: ":"), colon != startIndex,
      self[colon...].dropFirst().allSatisfy(\.isNumber)
    else { return self }
    return String(self[..<colon])
  }
}
