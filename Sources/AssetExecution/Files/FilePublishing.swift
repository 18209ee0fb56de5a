import AssetCore

#if os(Linux)
  import CSandbox
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files that were written to one place and become visible in another, by a rename.
enum FilePublishing {
  /// Makes a folder and those that it lies in.
  static func makeFolder(_ path: String) throws(StepError) {
    // Mostly the folder that it lies in is there.
    if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    let error = errno
    if error == ENOENT, let folder = PathText.folder(of: path), !folder.isEmpty {
      try makeFolder(folder)
      if mkdir(path, 0o777) == 0 || errno == EEXIST { return }
    }
    throw .unwritable(path: path, reason: systemError(error))
  }

  /// A finished file or folder, and the place where it is to be seen.
  struct Move {
    var candidate: String
    var path: String
  }

  /// Puts finished files and folders in their places, all of them or none.
  ///
  /// Each takes its place by one rename, so that anyone sees the old content or the new one; what was
  /// there before is at the candidate's place afterwards. If one cannot be put in its place, those
  /// before it are taken back.
  static func publish(_ moves: [Move]) throws(StepError) {
    var ready: [Move] = []
    // What is brought near is in nobody's work folder, and is left nowhere, whatever happens.
    defer {
      for (move, beside) in zip(moves, ready) where beside.candidate != move.candidate {
        remove(beside.candidate)
      }
    }
    for move in moves {
      try makeFolder(parent(of: move.path))
      try syncAll(move.candidate)
      ready.append(try broughtNear(move))
    }
    var done: [(move: Move, hadOld: Bool)] = []
    do {
      for move in ready { done.append((move, try exchange(move))) }
    } catch {
      for (move, hadOld) in done.reversed() {
        if hadOld { _ = try? exchange(move) } else { rename(move.path, move.candidate) }
      }
      throw error
    }
    for folder in Set(moves.map { parent(of: $0.path) }) { try sync(folder) }
    for (move, beside) in zip(moves, ready) where beside.candidate != move.candidate {
      remove(move.candidate)
    }
  }

  /// The same move from within the file system of its target, where a rename is possible.
  private static func broughtNear(_ move: Move) throws(StepError) -> Move {
    guard fileSystem(of: move.candidate) != fileSystem(of: parent(of: move.path)) else {
      return move
    }
    let near = move.path + ".assetctl-new"
    remove(near)
    do {
      try copyAll(move.candidate, to: near)
      try syncAll(near)
    } catch {
      remove(near)
      // It is the output that cannot be written, whatever is made of it on the way.
      guard case .unwritable(let path, let reason) = error, PathText.lies(path, in: near) else {
        throw error
      }
      throw .unwritable(path: move.path, reason: reason)
    }
    return Move(candidate: near, path: move.path)
  }

  /// Puts a candidate in its place; true if there was something, which is at the candidate's place now.
  private static func exchange(_ move: Move) throws(StepError) -> Bool {
    var status = stat()
    let hadOld = lstat(move.path, &status) == 0
    if !hadOld {
      guard rename(move.candidate, move.path) == 0 else {
        throw .unwritable(path: move.path, reason: lastSystemError())
      }
      return false
    }
    if Exchange.swap(move.candidate, move.path) { return true }
    // Without an exchange the place is empty for a moment.
    let aside = move.path + ".assetctl-old"
    remove(aside)
    guard rename(move.path, aside) == 0 else {
      throw .unwritable(path: move.path, reason: lastSystemError())
    }
    guard rename(move.candidate, move.path) == 0 else {
      let reason = lastSystemError()
      rename(aside, move.path)
      throw .unwritable(path: move.path, reason: reason)
    }
    guard rename(aside, move.candidate) == 0 else {
      let reason = lastSystemError()
      rename(move.path, move.candidate)
      rename(aside, move.path)
      throw .unwritable(path: move.path, reason: reason)
    }
    return true
  }

