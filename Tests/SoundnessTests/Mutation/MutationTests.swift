import AssetCore
import AssetTestSupport
import Testing

extension Trial.Finding {
  /// Whether it could make a stale table pass for fresh.
  fileprivate var isUnsound: Bool {
    switch self {
    case .value, .structure, .unreadable: true
    case .refused, .laterRefusal, .otherColumns, .lineage: false
    }
  }
}

/// Values that are not consumed may change, and columns that are not named come and go: the result
/// stays as it is.
@Suite struct MutationTests {
  @Test(arguments: UInt64(0)..<4)
  func `nothing that is not consumed can change a result`(part: UInt64) {
    let seed = RandomRun.seed &+ part
    var search = Search(of: subject, seed: seed)

    let result = search.run(queries: RandomRun.steps(500))

    print(
      "mutation: seed \(seed), \(result.trials) queries (\(result.invalid) were refused),",
      "\(result.wholes) of \(result.inputs) inputs consumed as a whole")
    for (_, counterexample) in result.counterexamples.sorted(by: { $0.key < $1.key }) {
      let text = "ASSETCTL_RANDOM_SEED=\(RandomRun.seed): \(counterexample)"
      // What costs no more than exactness, or a name that is shown, is told and does not fail.
      if counterexample.finding.isUnsound { Issue.record("\(text)") } else { print(text) }
    }
    #expect(result.wholes * 2 < result.inputs, "an analysis that gives up proves nothing")
  }
}
