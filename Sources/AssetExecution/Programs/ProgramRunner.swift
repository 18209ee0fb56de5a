import AssetCore
import Subprocess
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// A program to run.
struct ProgramCall: Sendable {
  var asset: AssetKey
  var run: String
  var command: [String]
  /// The absolute path of the folder to run it in.
  var folder: String
  var environment: [String: String]
  /// The values to mask in the log.
  var secrets: [String]
  /// Where its output goes: an absolute path, and how messages call it.
  var log: (path: String, shown: String)
}

/// Starts programs and waits for their end.
///
/// Unaware of assets' outcomes, the store and the graph.
package enum ProgramRunner {
  /// The process groups that are running now.
  private static let running = Mutex<Set<Int32>>([])

  /// Kills every program that is running, with its children.
  package static func endAll() {
    for group in running.withLock({ $0 }) { kill(-group, SIGKILL) }
  }

  /// How long a program may take to end after it was asked to, before it is killed.
  private static let grace = Duration.seconds(5)

  /// Runs a program to its end, its standard output and error together in the log.
  ///
  /// Cancelling the task asks the whole process group to end, and kills it after a while. Whatever
  /// the end, nothing of the group goes on after it; of a program that did not end well, nothing that
  /// it started does.
  static func run(_ call: ProgramCall) async throws {
    let program = Adoption.starting()
    do {
      try await withTaskCancellationHandler {
        try await runToEnd(call, as: program)
      } onCancel: {
        Adoption.noteDescendants(of: program)
      }
      Adoption.ended(program, isWell: true)
    } catch {
      Orphans.end(of: call.asset, run: call.run)
      Adoption.ended(program, isWell: false)
      throw error
    }
  }

  private static func runToEnd(_ call: ProgramCall, as program: Adoption.Program) async throws {
    let log: FileDescriptor
    do {
      log = try FileDescriptor.open(
        FilePath(call.log.path), .writeOnly, options: [.create, .append, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    } catch {
      throw StepError.unwritable(path: call.log.shown, reason: lastSystemError())
    }
    defer { try? log.close() }
    var options = PlatformOptions()
    // A group of its own, so that its children end with it and Ctrl-C reaches only us.
    options.processGroupID = 0
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: grace)
    ]
    let status: TerminationStatus
    do {
      status = try await start(call, as: program, options: options, log: log)
    } catch let error as SubprocessError {
      try Task.checkCancellation()
      throw error.code == .executableNotFound
        ? StepError.programNotFound(asset: call.asset, program: call.command[0])
        : StepError.programNotStarted(asset: call.asset, reason: "\(error)")
    }
    try Task.checkCancellation()
    guard !status.isSuccess else { return }
    throw StepError.programFailed(
      asset: call.asset, status: StepError.ProgramStatus(status), log: call.log.shown,
      tail: lastLines(of: call.log.path, count: 12))
  }

  private static func start(
    _ call: ProgramCall, as number: Adoption.Program, options: PlatformOptions, log: FileDescriptor
  ) async throws -> TerminationStatus {
    let program = call.command[0]
    // Found here, as otherwise a process is started for each folder that it may be in.
    guard
      let place = ProgramPlace.find(program, in: call.folder, path: call.environment["PATH"])
    else { throw StepError.programNotFound(asset: call.asset, program: program) }
    if let fault = ProgramPlace.fault(of: place, path: call.environment["PATH"]) {
      throw StepError.programUnusable(asset: call.asset, program: program, fault)
    }
    let executable = Executable.path(FilePath(place))
    let arguments = Arguments(
      executablePathOverride: program, remainingValues: Array(call.command.dropFirst()))
    let environment = Environment.custom(
      Dictionary(
        uniqueKeysWithValues: call.environment.compactMap { name, value in
          Environment.Key(rawValue: name).map { ($0, value) }
        }))
    let folder = FilePath(call.folder)
    guard !call.secrets.isEmpty else {
      let result = try await Subprocess.run(
        executable, arguments: arguments, environment: environment, workingDirectory: folder,
        platformOptions: options, input: .none,
        output: .fileDescriptor(log, closeAfterSpawningProcess: false),
        error: .combinedWithOutput
      ) { execution in
        note(execution.processIdentifier.value, as: number)
      }
      forget(result.processIdentifier.value)
      return result.terminationStatus
    }
    let result = try await Subprocess.run(
      executable, arguments: arguments, environment: environment, workingDirectory: folder,
      platformOptions: options, input: .none, output: .sequence, error: .combinedWithOutput
    ) { execution in
      note(execution.processIdentifier.value, as: number)
      var mask = SecretMask(call.secrets)
      for try await buffer in execution.standardOutput {
        try log.writeAll(buffer.withUnsafeBytes { mask.mask($0) })
      }
      try log.writeAll(mask.finish())
    }
    forget(result.processIdentifier.value)
    return result.terminationStatus
  }

  private static func note(_ group: Int32, as program: Adoption.Program) {
    running.withLock { _ = $0.insert(group) }
    Adoption.started(program, as: group)
  }

  /// Takes a program off the list that has ended, with what is left of its group.
  private static func forget(_ group: Int32) {
    kill(-group, SIGKILL)
    running.withLock { _ = $0.remove(group) }
  }

  /// The last lines of a file, without reading more of it than they can take.
  static func lastLines(of path: String, count: Int) -> [String] {
    guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return [] }
    defer { try? file.close() }
    let size = (try? file.seek(offset: 0, from: .end)) ?? 0
    _ = try? file.seek(offset: max(0, size - 16_384), from: .start)
    var bytes = [UInt8](repeating: 0, count: 16_384)
    let read = bytes.withUnsafeMutableBytes { (try? file.read(into: $0)) ?? 0 }
    return String(decoding: bytes[..<read], as: UTF8.self)
      .split(whereSeparator: \.isNewline).suffix(count).map(String.init)
  }
}

extension StepError.ProgramStatus {
  fileprivate init(_ status: TerminationStatus) {
    switch status {
    case .exited(let code): self = .exited(code)
    case .signaled(let signal): self = .signaled(signal)
    }
  }
}
