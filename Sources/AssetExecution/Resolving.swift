import AssetCore
import AssetWarehouse

/// Finding out what a step reads of its inputs, just before it is carried out.
extension Executor {
  /// The step for an asset that is due, with what it reads of its inputs as they are now.
  ///
  /// What it reads is found against the columns that the inputs really have. Where that was not
  /// foreseen, the inputs are looked at once more.
  func step(_ key: AssetKey, causes: [StaleCause], _ work: inout Work) async throws -> Step {
    guard let asset = work.assessor.graph[key] else { throw StepError.unknown("no such asset") }
    // One look may show other columns, with which something else is read.
    for _ in 0..<3 {
      guard let reading = work.reading(of: asset) else {
        await look(at: Set(asset.inputs.map(\.key)), &work)
        try verifySeen(asset, work)
        continue
      }
      var consumptions = await self.consumptions(of: asset, reading, work)
      let missed = await missedReads(of: asset, reading, work)
      for input in missed.columns.keys { consumptions[.asset(input)] = .whole }
      let cursor = try self.cursor(of: asset, reading, consumptions, work)
      var wanted = consumptions.mapValues { Set([$0]) }
      if let cursor { wanted[.asset(cursor.input), default: []].formUnion(cursor.recorded) }
      let unseen = work.unseenInputs(of: asset, under: wanted)
      if unseen.isEmpty {
        guard
          var provenance = work.assessor.circumstances(of: asset).provenance(
            consuming: consumptions)
        else { break }
        for input in missed.columns.keys {
          provenance.inputs[.asset(input)]?.wholeBecause = missed.reason(for: input)
        }
        let windows = windows(of: asset, work.assessor.graph)
        try await verifyForms(of: windows, asset, &work)
        let isFirst = work.isFirstOfDefinition(asset)
        let isHeld = work.isCutAnew(asset)
        return Step(
          asset: asset, inputs: asset.inputs.compactMap { work.assessor.graph[$0.key] },
          causes: causes, provenance: provenance, consumptions: work.consumptions(of: key),
          reading: reading, missed: missed, cursor: cursor,
          published: work.assessor.history[key]?.last,
          renamedTables: work.assessor.graph.renamedTables(inChecksOf: asset),
          windows: windows,
          decidesColumns: isFirst,
          keptSlices: isFirst ? work.assessor.graph.partitions(of: key.asset)?.slices : nil,
          isHeld: isHeld)
      }
      await look(at: unseen, &work)
      try verifySeen(asset, work)
    }
    // An input has no content and is not part of this run.
    let missing = work.assessor.graph.inputs(of: key).first { work.isMissing($0) } ?? key
    throw StepError.inputNotMaterialized(asset: key, input: missing)
  }

  /// The rows that a partition may see of those of its inputs that have a window.
  private func windows(of asset: Asset, _ graph: AssetGraph) -> [AssetKey: RowSlice] {
    var windows: [AssetKey: RowSlice] = [:]
    for input in asset.inputs { windows[input.key] = graph.windowSlice(of: input, for: asset) }
    return windows
  }

  /// Finds the files of an asset anew, if this run may have written any of them.
  func findWrittenFiles(of key: AssetKey, _ work: inout Work) throws {
    guard let asset = work.assessor.graph[key],
      asset.fileWriters.contains(where: work.plannedKeys.contains)
    else { return }
    let found = try findFiles(asset)
    work.assessor.note(found.asset, files: found.files)
  }

  /// Looks again at those sources among an asset's inputs whose files this run may have written.
  func lookAtWrittenSources(of key: AssetKey, _ work: inout Work) async {
    let sources = work.unsettledSources(of: key)
    guard !sources.isEmpty else { return }
    await look(at: sources, &work)
    for source in sources.sorted() { work.assessor.assess(source) }
  }

  /// Looks at an asset's inputs as it read them last, as far as that was not done.
  func lookAsRecorded(atInputsOf key: AssetKey, _ work: inout Work) async {
    guard let asset = work.assessor.graph[key],
      let recorded = work.assessor.history[key]?.last?.compared
    else { return }
    await look(at: work.unseenInputs(of: asset, under: recorded), &work)
  }

