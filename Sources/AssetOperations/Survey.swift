import AssetCore
import AssetExecution
import AssetLoading
import AssetState
import AssetWarehouse
import Logging

/// Looks at the present content of sources and outputs; what was looked at before and has not
/// changed since is remembered, not read.
struct Observer {
  let workspace: Workspace

  /// What is remembered of the warehouse as it is now.
  struct Memory {
    /// `nil` while that cannot be told from another state of it.
    var stamp: String?
    /// By the folded names of tables; `nil` if it has changed since anything was remembered.
    var contents: [String: Content]?
  }

  /// Looks at the files that assets publish, and that seeds are loaded from.
  ///
  /// What the disk says was published, but was not recorded before assetctl ended, is recorded.
  func observeFiles(of keys: Set<AssetKey>) throws -> Observations {
    let assets = workspace.graph.sortedAssets.filter { keys.contains($0.key) }
    var files = try FileLooks(of: workspace)
    var observations = Observations()
    for asset in assets {
      for path in asset.dataFiles { observations.files[path] = files.observe(path) }
      for set in asset.givenFiles { observations.files[set.path] = files.observe(set) }
      if let set = asset.sourceFiles { observations.assets[asset.key] = files.observe(set) }
      if !asset.outputs.isEmpty { observations.assets[asset.key] = files.observe(asset) }
    }
    files.remember()
    try adoptFiles(observations)
    workspace.logger.debug(
      "observed",
      metadata: ["assets": "\(assets.count)", "files read": "\(files.readCount)"])
    return observations
  }

  /// Finds the files that an asset is loaded from as they are now, and looks at them.
  func findFiles(of asset: Asset) throws -> (asset: Asset, files: [String: Observation]) {
    var asset = asset
    if case .seed(var seed) = asset.recipe, let glob = seed.glob {
      do {
        seed.files = try ProjectFolder.disk(workspace.folder).files(matching: glob)
      } catch {
        throw OperationError.filesNotFound(asset.key, pattern: seed.pattern, reason: error.reason)
      }
      asset.recipe = .seed(seed)
    }
    var files = try FileLooks(of: workspace)
    let found =
      asset.dataFiles.map { ($0, files.observe($0)) }
      + asset.givenFiles.map { ($0.path, files.observe($0)) }
    files.remember()
    return (asset, Dictionary(found) { first, _ in first })
  }

  /// Recalls what is known of the tables, if the warehouse has not changed since.
  ///
  /// Otherwise what the warehouse says was published, but was not recorded before assetctl ended, is
  /// recorded.
  func recall() async throws -> Memory {
    let stamp = try await workspace.warehouse.stamp(of: nil)
    let contents = try stamp.flatMap { try workspace.state.tableContents(at: $0) }
    if contents == nil { try await adoptPublications() }
    return Memory(stamp: stamp, contents: contents)
  }

  /// Looks at tables under the given consumptions; what is remembered is not read.
  func observeTables(
    _ wanted: [AssetKey: Set<Consumption>], remembering memory: Memory
  ) async throws -> [AssetKey: Observation] {
    let requests = self.requests(wanted)
    let beside = try await observeBeside(requests.filter { $0.table.database != nil })
    let own = try await observeOwn(
      requests.filter { $0.table.database == nil }, remembering: memory)
    return own.merging(beside) { own, _ in own }
  }

  private func observeOwn(
    _ requests: [TableRequest], remembering memory: Memory
  ) async throws -> [AssetKey: Observation] {
    guard !requests.isEmpty else { return [:] }
    var observed: [AssetKey: Observation] = [:]
    for request in requests {
      guard let content = memory.contents?[request.table.folded.name], content.answers(request)
      else { continue }
      observed[request.key] = .present(content)
    }
    let unknown = requests.filter { observed[$0.key] == nil }
    guard !unknown.isEmpty else { return observed }
    workspace.logger.debug("reading tables", metadata: ["count": "\(unknown.count)"])
    let found = try await workspace.warehouse.observe(unknown)
    observed.merge(found) { _, new in new }
    guard let stamp = memory.stamp else { return observed }
    // What was remembered holds only if nothing was written while the rest was read.
    guard try await workspace.warehouse.stamp(of: nil) == stamp else {
      return try await workspace.warehouse.observe(requests)
    }
    remember(
      memory.contents == nil ? observed : found, beside: memory.contents ?? [:], at: stamp)
    return observed
  }

  /// Looks at assets' content in the middle of a run, when nothing that is remembered counts.
  func observeAgain(
    _ wanted: [AssetKey: Set<Consumption>]
  ) async throws -> [AssetKey: Observation] {
    let keys = Set(wanted.keys)
    var observed: [AssetKey: Observation] = [:]
    if keys.contains(where: { key in
      workspace.graph[key].map { !$0.outputs.isEmpty || $0.sourceFiles != nil } ?? false
    }) {
      observed = try observeFiles(of: keys).assets
    }
    let tables = try await workspace.warehouse.observe(requests(wanted))
    return observed.merging(tables) { _, new in new }
  }

  /// Remembers the content of tables, so that as long as the warehouse does not change they need not
  /// be read again.
  func remember(
    _ observed: [AssetKey: Observation], beside known: [String: Content] = [:], at stamp: String
  ) {
    var contents: [String: Content] = [:]
    for (key, observation) in observed {
      guard let table = workspace.graph[key]?.tableName, table.database == nil else { continue }
      guard case .present(var content) = observation else { continue }
      let name = table.folded.name
      content.digests.merge(known[name]?.digests ?? [:]) { new, _ in new }
      contents[name] = content
    }
    try? workspace.state.remember(contents, at: stamp)
  }

