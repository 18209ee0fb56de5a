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

    let writes = try await OwnWrites(in: self)
    _ = try await Observer(workspace: self).recall()
    let history = try state.history()
    let chosen = try chosen(request.selection, of: undeclared(in: history))
    var cleaner = Cleaner(
      workspace: self, history: history, inUse: try await InUse(of: self), request)
    var entries: [CleanReport.Entry] = []
    for key in cleaner.viewsFirst(chosen) {
      let entry = try await cleaner.clean(key)
      if !request.isDryRun, !entry.isNeeded {
        try state.forget([key])
        RunFolder.removeExports(of: key, in: folder)
      }
      entries.append(entry)
    }
    entries.sort { $0.asset < $1.asset }
    let runs = request.selection.isEmpty ? try oldRuns() : []
    if !request.isDryRun {
      for run in runs { RunFolder(project: folder, run: run).remove() }
      await writes.settle(Set(chosen))
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
}

/// Removes what was published of assets, one after the other.
private struct Cleaner {
  private let workspace: Workspace
  private let history: [AssetKey: AssetHistory]
  private let isDryRun: Bool
  private let removesHistories: Bool
  private var inUse: InUse

  init(
    workspace: Workspace, history: [AssetKey: AssetHistory], inUse: InUse, _ request: CleanRequest
  ) {
    self.workspace = workspace
    self.history = history
    self.inUse = inUse
    isDryRun = request.isDryRun
    removesHistories = request.removesHistories
  }

  /// The assets in an order in which what views show comes after them.
  func viewsFirst(_ keys: [AssetKey]) -> [AssetKey] {
    var views: [AssetKey: Set<String>] = [:]
    for (name, shown) in inUse.views { views[AssetKey(trusted: name)] = shown }
    var ordered: [AssetKey] = []
    var rest = keys.filter { views[$0] != nil }
    while let next = rest.first(where: { key in
      !rest.contains { views[$0]?.contains(key.name.lowercased()) == true }
    }) {
      ordered.append(next)
      rest.removeAll { $0 == next }
    }
    // What is left are views that show each other, and so nothing.
    return ordered + rest + keys.filter { views[$0] == nil }
  }

  mutating func clean(_ key: AssetKey) async throws -> CleanReport.Entry {
    let hasPartitions = history.contains { $0.key.partition != nil && $0.key.asset == key }
    // Partitions have one publication together, which is without a record.
    if hasPartitions { return CleanReport.Entry(key, [try await cleanTable(key, id: "")]) }
    guard let last = history[key]?.last else { return CleanReport.Entry(key, []) }
    guard let files = last.product.files else {
      let isHistory = last.product.continuation == .history && !removesHistories
      return CleanReport.Entry(key, [try await cleanTable(key, id: last.id, isHistory: isHistory)])
    }
    let items = try files.sorted { $0.key < $1.key }.map { path, digest in
      let fate: CleanReport.Fate =
        switch inUse.user(ofFile: path) {
        case .owner(let owner): .kept(.declared(owner))
        case .reader(let reader): .kept(.read(by: reader))
        case nil:
          try withdrawFile(path, published: digest, in: workspace.folder, isDryRun: isDryRun)
        }
      return CleanReport.Item(.file(path), fate)
    }
    return CleanReport.Entry(key, items)
  }

  private mutating func cleanTable(
    _ key: AssetKey, id: String, isHistory: Bool = false
  ) async throws -> CleanReport.Item {
    let fate: CleanReport.Fate =
      if let reader = inUse.reader(ofTable: key) {
        .kept(.read(by: reader))
      } else if isHistory {
        .kept(.history)
      } else {
        CleanReport.Fate(
          try await workspace.warehouse.withdraw(key, materialization: id, isDryRun: isDryRun))
      }
    if fate == .removed || fate == .missing { inUse.forget(view: key) }
    return CleanReport.Item(.table(key.name), fate)
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