  /// Where the cursor of an incremental table is, and what of that input it is compared by later: of a
  /// table that is read as a whole the columns that it has now, so that another one alone is no change
  /// of the rows that there were.
  private func cursor(
    of asset: Asset, _ reading: QueryReading, _ consumptions: [InputName: Consumption],
    _ work: Work
  ) throws -> CursorMark? {
    guard let rule = asset.incremental, let cursor = rule.cursor else { return nil }
    guard reading.cursorInputs.count == 1, let input = reading.cursorInputs.first,
      let read = consumptions[.asset(input)]
    else {
      throw StepError.cursorNotFound(
        asset: asset.key, cursor, among: reading.cursorInputs)
    }
    var mark = CursorMark(
      input: input, column: cursor.column, value: nil, consumption: read,
      digest: ContentDigest(rawValue: ""))
    guard case .present(let content) = work.assessor.observations.observation(of: .asset(input))
    else { return mark }
    if read == .whole, let columns = content.details?.columns {
      mark.consumption = Consumption(columns: columns.map(\.name))
    }
    if rule.onSchemaChange == .appendColumns, let columns = mark.consumption.lists?.columns {
      mark.rest = CursorMark.Rest(key: rule.uniqueKey + [cursor.column], columns: columns)
    }
    mark.note(content)
    return mark
  }

  /// Looks again at the present content of assets; what cannot be looked at is unknown.
  ///
  /// - Parameters:
  ///   - keys: The assets, each with consumptions under which it is looked at beside those that its
  ///     readers are known for.
  ///   - work: Where the run stands.
  func look(at keys: [AssetKey: Set<Consumption>], _ work: inout Work) async {
    guard !keys.isEmpty else { return }
    var requests: [AssetKey: Set<Consumption>] = [:]
    // Partitions are seen together with the whole.
    for (key, more) in keys where key.partition == nil {
      requests[key] = work.consumptions(of: key).union(more)
    }
    let found = try? await observe(requests)
    for key in requests.keys {
      work.assessor.note(found?[key] ?? .unknown("it could not be looked at again"), of: key)
    }
  }

  /// Makes sure that no input of an asset is unknown.
  private func verifySeen(_ asset: Asset, _ work: Work) throws {
    for input in asset.inputs.map(\.key).sorted() {
      if case .unknown(let reason) = work.assessor.observations.observation(of: .asset(input)) {
        throw StepError.unknown("its input `\(input)` is unknown: \(reason)")
      }
    }
  }

  /// What the database reads for a query and the analysis of its text has not met.
  ///
  /// It costs a look at the program that the database makes of the query.
  private func missedReads(of asset: Asset, _ reading: QueryReading, _ work: Work) async
    -> MissedReads
  {
    guard case .query(let query) = asset.recipe, reading.unreadable == nil, reading.problems.isEmpty
    else { return MissedReads() }
    var inputs: [TableName: AssetKey] = [:]
    for input in asset.inputs {
      guard let table = work.assessor.graph[input.key]?.tableName else { continue }
      inputs[table.folded] = input.key
    }
    // A query that is refused is refused once more when it is built, with its place.
    guard
      let program = try? await context.warehouse.programReads(
        of: query.sql, tables: Set(inputs.keys))
    else { return MissedReads() }
    let read = program.compactMap { table, consumption in
      inputs[table.folded].map { ($0, consumption) }
    }
    return MissedReads(
      of: Dictionary(read) { first, _ in first }, by: reading,
      among: reader.names(in: query).map(Set.init))
  }

  /// What an asset reads of each input; where its text could not be read, as the database says.
  private func consumptions(
    of asset: Asset, _ reading: QueryReading, _ work: Work
  ) async -> [InputName: Consumption] {
    var consumptions = work.assessor.graph.consumptions(of: asset, by: reading)
    guard reading.unreadable != nil, case .query(let query) = asset.recipe else {
      return consumptions
    }
    var inputs: [TableName: AssetInput] = [:]
    for input in asset.inputs {
      guard let table = work.assessor.graph[input.key]?.tableName else { continue }
      inputs[table.folded] = input
    }
    guard let mentioned = reading.mentioned,
      let reads = try? await context.warehouse.reads(of: query.sql, tables: Set(inputs.keys)),
      reads.keys.allSatisfy({ inputs[$0.folded] != nil })
    else { return consumptions }
    for (table, read) in reads {
      guard let input = inputs[table.folded] else { continue }
      let declared = input.isDerived ? nil : input.consumption
      // The text may mean something else by a name once the table has a column of that name.
      let slice = consumptions[.asset(input.key)]?.slice
      let all = read.union(Consumption(columns: [], names: mentioned))
        .union(declared).union(asset.cursorConsumption(of: input.key, by: reading))
      consumptions[.asset(input.key)] = slice.map { .slice($0, of: all) } ?? all
    }
    return consumptions
  }
}
