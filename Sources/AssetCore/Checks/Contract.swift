/// What a candidate has otherwise than its declaration says.
package struct ContractDifference: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case missing
    case undeclared
    /// Values that are not of the declared type, with some of them.
    case values(count: Int, examples: [String])
    /// The whole column is of another type.
    case type(String)
  }

  package var column: String
  package var declared: ColumnType?
  package var kind: Kind

  package init(_ column: String, declared: ColumnType?, _ kind: Kind) {
    self.column = column
    self.declared = declared
    self.kind = kind
  }

  /// What was found, in words.
  package var found: String {
    switch kind {
    case .missing: return "missing"
    case .undeclared: return "not declared"
    case .type(let name): return name
    case .values(let count, let examples):
      let noun = counted(count, "other value")
      return examples.isEmpty ? noun : noun + ", such as " + examples.joined(separator: ", ")
    }
  }
}

/// Compares the names of the columns of a candidate with the declared ones.
///
/// - Parameters:
///   - declared: The columns of the contract.
///   - found: The names of the candidate's columns.
/// - Returns: What is missing, in the declared order, then what is not declared, in the candidate's.
package func contractDifferences(
  _ declared: [DeclaredColumn], found: [String]
) -> [ContractDifference] {
  let there = Set(found.map(\.caseFolded))
  let known = Set(declared.map(\.name.caseFolded))
  return declared.filter { !there.contains($0.name.caseFolded) }
    .map { ContractDifference($0.name, declared: $0.type, .missing) }
    + found.filter { !known.contains($0.caseFolded) }
    .map { ContractDifference($0, declared: nil, .undeclared) }
}
