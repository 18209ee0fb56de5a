import AssetCore
import AssetState

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
/// that ends. The file says who holds it, for messages alone, and its time when the holder was last
/// seen to go on, so that it is known how long one took that was killed.
final class ProjectLock {
  /// Who held it before, and when that one was last seen to go on.
  struct Holder {
    var name: String
    var seenAt: Timestamp
  }

  private let descriptor: Int32
  private(set) var previous: Holder?

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
    guard descriptor >= 0 else {
      throw OperationError.unwritableFolder(folder + "/.assetctl", reason: lastSystemError())
    }
    let lock = ProjectLock(descriptor)
    var hasTold = false
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if !hasTold { waiting(lock.holder) }
      hasTold = true
      try await Task.sleep(for: .milliseconds(50))
    }
    lock.previous = lock.described
    ftruncate(descriptor, 0)
    _ = holder.withCString { pwrite(descriptor, $0, strlen($0), 0) }
    return lock
  }

  /// Marks twice a second that the holder goes on, until the task is cancelled.
  static func keepMarking(in folder: String) async {
    while (try? await Task.sleep(for: .milliseconds(500))) != nil {
      utimensat(AT_FDCWD, folder + "/.assetctl/lock", nil, 0)
    }
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

  private var described: Holder? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return nil }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return Holder(
      name: holder,
      seenAt: Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000))
  }

  private static func holder(in descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 200)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : "another process"
  }
}

extension Workspace {
  /// Waits for the right to materialize, and takes note of how long the last one who had it went on.
  func lock(for holder: String, waiting: (String) -> Void) async throws -> ProjectLock {
    let lock = try await ProjectLock.acquire(in: folder, holder: holder, waiting: waiting)
    if let previous = lock.previous {
      try state.noteSeen(previous.name, at: previous.seenAt)
    }
    return lock
  }
}
