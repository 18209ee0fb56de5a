package import AssetCore
package import AssetWarehouse

/// One asset to materialize, with all that was decided about it.
///
/// The step decides nothing itself.
struct Step: Sendable {
  var asset: Asset
  /// The assets that it reads.
  var inputs: [Asset]
  var causes: [StaleCause]
  /// What it is to be made from.
  var provenance: Provenance
  /// The consumptions of its readers, whose digests they are judged by.
  var consumptions: Set<Consumption>
  /// What its query was found to read and give; empty for what no query makes.
  var reading = QueryReading()
  /// What the database reads for the query, and that reading does not have.
  var missed = MissedReads()
  /// Where the cursor of an incremental table is; without a value, which is found once it is built.
  var cursor: CursorMark?
  /// What is published of it now.
  var published: Materialization?
  /// The tables of those assets that its checks name and whose tables have other names.
  var renamedTables: [(name: String, table: TableName)] = []
  /// The rows that a partition may see of those of its inputs that have a window.
  var windows: [AssetKey: RowSlice] = [:]
  /// Whether it is the first partition that is made by its definition, so that the table takes over its
  /// columns.
  var decidesColumns = false
  /// What the partitions of a new definition may hold: what an old one left beside would be there twice.
  var keptSlices: [RowSlice]?
  /// Whether it is published together with the other partitions of its asset, once all are made.
  var isHeld = false
  /// The number of the attempt in the journal, once it is begun.
  var attempt: Int64?
  /// What its program logs.
  let log = MessageLog()
  /// What is to be said of it however it ends.
  let notes = StepNotes()
}

extension Step {
  /// What its query reads of databases beside the warehouse, which others may write at any time.
  var inputsBeside: [TableRequest] {
    guard case .query = asset.recipe else { return [] }
    return inputs.compactMap { input in
      guard let table = input.tableName, table.database != nil,
        let read = provenance.inputs[.asset(input.key)]
      else { return nil }
      return TableRequest(
        key: input.key, table: table, consumptions: [read.consumption], isPublished: false)
    }
  }
}

extension Provenance {
  /// The same provenance with inputs as they were read, which may be newer than they were seen.
  ///
  /// - Parameter observed: What was read.
  /// - Throws: ``WarehouseError/changedMeanwhile`` if columns came or went that decide what the query
  ///   reads, so that it may be another than the one recorded.
  /// - Returns: What was made from what.
  fileprivate func reading(_ observed: [AssetKey: Content]) throws -> Provenance {
    var provenance = self
    for (key, content) in observed {
      guard let seen = inputs[.asset(key)], let digest = content[seen.consumption],
        digest != seen.digest
      else { continue }
      let details = content.details?.restricted(to: seen.consumption)
      guard details?.columns.map(\.name) == seen.details?.columns.map(\.name) else {
        throw WarehouseError.changedMeanwhile
      }
      var read = ConsumedInput(seen.consumption, digest, details: details)
      read.wholeBecause = seen.wholeBecause
      provenance.inputs[.asset(key)] = read
    }
    return provenance
  }
}

/// What a step made.
struct StepProduct: Sendable {
  var materialization: Materialization
  /// The digests of the new content under the consumptions of the readers.
  var content: Content
  /// What the asset's maker should know although it was published.
  var warnings: [Diagnostic] = []
}

/// What came of carrying out a step.
enum CarriedOut: Sendable {
  case published(StepProduct)
  /// All is ready, and nothing is published yet.
  case held(HeldTable)
}

/// A table that waits to be published together with others.
struct HeldTable: Sendable {
  var candidate: TableCandidate
  fileprivate let made: Made

  /// What was made, once it is sealed.
  var product: StepProduct? { made.product }

  /// Lets it be sealed anew.
  func forgetProduct() { made.product = nil }
}

/// What steps need from outside.
package struct StepContext: Sendable {
  package var warehouse: any Warehouse
  package var folder: RunFolder
  package var journal: StepJournal
  package var environment: [String: String]
  /// The values that are masked in all that is told and kept but the content itself.
  package let secrets: Set<String>
  let mask: SecretMask
  /// Where the project's content is; programs in a sandbox are judged by it.
  package var published: PublishedFiles
  package var now: @Sendable () -> Timestamp
  /// Whether all is only tried out: programs are not run, and nothing is tried again.
  package var isTrial: Bool
  /// What files of a set were found to hold before, so that they need not be read once more.
  package var knownFiles: @Sendable (FileSet) -> FileList = { _ in FileList() }
  let exports = ExportCache()
  let programs = RunningPrograms()

  package init(
    warehouse: any Warehouse, folder: RunFolder, journal: StepJournal,
    environment: [String: String], secrets: Set<String> = [],
    published: PublishedFiles = PublishedFiles(),
    isTrial: Bool = false, now: @escaping @Sendable () -> Timestamp
  ) {
    self.warehouse = warehouse
    self.folder = folder
    self.journal = journal
    self.environment = environment
    self.secrets = secrets
    mask = SecretMask(secrets)
    self.published = published
    self.isTrial = isTrial
    self.now = now
  }
}

