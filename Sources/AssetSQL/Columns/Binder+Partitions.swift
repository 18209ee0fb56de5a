import AssetCore

// Which rows of a table a query can read while it makes one partition.
//
// A row of a table is of no account in a `select` if the conditions without which there is no row compare
// a column of the table with both bounds of the partition, and the row's value lies outside. For what
// joins make of it has either that value in the column, or null where an outer join found no
// partner, and both are dropped; and no other row that stays is made of it. So all rows of a table but those
// of a slice are of no account in a query if each place where it is read has such conditions on the same
// column.

extension Binder {
  /// A place where a table is read.
  struct Occurrence {
    var table: Int
    var scope: Int
    /// Where it stands among the tables of the scope; `nil` if it is not visible there as it is.
    var member: Int?
    /// What is proven of the rows that are read there.
    var proofs: [PartitionReading] = []
    /// Why there is no proof.
    var reason = "its columns get other names"
  }

  /// Notes that a table is read, as the next member of a scope.
  mutating func noteOccurrence(of relation: Relation, as member: Relation, in scope: Int) {
    guard syntax.namesPartition, case .table(let table) = relation else { return }
    var occurrence = Occurrence(table: table, scope: scope)
    if case .table = member { occurrence.member = scopes[scope].members.count }
    occurrences.append(occurrence)
  }

  /// Proves what can be proven of the rows of each table in a `from` clause.
  mutating func proveRows(of from: FromSyntax, in scope: Int) {
    for index in occurrences.indices where occurrences[index].scope == scope {
      guard let member = occurrences[index].member else { continue }
      let proofs = proofs(for: member, from, in: scope)
      occurrences[index].proofs = proofs
      if proofs.isEmpty { occurrences[index].reason = reason(for: member, from, in: scope) }
    }
  }

  private func proofs(for member: Int, _ from: FromSyntax, in scope: Int) -> [PartitionReading] {
    var proofs: [PartitionReading] = []
    for (column, sides) in bounds(of: member, from, in: scope) {
      if sides.isSuperset(of: [.start, .end]) { proofs.append(.within(column: column)) }
      if sides.contains(.key) { proofs.append(.ofKey(column: column)) }
    }
    return proofs
  }

  /// The columns of a member that conditions compare with a partition, in the order of the text.
  private func bounds(
    of member: Int, _ from: FromSyntax, in scope: Int
  ) -> [(column: String, sides: Set<PartitionParameter>)] {
    guard !from.hasOddJoins else { return [] }
    var bounds: [(column: String, sides: Set<PartitionParameter>)] = []
    for entry in from.bounds.entries where entry.members.contains(member) {
      guard isColumn(entry.column, of: member, from, in: scope) else { continue }
      let column = words.text(of: entry.column.name.key)
      if let known = bounds.firstIndex(where: { $0.column == column }) {
        bounds[known].sides.formUnion(entry.sides)
      } else {
        bounds.append((column, entry.sides))
      }
    }
    return bounds
  }

  /// Whether a name in a condition certainly stands for the column of that member and nothing else.
  private func isColumn(
    _ name: QualifiedName, of member: Int, _ from: FromSyntax, in scope: Int
  ) -> Bool {
    let scope = scopes[scope]
    guard case .table = scope.members[member].relation,
      hasColumn(name.name.key, scope.members[member].relation)
    else { return false }
    switch name.count {
    case 1:
      // A name that joins made one of two columns is that of neither.
      guard scope.merged[name.name.key] == nil else { return false }
      let others = scope.members.indices.filter { $0 != member }
      if from.merges.contains(where: { $0.names == nil }),
        !others.allSatisfy({ isClosed(scope.members[$0].relation) })
      {
        return false
      }
      return !others.contains { hasColumn(name.name.key, scope.members[$0].relation) }
    case 2:
      guard let alias = name.qualifier?.key, let named = scope.membersByAlias[alias] else {
        return false
      }
      return named.first == member && named.last == member
    default: return false
    }
  }

  /// Whether a relation certainly has a column.
  private func hasColumn(_ key: Word, _ relation: Relation) -> Bool {
    switch relation {
    case .table(let table): tables[table].isKnown && tables[table].spelling(of: key) != nil
    case .query(let query, let names):
      queries[query].outputs.enumerated().contains { position, output in
        (position < names.count ? names[position].key : output.key) == key
      }
    case .opaque(_, let names): names.contains { $0.key == key }
    }
  }

  /// Whether all columns of a relation are known.
  private func isClosed(_ relation: Relation) -> Bool {
    switch relation {
    case .table(let table): tables[table].isKnown
    case .query(let query, _): !queries[query].isOpen
    case .opaque: false
    }
  }

  // MARK: Reasons

  /// Why nothing is proven of a member, in words to stand behind "because".
  private func reason(for member: Int, _ from: FromSyntax, in scope: Int) -> String {
    if case .table(let table) = scopes[scope].members[member].relation, !tables[table].isKnown {
      return "its columns are not known"
    }
    if from.hasOddJoins { return "the analysis does not know all joins beside it" }
    if let other = from.bounds.others.first {
      return "`\(text(of: other))` is not `column >= :partition_start`, "
        + "`column < :partition_end` or `column = :partition_key`"
    }
    switch bounds(of: member, from, in: scope).first {
    case (let column, [.start])?: return "there is no `\(column) < :partition_end`"
    case (let column, [.end])?: return "there is no `\(column) >= :partition_start`"
    default:
      return "no condition compares a column of it with `:partition_start` and `:partition_end`"
    }
  }

  /// The text of tokens, on one line.
  private func text(of tokens: Range<Int>) -> String {
    var text = ""
    var end: Int?
    for token in syntax.source.tokens[tokens] {
      if let end, end < token.start { text += " " }
      text += syntax.source.text(of: token)
      end = token.end
    }
    return text
  }

  // MARK: Tables

  /// Which rows of a table are read, by what is proven of all places where it is read.
  ///
  /// - Parameters:
  ///   - table: The index of the table.
  ///   - reason: Why the whole of it is consumed, if it is.
  /// - Returns: The rows; `nil` if the query names no partition.
  func partitionReading(of table: Int, whole reason: WholeReason?) -> PartitionReading? {
    guard syntax.namesPartition else { return nil }
    switch reason {
    // What tells rows apart may be another one when there are other rows beside them.
    case .rowIdentifier(let name)?: return .all(because: "`\(name)` is no column of it")
    case .sample?, .namesDifferInCase?: return .all(because: reason?.words ?? "")
    default: break
    }
    if tables[table].hasCollidingNames { return .all(because: WholeReason.namesDifferInCase.words) }
    let places = occurrences.filter { $0.table == table }
    if let unproven = places.first(where: \.proofs.isEmpty) {
      return .all(because: unproven.reason)
    }
    let common = places.first?.proofs.first { proof in
      places.allSatisfy { $0.proofs.contains(proof) }
    }
    return common ?? .all(because: "the places where it is read compare different columns")
  }
}
