extension AssetGraph {
  /// Under which consumptions an asset's content is compared with what was recorded: as a whole, to
  /// see whether its output is still what was published, and as each reader read it last.
  ///
  /// - Parameters:
  ///   - key: The asset.
  ///   - history: What is recorded of its readers.
  /// - Returns: The consumptions; of a source that nobody has read, none.
  package func consumptions(
    of key: AssetKey, recordedIn history: [AssetKey: AssetHistory]
  ) -> Set<Consumption> {
    var consumptions: Set<Consumption> = self[key]?.isSource == true ? [] : [.whole]
    if let partitions = partitions(of: key) {
      consumptions.formUnion(partitions.map { .slice($0.slice, of: .values) })
    }
    let name = InputName.asset(key)
    for reader in readers(of: key) {
      guard let past = history[reader] else { continue }
      if let last = past.last { consumptions.formUnion(last.compared(name) ?? []) }
      if let failed = past.lastAttempt?.provenance?.inputs[name] {
        consumptions.insert(failed.consumption)
      }
    }
    // There is nothing to look at for it.
    consumptions.remove(.nothing)
    return consumptions
  }
}

extension AssetGraph {
  /// What an asset reads of each of its inputs.
  ///
  /// A partition reads the rows that its query is proven to read, or that a window lets it see.
  ///
  /// - Parameters:
  ///   - asset: The asset or partition.
  ///   - reading: What was found in its query; empty for what no query makes.
  /// - Returns: The consumptions of all that it reads, files of the project among it.
  package func consumptions(
    of asset: Asset, by reading: QueryReading
  ) -> [InputName: Consumption] {
    var consumptions = asset.consumptions(by: reading)
    guard asset.partition != nil else { return consumptions }
    for input in asset.inputs {
      guard let slice = slice(of: input, for: asset, by: reading) else { continue }
      consumptions[.asset(input.key)]?.limit(to: slice)
    }
    return consumptions
  }

  /// The rows of an input that are read for a partition; `nil` for all of them.
  private func slice(
    of input: AssetInput, for asset: Asset, by reading: QueryReading
  ) -> RowSlice? {
    if input.window != nil { return windowSlice(of: input, for: asset) }
    guard reading.problems.isEmpty, reading.unreadable == nil, let partition = asset.partition
    else {
      return nil
    }
    return reading.inputs[input.key]?.partition?.slice(for: partition)
  }

  /// The rows of an input that a window lets a partition see; `nil` for all of them.
  package func windowSlice(of input: AssetInput, for asset: Asset) -> RowSlice? {
    guard let partition = asset.partition, let own = asset.partitions, let window = input.window
    else { return nil }
    var scheme = self[input.key]?.partitions ?? own
    if let column = window.column, column != scheme.column {
      scheme = PartitionScheme(column: column, own.division)
    }
    return window.window.slice(for: partition, of: scheme)
  }
}

extension Asset {
  /// What the asset reads of each of its inputs, of all their rows.
  ///
  /// A query that could not be read, or that has problems and is left to the database to judge, counts
  /// as reading all of them.
  ///
  /// - Parameter reading: What was found in its query; empty for what no query makes.
  /// - Returns: The consumptions of all that it reads, files of the project among it.
  fileprivate func consumptions(by reading: QueryReading) -> [InputName: Consumption] {
    var consumptions: [InputName: Consumption] = [:]
    for input in inputs {
      consumptions[.asset(input.key)] =
        switch recipe {
        case .query where reading.problems.isEmpty && reading.unreadable == nil:
          (reading.inputs[input.key]?.consumption ?? .whole)
            .union(cursorConsumption(of: input.key, by: reading))
        case .query: .whole
        case .seed, .program, .source, .files: input.consumption
        }
    }
    for file in fileInputs { consumptions[.file(file)] = .whole }
    return consumptions
  }

  /// The column that the cursor of an incremental table is in, which is read whatever the query shows.
  package func cursorConsumption(of input: AssetKey, by reading: QueryReading) -> Consumption? {
    guard let cursor = incremental?.cursor, reading.cursorInputs == [input] else { return nil }
    return Consumption(columns: [cursor.column])
  }
}

extension ColumnCatalog {
  /// What is known of columns before a plan is carried out: those of the tables that stay as they are
  /// and, until they are made anew, those that planned tables have or are declared to have.
  package init(
    of plan: MaterializationPlan, by assessor: Assessor, reader: any QueryReader
  ) {
    let planned = Set(plan.steps.map(\.key.asset))
    let graph = assessor.graph
    var actual: [AssetKey: [String]] = [:]
    var known: [AssetKey: [String]] = [:]
    for key in planned.union(planned.flatMap(graph.inputs(of:))) {
      guard let asset = graph[key], asset.tableName != nil else { continue }
      // A seed's declaration may leave out columns that its files have.
      var declared: [String]? = asset.columns.isEmpty ? nil : asset.columns.map(\.name)
      if case .seed = asset.recipe { declared = nil }
      if case .present(let content) = assessor.observations.observation(of: .asset(key)),
        let columns = content.details?.columns.map(\.name)
      {
        if planned.contains(key) { known[key] = columns } else { actual[key] = columns }
      } else {
        known[key] = declared
      }
    }
    self.init(of: graph, reader: reader, actual: actual, known: known)
  }
}
