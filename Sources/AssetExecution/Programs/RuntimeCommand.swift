import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A command that tells the version of what programs run on, such as `python3 --version`.
package struct RuntimeCommand: Sendable {
  /// Why a version is not known.
  package enum Fault: Error, Equatable, CustomStringConvertible {
    case notFound(String)
    /// In the operating system's words.
    case notStarted(String)
    case failed(Int32)
    case silent
    case slow
    case interrupted

    package var description: String {
      switch self {
      case .notFound(let program): "`\(program)` is not installed"
      case .notStarted(let reason): "it cannot be started: \(reason)"
      case .failed(let code): "it ended with exit code \(code)"
      case .silent: "it printed nothing"
      case .slow: "it took longer than \(durationText(RuntimeInquiry.limit))"
      case .interrupted: "it was interrupted"
      }
    }
  }

  private let words: [String]
  /// The program, as the command names it.
  var program: String { words.first ?? "" }
  private let path: String
  private let environment: [String: String]

  /// Finds the program of a command.
  ///
  /// - Parameters:
  ///   - words: The program and its arguments.
  ///   - folder: The project's folder, which relative paths start from.
  ///   - environment: The environment, whose `PATH` is searched.
  /// - Throws: ``Fault/notFound(_:)``.
  package init(_ words: [String], in folder: String, environment: [String: String]) throws(Fault) {
    let program = words.first ?? ""
    guard let path = ProgramPlace.find(program, in: folder, path: environment["PATH"]) else {
      throw .notFound(program)
    }
    self.words = words
    self.path = path
    self.environment = environment
  }

  /// What tells one state of the program's file from another; `nil` while that cannot be told.
  package var stamp: String? {
    guard let facts = try? FileFacts(path: path), facts.isSettled else { return nil }
    return path + " " + facts.stamp
  }

  /// Starts the command in a process group of its own, with its output going to a descriptor.
  func spawn(output: Int32) throws(Fault) -> pid_t {
    #if canImport(Darwin)
      var actions: posix_spawn_file_actions_t?
    #else
      var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
    #else
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of ours may hold signals back, which would be inherited.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, output, 2)
    posix_spawn_file_actions_addclose(&actions, output)
    var arguments = words.map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, path, &actions, &attributes, &arguments, &variables)
    guard error == 0 else {
      throw error == ENOENT ? .notFound(program) : .notStarted(systemError(error))
    }
    return process
  }
}
