#if os(Linux)
  import AssetCore
  import CSandbox
  import Dispatch
  import Synchronization

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// Watches which files a program and its children open.
  ///
  /// The kernel holds each such call until it is answered here (seccomp's user notification), in a
  /// thread of its own, as answers take no time that is worth a task's.
  final class FileWatch: Sendable {
    /// What the program connects to, by name.
    let socket: String
    private let findings = Mutex(SandboxFindings())
    private let isSettled = DispatchSemaphore(value: 0)

    /// Begins to wait for programs; ``end()`` has to be called.
    ///
    /// - Throws: A ``FileWatchError`` if that is not possible here.
    init(_ judge: FileJudge) throws {
      let random = [UInt64.random(in: 0...UInt64.max), UInt64.random(in: 0...UInt64.max)]
      socket = "assetctl-" + random.map { String($0, radix: 16) }.joined(separator: "-")
      let server = csandbox_serve(socket)
      guard server >= 0 else { throw FileWatchError(code: -server) }
      DispatchQueue(label: socket).async { [self] in
        var loop = WatchLoop(server: server, judge: judge)
        loop.run(for: self)
      }
    }

    fileprivate func note(_ files: Set<UndeclaredFile>) {
      findings.withLock { $0.files = files }
    }

    fileprivate func note(startError: Int32) {
      findings.withLock { $0.startError = startError }
    }

    fileprivate func note(obstacle: Int32) {
      findings.withLock { $0.obstacle = systemError(obstacle) }
    }

    fileprivate func settle() { isSettled.signal() }

    /// Ends the watch of programs that have ended; what they left running is let do as it likes.
    func end() -> SandboxFindings {
      // A connection of our own comes after all others, so that nothing is missed.
      let connection = csandbox_connect(socket)
      guard connection >= 0 else { return findings.withLock { $0 } }
      isSettled.wait()
      close(connection)
      return findings.withLock { $0 }
    }
  }

  /// Why programs cannot be watched.
  struct FileWatchError: Error {
    var code: Int32
  }

  /// The thread that answers.
  private struct WatchLoop {
    private var server: Int32
    private var connections: [Int32] = []
    private var listeners: [Int32] = []
    private var judge: FileJudge
    private var isOver = false

    init(server: Int32, judge: FileJudge) {
      self.server = server
      self.judge = judge
    }

    mutating func run(for watch: FileWatch) {
      while server >= 0 || !listeners.isEmpty {
        for ready in waitForAny() {
          if ready.fd == server {
            accept()
          } else if listeners.contains(ready.fd) {
            answer(ready, watch)
          } else {
            receive(ready.fd, watch)
          }
        }
        guard isOver, server >= 0 else { continue }
        // What ended programs had reported is there already.
        for connection in connections { while receive(connection, watch) {} }
        close(server)
        server = -1
        watch.settle()
      }
    }

    private func waitForAny() -> [pollfd] {
      let watched = (server >= 0 ? [server] : []) + connections + listeners
      var polled = watched.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      _ = poll(&polled, nfds_t(polled.count), -1)
      return polled.filter { $0.revents != 0 }
    }

    private mutating func accept() {
      var pid: Int32 = 0
      let connection = csandbox_accept(server, &pid)
      guard connection >= 0 else { return }
      if pid == getpid() {
        isOver = true
        close(connection)
      } else {
        connections.append(connection)
      }
    }

    /// Takes a program's report; false once there are no more.
    @discardableResult
    private mutating func receive(_ connection: Int32, _ watch: FileWatch) -> Bool {
      var report = csandbox_watched
      var error: Int32 = 0
      var listener: Int32 = -1
      guard csandbox_receive(connection, &report, &error, &listener) == 1 else {
        connections.removeAll { $0 == connection }
        close(connection)
        return false
      }
      switch report {
      case csandbox_watched where listener >= 0:
        csandbox_hurry(listener)
        listeners.append(listener)
      case csandbox_not_started: watch.note(startError: error)
      default: watch.note(obstacle: error)
      }
      return true
    }

    private mutating func answer(_ ready: pollfd, _ watch: FileWatch) {
      guard ready.revents & Int16(POLLIN) != 0 else {
        listeners.removeAll { $0 == ready.fd }
        close(ready.fd)
        return
      }
      var call = csandbox_call()
      guard csandbox_next(ready.fd, &call) == 0 else { return }
      var error: Int32 = 0
      if !isOver {
        let known = judge.files.count
        let process = WatchedProcess(pid: call.pid, listener: ready.fd, call: call.id)
        error = judge.judge(call, of: process)
        if judge.files.count != known { watch.note(judge.files) }
      }
      _ = csandbox_answer(ready.fd, call.id, error)
    }
  }
#endif
