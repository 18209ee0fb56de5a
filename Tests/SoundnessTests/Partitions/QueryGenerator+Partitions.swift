import AssetTestSupport

extension QueryGenerator {
  /// A condition that keeps rows to a partition, or only looks like it; in most queries nothing.
  mutating func partitionFilter(
    of sources: [Source], depth: Int, isJoin: Bool = false
  ) -> Fragment? {
    guard let column = partitionColumn, !random.chance(isJoin ? 2 : 8) else { return nil }
    var parts: [Fragment] = []
    for source in sources where !random.chance(isJoin ? 2 : 10) {
      guard let name = boundColumn(of: source, preferring: column) else { continue }
      let reference =
        source.name.isEmpty || random.chance(4)
        ? written(name) : written(source.name) + "." + written(name)
      parts.append(bound(on: reference, depth: depth))
    }
    guard !parts.isEmpty else { return nil }
    if random.chance(3) {
      parts.insert(Fragment("(", .part(predicate(depth: depth + 2)), ")"), at: 0)
    }
    if random.chance(4) { parts.append(predicate(depth: depth + 2)) }
    if random.chance(8) { parts.append(Fragment("1 between 0 and 2")) }
    let operators = random.chance(12) ? [" and ", " or "] : [" and "]
    var pieces: [Fragment.Piece] = []
    for (index, part) in parts.enumerated() {
      if index > 0 { pieces.append(.text(random.pick(operators))) }
      pieces.append(.part(part))
    }
    let filter = Fragment(.expression, pieces)
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return Fragment("not (", .part(filter), ")")
    case 1: return Fragment("((", .part(filter), "))")
    default: return filter
    }
  }

  private mutating func boundColumn(
    of source: Source, preferring column: String
  ) -> String? {
    let named = source.columns.filter { !$0.isEmpty }
    if !random.chance(12), let own = named.first(where: { $0.lowercased() == column }) {
      return own
    }
    return random.chance(3) ? named.randomElement(using: &random) : nil
  }

  /// Bounds of a column, most of them of the form that proves something.
  private mutating func bound(on x: String, depth: Int) -> Fragment {
    let (start, end, key) = (":partition_start", ":partition_end", ":partition_key")
    guard random.chance(4) else {
      return Fragment(
        .expression,
        random.pick([
          "\(x) >= \(start) and \(x) < \(end)", "\(start) <= \(x) and \(end) > \(x)",
          "(\(x)) >= (\(start)) and (\(x) < \(end))", "(\(x) < \(end) and \(x) > \(start))",
          "\(x) >= \(start) and \(x) < \(end)", "\(x) = \(start)",
        ]))
    }
    let other = predicate(depth: depth + 3)
    return random.pick([
      Fragment(.expression, "\(x) = \(key)"), Fragment(.expression, "\(key) == \(x)"),
      Fragment(.expression, "\(x) >= \(start) and \(x) <= \(end)"),
      Fragment(.expression, "\(x) between \(start) and \(end)"),
      Fragment(.expression, "+\(x) >= \(start) and +\(x) < \(end)"),
      Fragment(.expression, "\(x) collate nocase >= \(start) and \(x) < \(end)"),
      Fragment(.expression, "not \(x) < \(start) and \(x) < \(end)"),
      Fragment(.expression, "\(x) is \(key)"), Fragment(.expression, "\(x) >= \(start)"),
      Fragment(.expression, "\(x) = \(start) = 1"),
      Fragment(.expression, "1 = \(x) >= \(start) and \(x) < \(end)"),
      Fragment(.expression, "0 between 0 and \(x) >= \(start) and \(x) < \(end)"),
      Fragment(.text("(\(x) >= \(start) and \(x) < \(end) or "), .part(other), ")"),
      Fragment(
        "case when ", .part(other), .text(" then \(x) >= \(start) and \(x) < \(end) else 1 end")),
      Fragment(.text("\(x) >= \(start) and "), .part(other), .text(" or \(x) < \(end)")),
    ])
  }
}
