import AssetCore

#if os(Linux)
  import CSandbox

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// assetctl as the process that becomes a watched program.
  ///
  /// The filter has to be set by the process itself before it becomes the program, and no code of
  /// ours may run between the start of a process and that. So assetctl starts itself.
  package enum WatchedProgram {
    /// The first argument by which assetctl knows that it is to become a program; then come the
    /// socket's name, the mode, the program's path and its words.
    private static let request = "--become-watched-program"

    /// The words that start a program so that it is watched.
    static func words(
      _ command: [String], executable: String, mode: SandboxMode, socket: String
    ) -> [String] {
      ["/proc/self/exe", request, socket, mode.rawValue, executable] + command
    }

    /// Becomes a program, if this process was started for that.
    package static func becomeIfAsked() {
      guard CommandLine.argc > 5, word(1) == request, let program = CommandLine.unsafeArgv[4]
      else { return }
      let connection = csandbox_connect(CommandLine.unsafeArgv[2])
      guard connection >= 0 else { _exit(126) }
      let listener = csandbox_watch()
      if listener >= 0 {
        guard csandbox_send(connection, csandbox_watched, 0, listener) == 0 else { _exit(126) }
      } else {
        let sent = csandbox_send(connection, csandbox_not_watched, -listener, -1)
        guard sent == 0, word(3) == SandboxMode.check.rawValue else { _exit(126) }
      }
      // Both descriptors close themselves when the program begins.
      _ = execv(program, CommandLine.unsafeArgv + 5)
      _ = csandbox_send(connection, csandbox_not_started, errno, -1)
      _exit(127)
    }

    private static func word(_ index: Int) -> String? {
      CommandLine.unsafeArgv[index].map { String(cString: $0) }
    }
  }
#else
  /// assetctl as the process that becomes a watched program, which is for Linux only.
  package enum WatchedProgram {
    package static func becomeIfAsked() {}
  }
#endif
