import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension RuntimeCommand {
  /// Runs commands side by side, and gives what each prints, without white space around it.
  ///
  /// It takes no longer than the slowest of them; each may take ten seconds. Cancelling the task ends
  /// those that are running.
  ///
  /// - Parameter commands: The commands.
  /// - Returns: What came of each, in their order.
  package static func versions(
    of commands: [RuntimeCommand]
  ) -> [Result<String, Fault>] {
    var results: [Result<String, Fault>?] = commands.map { _ in nil }
    var waiting = Array(commands.enumerated().reversed())
    var running: [RuntimeInquiry] = []
    while !waiting.isEmpty || !running.isEmpty {
      while running.count < RuntimeInquiry.mostAtOnce, let (index, command) = waiting.popLast() {
        do {
          running.append(try RuntimeInquiry(command, index: index))
        } catch {
          results[index] = .failure(error)
        }
      }
      RuntimeInquiry.waitForAny(running)
      for place in running.indices.reversed() {
        guard let result = running[place].result(isInterrupted: Task.isCancelled) else { continue }
        results[running[place].index] = result
        running.remove(at: place)
      }
    }
    return results.map { $0 ?? .failure(.silent) }
  }
}

/// A command that was started and is asked for what it prints.
struct RuntimeInquiry {
  /// How long a command may take, in milliseconds.
  static let limit: Int64 = 10_000
  static let mostAtOnce = 16
  /// No version is longer.
  private static let mostBytes = 65_536

  /// The place of the command among all that are asked.
  let index: Int
  private let process: pid_t
  private var output: Int32
  private var bytes: [UInt8] = []
  private let end: ContinuousClock.Instant

  init(_ command: RuntimeCommand, index: Int) throws(RuntimeCommand.Fault) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw .notStarted(lastSystemError()) }
    // Nothing else that is started meanwhile may keep an end open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    defer { close(ends[1]) }
    do {
      process = try command.spawn(output: ends[1])
    } catch {
      close(ends[0])
      throw error
    }
    self.index = index
    output = ends[0]
    end = .now + .milliseconds(Self.limit)
  }

  /// Waits until one of them has something to say, or a moment.
  static func waitForAny(_ inquiries: [RuntimeInquiry]) {
    let open = inquiries.filter { $0.output >= 0 }
    var polled = open.map { pollfd(fd: $0.output, events: Int16(POLLIN), revents: 0) }
    // One that has closed its output is about to end.
    _ = poll(&polled, nfds_t(polled.count), open.count == inquiries.count ? 20 : 1)
  }

  /// What came of it, once it has ended, and all that it started with it.
  mutating func result(isInterrupted: Bool) -> Result<String, RuntimeCommand.Fault>? {
    // What was printed before the end is there after it; children that go on may keep the pipe.
    var status: Int32 = 0
    let hasEnded = waitpid(process, &status, WNOHANG) == process
    readAll()
    let isSlow = ContinuousClock.now >= end
    guard hasEnded || isSlow || isInterrupted else { return nil }
    kill(-process, SIGKILL)
    if output >= 0 { close(output) }
    guard hasEnded else {
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
      return .failure(isInterrupted ? .interrupted : .slow)
    }
    let signal = status & 0x7F
    guard status == 0 else { return .failure(.failed(signal == 0 ? status >> 8 : 128 + signal)) }
    let text = String(decoding: bytes, as: UTF8.self).drop(while: \.isWhitespace)
    guard let last = text.lastIndex(where: { !$0.isWhitespace }) else { return .failure(.silent) }
    return .success(String(text[...last]))
  }

  private mutating func readAll() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while output >= 0 {
      let count = read(output, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return }
      if count == 0 {
        close(output)
        output = -1
      } else {
        bytes += buffer[..<min(count, Self.mostBytes - bytes.count)]
      }
    }
  }
}
