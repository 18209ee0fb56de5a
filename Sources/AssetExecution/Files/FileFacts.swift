package import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a folder says of a file, without reading it.
package struct FileFacts: Equatable, Sendable {
  package var isFile: Bool
  package var isFolder: Bool
  /// Size, inode and times; it differs whenever the content may differ.
  package var stamp: String
  /// When the content was written last.
  package var modifiedAt: Timestamp
  /// Whether the last change is so long ago that another one would have left another stamp.
  package var isSettled: Bool

  /// Looks at a path; `nil` if nothing is there.
  ///
  /// - Parameters:
  ///   - path: Where to look.
  ///   - shownPath: What messages call it; by default the path.
  /// - Throws: ``RowFileError/unreadable(file:reason:)`` for what cannot be looked at, which is not to
  ///   say that it is not there.
  package init?(path: String, shownPath: String? = nil) throws(RowFileError) {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard isAbsence(errno) else {
        throw .unreadable(file: shownPath ?? path, reason: lastSystemError())
      }
      return nil
    }
    #if canImport(Darwin)
      let modified = nanoseconds(status.st_mtimespec)
      let changed = nanoseconds(status.st_ctimespec)
    #else
      let modified = nanoseconds(status.st_mtim)
      let changed = nanoseconds(status.st_ctim)
    #endif
    isFile = status.st_mode & S_IFMT == S_IFREG
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    stamp = "\(status.st_ino):\(status.st_size):\(modified):\(changed)"
    modifiedAt = Timestamp(milliseconds: modified / 1_000_000)
    isSettled = AssetCore.isSettled(changed: changed, now: nanoseconds(now))
  }
}

/// Whether an error of the system says that something is not there, and not that it could not be looked at.
func isAbsence(_ error: Int32) -> Bool { error == ENOENT || error == ENOTDIR }

/// Digests what a path holds: the bytes of a file, or all that is in a folder.
///
/// - Parameters:
///   - path: Where it is.
///   - shownPath: What messages call it.
///   - root: The project's folder, beyond which no symbolic link in a folder is followed.
///   - place: Where it is to be published; `nil` if it is there.
/// - Throws: A ``RowFileError`` if something in it cannot be read.
/// - Returns: The digest; of a folder one of the names and contents together.
package func digestOutput(
  _ path: String, shownPath: String, root: String, place: String? = nil
) throws -> ContentDigest {
  guard try FileFacts(path: path, shownPath: shownPath)?.isFolder == true else {
    return try digestFile(path, shownPath: shownPath)
  }
  return try FileTree(path, shownPath: shownPath, root: root, place: place).digest()
}

/// Digests a file's bytes.
///
/// - Parameters:
///   - path: Where it is.
///   - shownPath: What messages call it.
/// - Throws: A ``RowFileError`` if it cannot be read.
/// - Returns: The SHA-256 of its bytes.
package func digestFile(_ path: String, shownPath: String) throws -> ContentDigest {
  // A pipe that nobody writes to, or a device, would be read for ever.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else {
    throw RowFileError.unreadable(file: shownPath, reason: lastSystemError())
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    throw RowFileError.unreadable(file: shownPath, reason: "it is neither a file nor a folder")
  }
  var hasher = FileHasher()
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
  defer { buffer.deallocate() }
  while true {
    let count = read(descriptor, buffer.baseAddress, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else {
      throw RowFileError.unreadable(file: shownPath, reason: lastSystemError())
    }
    if count == 0 { return hasher.finalize() }
    hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
  }
}

private func nanoseconds(_ time: timespec) -> Int64 {
  Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
