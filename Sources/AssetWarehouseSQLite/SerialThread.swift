import Dispatch

/// An executor that runs an actor's work one piece at a time, off Swift's shared threads.
///
/// A statement may run for minutes; on a shared thread it would keep the rest of the program, such
/// as live progress and Ctrl-C, from running.
final class SerialThread: SerialExecutor {
  private let queue: DispatchQueue

  init(name: String) { queue = DispatchQueue(label: name) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let executor = asUnownedSerialExecutor()
    queue.async { job.runSynchronously(on: executor) }
  }
}
