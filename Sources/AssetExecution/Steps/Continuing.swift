import AssetCore
import AssetWarehouse

// Tables that go on from the rows that they have.

extension Step {
  /// Whether an incremental table goes on from its rows; otherwise it is built anew.
  var goesOn: Bool {
    guard let rule = asset.incremental, causes.allowGoingOn else { return false }
    return rule.cursor == nil
      ? published?.product.continuation == .ownRows : published?.product.cursor?.value != nil
  }

  /// Whether its query reads the rows that its table has.
  var readsItself: Bool {
    if case .query(let query) = asset.recipe { query.fromNothing != nil } else { false }
  }

  /// Whether the history of a snapshot is published.
  var hasHistory: Bool { published?.product.continuation == .history }

  /// Whether a column is one that the query gives; a snapshot has two more, and keeps those that went.
  func isOfQuery(_ column: String) -> Bool {
    guard asset.snapshot != nil else { return true }
    let name = column.caseFolded
    if SnapshotRule.adds(name) { return asset.columns.contains { $0.name.caseFolded == name } }
    return reading.columns?.contains { $0.name.caseFolded == name } ?? true
  }

  /// Whether other columns than the published table has are an error: nobody asked for them.
  var mustKeepColumns: Bool {
    asset.incremental?.onSchemaChange == .fail && published != nil
      && causes.allSatisfy { $0.changedInput != nil }
  }

  /// Whether what was published is no longer there.
  var isMissing: Bool { causes.contains { $0.base == .outputMissing } }

  /// What is to be told of a history that is no longer there.
  var historyWarnings: [Diagnostic] {
    guard hasHistory, asset.snapshot != nil, isMissing else { return [] }
    return [
      Diagnostic(
        "the table `\(asset.key)` was missing, so that its history begins anew",
        severity: .warning)
    ]
  }

  /// What is filled in for the blanks of its query.
  var blanks: [String: String] {
    if let partition = asset.partition { return blanks(of: partition) }
    guard asset.incremental != nil else { return [:] }
    let value = goesOn ? published?.product.cursor?.value : nil
    return ["cursor": value?.canonicalText ?? "null"]
  }

  /// The values of a partition's parameters, and the conditions for the rows that it sees.
  private func blanks(of partition: Partition) -> [String: String] {
    var blanks = Dictionary(
      uniqueKeysWithValues: partition.parameters.map { ($0.key.rawValue, $0.value.canonicalText) })
    for input in asset.inputs where input.isWindowed {
      let table = inputs.first { $0.key == input.key }?.tableName?.name ?? input.key.name
      blanks[input.windowBlank] = windows[input.key]?.condition(of: table) ?? "1"
    }
    return blanks
  }

  /// How the warehouse is to make the table of a query.
  ///
  /// - Parameters:
  ///   - query: The query.
  ///   - started: When the step began.
  ///   - isFull: Whether an incremental table is built anew, whatever was decided.
  /// - Returns: The content to build, with the query as it is to be run.
  /// - Throws: ``StepError/ownColumnsNotKnown(_:)``.
  func content(
    of query: QueryRecipe, started: Timestamp, isFull: Bool
  ) throws -> TableBuild.Content {
    switch query.form {
    case .table: return .table(query: query.filled(blanks))
    case .view: return .view(query: query.sql)
    case .incremental(let rule):
      guard goesOn, !isFull, let published else {
        return .table(query: try fromBeginning(query))
      }
      return .incremental(query: query.filled(blanks), rule, since: published.id)
    case .snapshot(let rule):
      return .snapshot(query: query.sql, rule, .init(now: started, goesOn: hasHistory))
    }
  }
}

extension Step {
  /// The query of an incremental table that is built from its beginning.
  private func fromBeginning(_ query: QueryRecipe) throws -> String {
    var literals = ["cursor": "null"]
    guard query.fromNothing != nil else { return query.filled(literals) }
    guard let columns = reading.columns?.map(\.name) ?? query.columns, !columns.isEmpty else {
      throw StepError.ownColumnsNotKnown(asset.key)
    }
    literals[QueryRecipe.FromNothing.columns] = QueryRecipe.FromNothing.list(columns)
    return query.filledFromNothing(literals) ?? query.filled(literals)
  }
}

extension IncrementalRule {
  /// What tells the rows of a table apart that is built anew.
  var rowKey: TableBuild.RowKey? {
    switch strategy {
    case .append: nil
    case .upsert: TableBuild.RowKey(uniqueKey)
    case .deleteInsert: TableBuild.RowKey(uniqueKey, mayRepeat: true)
    }
  }
}

extension StepContext {
  /// Publishes the table or view of a query.
  func publish(
    _ query: QueryRecipe, _ step: Step, started: Timestamp
  ) async throws -> CarriedOut {
    func publish(isFull: Bool) async throws -> CarriedOut {
      try await publishTable(
        step, try step.content(of: query, started: started, isFull: isFull), indexes: query.indexes,
        provenance: step.provenance, started: started)
    }
    do {
      return try await publish(isFull: false)
    } catch WarehouseError.columnsDiffer
      where step.goesOn && step.asset.incremental?.onSchemaChange == .fullRefresh
    {
      guard case .published(var product) = try await publish(isFull: true) else {
        preconditionFailure("only partitions are held")
      }
      product.warnings.append(
        Diagnostic(
          "the query of `\(step.asset.key)` gives other columns than its table had, so that it was "
            + "built anew", severity: .warning))
      return .published(product)
    }
  }

  /// What the next materialization goes on from.
  func continuation(of step: Step, in reading: any TableReading) throws -> Continuation? {
    if step.asset.snapshot != nil { return .history }
    if let rule = step.asset.incremental, rule.cursor == nil { return .ownRows }
    guard var mark = step.cursor,
      let table = step.inputs.first(where: { $0.key == mark.input })?.tableName
    else { return nil }
    mark.value = try reading.greatest(mark.column, of: table)
    return .cursor(mark)
  }
}
