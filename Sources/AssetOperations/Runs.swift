package import AssetCore
import AssetExecution
import AssetState

extension Workspace {
  /// The last runs, the newest first.
  package func runs(limit: Int) throws -> [RunRecord] { try state.runs(limit: limit) }

  /// The newest run of a name that a user gave: `last`, or the beginning of its own.
  func run(named name: String) throws -> RunRecord {
    guard !name.isEmpty, let run = try state.newestRun(beginningWith: name == "last" ? "" : name)
    else { throw OperationError.unknownRun(name) }
    return run
  }

  /// The logs of a run.
  ///
  /// - Parameters:
  ///   - name: The run, the beginning of its name, or `last`.
  ///   - asset: The asset whose log is wanted, or those of whose partitions are, or one of these;
  ///     `nil` for all of the run.
  /// - Throws: An ``OperationError`` for a run or a log that is not there.
  /// - Returns: The absolute paths of the logs by asset, in the order of their names.
  package func logs(of name: String, asset: String?) throws -> [(asset: String, path: String)] {
    let run = try run(named: name)
    let folder = RunFolder(project: folder, run: run.id)
    var logged = folder.loggedAssets()
    if let asset {
      let named = AssetKey(trusted: asset)
      let key = try self.asset(named: named.asset.name).key
      logged = logged.map(AssetKey.init(trusted:))
        .filter { $0.asset == key && (named.partition == nil || $0.partition == named.partition) }
        .map(\.name)
      if logged.isEmpty { throw OperationError.noLog(run: run.id, asset: key.name) }
    }
    return logged.map { ($0, folder.absolute(folder.log(of: $0))) }
  }
}
