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
  package enum Fault: Error, CustomStringConvertible {
    case notFound(String)
    case failed(Int32)
    case silent
    case slow

    package var description: String {
      switch self {
      case .notFound(let program): "`\(program)` is not installed"
      case .failed(let code): "it ended with exit code \(code)"
      case .silent: "it printed nothing"
      case .slow: "it took longer than 10 s"
      }
    }
  }

  private let words: [String]
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
    guard let program = words.first, !program.isEmpty else { throw .notFound("") }
    let candidates =
      program.contains("/")
      ? [program.hasPrefix("/") ? program : folder + "/" + program]
      : (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
    guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else {
      throw .notFound(program)
    }
    self.words = words
    self.path = path
    self.environment = environment
  }

  /// What tells one state of the program's file from another.
  package var stamp: String { path + " " + (FileFacts(path: path)?.stamp ?? "") }

  /// Runs the command, and gives what it prints, without white space around it.
  package func version() throws(Fault) -> String {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .notFound(path) }
    defer { close(ends[0]) }
    _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
    let process = spawn(output: ends[1])
    close(ends[1])
    guard let process else { throw .notFound(path) }
    let (text, isSlow) = readAll(ends[0])
    if isSlow { kill(-process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    if isSlow { throw .slow }
    guard status == 0 else { throw .failed(status >> 8 & 0xFF) }
    let version = text.drop(while: \.isWhitespace)
    let end = version.lastIndex { !$0.isWhitespace }
    guard let end else { throw .silent }
    return String(version[...end])
  }

  private func spawn(output: Int32) -> pid_t? {
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
    return posix_spawn(&process, path, &actions, &attributes, &arguments, &variables) == 0
      ? process : nil
  }

  private func readAll(_ descriptor: Int32) -> (text: String, isSlow: Bool) {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count < 65_536 {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 10_000) > 0 else { return ("", true) }
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return (String(decoding: bytes, as: UTF8.self), false)
  }
}
