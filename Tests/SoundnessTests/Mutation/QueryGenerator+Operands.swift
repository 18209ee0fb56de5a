import AssetTestSupport

extension QueryGenerator {
  /// One `select` or `values` and what its names refer to.
  struct Operand {
    var operand: Fragment
    var columns: [String]
    var sources: [Source] = []
    var isAggregate = false
    var isValues = false
  }

  mutating func operand(depth: Int, width: Int?) -> Operand {
    if depth > 0, random.chance(12) { return values(width: width) }
    let from = self.from(depth: depth)
    scopes.append(from.sources)
    defer { scopes.removeLast() }
    let isAggregate = random.chance(4)
    let isGrouped = isAggregate && !random.chance(3)

    var items: [Fragment] = []
    var columns: [String] = []
    for _ in 0..<(width ?? Int.random(in: 1...3, using: &random)) {
      let item = self.item(depth: depth, isAggregate: isAggregate, mayBeStar: width == nil)
      items.append(item.query)
      columns += item.columns
    }
    var pieces: [Fragment.Piece] = ["select"]
    if random.chance(6) { pieces.append(.optional(Fragment(.distinct, " distinct"))) }
    pieces += [" ", .list(items, separator: ", ", atLeast: 1), .part(from.fragment)]
    if let filter = partitionFilter(of: from.sources, depth: depth) {
      pieces.append(.optional(Fragment(.filter, [" where ", .part(filter)])))
    } else if random.chance(2) {
      pieces.append(.optional(Fragment(.filter, [" where ", .part(predicate(depth: depth + 1))])))
    }
    if isGrouped {
      let terms = (0..<Int.random(in: 1...2, using: &random)).map { _ in
        groupTerm(depth: depth, columns: columns, width: items.count)
      }
      pieces.append(
        .optional(
          Fragment(.group, [" group by ", .list(terms, separator: ", ", atLeast: 1)])))
      if random.chance(3) {
        let condition = Fragment(.part(aggregate(depth: depth + 1)), " >= ", .text("1"))
        pieces.append(.optional(Fragment(.having, [" having ", .part(condition)])))
      }
    }
    if pieces.contains(where: {
      if case .list(let items, _, _) = $0 { items.contains { $0.contains(.window) } } else { false }
    }) {
      let named = window(depth: depth + 1)
      pieces.append(.part(Fragment(.other, [" window w as (", .part(named), ")"])))
    }
    return Operand(
      operand: Fragment(.operand, pieces), columns: columns, sources: from.sources,
      isAggregate: isAggregate)
  }

  private mutating func values(width: Int?) -> Operand {
    let width = width ?? Int.random(in: 1...2, using: &random)
    let rows = (0..<Int.random(in: 1...2, using: &random)).map { _ in
      Fragment(
        .other,
        "(" + (0..<width).map { _ in random.pick(Self.literals) }.joined(separator: ", ") + ")")
    }
    return Operand(
      operand: Fragment(.operand, ["values ", .list(rows, separator: ", ", atLeast: 1)]),
      columns: (1...width).map { "column\($0)" }, isValues: true)
  }

  private mutating func groupTerm(depth: Int, columns: [String], width: Int) -> Fragment {
    switch Int.random(in: 0..<9, using: &random) {
    case 0: return Fragment(.expression, "\(Int.random(in: 1...width, using: &random))")
    case 1:
      let named = columns.filter { !$0.isEmpty }
      return Fragment(.expression, named.isEmpty ? "1" : written(random.pick(named)))
    case 2: return expression(depth: depth + 2)
    default: return column()
    }
  }

  /// An item of a `select`, with the columns that it gives.
  private mutating func item(depth: Int, isAggregate: Bool, mayBeStar: Bool) -> Made {
    let sources = scopes.last ?? []
    if mayBeStar, !isAggregate, random.chance(4) {
      if random.chance(3), let source = sources.randomElement(using: &random), !source.name.isEmpty
      {
        return Made(
          query: Fragment(.item, written(source.name) + ".*"), columns: source.columns)
      }
      return Made(query: Fragment(.item, "*"), columns: sources.flatMap(\.columns))
    }
    if random.chance(2), !isAggregate || random.chance(3),
      let source = sources.randomElement(using: &random),
      let name = source.columns.filter({ !$0.isEmpty }).randomElement(using: &random)
    {
      let text = reference(to: name, of: source, in: sources)
      return named(Fragment(.expression, text), otherwise: name)
    }
    if !isAggregate, random.chance(6) { return named(windowCall(depth: depth), otherwise: "") }
    let value = isAggregate ? aggregate(depth: depth + 1) : expression(depth: depth + 1)
    return named(value, otherwise: "")
  }

