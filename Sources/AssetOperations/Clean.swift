package import AssetCore
import AssetExecution
import AssetState
import AssetWarehouse

/// What to clean.
package struct CleanRequest: Sendable {
  /// Names of assets that are no longer declared, with `*` and `?`; none for all of them, and for
  /// the folders of old runs.
  package var selection: [String]
  package var isDryRun: Bool
  /// Whether the tables of snapshots are removed, too.
  package var removesHistories: Bool

  package init(
    selection: [String] = [], isDryRun: Bool = false, removesHistories: Bool = false
  ) {
    self.selection = selection
    self.isDryRun = isDryRun
    self.removesHistories = removesHistories
  }
}

extension Workspace {
  /// The number of runs whose folders are kept.
  private static let keptRuns = 20

  /// Removes what was published of assets that are no longer declared, and the folders of old runs.
  ///
  /// Only what is still as assetctl made it is removed. An asset is forgotten, unless a view needs
  /// its table, so that it is told of once.
  ///
  /// - Parameters:
  ///   - request: What to clean.
  ///   - waiting: Is told who holds the project's lock, if somebody does.
  /// - Throws: A ``CleanError`` for a word that names nothing, and what keeps outputs from being
  ///   removed; what was removed until then is forgotten.
  /// - Returns: What was removed, or would be.
  package func clean(
    _ request: CleanRequest, waiting: (String) -> Void
  ) async throws -> CleanReport {
    let lock =
      request.isDryRun
      ? nil : try await lock(for: "of `clean`", waiting: waiting)
    defer { withExtendedLifetime(lock) {} }

    // From here on the warehouse notices when others write to it.
    _ = try await warehouse.observe([])
    let memory = try await Observer(workspace: self).recall()
    let history = try state.history()
    let chosen = try chosen(request.selection, of: undeclared(in: history))
    let cleaner = Cleaner(workspace: self, history: history, chosen: chosen, request)
    var entries: [CleanReport.Entry] = []
    for key in chosen {
      let entry = try await cleaner.clean(key)
      if !request.isDryRun, !entry.isNeeded {
        try state.forget([key])
        RunFolder.removeExports(of: key, in: folder)
      }
      entries.append(entry)
    }
    let runs = request.selection.isEmpty ? try oldRuns() : []
    if !request.isDryRun {
      for run in runs { RunFolder(project: folder, run: run).remove() }
      await remember(memory, without: chosen)
    }
    await warehouse.close()
    return CleanReport(
      project: project.name, isDryRun: request.isDryRun, entries: entries, runs: runs)
  }

  private func chosen(_ words: [String], of keys: [AssetKey]) throws -> [AssetKey] {
    for word in words where !keys.contains(where: { matches(word, $0.name) }) {
      throw CleanError.noSuchAsset(
        word, isDeclared: AssetKey(word).map { graph[$0] != nil } ?? false,
        nearest: nearestName(to: word, in: keys.map(\.name)))
    }
    guard !words.isEmpty else { return keys }
    return keys.filter { key in words.contains { matches($0, key.name) } }
  }

  /// The assets that this project has materialized and no longer declares, by name.
  func undeclared(in history: [AssetKey: AssetHistory]) throws -> [AssetKey] {
    let keys = graph.undeclared(in: history)
    guard !keys.isEmpty else { return [] }
    // Another project may publish into the same warehouse.
    let own = try state.materializedHere()
    return keys.filter(own.contains)
  }

  private func oldRuns() throws -> [String] {
    let folders = RunFolder.runs(in: folder)
    let newest = Set(try state.newestRuns(limit: Self.keptRuns)).union(folders)
      .sorted().suffix(Self.keptRuns)
    return folders.filter { !newest.contains($0) }
  }

  /// Lets what was known of the other tables count on, so that they need not be read again.
  private func remember(_ memory: Observer.Memory, without keys: [AssetKey]) async {
    guard var contents = memory.contents, let stamp = try? await warehouse.settledStamp() else {
      return
    }
    for key in keys { contents[key] = nil }
    try? state.remember(contents, at: stamp)
  }
}

/// Removes what was published of assets, one after the other.
private struct Cleaner {
  private let workspace: Workspace
  private let history: [AssetKey: AssetHistory]
  private let isDryRun: Bool
  private let removesHistories: Bool
  /// What will be left of the readers of each asset, by name.
  private let readers: [AssetKey: [AssetKey]]
  /// The declared assets that publish files or are made from them.
  private let owners: [String: AssetKey]
  /// The same for the folders that these are in.
  private let ownersInside: [String: AssetKey]