extension StepContext {
  /// Carries out a step, and stops it when it takes longer than it may.
  func carryOutInTime(_ step: Step) async throws -> CarriedOut {
    guard let timeout = step.asset.policy.timeoutMilliseconds else {
      return try await carryOut(step)
    }
    return try await withThrowingTaskGroup(of: CarriedOut?.self) { group in
      group.addTask { try await carryOut(step) }
      group.addTask {
        try await Task.sleep(for: .milliseconds(timeout))
        return nil
      }
      defer { group.cancelAll() }
      if let first = try await group.next(), let product = first { return product }
      group.cancelAll()
      // What was published in the meantime is published.
      if let last = try? await group.next(), let product = last { return product }
      try Task.checkCancellation()
      throw timedOut(step, timeout)
    }
  }

  private func timedOut(_ step: Step, _ timeout: Int64) -> StepError {
    guard case .program = step.asset.recipe else {
      return .timedOut(asset: step.asset.key, limit: timeout, log: nil, tail: [])
    }
    let log = folder.log(of: step.asset.key.name)
    return .timedOut(
      asset: step.asset.key, limit: timeout, log: log,
      tail: ProgramRunner.lastLines(of: folder.absolute(log), count: 12))
  }

  /// Builds, digests and publishes the asset of a step, unless it has to wait for others.
  func carryOut(_ step: Step) async throws -> CarriedOut {
    let started = now()
    switch step.asset.recipe {
    case .query(let query):
      do {
        return try await publish(query, step, started: started)
      } catch {
        throw explained(error, of: step)
      }
    case .seed(let seed):
      return try await load(seed, step, started: started)
    case .program where isTrial:
      throw StepError.notTried(step.asset.key)
    case .program(let program):
      return try await run(program, step, started: started)
    case .source, .files:
      preconditionFailure("a source is never a step")
    }
  }

  /// What the warehouse says of the query of a step, with its place in the asset's file.
  func explained(_ error: any Error, of step: Step) -> any Error {
    guard case .query(let query) = step.asset.recipe, let error = error as? WarehouseError else {
      return error
    }
    switch error {
    case .badKeys(let asset, let fault):
      let sensitive = step.asset.columns.filter(\.isSensitive).map(\.name.caseFolded)
      return WarehouseError.badKeys(asset: asset, fault.masking(Set(sensitive)))
    case _ where error.isAboutQuery && !step.reading.problems.isEmpty:
      // What was found in the text has its place and the nearest name.
      return StepError.queryRefused(step.reading.problems[0])
    case .refused(let message, let offset):
      return StepError.queryRefused(
        Diagnostic(message, at: place(ofByte: offset, in: query.filled(step.blanks), of: step)))
    case _ where error.isAboutQuery:
      var diagnostic = error.diagnostics[0]
      diagnostic.place = Place(file: step.asset.place.file)
      return StepError.queryRefused(diagnostic)
    default: return error
    }
  }

  /// The place in an asset's file of a byte of its query.
  ///
  /// Vars and tables that were filled in move what comes after them along their line, so that only
  /// the line is told then.
  private func place(ofByte offset: Int?, in sql: String, of step: Step) -> Place {
    let asset = step.asset
    guard let offset else { return Place(file: asset.place.file) }
    let lines = sql.utf8.prefix(offset).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let column = lines.last.map { Substring($0).count + 1 }
    let isFilledIn = if case .query(let query) = asset.recipe { sql != query.text } else { false }
    return Place(file: asset.place.file, line: lines.count, column: isFilledIn ? nil : column)
  }

