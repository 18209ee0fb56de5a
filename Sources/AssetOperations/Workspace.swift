package import AssetCore
import AssetExecution
package import AssetLoading
import AssetSQL
package import AssetState
package import AssetWarehouse
import AssetWarehouseSQLite
package import Logging

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How to open a project.
package struct WorkspaceRequest: Sendable {
  /// The folder to look for the project in, and above.
  package var folder: String
  package var load: LoadRequest
  package var logger: Logger

  package init(folder: String, load: LoadRequest, logger: Logger) {
    self.folder = folder
    self.load = load
    self.logger = logger
  }
}

/// A loaded project with its store and its warehouse: what every operation works in.
package struct Workspace: Sendable {
  /// The absolute path of the project's folder.
  package let folder: String
  package let project: Project
  package let graph: AssetGraph
  package let state: StateStore
  package private(set) var warehouse: any Warehouse
  /// Finds out what queries consume.
  package let reader: any QueryReader
  package let environment: [String: String]
  package let logger: Logger
  package let now: @Sendable () -> Timestamp

  /// Whether the operation may write the store.
  package enum Access: Sendable {
    case looking, materializing
  }

  /// Finds, loads and connects a project, and opens its store.
  ///
  /// A project that was never materialized has no store; just looking at it makes none.
  ///
  /// - Throws: Everything that is wrong with the project, or with its store.
  package init(_ request: WorkspaceRequest, for access: Access) throws {
    let folder = try Self.projectFolder(from: request.folder)
    let isFirst = (try? FileFacts(path: folder + "/.assetctl")) == .some(nil)
    if access == .materializing { try StateFolder.make(in: folder) }
    let known = try Self.knownState(in: folder, target: request.load.target ?? "default")
    var cache = DeclarationCache(
      entries: try known?.declarations().mapValues {
        .init(key: $0.key, declarations: $0.declarations)
      }
        ?? [:],
      sealedBy: known == nil && access == .looking ? nil : CacheKey.find(in: folder))
    let judge = SQLiteJudge()
    reader = SQLReader(dialect: .sqlite)
    let verdict: (key: String, files: [UInt8])?
    do {
      project = try ProjectLoader(.disk(folder)).load(request.load, cache: &cache, judge: judge)
      try Self.verifyWarehouse(of: project, in: folder)
      graph = try AssetGraph(project.assets, place: ProjectLinks(folder).place)
      verdict = try graph.verified(
        in: folder, reader: reader, judge: judge, mask: SecretMask(project.secrets), knowing: cache)
    } catch {
      // A project that is wrong is left as it was.
      if isFirst, access == .materializing { StateFolder.remove(in: folder) }
      throw error
    }
    self.folder = folder
    logger = request.logger
    environment = request.load.environment
    now = Self.clock
    state = try known ?? Self.newState(in: folder, target: project.target, for: access)
    // A store that cannot be written is no reason not to answer; then all is parsed again next time.
    try? state.remember(
      declarations: cache.entries.filter { cache.changed.contains($0.key) }
        .mapValues { ($0.key, $0.declarations) })
    if let verdict {
      try? state.remember(declarations: [DeclarationCache.verdict: (verdict.key, verdict.files)])
    }
    switch project.warehouse {
    case .sqlite(let path):
      warehouse = SQLiteWarehouse(
        path: Self.absolute(path, in: folder), name: "sqlite:" + path, folder: folder)
    }
    logger.debug("loaded", metadata: ["folder": "\(folder)", "assets": "\(graph.order.count)"])
  }

  static func absolute(_ path: String, in folder: String) -> String {
    let url = URL(fileURLWithPath: PathText.isAbsolute(path) ? path : folder + "/" + path)
    return url.standardizedFileURL.resolvingSymlinksInPath().path
  }

  /// Makes sure that the warehouse is nothing else at the same time.
  static func verifyWarehouse(of project: Project, in folder: String) throws {
    let address =
      switch project.warehouse {
      case .sqlite(let path): path
      }
    let path = absolute(address, in: folder)
    let state = absolute(".assetctl/state.sqlite", in: folder)
    let others = ["", "-wal", "-shm", "-journal"].map { state + $0 }
    if (others + ["lock", "cache.key"].map { absolute(".assetctl/" + $0, in: folder) })
      .contains(path)
    {
      throw OperationError.warehouseIsState(address)
    }
    if let facts = try? FileFacts(path: path), !facts.isFile {
      throw OperationError.warehouseIsNoFile(address)
    }
    let own = Set(["", "-wal", "-shm", "-journal"].map { path + $0 })
    let root = absolute(".", in: folder)
    for asset in project.assets {
      if let database = asset.tableName?.database, absolute(database, in: folder) == path {
        throw OperationError.databaseIsWarehouse(asset.key, database: database, at: asset.place)
      }
      if let path = asset.dataPath(holding: own, in: root) {
        throw OperationError.filesHoldWarehouse(asset.key, path: path, at: asset.place)
      }
      for output in asset.outputs where own.contains(absolute(output, in: folder)) {
        throw OperationError.outputIsWarehouse(asset.key, output: output, at: asset.place)
      }
    }
  }

  /// The nearest folder, from the given one upwards, that holds an `assetctl.yml`.
  package static func projectFolder(from start: String) throws -> String {
    guard let facts = try FileFacts(path: start), !facts.isFile else {
      throw OperationError.noFolder(start)
    }
    var url = URL(fileURLWithPath: start).standardizedFileURL
    while true {
      let path = url.path == "/" ? "" : url.path
      if try FileFacts(path: path + "/assetctl.yml")?.isFile == true { return path }
      guard url.path != "/" else { throw OperationError.noProject(folder: start) }
      url.deleteLastPathComponent()
      url.standardize()
    }
  }

  private static func knownState(in folder: String, target: String) throws -> StateStore? {
    let path = folder + "/.assetctl/state.sqlite"
    return try FileFacts(path: path) == nil ? nil : try .open(path, target: target)
  }

  private static func newState(
    in folder: String, target: String, for access: Access
  ) throws -> StateStore {
    access == .looking
      ? try .inMemory(target: target)
      : try .open(folder + "/.assetctl/state.sqlite", target: target)
  }

  /// The present moment by the system's clock.
  private static let clock: @Sendable () -> Timestamp = {
    Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
  }
}

