import AssetCore
import AssetLoading
import AssetWarehouse

/// All that a project still needs of what was published once, by whatever refers to it.
///
/// This is the one place that says so: what can refer to a file or a table is noted here, and what is not
/// among it may be removed.
struct InUse {
  /// What needs something, and whether it publishes it or is made from it.
  enum User {
    case owner(AssetKey)
    case reader(CleanReport.Reader)
  }

  private let workspace: Workspace
  /// The users by the absolute path, links followed, of what they need.
  private var files: [String: User] = [:]
  /// The same for the folders that these are in.
  private var folders: [String: User] = [:]
  /// The patterns of files that are read, each with who reads them.
  private var patterns: [(set: FileSet, reader: AssetKey)] = []
  /// The users by the name of the table, in lower case.
  private var tables: [String: CleanReport.Reader] = [:]
  /// The views that are left, with what they show.
  private(set) var views: [String: Set<String>]

  /// Finds out what is in use.
  ///
  /// - Parameter workspace: The project.
  /// - Throws: What cannot be looked at; then nothing is known to be in use by nobody.
  init(of workspace: Workspace) async throws {
    self.workspace = workspace
    views = try await workspace.warehouse.views()
    for asset in workspace.graph.sortedAssets { note(asset) }
    let tests = try ProjectFolder.disk(workspace.folder)
      .filesOfTests(in: workspace.project.testsFolder)
    for path in workspace.project.files.union(tests) { note(path, .reader(.project)) }
    switch workspace.project.warehouse {
    case .sqlite(let path): note(path, .reader(.project))
    }
  }

  private mutating func note(_ asset: Asset) {
    let owned = [asset.place.file] + asset.outputs + asset.dataFiles + asset.codeFiles
    for path in owned { note(path, .owner(asset.key)) }
    for set in asset.givenFiles + [asset.sourceFiles].compactMap({ $0 }) {
      if set.isPattern {
        patterns.append((set, asset.key))
      } else {
        note(set.path, .owner(asset.key))
      }
    }
    if let table = asset.tableName {
      if let database = table.database {
        note(database, .owner(asset.key))
      } else if asset.isSource {
        tables[table.name.lowercased()] = .asset(asset.key)
      }
    }
    for key in asset.inputs.map(\.key) + asset.checks.flatMap(\.reads) {
      note(table: key, of: asset.key)
    }
    if case .program(let program) = asset.recipe {
      if let item = program.item, item.isFile { note(item.text, .owner(asset.key)) }
      if let metrics = program.metrics { note(metrics, .owner(asset.key)) }
    }
  }

  private mutating func note(table key: AssetKey, of reader: AssetKey) {
    guard workspace.graph[key]?.isSource != true else { return }
    tables[key.name.lowercased()] = .asset(reader)
  }

  /// Notes a file or folder; one that has a user keeps it.
  private mutating func note(_ path: String, _ user: User) {
    let absolute = Workspace.absolute(path, in: workspace.folder)
    files[absolute] = files[absolute] ?? user
    for folder in absolute.foldersAbove { folders[folder] = folders[folder] ?? user }
  }

  /// Takes note that a view is gone, and needs nothing any more.
  mutating func forget(view key: AssetKey) {
    views = views.filter { AssetKey(trusted: $0.key) != key }
  }

  /// What a file or folder belongs to, or is needed by, wholly or in part.
  func user(ofFile path: String) -> User? {
    let absolute = Workspace.absolute(path, in: workspace.folder)
    return files[absolute] ?? folders[absolute]
      ?? absolute.foldersAbove.lazy.compactMap { files[$0] }.first
      ?? reader(ofFile: absolute)
  }

  /// What reads a file, or something in a folder, by a pattern.
  private func reader(ofFile absolute: String) -> User? {
    guard !patterns.isEmpty,
      let path = PathText.place(of: absolute, in: Workspace.absolute(".", in: workspace.folder))
    else { return nil }
    return patterns.first { set, _ in
      set.mayHold(path) || pathMayMatch(set.path, inside: path)
    }.map { .owner($0.reader) }
  }

  /// What reads the table or view of an asset, or a version of it that is kept.
  func reader(ofTable key: AssetKey) -> CleanReport.Reader? {
    let name = key.name.lowercased()
    let version = "assetctl_version_\(name)_"
    func isOf(_ key: AssetKey, _ table: String) -> Bool {
      table == name
        || (table.hasPrefix(version) && table.dropFirst(version.count).allSatisfy(\.isNumber))
    }
    if let table = tables.keys.sorted().first(where: { isOf(key, $0) }) { return tables[table] }
    return views.keys.sorted().first { view in
      views[view]?.contains { isOf(key, $0) } == true
    }.map { .view($0) }
  }
}
