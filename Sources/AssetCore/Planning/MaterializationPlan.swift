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
      guard running.contains(key), assessor.isDue(key), !assessor.tooEarly.contains(key)
      else { continue }
      // What is to be done about the whole follows from what becomes of its partitions.
      let waits = assessor.undecidedParts[key]?.isEmpty == false
      switch status.kind {
      case .fresh: break
      case .stale where !waits, .failed where !waits:
        steps.append(Step(key, .materialize(status.causes)))
      case .stale, .failed: steps.append(Step(key, .materializeIfInputsChange(status.causes)))
      case .waiting: steps.append(Step(key, .materializeIfInputsChange(status.causes)))
      case .unknown: steps.append(Step(key, .impossible(status.message ?? "")))
      }
    }
    statuses = assessor.statuses.filter { looked.contains($0.key) }
  }
}

extension MaterializationPlan {
  /// What a plan has to do with one asset.
  package struct AssetStep: Equatable, Sendable {
    package var key: AssetKey
    /// Of an asset with partitions, what is to be done about the first of them that most has to be done.
    package var decision: Decision
    /// What is to be done about its partitions, in order; empty if it is made as a whole.
    package var partitions: [Step]
  }

  /// The steps with those of an asset's partitions in one.
  package var assetSteps: [AssetStep] {
    var parts: [AssetKey: [Step]] = [:]
    var assets: [AssetStep] = []
    for step in steps {
      if step.key.partition != nil {
        parts[step.key.asset, default: []].append(step)
      } else {
        let own = parts[step.key] ?? []
        assets.append(
          AssetStep(
            key: step.key,
            decision: own.isEmpty ? step.decision : Decision(of: own.map(\.decision)),
            partitions: own))
      }
    }
    return assets
  }

  /// The assets all of whose steps are among some keys, in the order of the steps; that of a whole goes
  /// with those of its partitions.
  package func assets(among keys: [AssetKey]) -> [AssetKey] {
    let keys = Set(keys)
    return assetSteps.filter { step in
      step.partitions.isEmpty
        ? keys.contains(step.key) : step.partitions.allSatisfy { keys.contains($0.key) }
    }.map(\.key)
  }
}

extension MaterializationPlan.Decision {
  /// What is to be done about a whole, by what is to be done about its parts: the first of these that comes
  /// to something, with all causes for it.
  fileprivate init(of parts: [Self]) {
    var seen: Set<StaleCause> = []
    var due: [StaleCause] = []
    var pending: [StaleCause] = []
    var reason: String?
    for part in parts {
      switch part {
      case .materialize(let causes): due += causes.filter { seen.insert($0).inserted }
      case .materializeIfInputsChange(let causes):
        pending += causes.filter { seen.insert($0).inserted }
      case .impossible(let text): reason = reason ?? text
      }
    }
    self =
      if !due.isEmpty {
        .materialize(due)
      } else if let reason, pending.isEmpty {
        .impossible(reason)
      } else {
        .materializeIfInputsChange(pending)
      }
  }
}
