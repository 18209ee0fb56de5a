import AssetCore
import AssetTestSupport
import Testing

/// The search is worth something: it finds out analyses that are wrong on purpose.
@Suite struct BrokenAnalysisTests {
  /// Something that an analysis may forget.
  enum Slip: String, CaseIterable {
    case whereClauses, limitedOrder, usingColumns, unionIsUnionAll, guards, groupBy, distinct

    func analysis(_ query: Fragment, _ columns: (AssetKey) -> [String]?) -> QueryReading {
      switch self {
      case .whereClauses: subject(query.replacing(.filter, by: ""), columns)
      case .limitedOrder:
        subject(query.replacing(.order, by: "").replacing(.limit, by: ""), columns)
      case .groupBy: subject(query.replacing(.group, by: ""), columns)
      case .distinct: subject(query.replacing(.distinct, by: ""), columns)
      case .unionIsUnionAll: subject(query.replacing(.setOperator, by: " union all "), columns)
      case .usingColumns:
        subject(query, columns).mapped { columns, names in
          let joined = query.usingColumns
          return .columns(columns.filter { !joined.contains($0) }, names: names)
        }
      case .guards: subject(query, columns).mapped { columns, _ in .columns(columns) }
      }
    }

    /// Whether a finding is of the kind that the slip has to lead to.
    func causes(_ finding: Trial.Finding) -> Bool {
      switch finding {
      case .value: self != .guards
      case .structure, .laterRefusal: self == .guards
      default: false
      }
    }
  }

  /// The slips that a short search finds; the long one is for all of them, from any seed.
  static let slips: [Slip] =
    RandomRun.isLong
    ? Slip.allCases : [.whereClauses, .limitedOrder, .usingColumns, .guards, .groupBy]

  @Test(arguments: slips)
  func `an analysis with a slip is found out`(slip: Slip) throws {
    let seed = RandomRun.isLong ? RandomRun.seed : 361_429_567
    var search = Search(of: { slip.analysis($0, $1) }, seed: seed)
    search.effort = 400

    // What the real one is wrong about is not the slip's doing.
    let result = search.run(queries: 6_000, kinds: 1) { trial, finding in
      slip.causes(finding) && trial.persistentFinding(of: subject) == nil
    }

    let counterexample = try #require(result.counterexamples.first?.value, "seed \(seed)")
    print("broken: \(slip) after \(result.trials) queries: \(counterexample.trial.query.text)")
    #expect(slip.causes(counterexample.finding), "\(counterexample)")
  }
}

extension QueryReading {
  fileprivate func mapped(_ change: ([String], [String]) -> Consumption) -> QueryReading {
    var copy = self
    for (key, input) in inputs {
      if case .columns(let columns, let names) = input.consumption {
        copy.inputs[key] = InputReading(change(columns, names))
      }
    }
    return copy
  }
}

extension Fragment {
  /// The names in all `using` clauses, in lower case.
  fileprivate var usingColumns: Set<String> {
    if role == .using {
      let list = text.drop { $0 != "(" }.dropFirst().dropLast().split(separator: ",")
      let quotes: Set<Character> = ["\"", "[", "]", "`", " "]
      return Set(
        list.map { name in
          let bare = name.drop(while: quotes.contains)
          return bare.reversed().drop(while: quotes.contains).reversed().map(String.init).joined()
            .lowercased()
        })
    }
    return parts.reduce(into: []) { $0.formUnion($1.usingColumns) }
  }
}