  /// Looks at tables beside the warehouse; each is remembered by itself, since others write the
  /// databases that they stand in.
  private func observeBeside(_ requests: [TableRequest]) async throws -> [AssetKey: Observation] {
    var observed: [AssetKey: Observation] = [:]
    var known: [AssetKey: Content] = [:]
    var stamps: [String: String] = [:]
    for database in Set(requests.compactMap(\.table.database)) {
      stamps[database] = try await workspace.warehouse.stamp(of: database)
    }
    for request in requests {
      guard let stamp = stamps[request.table.database ?? ""],
        let content = try workspace.state.tableContents(at: stamp, of: request.table)?[
          request.table.folded.name]
      else { continue }
      known[request.key] = content
      if content.answers(request) { observed[request.key] = .present(content) }
    }
    let unknown = requests.filter { observed[$0.key] == nil }
    guard !unknown.isEmpty else { return observed }
    workspace.logger.debug(
      "reading tables beside the warehouse", metadata: ["count": "\(unknown.count)"])
    let found = try await workspace.warehouse.observe(unknown)
    observed.merge(found) { _, new in new }
    for request in unknown {
      // What was written while it was read may have been read or not.
      guard let database = request.table.database, let stamp = stamps[database],
        case .present(var content)? = found[request.key],
        try await workspace.warehouse.stamp(of: database) == stamp
      else { continue }
      content.digests.merge(known[request.key]?.digests ?? [:]) { new, _ in new }
      try? workspace.state.remember(
        [request.table.folded.name: content], at: stamp, of: request.table)
    }
    return observed
  }

  /// What to ask the warehouse for; of assets that are no tables, nothing.
  private func requests(_ wanted: [AssetKey: Set<Consumption>]) -> [TableRequest] {
    wanted.sorted { $0.key < $1.key }.compactMap { key, consumptions in
      guard let asset = workspace.graph[key], let table = asset.tableName else { return nil }
      return TableRequest(
        key: key, table: table, consumptions: consumptions, isPublished: !asset.isSource,
        timeColumn: asset.freshness?.column)
    }
  }

  private func adoptPublications() async throws {
    let publications = try await workspace.warehouse.publications()
    try workspace.state.adopt(
      publications.map { ($0.asset, $0.materialization, $0.record) })
  }

  /// A file whose bytes are those that an unfinished attempt was about to publish was published.
  private func adoptFiles(_ observations: Observations) throws {
    let published = try workspace.state.candidates().filter { key, candidate in
      guard case .present(let content)? = observations.assets[key] else { return false }
      return content[.whole] == candidate.product.digest
    }
    guard !published.isEmpty else { return }
    try workspace.state.adopt(published.map { ($0.key, $0.value.id, try toJSON($0.value)) })
  }
}

extension Content {
  /// Whether all that a request asks for is known.
  fileprivate func answers(_ request: TableRequest) -> Bool {
    request.consumptions.allSatisfy { self[$0] != nil }
      && request.timeColumn.map { details?.newest?.column == $0 } ?? true
  }
}

extension Workspace {
  /// Recalls and observes all that a decision on the keys looks at.
  ///
  /// Tables are looked at as they were read when their readers were last made, so that the past is
  /// recalled before; and before that, what was published is recorded if it was not yet.
  ///
  /// An attempt without an end was cut short, unless the run that made it still goes on.
  func survey(of keys: Set<AssetKey>, inOwnRun: Bool = false) async throws -> Assessor {
    let looked = graph.closure(of: keys)
    let now = now()
    let graph = graph(onRuntimesOf: looked).partitioned(at: now)
    let observer = Observer(workspace: self)
    let observations = try observer.observeFiles(of: looked)
    let memory = try await observer.recall()
    var history = try state.history()
    if !inOwnRun, ProjectLock.isHeld(in: folder) {
      for key in history.keys where history[key]?.lastAttempt?.outcome == nil {
        history[key]?.lastAttempt = nil
      }
    }
    var wanted: [AssetKey: Set<Consumption>] = [:]
    for key in looked where graph[key]?.tableName != nil {
      wanted[key] = graph.consumptions(of: key, recordedIn: history)
    }
    let tables = try await observer.observeTables(wanted, remembering: memory)
    let all = looked.union(looked.flatMap(graph.parts(of:)))
    var assessor = Assessor(
      graph: graph, history: history, observations: observations,
      running: all.filter { graph[$0]?.isSource == false }, now: now)
    for (key, table) in tables { assessor.note(table, of: key) }
    return assessor
  }

  /// The selected keys with what is needed to judge them.
  ///
  /// - Parameters:
  ///   - words: The words of the selection.
  ///   - excluded: The words of `--exclude`.
  /// - Throws: A `SelectionError` for a word that cannot be read or names nothing.
  /// - Returns: The keys and, if statuses had to be known, what decided them.
  func select(
    _ words: [String], excluding excluded: [String] = []
  ) async throws -> (keys: Set<AssetKey>, assessor: Assessor?) {
    let selection = try Selection(words)
    let exclusion = excluded.isEmpty ? nil : try Selection(excluded)
    var assessor: Assessor?
    if selection.asksForStatus || exclusion?.asksForStatus == true {
      var survey = try await survey(of: Set(graph.order))
      survey.assess(allOf: Set(graph.order))
      assessor = survey
    }
    var columns: ProjectColumns?
    if selection.asksForColumns || exclusion?.asksForColumns == true {
      columns = try await projectColumns(of: Set(graph.order))
    }
    let statuses = assessor?.statuses ?? [:]
    let selected = try selection.keys(in: graph, status: { statuses[$0]?.kind }, columns: columns)
    let removed =
      try exclusion?.keys(in: graph, status: { statuses[$0]?.kind }, columns: columns) ?? []
    return (selected.subtracting(removed), assessor)
  }
}