  /// The folder that a path leads to, symbolic links followed, as far as it is there.
  static func realFolder(of path: String) -> String? {
    var folder = parent(of: path)
    while access(folder, F_OK) != 0, PathText.hasFolder(folder) { folder = parent(of: folder) }
    guard let resolved = realpath(folder, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Puts a file or folder aside that would otherwise be lost.
  static func keep(_ path: String, at kept: String) throws(StepError) {
    try makeFolder(parent(of: kept))
    try copyAll(path, to: kept)
  }

  /// The text that a symbolic link holds.
  static func text(ofLink path: String) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    let bytes = buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:))
    return String(validating: bytes, as: UTF8.self) ?? FolderNames.escaped(bytes)
  }

  /// Whether a file is there that holds nothing.
  static func isEmptyFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_size == 0
  }

  /// Whether a symbolic link is there.
  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Removes a folder with all that is in it; what cannot be removed stays.
  static func removeFolder(_ path: String) { removeFolder(Array(path.utf8)) }

  /// Removes a file, a link, or a folder with all that is in it; no link is followed.
  static func remove(_ path: String) { remove(Array(path.utf8)) }

  // By bytes, as a name need not be UTF-8.
  private static func removeFolder(_ path: [UInt8]) {
    let text = path.map(CChar.init(bitPattern:)) + [0]
    for name in (try? FolderNames.read(text)) ?? [] { remove(path + [UInt8(ascii: "/")] + name) }
    rmdir(text)
  }

  private static func remove(_ path: [UInt8]) {
    let text = path.map(CChar.init(bitPattern:)) + [0]
    if unlink(text) != 0, errno != ENOENT { removeFolder(path) }
  }

  /// The names of what is in a folder; nothing if there is none, or if it cannot be read.
  static func names(in path: String) -> [String] { (try? allNames(in: path)) ?? [] }

  /// The names of what is in a folder that is to be published whole; nothing if there is none.
  ///
  /// - Parameter path: The folder's path.
  /// - Throws: ``StepError/unwritable(path:reason:)`` if it cannot be read.
  /// - Returns: The names; those that are no texts as nearly as a text can be.
  static func allNames(in path: String) throws(StepError) -> [String] {
    do throws(FolderNames.Unreadable) {
      return try FolderNames.read(Array(path.utf8CString)).map {
        String(decoding: $0, as: UTF8.self)
      }
    } catch {
      throw .unwritable(path: path, reason: error.reason)
    }
  }

  static func parent(of path: String) -> String {
    PathText.folder(of: path) ?? "."
  }

  private static func fileSystem(of path: String) -> UInt64? {
    var status = stat()
    return stat(path, &status) == 0 ? UInt64(status.st_dev) : nil
  }

  /// Makes sure that a file, or all that is in a folder, is on the disk.
  ///
  /// Of a folder of many files the whole file system is written at once, where that is possible.
  private static func syncAll(_ path: String) throws(StepError) {
    var paths: [String] = []
    try collect(path, into: &paths)
    if paths.count > mostSyncs, try syncFileSystem(of: path) { return }
    for path in paths { try sync(path) }
  }

  /// From so many files on, it takes less time to write all that the file system has not written.
  private static let mostSyncs = 64

  /// Collects what is to be on the disk, the content of a folder before the folder.
  private static func collect(_ path: String, into paths: inout [String]) throws(StepError) {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFLNK else { return }
    if status.st_mode & S_IFMT == S_IFDIR {
      for name in try allNames(in: path) { try collect(path + "/" + name, into: &paths) }
    }
    paths.append(path)
  }

  /// Writes all of a file system; false where there is no such call.
  private static func syncFileSystem(of path: String) throws(StepError) -> Bool {
    #if os(Linux)
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .unwritable(path: path, reason: lastSystemError()) }
      defer { close(descriptor) }
      let error = csandbox_sync_file_system(descriptor)
      guard error == 0 || error == -ENOSYS else {
        throw .unwritable(path: path, reason: systemError(-error))
      }
      return error == 0
    #else
      return false
    #endif
  }

  /// Copies a file, or a folder with all that is in it; links stay links.
  private static func copyAll(_ source: String, to target: String) throws(StepError) {
    var status = stat()
    guard lstat(source, &status) == 0 else {
      throw .unwritable(path: source, reason: lastSystemError())
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      try makeFolder(target)
      for name in try allNames(in: source) {
        try copyAll(source + "/" + name, to: target + "/" + name)
      }
    case S_IFLNK:
      var text = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
      guard readlink(source, &text, text.count - 1) >= 0, symlink(text, target) == 0 else {
        throw .unwritable(path: target, reason: lastSystemError())
      }
    case S_IFREG:
      try copy(source, to: target)
      chmod(target, status.st_mode & 0o777)
    default: break
    }
  }

  private static func sync(_ path: String) throws(StepError) {
    // A named pipe would be waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: lastSystemError()) }
    defer { close(descriptor) }
    // Some file systems cannot sync a folder; then a rename is as safe as it gets.
    if fsync(descriptor) != 0, errno != EINVAL {
      throw .unwritable(path: path, reason: lastSystemError())
    }
  }

  private static func copy(_ source: String, to target: String) throws(StepError) {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw .unwritable(path: source, reason: lastSystemError()) }
    defer { close(input) }
    let output = open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard output >= 0 else { throw .unwritable(path: target, reason: lastSystemError()) }
    defer { close(output) }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = read(input, buffer.baseAddress, buffer.count)
      guard count >= 0 else { throw .unwritable(path: source, reason: lastSystemError()) }
      if count == 0 { return }
      var start = 0
      while start < count {
        let written = write(output, buffer.baseAddress.map { $0 + start }, count - start)
        guard written > 0 else { throw .unwritable(path: target, reason: lastSystemError()) }
        start += written
      }
    }
  }
}
