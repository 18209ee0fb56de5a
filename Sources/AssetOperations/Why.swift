package import AssetCore
import AssetState

extension Workspace {
  /// Why an asset has the status that it has: the chain of causes with old and new values, or for a
  /// fresh asset what was compared.
  ///
  /// - Parameter name: The asset, or one of its partitions as `ASSET@PARTITION`.
  /// - Throws: An ``OperationError`` or a `PartitionError` if there is none of that name.
  /// - Returns: The asset, then what explains it, of partitions a few.
  package func why(_ name: String) async throws -> WhyReport {
    let (asset, partition) = try subject(named: name)
    let key = partition?.key(in: asset.key) ?? asset.key
    var assessor = try await survey(of: [asset.key])
    assessor.assess(allOf: [asset.key])
    var catalog = try await columnCatalog(of: [asset.key])

    // From the asset up along what it waits for, each asset once.
    var chain: [AssetKey] = []
    var pending = [key]
    while !pending.isEmpty {
      let next = pending.removeFirst()
      guard !chain.contains(next) else { continue }
      chain.append(next)
      pending += explanation(of: next, by: assessor, &catalog)
    }
    return WhyReport(chain: try chain.map { try link($0, by: assessor) })
  }

  /// The inputs whose own status explains the asset's; of a whole, first some of its partitions.
  private func explanation(
    of key: AssetKey, by assessor: Assessor, _ catalog: inout ColumnCatalog
  ) -> [AssetKey] {
    guard let status = assessor.statuses[key], status.kind != .fresh else { return [] }
    // What waits waits for the same.
    if status.kind != .waiting, let partitions = assessor.partitionsReport(of: key),
      !partitions.unfinished.isEmpty
    {
      return partitions.explaining(status).map { AssetKey(trusted: "\(key)@\($0.name)") }
    }
    let inputs = assessor.graph.inputs(of: key).filter { assessor.statuses[$0]?.kind != .fresh }
    guard key.partition != nil, let asset = assessor.graph[key] else { return inputs }
    let read = assessor.graph.consumptions(of: asset, by: catalog.reading(of: key))
    return inputs.flatMap { input -> [AssetKey] in
      guard let list = assessor.graph.partitions(of: input),
        let report = assessor.partitionsReport(of: input), !report.unfinished.isEmpty
      else { return [input] }
      // Of an input with partitions those that are read.
      let read = list.indices(overlapping: read[.asset(input)]?.slice)
      return report.unfinished.filter { list.index(of: $0.name).map(read.contains) ?? false }
        .prefix(PartitionsReport.mostExplaining)
        .map { AssetKey(trusted: "\(input)@\($0.name)") }
    }
  }

  private func link(_ key: AssetKey, by assessor: Assessor) throws -> WhyReport.Link {
    let status = assessor.statuses[key] ?? .fresh
    guard let asset = assessor.graph[key] else { return WhyReport.Link(asset: key, status: status) }
    let last = assessor.last(of: key)
    let circumstances = assessor.circumstances(of: asset)
    let partitions = assessor.partitionsReport(of: key)
    // What changed is told of each partition.
    let compared = partitions == nil ? last : nil
    var link = WhyReport.Link(
      asset: asset.key, status: status,
      reasons: try status.causes.map { cause in
        let rows = rows(behind: cause, since: compared, circumstances)
        var reason = WhyReport.Reason(
          cause,
          changes: partitions == nil
            ? try changes(behind: cause, of: asset, since: last, circumstances) : [],
          rowsBefore: rows.before, rowsNow: rows.now)
        reason.files = try changedFiles(behind: cause, of: asset, since: compared, circumstances)
        return reason
      },
      proof: status.kind == .fresh ? proof(of: asset, since: compared, circumstances) : [],
      lastMaterialized: last?.finishedAt, lastRun: last?.run,
      lastCauses: try last.map { try state.causes(of: $0.asset, in: $0.run) } ?? [])
    link.partitions = partitions
    return link
  }

  private func changes(
    behind cause: StaleCause, of asset: Asset, since last: Materialization?,
    _ current: Circumstances
  ) throws -> [WhyReport.Change] {
    switch cause.base {
    case .definitionChanged:
      guard let last, let before = try state.definition(last.provenance.definition) else {
        return []
      }
      return before.changes(to: asset.definition)
    case .inputChanged(let name, _), .inputRewritten(let name, _, _), .inputExtended(let name, _):
      guard let before = last?.provenance.inputs[name],
        let now = current.consumed(name, as: before.consumption)
      else { return [] }
      return [
        WhyReport.Change("digest", before: before.digest.rawValue, now: now.digest.rawValue)
      ]
    case .outputAltered:
      guard case .present(let content) = current.output else { return [] }
      return [
        WhyReport.Change(
          "digest", before: last?.product.digest.rawValue, now: content[.whole]?.rawValue)
      ]
    default: return []
    }
  }

  /// Which files of a folder or pattern came, went, and hold something else.
  private func changedFiles(
    behind cause: StaleCause, of asset: Asset, since last: Materialization?,
    _ current: Circumstances
  ) throws -> FileChanges? {
    guard case .inputChanged(let name, _) = cause.base,
      let before = last?.provenance.inputs[name],
      let now = current.consumed(name, as: before.consumption)
    else { return nil }
    let set: FileSet? =
      switch name {
      case .asset(let key): graph[key]?.sourceFiles
      case .file(let path): asset.givenFiles.first { $0.path == path }
      }
    guard let set, let old = try state.fileList(of: set.path, before.digest),
      let new = try state.fileList(of: set.path, now.digest)
    else { return nil }
    let isOneFile = Array(old.files.keys) == [set.path] && Array(new.files.keys) == [set.path]
    let changes = old.changes(to: new)
    return isOneFile || changes.isEmpty ? nil : changes
  }

  /// How many rows an input had when it was read, and has now.
  private func rows(
    behind cause: StaleCause, since last: Materialization?, _ current: Circumstances
  ) -> (before: Int?, now: Int?) {
    guard let name = cause.changedInput, case .known(let content)? = current.inputs[name],
      // How many rows the whole input has says nothing about those that a partition reads.
      last?.provenance.inputs[name]?.consumption.slice == nil
    else { return (nil, nil) }
    return (last?.provenance.inputs[name]?.details?.rows, content.details?.rows)
  }

  private func proof(
    of asset: Asset, since last: Materialization?, _ current: Circumstances
  ) -> [WhyReport.Proof] {
    guard !asset.isSource else { return [] }
    var proof = [WhyReport.Proof("definition", digest: current.definition.rawValue)]
    for (name, before) in (last?.provenance.inputs ?? [:]).sorted(by: { $0.key < $1.key }) {
      if let input = current.consumed(name, as: before.consumption) {
        proof.append(
          WhyReport.Proof(
            name.text, consumption: input.consumption.columnsOnly, digest: input.digest.rawValue))
      }
    }
    if case .present(let content) = current.output, let whole = content[.whole] {
      proof.append(WhyReport.Proof("output", digest: whole.rawValue))
    }
    return proof
  }
}
