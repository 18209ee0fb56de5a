package import AssetCore
import AssetExecution
import AssetState

extension Workspace {
  /// The last runs, the newest first.
  package func runs(limit: Int) throws -> [RunRecord] { try state.runs(limit: limit) }

  /// One run with the reasons of what came of it.
  ///
  /// - Parameter name: The run, the beginning of its name, or `last`.
  /// - Throws: An ``OperationError`` for a run that is not there.
  /// - Returns: All that is recorded of it, and where the logs of its programs are.
  package func runDetails(of name: String) throws -> RunDetails {
    let run = try run(named: name)
    var details = try state.details(of: run)
    let folder = RunFolder(project: folder, run: run.id)
    for name in folder.loggedAssets() {
      details.findings[AssetKey(trusted: name)]?.log = folder.log(of: name)
    }
    return details
  }

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
    let key = try asset.map { try loggedName($0).name }
    let folder = RunFolder(project: folder, run: run.id)
    let logged = folder.loggedAssets()
    guard let key else { return logged.map { ($0, folder.absolute(folder.log(of: $0))) } }
    // Of an asset with partitions those are meant that were made.
    let meant = logged.filter { AssetKey(trusted: $0) == AssetKey(trusted: key) }
    let parts = logged.filter { AssetKey(trusted: $0).asset == AssetKey(trusted: key) }
    guard !(meant + parts).isEmpty else { throw OperationError.noLog(run: run.id, asset: key) }
    return (meant.isEmpty ? parts : meant).map { ($0, folder.absolute(folder.log(of: $0))) }
  }

  /// The asset, or the partition of one, whose log a user asks for; it need not exist any more.
  func loggedName(_ name: String) throws -> AssetKey {
    let key = AssetKey(trusted: name)
    let asset = try asset(named: key.asset.name)
    guard let word = key.partition else { return asset.key }
    guard asset.partitions != nil else { throw OperationError.noPartitionOf(asset.key, word) }
    return AssetKey(trusted: "\(asset.key)@\(word)")
  }
}
