import Foundation
import Synchronization

/// A process that was started and may be looked at, interrupted and waited for.
package final class RunningCommand: Sendable {
  private let process: Process
  private let files: (output: String, errors: String)
  private let end: Mutex<End>
  private let settle: @Sendable (String) -> String

  private struct End {
    var exitCode: Int32?
    var waiting: [CheckedContinuation<Int32, Never>] = []
  }

  /// Starts a process whose output goes to files, so that no pipe can fill up.
  init(
    _ executable: String, _ arguments: [String], folder: String, environment: [String: String],
    settle: @escaping @Sendable (String) -> String
  ) throws {
    let base = NSTemporaryDirectory() + "assetctl-test-" + UUID().uuidString
    files = (base + ".out", base + ".err")
    self.settle = settle
    end = Mutex(End())
    process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try Self.sink(files.output)
    process.standardError = try Self.sink(files.errors)
    process.terminationHandler = { [weak self] process in
      // As a shell says it: a process that a signal ended has no exit code of its own.
      let isSignal = process.terminationReason == .uncaughtSignal
      self?.ended(isSignal ? 128 + process.terminationStatus : process.terminationStatus)
    }
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    for path in [files.output, files.errors] { try? FileManager.default.removeItem(atPath: path) }
  }

  package var identifier: Int32 { process.processIdentifier }

  /// Whether the process has not ended yet.
  package var isRunning: Bool { end.withLock { $0.exitCode == nil } }

  /// Sends a signal to the process alone, not to its children.
  package func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end of the process.
  package func result() async throws -> CommandResult {
    let exitCode = await withCheckedContinuation { continuation in
      let known = end.withLock { end in
        if end.exitCode == nil { end.waiting.append(continuation) }
        return end.exitCode
      }
      if let known { continuation.resume(returning: known) }
    }
    return CommandResult(
      exitCode: exitCode, output: settle(try text(of: files.output)),
      errors: settle(try text(of: files.errors)))
  }

  /// What the process wrote to standard output so far.
  package var outputSoFar: String { (try? text(of: files.output)) ?? "" }

  /// What the process wrote to standard error so far.
  package var errorsSoFar: String { (try? text(of: files.errors)) ?? "" }

  private func ended(_ exitCode: Int32) {
    let waiting = end.withLock { end in
      defer { end.waiting = [] }
      end.exitCode = exitCode
      return end.waiting
    }
    for continuation in waiting { continuation.resume(returning: exitCode) }
  }

  private func text(of path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
  }

  private static func sink(_ path: String) throws -> FileHandle {
    try Data().write(to: URL(fileURLWithPath: path))
    return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }
}
