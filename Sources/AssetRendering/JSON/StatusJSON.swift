package import AssetCore

/// The document of `status --format json`.
package func json(of report: StatusReport) -> String {
  jsonText(of: StatusDocument(report))
}

/// The document of `list --format json`.
package func json(of report: ListReport) -> String {
  jsonText(of: ListDocument(report))
}

/// The document of `plan --format json`.
package func json(of report: PlanReport) -> String {
  jsonText(of: PlanDocument(report))
}

struct StatusDocument: Encodable {
  struct Entry: Encodable {
    var asset: String
    var kind: AssetKind
    var materialized: Materialized?
    var group: String
    var status: AssetStatus.Kind
    var causes: [CauseDocument]
    var error: String?
    var lastMaterialized: String?
    var rows: Int?
    var inputs: [InputDocument]?
    var unusualDuration: UnusualDurationDocument?
    var freshness: FreshnessDocument?
    var partitionSummary: StatusSummary?
    var partitions: [PartitionDocument]?
  }

  var version = 1
  var command = "status"
  var project: String
  var summary: StatusSummary
  var assets: [Entry]
  var orphaned: [String]

  init(_ report: StatusReport) {
    project = report.project
    orphaned = report.undeclared.map(\.name)
    summary = StatusSummary(of: report.count(_:))
    assets = report.entries.map { entry in
      Entry(
        asset: entry.asset.key.name, kind: entry.asset.kind,
        materialized: entry.asset.materialized, group: entry.asset.group,
        status: entry.status.kind, causes: entry.status.causes.map { CauseDocument($0) },
        error: entry.status.message, lastMaterialized: entry.lastMaterialized?.rfc3339,
        rows: entry.rows, inputs: entry.inputs.map { $0.map(InputDocument.init) },
        unusualDuration: entry.unusualDuration.map(UnusualDurationDocument.init),
        freshness: entry.freshness.map(FreshnessDocument.init),
        partitionSummary: entry.partitions.map { StatusSummary(of: $0.count(_:)) },
        partitions: entry.partitions.map { $0.unfinished.map(PartitionDocument.init) })
    }
  }
}

/// How many assets, or partitions of one, have each status.
struct StatusSummary: Encodable {
  var fresh, stale, waiting, failed, unknown: Int

  init(of count: (AssetStatus.Kind) -> Int) {
    fresh = count(.fresh)
    stale = count(.stale)
    waiting = count(.waiting)
    failed = count(.failed)
    unknown = count(.unknown)
  }
}

/// A partition that is not fresh, as documents have it.
struct PartitionDocument: Encodable {
  var partition: String
  var status: AssetStatus.Kind
  var causes: [CauseDocument]
  var error: String?

  init(_ entry: PartitionsReport.Entry) {
    partition = entry.name
    status = entry.status.kind
    causes = entry.status.causes.map { CauseDocument($0) }
    error = entry.status.message
  }
}

private struct ListDocument: Encodable {
  struct Entry: Encodable {
    var asset: String
    var kind: AssetKind
    var materialized: Materialized?
    var group: String
    var tags: [String]
    var description: String?
    var owner: String?
    var file: String
    var inputs: [String]
  }

  var version = 1
  var command = "list"
  var project: String
  var assets: [Entry]

  init(_ report: ListReport) {
    project = report.project
    assets = report.assets.map { asset in
      Entry(
        asset: asset.key.name, kind: asset.kind, materialized: asset.materialized,
        group: asset.group, tags: asset.tags, description: asset.description, owner: asset.owner,
        file: asset.place.file, inputs: asset.inputs.map(\.key).sorted().map(\.name))
    }
  }
}

private struct PlanDocument: Encodable {
  struct Summary: Encodable {
    var materialize, undecided, impossible, fresh: Int
  }

  var version = 1
  var command = "plan"
  var project: String
  var summary: Summary
  var steps: [StepDocument]
  var expectedFresh: [String]

  init(_ report: PlanReport) {
    project = report.project
    let steps = report.plan.assetSteps.map { StepDocument($0, kind: report.assets[$0.key]?.kind) }
    func count(_ decision: String) -> Int { steps.count { $0.decision == decision } }
    summary = Summary(
      materialize: count("materialize"), undecided: count("materialize_if_inputs_change"),
      impossible: count("impossible"), fresh: report.freshCount)
    self.steps = steps
    expectedFresh = report.expectedFresh.map(\.name)
  }
}

/// A step of a plan, as documents and events have it.
struct StepDocument: Encodable {
  var asset: String
  var kind: AssetKind?
  var decision: String
  var causes: [CauseDocument]
  var reason: String?
  var partitions: [PartDocument]?

  struct PartDocument: Encodable {
    var partition: String
    var decision: String
  }

  init(_ step: MaterializationPlan.AssetStep, kind: AssetKind? = nil) {
    self.init(MaterializationPlan.Step(step.key, step.decision), kind: kind)
    guard !step.partitions.isEmpty else { return }
    partitions = step.partitions.map {
      PartDocument(
        partition: $0.key.partition ?? "", decision: StepDocument($0, kind: nil).decision)
    }
  }

  init(_ step: MaterializationPlan.Step, kind: AssetKind? = nil) {
    asset = step.key.name
    self.kind = kind
    switch step.decision {
    case .materialize(let causes):
      decision = "materialize"
      self.causes = causes.map { CauseDocument($0) }
    case .materializeIfInputsChange(let causes):
      decision = "materialize_if_inputs_change"
      self.causes = causes.map { CauseDocument($0) }
    case .impossible(let reason):
      decision = "impossible"
      causes = []
      self.reason = reason
    }
  }
}
