import Dispatch
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Turns Ctrl-C and its kin into a cancelled task.
///
/// The signals get handlers, not `SIG_IGN`: what is ignored stays ignored in programs that are
/// started, and those must be free to end.
package enum Interruption {
  private static let pipeEnd = Atomic<Int32>(-1)

  /// Watches for signals from now on.
  ///
  /// - Parameters:
  ///   - first: Is called at the first of them; it asks for a clean end.
  ///   - second: Is called at the next; it ends at once.
  package static func watch(
    first: @escaping @Sendable () -> Void, second: @escaping @Sendable () -> Void
  ) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    pipeEnd.store(ends[1], ordering: .sequentiallyConsistent)
    // A handler may do no more than this.
    for number in [SIGINT, SIGTERM, SIGHUP] {
      handle(number) { _ in
        var byte: UInt8 = 0
        _ = write(Interruption.pipeEnd.load(ordering: .relaxed), &byte, 1)
      }
    }
    // A reader of our output that goes away is no reason to end a run.
    handle(SIGPIPE) { _ in }
    let read = ends[0]
    let thread = DispatchQueue(label: "assetctl.signals")
    thread.async {
      var byte: UInt8 = 0
      guard Self.wait(read, &byte) else { return }
      first()
      guard Self.wait(read, &byte) else { return }
      second()
    }
  }

  private static func handle(_ number: Int32, _ body: @escaping @convention(c) (Int32) -> Void) {
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = body
    #else
      action.__sigaction_handler.sa_handler = body
    #endif
    action.sa_flags = Int32(SA_RESTART)
    sigaction(number, &action, nil)
  }

  private static func wait(_ descriptor: Int32, _ byte: inout UInt8) -> Bool {
    while true {
      let count = read(descriptor, &byte, 1)
      if count == 1 { return true }
      if count < 0, errno == EINTR { continue }
      return false
    }
  }
}
