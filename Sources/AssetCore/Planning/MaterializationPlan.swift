/// What a run will do: the assets that are or may become due, inputs before readers.
package struct MaterializationPlan: Equatable, Sendable {
  /// One asset of a plan.
  package struct Step: Equatable, Sendable {
    package var key: AssetKey
    package var decision: Decision

    package init(_ key: AssetKey, _ decision: Decision) {
      self.key = key
      self.decision = decision
    }
  }

  package enum Decision: Equatable, Sendable {
    case materialize([StaleCause])
    /// Decided once the stale inputs that are named are materialized.
    case materializeIfInputsChange([StaleCause])
    /// It cannot be materialized, for this reason.
    case impossible(String)
  }

  package var steps: [Step]
  /// Everything that the run would look at, with its status now; sources are among it.
  package var statuses: [AssetKey: AssetStatus]

  /// Plans to bring the given assets up to date.
  ///
  /// - Parameters:
  ///   - running: What may be materialized: the selected assets and, unless only those were asked
  ///     for, what is upstream of them.
  ///   - assessor: What is known of the past and the present; it decides.
  package init(of running: Set<AssetKey>, by assessor: inout Assessor) {
    let looked = assessor.graph.closure(of: running)
    steps = []
    for key in assessor.graph.order where looked.contains(key) {
      let status = assessor.assess(key)
      guard running.contains(key) else { continue }
      switch status.kind {
      case .fresh: break
      case .stale, .failed: steps.append(Step(key, .materialize(status.causes)))
      case .waiting: steps.append(Step(key, .materializeIfInputsChange(status.causes)))
      case .unknown: steps.append(Step(key, .impossible(status.message ?? "")))
      }
    }
    statuses = assessor.statuses.filter { looked.contains($0.key) }
  }
}
