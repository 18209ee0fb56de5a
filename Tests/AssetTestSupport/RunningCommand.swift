import Foundation
import Synchronization

/// A process that was started and may be looked at, interrupted and waited for.
package final class RunningCommand: Sendable {
  /// The process's number.
  package let identifier: Int32
  private let files: (output: String, errors: String)
  private let end: Mutex<End>
  private let settle: @Sendable (String) -> String

  private struct End {
    var exitCode: Int32?
    var waiting: [CheckedContinuation<Int32, Never>] = []
  }

  /// Starts a process whose output goes to files, so that no pipe can fill up.
  ///
  /// It is started and waited for here, as Foundation's `Process` has crashed when many were started at
  /// once.
  init(
    _ executable: String, _ arguments: [String], folder: String, environment: [String: String],
    settle: @escaping @Sendable (String) -> String
  ) throws {
    let base = NSTemporaryDirectory() + "assetctl-test-" + UUID().uuidString
    files = (base + ".out", base + ".err")
    self.settle = settle
    end = Mutex(End())
    identifier = try Spawning.start(
      executable, [executable] + arguments, folder: folder, environment: environment,
      output: files.output, errors: files.errors)
    let process = identifier
    Thread.detachNewThread { [weak self] in
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
      // As a shell says it: a process that a signal ended has no exit code of its own.
      let signal = status & 0x7F
      self?.ended(signal == 0 ? status >> 8 & 0xFF : 128 + signal)
    }
  }

  deinit {
    if isRunning { kill(identifier, SIGKILL) }
    for path in [files.output, files.errors] { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Whether the process has not ended yet.
  package var isRunning: Bool { end.withLock { $0.exitCode == nil } }

  /// Sends a signal to the process alone, not to its children.
  package func send(_ signal: Int32) { kill(identifier, signal) }

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
}

/// Starts processes with nothing of this one's but what they are given.
private enum Spawning {
  static func start(
    _ executable: String, _ arguments: [String], folder: String, environment: [String: String],
    output: String, errors: String
  ) throws -> Int32 {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #else
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let writing = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, writing, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, errors, writing, 0o600)
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of this process may hold signals back, which is inherited.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))
    #if canImport(Darwin)
      posix_spawn_file_actions_addchdir_np(&actions, folder)
      let command = arguments
    #else
      // What changes the folder is not in every C library's module; `env` becomes the program.
      let command = ["/usr/bin/env", "-C", folder] + arguments
    #endif
    var words = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var process: pid_t = 0
    let fault = posix_spawn(&process, command[0], &actions, &attributes, &words, &variables)
    guard fault == 0 else {
      throw TestProblem("`\(executable)` cannot be started: \(String(cString: strerror(fault)))")
    }
    return process
  }
}
