import AssetCore
import AssetExecution

extension Workspace {
  /// How new the data of a source was found to be, by what was looked at.
  ///
  /// - Parameters:
  ///   - asset: A source that says how new it is expected to be; of any other there is nothing to say.
  ///   - assessor: What was looked at.
  /// - Returns: The finding; `nil` where there is nothing that has an age, such as files that were not
  ///   loaded yet.
  func freshness(of asset: Asset, by assessor: Assessor) -> FreshnessFinding? {
    guard let expected = asset.freshness else { return nil }
    guard expected.column != nil else {
      var times = asset.dataFiles.compactMap {
        (try? FileFacts(path: folder + "/" + $0))?.modifiedAt
      }
      if let files = asset.sourceFiles, let look = try? FileSetLook(files, in: folder) {
        times += [look.modifiedAt].compactMap { $0 }
      }
      return times.max().map { expected.judge(.time($0), now: assessor.now) }
    }
    guard case .present(let content)? = assessor.observations.assets[asset.key],
      let newest = content.details?.newest
    else { return nil }
    return expected.judge(newest.finding, now: assessor.now)
  }

  /// What is to be said of late sources that a plan would build on.
  func latenessWarnings(of planned: Planned) -> [Diagnostic] {
    lateSources(of: planned).filter { !$0.stops }.map { source, finding, _ in
      Diagnostic(
        "the source `\(source.key)` is late: \(finding.inWords)", severity: .warning,
        at: source.place)
    }
  }

  /// The late sources that a plan would build on, and that say that nothing is to be built on them then.
  func tooLateSources(of planned: Planned) -> [SourceFailure] {
    lateSources(of: planned).filter(\.stops).map { source, finding, _ in
      SourceFailure(
        source: source.key,
        failure: Diagnostic(
          "nothing is built on the source `\(source.key)`, which is late: \(finding.inWords)",
          at: source.place, hint: "`on_late: warn` under `freshness:` lets its readers be built"))
    }
  }

  private func lateSources(
    of planned: Planned
  ) -> [(source: Asset, finding: FreshnessFinding, stops: Bool)] {
    let building = graph.closure(of: Set(planned.plan.steps.map(\.key)))
    return graph.order.filter(building.contains).compactMap { key in
      guard let asset = graph[key], let finding = freshness(of: asset, by: planned.assessor),
        finding.outcome != .pass
      else { return nil }
      return (asset, finding, finding.outcome == .error && finding.expected.stopsReaders)
    }
  }
}