  /// Builds a table in the warehouse and publishes it together with its record; what is held waits for that.
  func publishTable(
    _ step: Step, _ content: TableBuild.Content, indexes: [[String]] = [],
    provenance: Provenance, report: ProgramReport = ProgramReport(), started: Timestamp,
    verify: @escaping @Sendable () throws -> Void = {}
  ) async throws -> CarriedOut {
    let isSnapshot = step.asset.snapshot != nil
    let types = step.asset.columns.compactMap { column in
      isSnapshot && SnapshotRule.adds(column.name)
        ? nil : column.type.map { (column.name.lowercased(), $0) }
    }
    let build = TableBuild(
      key: step.asset.key, content: content,
      types: Dictionary(types) { first, _ in first }, indexes: indexes,
      inputs: Set(
        step.inputs.compactMap(\.tableName)
          + (step.readsItself && step.goesOn ? [TableName(step.asset.key.name)] : [])),
      observing: step.inputsBeside,
      consumptions: step.consumptions.union([.whole]),
      checkedDatabases: Set(step.renamedTables.compactMap(\.table.database)),
      isStrict: step.asset.isContractEnforced && !isSnapshot,
      rowKey: step.asset.incremental?.rowKey, keepsColumns: step.mustKeepColumns,
      quarantine: quarantineTable(of: step.asset), keptVersions: step.asset.policy.keptVersions,
      part: step.asset.partition.map {
        TableBuild.Part(
          $0.slice, decidesColumns: step.decidesColumns, keeping: step.keptSlices)
      })
    let made = Made(preparedAt: step.isHeld ? now() : nil)
    let candidate = TableCandidate(build) { [self] table, reading in
      try verify()
      let provenance = try provenance.reading(table.observed)
      guard let whole = table.digests[.whole] else {
        preconditionFailure("an adapter digests every consumption that it is asked for")
      }
      let columns = table.details.columns
      var product = Product(
        digest: whole, rows: table.details.rows,
        columns: columns.map { ProducedColumn(name: $0.name, type: $0.type) },
        metrics: report.metrics, metadata: report.metadata.isEmpty ? nil : report.metadata,
        summaries: columns.contains { $0.summary == nil } ? nil : columns.compactMap(\.digested))
      let checks = report.checks + (try judge(product, step, in: reading, started: started))
      if checks.contains(where: \.isFatal) {
        throw StepError.checksFailed(
          asset: step.asset.key, checks, keptAs: quarantineTable(of: step.asset))
      }
      product.checks = checks.isEmpty ? nil : checks
      product.continuation = try continuation(of: step, in: reading)
      product.changes = table.changes
      let materialization = record(
        step, provenance: provenance, from: started, to: made.preparedAt, product: product)
      made.product = StepProduct(
        materialization: materialization, content: table.content,
        warnings: report.warnings + checks.compactMap(\.warning) + step.historyWarnings
          + step.missed.warnings(on: step.asset))
      return Publication(
        asset: step.asset.key, materialization: materialization.id,
        record: try journal.encode(materialization))
    }
    if step.isHeld { return .held(HeldTable(candidate: candidate, made: made)) }
    try await warehouse.publish([candidate])
    guard let product = made.product else {
      preconditionFailure("an adapter seals what it publishes")
    }
    return .published(product)
  }

  /// The record of what a step made.
  ///
  /// - Parameters:
  ///   - step: The step.
  ///   - provenance: What it was made from.
  ///   - started: When it began.
  ///   - ended: When it was done, if it had to wait then; `nil` for now.
  ///   - product: What it made.
  /// - Returns: The record.
  func record(
    _ step: Step, provenance: Provenance, from started: Timestamp, to ended: Timestamp? = nil,
    product: Product
  ) -> Materialization {
    let finished = now()
    return Materialization(
      id: "\(folder.run)/\(step.asset.key.name)", asset: step.asset.key, run: folder.run,
      finishedAt: finished,
      durationMilliseconds: (ended ?? finished).milliseconds(since: started),
      provenance: provenance, product: product, columnLineage: step.reading.columns)
  }

  private func load(
    _ seed: SeedRecipe, _ step: Step, started: Timestamp
  ) async throws -> CarriedOut {
    let files = seed.files.map { RowFile(path: folder.absolute($0), shownPath: $0) }
    let rows = rowFiles(files, seed.format, of: step.asset)
    let digests = seed.files.compactMap { path in
      step.provenance.inputs[.file(path)].map { (path, $0.digest) }
    }
    let held = try await HeldFiles(
      Dictionary(uniqueKeysWithValues: digests), in: folder, for: step.asset.key)
    return try await publishTable(
      step, .rows { try rows.open() }, provenance: step.provenance, started: started,
      verify: { try held.verify() })
  }

  func rowFiles(_ files: [RowFile], _ format: RowFormat, of asset: Asset) -> RowFiles {
    let types = asset.columns.compactMap { column in column.type.map { (column.name, $0) } }
    return RowFiles(
      files,
      csv: CSVFormat(format) ?? CSVFormat(),
      types: Dictionary(types) { first, _ in first })
  }
}

extension ColumnContent {
  /// What was found of the values, with their digest.
  fileprivate var digested: ColumnSummary? {
    summary.map { ColumnSummary(nulls: $0.nulls, mean: $0.mean, digest: digest) }
  }
}

/// Carries a product out of the closure that seals it; written once, before it is read.
private final class Made: @unchecked Sendable {
  /// When what is held was ready to be published.
  let preparedAt: Timestamp?
  var product: StepProduct?

  init(preparedAt: Timestamp?) { self.preparedAt = preparedAt }
}
