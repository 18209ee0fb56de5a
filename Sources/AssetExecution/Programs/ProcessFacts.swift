#if os(Linux)
  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// What the system tells of a process.
  struct ProcessFacts {
    /// A process, and no later one of the same number.
    struct Identity: Hashable {
      var pid: pid_t
      /// When it began, in ticks since the system began.
      var start: Int64
    }

    var identity: Identity
    var parent: pid_t
    /// Whether it has ended, and only waits for its parent to notice.
    var hasEnded: Bool

    var pid: pid_t { identity.pid }

    /// Looks at a process; `nil` if there is none.
    init?(_ pid: pid_t) {
      let file = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return nil }
      defer { close(file) }
      let bytes = [UInt8](unsafeUninitializedCapacity: 1024) { buffer, count in
        count = max(0, read(file, buffer.baseAddress, buffer.count))
      }
      // The program's name is in parentheses, and may hold any.
      guard let end = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
      let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " ")).map {
        String(decoding: $0, as: UTF8.self)
      }
      guard fields.count > 19, let parent = pid_t(fields[1]), let start = Int64(fields[19]) else {
        return nil
      }
      identity = Identity(pid: pid, start: start)
      self.parent = parent
      hasEnded = ["Z", "X", "x"].contains(fields[0])
    }

    /// All processes.
    static func all() -> [ProcessFacts] {
      FilePublishing.names(in: "/proc").compactMap { pid_t($0) }.compactMap { ProcessFacts($0) }
    }

    /// The children of this process; `nil` where the system does not tell.
    static func ownChildren() -> [pid_t]? {
      var children: [pid_t] = []
      for thread in FilePublishing.names(in: "/proc/self/task") {
        let file = open("/proc/self/task/\(thread)/children", O_RDONLY | O_CLOEXEC)
        // A thread may have ended meanwhile.
        guard file >= 0 else {
          if thread == String(getpid()) { return nil }
          continue
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
          let count = read(file, &buffer, buffer.count)
          guard count > 0 else { break }
          bytes += buffer[..<count]
        }
        children += bytes.split(separator: UInt8(ascii: " ")).compactMap {
          pid_t(String(decoding: $0, as: UTF8.self))
        }
      }
      return children
    }

    /// The present, in ticks since the system began.
    static func now() -> Int64 {
      var time = timespec()
      clock_gettime(CLOCK_BOOTTIME, &time)
      let ticks = Int64(sysconf(Int32(_SC_CLK_TCK)))
      return Int64(time.tv_sec) * ticks + Int64(time.tv_nsec) * ticks / 1_000_000_000
    }
  }
#endif
