#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// assetctl's own folder in a project.
enum StateFolder {
  /// Makes the folder, of which version control is to take nothing.
  ///
  /// - Parameter folder: The project's folder.
  /// - Throws: ``OperationError/unwritableFolder(_:reason:)`` if it cannot be made.
  static func make(in folder: String) throws(OperationError) {
    let path = folder + "/.assetctl"
    var status = stat()
    if mkdir(path, 0o777) != 0 {
      let reason = lastSystemError()
      guard stat(path, &status) == 0 else { throw .unwritableFolder(path, reason: reason) }
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw .unwritableFolder(path, reason: String(cString: strerror(ENOTDIR)))
      }
    }
    // Whatever somebody wrote there stays. Where nothing can be written, what needs it will say so.
    let ignored = open(path + "/.gitignore", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard ignored >= 0 else { return }
    _ = write(ignored, "*\n", 2)
    close(ignored)
  }

  /// Takes back what was made before anything else was; with more in it the folder stays.
  static func remove(in folder: String) {
    let path = folder + "/.assetctl"
    for name in ["/.gitignore", "/cache.key"] { unlink(path + name) }
    rmdir(path)
  }
}

/// The system's words for the last call that failed.
func lastSystemError() -> String { String(cString: strerror(errno)) }
