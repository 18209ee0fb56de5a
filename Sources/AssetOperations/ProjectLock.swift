import AssetExecution

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The right to materialize in a project, which one process has at a time.
///
/// It is a lock of the operating system on `.assetctl/lock`, so it ends with its holder, however
/// that ends. The file says who holds it, for messages alone.
final class ProjectLock {
  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Gives the lock back when nothing refers to it any more.
  deinit { close(descriptor) }

  /// Waits for the lock.
  ///
  /// - Parameters:
  ///   - folder: The project's folder; `.assetctl` exists in it.
  ///   - holder: What to say of the holder.
  ///   - waiting: Is told once who holds it, if somebody does.
  /// - Throws: A `CancellationError` if the task is cancelled while it waits.
  /// - Returns: The lock, held as long as it is referred to.
  static func acquire(
    in folder: String, holder: String, waiting: (String) -> Void
  ) async throws -> ProjectLock {
    let descriptor = open(folder + "/.assetctl/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw OperationError.unwritableFolder(folder) }
    let lock = ProjectLock(descriptor)
    var hasTold = false
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if !hasTold { waiting(lock.holder) }
      hasTold = true
      try await Task.sleep(for: .milliseconds(50))
    }
    ftruncate(descriptor, 0)
    _ = holder.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    return lock
  }

  /// Whether a process is materializing in the project now.
  static func isHeld(in folder: String) -> Bool {
    let descriptor = open(folder + "/.assetctl/lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  /// Whether a process is carrying out the given run now.
  static func isHeld(in folder: String, by run: String) -> Bool {
    let descriptor = open(folder + "/.assetctl/lock", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && holder(in: descriptor) == run
  }

  private var holder: String { Self.holder(in: descriptor) }

  private static func holder(in descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : "another process"
  }
}