/// What can be wrong with a request, beyond the project itself.
package enum OperationError: DiagnosableError, Equatable {
  case noFolder(String)
  case noProject(folder: String)
  case unwritableFolder(String, reason: String)
  case warehouseIsState(String)
  case warehouseIsNoFile(String)
  case outputIsWarehouse(AssetKey, output: String, at: Place)
  case databaseIsWarehouse(AssetKey, database: String, at: Place)
  case filesHoldWarehouse(AssetKey, path: String, at: Place)
  case unknownAsset(String, nearest: String?)
  case unknownRun(String)
  case noLog(run: String, asset: String)
  case missingSource(AssetKey, TableName)
  case filesNotFound(AssetKey, pattern: String, reason: String)
  case notATable(AssetKey, output: String?)
  case historyNotRefreshed([AssetKey])
  /// A partition is named, and none of the selected assets has any.
  case noPartitions(String, [AssetKey])
  /// A partition is named of an asset that is made as a whole.
  case noPartitionOf(AssetKey, String)
  /// Only some partitions are meant of an asset whose table can only be replaced as a whole.
  case partitionsBelongTogether(AssetKey)
  /// A partition is named where only whole assets can be meant.
  case wholeMeant(AssetKey, String)

  package var diagnostics: [Diagnostic] {
    switch self {
    case .noFolder(let folder):
      [Diagnostic("there is no folder `\(folder)`", hint: "check the path after `-C`")]
    case .noProject(let folder):
      [
        Diagnostic(
          "there is no `assetctl.yml` in `\(folder)` or above it",
          hint: "start a project there: write `project: NAME` to a file `assetctl.yml`, "
            + "and a query to `assets/hello.sql`")
      ]
    case .unwritableFolder(let folder, let reason):
      [
        Diagnostic(
          "the folder `\(folder)` cannot be made or written: \(reason)",
          hint: writingHint(for: reason, otherwise: "check what is there, and the rights on it"))
      ]
    case .filesNotFound(let key, let pattern, let reason):
      [
        Diagnostic(
          "the files `\(pattern)` of `\(key)` could not be looked for: \(reason)",
          hint: "check what is there, and the rights on it")
      ]
    case .warehouseIsNoFile(let address):
      [
        Diagnostic(
          "the warehouse `sqlite:\(address)` is not a file", at: Place(file: "assetctl.yml"),
          hint: "a folder, a pipe or a device is at its place; name another path")
      ]
    case .warehouseIsState(let address):
      [
        Diagnostic(
          "the warehouse `sqlite:\(address)` is assetctl's own state store",
          at: Place(file: "assetctl.yml"), hint: "give the warehouse a file of its own")
      ]
    case .outputIsWarehouse(let key, let output, let place):
      [
        Diagnostic(
          "`\(key)` writes `\(output)`, which is the warehouse", at: place,
          hint: "write to another path; a program whose rows are a table has `kind: table`")
      ]
    case .databaseIsWarehouse(let key, let database, let place):
      [
        Diagnostic(
          "the database `\(database)` of the source `\(key)` is the warehouse", at: place,
          hint: "remove `database:`; without it a source is a table of the warehouse")
      ]
    case .filesHoldWarehouse(let key, let path, let place):
      [
        Diagnostic(
          "the files `\(path)` that `\(key)` reads are, or hold, the warehouse or what belongs to it",
          at: place,
          hint:
            "keep the warehouse elsewhere, with `warehouse:` in `assetctl.yml`, or name other files"
        )
      ]
    case .unknownAsset(let name, let nearest):
      [
        Diagnostic(
          "there is no asset `\(name)`",
          hint: nearest.map { "did you mean `\($0)`?" } ?? "see all assets with `assetctl list`")
      ]
    case .unknownRun(let run):
      [Diagnostic("there is no run `\(run)`", hint: "see all runs with `assetctl runs`")]
    case .noLog(let run, let asset):
      [
        Diagnostic(
          "the run `\(run)` has no log of `\(asset)`",
          hint: "only assets that are made by programs have logs")
      ]
    case .missingSource(let key, let table):
      [
        Diagnostic(
          "the source `\(key)` is not there: "
            + (table.database.map { "`\($0)`" } ?? "the warehouse")
            + " has no table `\(table.name)`",
          hint: "sources are written by others; check `table:` and "
            + (table.database == nil ? "`warehouse:`" : "`database:`"))
      ]
    case .historyNotRefreshed(let keys):
      [
        Diagnostic(
          "\(listed(keys.map { "`\($0)`" })) \(keys.count == 1 ? "keeps a history" : "keep histories"),"
            + " which cannot be built anew",
          hint: "leave out `--full-refresh`; to give a history up and begin anew, drop its table")
      ]
    case .noPartitions(let word, let keys):
      [
        Diagnostic(
          "`--partition \(word)` means nothing: "
            + (keys.count == 1
              ? "`\(keys[0])` has no partitions" : "none of the selected assets has partitions"),
          hint: "leave it out, or select an asset with `partitions:`")
      ]
    case .noPartitionOf(let key, let word):
      [Diagnostic("`\(key)` has no partitions", hint: "leave out `@\(word)`")]
    case .partitionsBelongTogether(let key):
      [
        Diagnostic(
          "`\(key)` has other partitions than its table was made of, so that all of them have to be "
            + "published together",
          hint: "run `assetctl materialize \(key)` without `--partition` first")
      ]
    case .wholeMeant(let key, let word):
      [
        Diagnostic(
          "a whole asset is asked for here, and not the partition `\(word)` of `\(key)`",
          hint: "leave out `@\(word)`")
      ]
    case .notATable(let key, let output):
      [
        Diagnostic(
          "`\(key)` is not a table",
          hint: output.map { "it is the file `\($0)`" } ?? "see it with `assetctl show \(key)`")
      ]
    }
  }
}

extension Workspace {
  /// The same project with another warehouse.
  func with(_ warehouse: any Warehouse) -> Workspace {
    var workspace = self
    workspace.warehouse = warehouse
    return workspace
  }

  /// The asset of a name that a user gave.
  func asset(named name: String) throws -> Asset {
    if let asset = AssetKey(name).flatMap({ graph[$0] }) { return asset }
    let key = AssetKey(trusted: name)
    if let word = key.partition, let whole = graph[key.asset] {
      throw OperationError.wholeMeant(whole.key, word)
    }
    let known = graph.order.map(\.name)
    throw OperationError.unknownAsset(name, nearest: nearestName(to: name, in: known))
  }
}
