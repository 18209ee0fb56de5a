import AssetCore

/// What the conditions of a `from` or a `where` clause say about the partition that a row belongs to.
struct PartitionBounds: Sendable {
  /// A condition without which there is no row: a column compared with a value of the partition.
  struct Entry: Sendable {
    var column: QualifiedName
    /// Which sides of the partition's range it bounds.
    var sides: Set<PartitionParameter>
    /// The tables whose rows are dropped where it does not hold.
    var members: Range<Int>
  }

  var entries: [Entry] = []
  /// The tokens of the conditions that name a partition and bound nothing.
  var others: [Range<Int>] = []

  mutating func append(_ more: PartitionBounds) {
    entries += more.entries
    others += more.others
  }
}

extension SQLTokens {
  /// Whether the text has a place for a value of a partition.
  var namesPartition: Bool { tokens.contains { partitionParameter($0) != nil } }

  /// The value of a partition that a token stands for.
  func partitionParameter(_ token: SQLToken) -> PartitionParameter? {
    guard token.kind == .parameter, bytes[token.start] != Ascii.question else { return nil }
    return PartitionParameter(
      rawValue: String(decoding: bytes[token.start + 1..<token.end], as: UTF8.self))
  }
}

extension QueryParser {
  /// Finds what a condition says about the partition that a row belongs to.
  ///
  /// Only those parts count that hold for every row for which the condition does, that is what stands
  /// between its outermost `and`s, and of those just comparisons of a column by itself.
  ///
  /// - Parameters:
  ///   - condition: The condition, which was just parsed.
  ///   - members: The tables whose rows are dropped where it does not hold.
  /// - Returns: What it says.
  func partitionBounds(in condition: Expression, members: Range<Int>) -> PartitionBounds {
    var bounds = PartitionBounds()
    guard namesPartition, names(condition.tokens) else { return bounds }
    var rest = [condition.tokens]
    while let tokens = rest.popLast() {
      let inner = withoutParentheses(tokens)
      let parts = conjuncts(of: inner)
      if parts.count > 1 {
        rest += parts.reversed()
      } else if let (column, sides) = comparison(inner, in: condition) {
        bounds.entries.append(.init(column: column, sides: sides, members: members))
      } else if names(inner), !source.tokens[inner].contains(where: { $0.keyword == .select }) {
        // What stands in a query of its own is none of this one's.
        bounds.others.append(inner)
      }
    }
    return bounds
  }

  private func names(_ tokens: Range<Int>) -> Bool {
    source.tokens[tokens].contains { source.partitionParameter($0) != nil }
  }