  private mutating func named(_ value: Fragment, otherwise name: String) -> Made {
    guard random.chance(2) else {
      return Made(query: Fragment(.item, [.part(value)]), columns: [name])
    }
    let alias = random.pick(RandomSchema.columnNames + ["p", "q", "v"])
    let keyword = random.chance(4) && alias != "order" ? " " : " as "
    return Made(
      query: Fragment(.item, [.part(value), .text(keyword + written(alias))]), columns: [alias])
  }

  // MARK: From

  struct From {
    var fragment: Fragment
    var sources: [Source]
  }

  mutating func from(depth: Int) -> From {
    var sources: [Source] = []
    let first = source(depth: depth, sources: [])
    sources.append(first.source)
    var pieces: [Fragment.Piece] = [" from ", .part(first.fragment)]
    for _ in 0..<random.pick([0, 0, 1, 1, 1, 2]) {
      let next = source(depth: depth, sources: sources)
      let join = self.join(next, to: sources, depth: depth)
      pieces.append(.optional(join.fragment))
      sources.append(join.source)
    }
    return From(fragment: Fragment(.other, pieces), sources: sources)
  }

  private mutating func join(
    _ next: Joined, to sources: [Source], depth: Int
  ) -> Joined {
    let kind = random.pick([
      ", ", " join ", " join ", " left join ", " left join ", " inner join ", " cross join ",
      " natural join ", " natural left join ", " right join ", " full join ",
    ])
    var joined = next
    var pieces: [Fragment.Piece] = [.text(kind), .part(next.fragment)]
    let known = Set(sources.flatMap(\.columns).filter { !$0.isEmpty }.map { $0.lowercased() })
    let common = next.source.columns.filter { known.contains($0.lowercased()) }
    if kind.contains("natural") {
      joined.source.columns.removeAll { known.contains($0.lowercased()) }
    } else if kind != ", ", !kind.contains("cross") {
      if let name = common.randomElement(using: &random), random.chance(2) {
        var names = [written(name)]
        if let another = common.randomElement(using: &random), another != name, random.chance(3) {
          names.append(written(another))
        }
        pieces.append(.part(Fragment(.using, " using (\(names.joined(separator: ", ")))")))
      } else {
        scopes.append(sources + [next.source])
        let condition =
          partitionFilter(of: sources + [next.source], depth: depth + 1, isJoin: true)
          ?? predicate(depth: depth + 2)
        pieces.append(.optional(Fragment(.filter, [" on ", .part(condition)])))
        scopes.removeLast()
      }
    }
    joined.fragment = Fragment(.source, pieces)
    return joined
  }

  struct Joined {
    var fragment: Fragment
    var source: Source
  }

  /// Something to select from.
  private mutating func source(depth: Int, sources: [Source]) -> Joined {
    let taken = Set(sources.map { $0.name.lowercased() })
    let free = Self.aliases.filter { !taken.contains($0.lowercased()) }
    var alias = random.chance(2) ? random.pick(random.chance(12) ? Self.aliases : free) : nil
    var suffix = alias.map { (random.chance(2) ? " as " : " ") + written($0) } ?? ""
    if budget > 0, depth < 3, random.chance(5) {
      budget -= 1
      let made = query(depth: depth + 1, width: nil)
      return Joined(
        fragment: Fragment(.source, ["(", .part(made.query), ")", .text(suffix)]),
        source: Source(name: alias ?? "", columns: made.columns))
    }
    if budget > 0, random.chance(16) {
      budget -= 1
      let inner = from(depth: depth + 1)
      let from = Fragment(.other, Array(inner.fragment.pieces.dropFirst()))
      return Joined(
        fragment: Fragment(.source, ["(", .part(from), ")"]),
        source: Source(
          name: inner.sources[0].name, columns: inner.sources.flatMap(\.columns)))
    }
    if random.chance(30) {
      scopes.append(sources.isEmpty ? scopes.last ?? [] : sources)
      let value = column()
      scopes.removeLast()
      return Joined(
        fragment: Fragment(
          .source, ["json_each(json_array(", .part(value), ", 1))", .text(suffix)]),
        source: Source(name: alias ?? "json_each", columns: ["key", "value", "atom", "type"]))
    }
    let candidates = declared.isEmpty || random.chance(3) ? selectable : declared
    let table = random.pick(candidates)
    if alias == nil, taken.contains(table.name.lowercased()) {
      alias = random.pick(free)
      suffix = alias.map { " " + written($0) } ?? ""
    }
    return Joined(
      fragment: Fragment(.source, written(table.name) + suffix),
      source: Source(name: alias ?? table.name, columns: table.columns))
  }
}