  init(
    workspace: Workspace, history: [AssetKey: AssetHistory], chosen: [AssetKey],
    _ request: CleanRequest
  ) {
    self.workspace = workspace
    self.history = history
    isDryRun = request.isDryRun
    removesHistories = request.removesHistories
    let gone = Set(chosen)
    var readers: [AssetKey: [AssetKey]] = [:]
    for (reader, past) in history.sorted(by: { $0.key < $1.key }) where !gone.contains(reader) {
      for case .asset(let input) in past.last?.provenance.inputs.keys ?? [:].keys
      where gone.contains(input) {
        readers[input, default: []].append(reader)
      }
    }
    self.readers = readers
    let files = workspace.graph.sortedAssets.flatMap { asset in
      ([asset.place.file] + asset.outputs + asset.dataFiles + asset.codeFiles)
        .map { ($0, asset.key) }
    }
    owners = Dictionary(files) { first, _ in first }
    ownersInside = Dictionary(
      files.flatMap { path, key in path.foldersAbove.map { ($0, key) } }
    ) { first, _ in first }
  }

  func clean(_ key: AssetKey) async throws -> CleanReport.Entry {
    let hasPartitions = history.contains { $0.key.partition != nil && $0.key.asset == key }
    guard let last = history[key]?.last, !hasPartitions else {
      return CleanReport.Entry(key, hasPartitions ? [try await cleanPartitions(of: key)] : [])
    }
    guard let files = last.product.files else {
      let fate =
        if let reader = try view(over: key) {
          CleanReport.Fate.kept(.read(reader))
        } else if last.product.continuation == .history, !removesHistories {
          CleanReport.Fate.kept(.history)
        } else {
          CleanReport.Fate(
            try await workspace.warehouse.withdraw(
              key, materialization: last.id, isDryRun: isDryRun))
        }
      return CleanReport.Entry(key, [CleanReport.Item(.table(key.name), fate)])
    }
    let items = try files.sorted { $0.key < $1.key }.map { path, digest in
      let fate =
        if let owner = owner(of: path) {
          CleanReport.Fate.kept(.declared(owner))
        } else {
          try withdrawFile(path, published: digest, in: workspace.folder, isDryRun: isDryRun)
        }
      return CleanReport.Item(.file(path), fate)
    }
    return CleanReport.Entry(key, items)
  }

  private func cleanPartitions(of key: AssetKey) async throws -> CleanReport.Item {
    let fate =
      if let reader = try view(over: key) {
        CleanReport.Fate.kept(.read(reader))
      } else {
        // Together they have one publication, without a record.
        CleanReport.Fate(
          try await workspace.warehouse.withdraw(key, materialization: "", isDryRun: isDryRun))
      }
    return CleanReport.Item(.table(key.name), fate)
  }

  /// The declared asset that a file or folder belongs to, or that has something in it.
  private func owner(of path: String) -> AssetKey? {
    owners[path] ?? ownersInside[path] ?? path.foldersAbove.lazy.compactMap { owners[$0] }.first
  }

  /// A published view that reads a table, and would show nothing without it.
  private func view(over key: AssetKey) throws -> AssetKey? {
    try readers[key]?.first { reader in
      // What is published is what was declared then.
      guard let digest = history[reader]?.last?.provenance.definition,
        let definition = try workspace.state.definition(digest)
      else { return workspace.graph[reader]?.materialized == .view }
      return definition.fields.contains(.init("materialized", "view"))
    }
  }
}

extension CleanReport.Entry {
  /// Whether the asset is kept whole because something needs it, or nothing could give it back.
  fileprivate var isNeeded: Bool {
    items.contains { item in
      switch item.fate {
      case .kept(.read), .kept(.history): true
      case .kept, .removed, .missing: false
      }
    }
  }
}

extension CleanReport.Fate {
  fileprivate init(_ withdrawal: Withdrawal) {
    switch withdrawal {
    case .removed: self = .removed
    case .missing: self = .missing
    case .altered: self = .kept(.altered)
    }
  }
}

/// What can be wrong with a request to clean.
package enum CleanError: DiagnosableError, Equatable {
  case noSuchAsset(String, isDeclared: Bool, nearest: String?)

  package var diagnostics: [Diagnostic] {
    switch self {
    case .noSuchAsset(let name, isDeclared: true, _):
      [
        Diagnostic(
          "`\(name)` is declared, and only what is no longer declared is cleaned",
          hint: "remove its declaration first")
      ]
    case .noSuchAsset(let word, isDeclared: false, let nearest):
      [
        Diagnostic(
          "no asset that is no longer declared matches `\(word)`",
          hint: nearest.map { "did you mean `\($0)`?" }
            ?? "see all of them with `assetctl clean --dry-run`")
      ]
    }
  }
}
