package import AssetCore
import AssetExecution

/// The logs of a run, read while its programs write them.
package struct RunLogs: Sendable {
  /// The most that is read of a log at a time, so that one does not keep the others waiting.
  private static let portion: Int64 = 1 << 20

  private let folder: RunFolder
  private var followed: [AssetKey: FollowedLog] = [:]

  init(_ folder: RunFolder) { self.folder = folder }

  /// Gives the lines that an asset's program has completed since the last call.
  package mutating func newLines(of key: AssetKey, _ body: (LogLine) -> Void) {
    var log = followed[key] ?? log(of: key)
    log.read(upTo: Self.portion, body)
    followed[key] = log
  }

  /// Gives all that was not given yet of an asset's log, once its program has ended.
  package mutating func remainingLines(of key: AssetKey, _ body: (LogLine) -> Void) {
    var log = followed[key] ?? log(of: key)
    log.finish(body)
    followed[key] = log
  }

  /// The end of an asset's log as it is now; empty if there is none.
  package func tail(of key: AssetKey) -> String {
    LogFollower.tail(of: folder.absolute(folder.log(of: key.name)))
  }

  private func log(of key: AssetKey) -> FollowedLog {
    FollowedLog(follower: LogFollower(path: folder.absolute(folder.log(of: key.name))))
  }
}

/// A log with the beginning of its next line.
private struct FollowedLog {
  var follower: LogFollower
  var lines = LogLines()

  mutating func read(upTo limit: Int64, _ body: (LogLine) -> Void) {
    var follower = follower
    follower.read(upTo: limit) { lines.take($0, body) }
    self.follower = follower
  }

  mutating func finish(_ body: (LogLine) -> Void) {
    read(upTo: .max, body)
    lines.finish(body)
  }
}

extension Workspace {
  /// The logs of a run of this project.
  package func runLogs(of run: String) -> RunLogs {
    RunLogs(RunFolder(project: folder, run: run))
  }
}
