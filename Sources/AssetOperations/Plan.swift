package import AssetCore

extension Workspace {
  /// What `materialize` would do with the same request: the same value that it would carry out.
  package func planReport(_ request: MaterializeRequest) async throws -> PlanReport {
    let planned = try await plan(request)
    var catalog = ColumnCatalog(of: planned.plan, by: planned.assessor, reader: reader)
    let keys = Set(planned.plan.steps.map(\.key.asset))
    return PlanReport(
      project: project.name, plan: planned.plan,
      assets: Dictionary(
        uniqueKeysWithValues: keys.compactMap { key in graph[key].map { (key, $0) } }),
      freshCount: planned.running.count - keys.count, leftOut: planned.leftOut,
      expectedFresh: planned.plan.expectedFresh(by: planned.assessor, columns: &catalog)
        .filter { $0.partition == nil },
      nothingToRetry: planned.nothingToRetry, warnings: latenessWarnings(of: planned))
  }
}