  /// The parts of a condition all of which must hold; the condition itself if that is not clear.
  private func conjuncts(of tokens: Range<Int>) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = tokens.lowerBound
    // How many parentheses and `case`s enclose a token, and how many `between`s await their `and`.
    var depth = 0
    var cases = 0
    var ranges = 0
    for index in tokens {
      let token = source.tokens[index]
      switch (token.kind, token.keyword) {
      case (.open, _): depth += 1
      case (.close, _): depth -= 1
      case (_, .case): cases += 1
      case (_, .end):
        // It may be a name as well.
        guard cases > 0 else { return [tokens] }
        cases -= 1
      case (_, .or) where depth == 0 && cases == 0: return [tokens]
      case (_, .between) where depth == 0 && cases == 0: ranges += 1
      case (_, .and) where depth == 0 && cases == 0:
        if ranges > 0 {
          ranges -= 1
        } else {
          parts.append(start..<index)
          start = index + 1
        }
      default: break
      }
    }
    guard cases == 0 else { return [tokens] }
    return parts + [start..<tokens.upperBound]
  }

  /// The tokens without the parentheses around all of them.
  private func withoutParentheses(_ tokens: Range<Int>) -> Range<Int> {
    var tokens = tokens
    while tokens.count > 2, isParenthesis(tokens.lowerBound - index) {
      var depth = 0
      let close = tokens.first { position in
        switch source.tokens[position].kind {
        case .open: depth += 1
        case .close: depth -= 1
        default: break
        }
        return depth == 0
      }
      guard close == tokens.upperBound - 1 else { break }
      tokens = tokens.lowerBound + 1..<tokens.upperBound - 1
    }
    return tokens
  }

  // MARK: Comparisons

  /// Reads a comparison of a column with a value of the partition.
  private func comparison(
    _ tokens: Range<Int>, in condition: Expression
  ) -> (column: QualifiedName, sides: Set<PartitionParameter>)? {
    guard let place = tokens.first(where: { source.tokens[$0].kind == .operator }) else {
      return nil
    }
    let left = withoutParentheses(tokens.lowerBound..<place)
    let right = withoutParentheses(place + 1..<tokens.upperBound)
    let text = source.text(of: source.tokens[place])
    if let parameter = parameter(right), let column = column(left, in: condition) {
      return sides(text, parameter).map { (column, $0) }
    }
    if let parameter = parameter(left), let column = column(right, in: condition) {
      let flipped = ["<": ">", "<=": ">=", ">": "<", ">=": "<="][text] ?? text
      return sides(flipped, parameter).map { (column, $0) }
    }
    return nil
  }

  /// What a column that is compared like this is bounded by.
  private func sides(
    _ comparison: String, _ parameter: PartitionParameter
  ) -> Set<PartitionParameter>? {
    switch (comparison, parameter) {
    case (">=", .start), (">", .start): [.start]
    case ("<", .end): [.end]
    // Where a partition begins is before where it ends.
    case ("=", .start), ("==", .start): [.start, .end]
    case ("=", .key), ("==", .key): [.key]
    default: nil
    }
  }

  private func parameter(_ tokens: Range<Int>) -> PartitionParameter? {
    tokens.count == 1 ? source.partitionParameter(source.tokens[tokens.lowerBound]) : nil
  }

  /// The column that the tokens are, as it was found when the condition was parsed.
  private func column(_ tokens: Range<Int>, in condition: Expression) -> QualifiedName? {
    guard let first = tokens.first else { return nil }
    let start = source.tokens[first].start
    for use in uses[condition.uses] where !use.isSoft {
      if case .column(let name) = use.kind, name[0].offset == start {
        return tokens.count == 2 * name.count - 1 ? name : nil
      }
    }
    return nil
  }
}

/// The one name that a query gives to the key of the partition, or compares with it.
///
/// ```swift
/// columnOfPartitionKey(in: "select * from t where t.region = :partition_key", dialect: .sqlite)
/// // "region"
/// ```
///
/// - Parameters:
///   - sql: One query.
///   - dialect: The dialect that it is written in.
/// - Returns: The name in lower case; `nil` if there is none, or more than one.
package func columnOfPartitionKey(in sql: String, dialect: SQLDialect) -> String? {
  guard let source = try? tokenize(sql, dialect: dialect) else { return nil }
  let tokens = source.tokens
  func name(at index: Int) -> String? {
    guard tokens.indices.contains(index), tokens[index].isName, tokens[index].keyword == nil else {
      return nil
    }
    return source.name(of: tokens[index]).caseFolded
  }
  func isEquals(at index: Int) -> Bool {
    tokens.indices.contains(index) && ["=", "=="].contains(source.text(of: tokens[index]))
  }
  var names: Set<String> = []
  for index in tokens.indices where source.partitionParameter(tokens[index]) == .key {
    if isEquals(at: index - 1), let name = name(at: index - 2) { names.insert(name) }
    if isEquals(at: index + 1) {
      // The column is the last of the names that dots connect.
      var last = index + 2
      while tokens.indices.contains(last + 1), tokens[last + 1].kind == .dot { last += 2 }
      if let name = name(at: last) { names.insert(name) }
    }
    if tokens.indices.contains(index + 1), tokens[index + 1].keyword == .as,
      let name = name(at: index + 2)
    {
      names.insert(name)
    }
  }
  return names.count == 1 ? names.first : nil
}
