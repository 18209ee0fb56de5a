import AssetCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What loading asks of a folder; paths are relative to it and use `/`.
package struct ProjectFolder: Sendable {
  /// The bytes of a file, or why they cannot be had.
  package var read: @Sendable (_ path: String) throws(FileProblem) -> [UInt8]
  /// The paths of all files under a folder, at any depth, sorted; hidden ones are left out.
  ///
  /// Empty when there is no such folder. What is listed but leads nowhere, such as a link to nothing, is
  /// among them; what cannot be looked at is a problem, as it may be anything.
  package var files: @Sendable (_ folder: String) throws(FileProblem) -> [String]

  /// Whether there is a file of this path, or why that cannot be told.
  package var exists: @Sendable (_ path: String) throws(FileProblem) -> Bool

  /// What a file's entry in its folder says of it; `nil` where there is no such thing.
  var facts: @Sendable (_ path: String) -> (size: Int, stamp: String)? = { _ in nil }
  /// The digest of a file's bytes, which are not kept.
  var digest: @Sendable (_ path: String) throws(FileProblem) -> ContentDigest

  /// A text that two paths, absolute or relative to the folder, share just if they lead to one file,
  /// whether it is there yet or not.
  var identity: @Sendable (_ path: String) -> String = { path in
    (try? ProjectPath.normalizeDatabase(path).get()) ?? path
  }

  /// Is told of each file by its path that was read, asked for or matched by a pattern.
  var note: @Sendable (_ path: String) -> Void = { _ in }

  package init(
    read: @escaping @Sendable (String) throws(FileProblem) -> [UInt8],
    files: @escaping @Sendable (String) throws(FileProblem) -> [String],
    exists: @escaping @Sendable (String) throws(FileProblem) -> Bool
  ) {
    self.read = read
    self.files = files
    self.exists = exists
    digest = { (path) throws(FileProblem) in ContentDigest(fileBytes: try read(path)) }
  }
}

extension ProjectFolder {
  /// The same folder, with a record of the files that were named.
  func recording(in record: FileRecord) -> ProjectFolder {
    let (read, exists) = (self.read, self.exists)
    var folder = self
    folder.note = { record.note($0) }
    folder.read = { (path) throws(FileProblem) in
      record.note(path)
      return try read(path)
    }
    folder.exists = { (path) throws(FileProblem) in
      record.note(path)
      return try exists(path)
    }
    return folder
  }
}

/// The files that declarations name.
final class FileRecord: Sendable {
  private let noted = Mutex<Set<String>>([])

  var paths: Set<String> { noted.withLock { $0 } }

  func note(_ path: String) { _ = noted.withLock { $0.insert(path) } }
}

/// Why a file cannot be had.
package enum FileProblem: Error, Equatable, Sendable {
  case missing
  /// It could not be looked at, which is not to say that it is not there; in the operating system's words.
  case unreadable(String)

  /// What the last system call that failed says of a file.
  fileprivate static func last(of path: String? = nil) -> FileProblem {
    if errno == ENOENT || errno == ENOTDIR { return .missing }
    let reason = String(cString: strerror(errno)).lowercased()
    return .unreadable(path.map { "`\($0)`: \(reason)" } ?? reason)
  }
}

extension ProjectFolder {
  /// The folder on disk.
  ///
  /// - Parameter root: Its absolute path.
  /// - Returns: The folder; nothing is read before it is asked for.
  package static func disk(_ root: String) -> ProjectFolder {
    var folder = ProjectFolder(
      read: { (path) throws(FileProblem) in try readFile(root + "/" + path) },
      files: { (folder) throws(FileProblem) in
        var found: [String] = []
        try collectFiles(root: root, folder: folder, into: &found)
        return found.sorted()
      },
      exists: { (path) throws(FileProblem) in
        try kind(of: root + "/" + path) == S_IFREG
      })
    folder.facts = { stamp(of: root + "/" + $0) }
    folder.identity = { AssetLoading.identity(of: $0.hasPrefix("/") ? $0 : root + "/" + $0) }
    folder.digest = { (path) throws(FileProblem) in try digestFile(root + "/" + path) }
    return folder
  }

  /// A folder that is only in memory, for tests.
  package static func memory(_ files: [String: String]) -> ProjectFolder {
    ProjectFolder(
      read: { (path) throws(FileProblem) in
        guard let text = files[path] else { throw .missing }
        return Array(text.utf8)
      },
      files: { (folder) throws(FileProblem) in
        files.keys.filter { folder.isEmpty || PathText.lies($0, in: folder) }.sorted()
      },
      exists: { files[$0] != nil })
  }
}

/// What stands at a path, links followed; `nil` if nothing does.
private func kind(of path: String, shownAs shown: String? = nil) throws(FileProblem) -> mode_t? {
  var status = stat()
  if stat(path, &status) == 0 { return status.st_mode & S_IFMT }
  let problem = FileProblem.last(of: shown)
  guard problem == .missing else { throw problem }
  return nil
}

private func readFile(_ path: String) throws(FileProblem) -> [UInt8] {
  var bytes: [UInt8] = []
  try readChunks(of: path) { bytes += $0 }
  return bytes
}

private func digestFile(_ path: String) throws(FileProblem) -> ContentDigest {
  var hasher = FileHasher()
  try readChunks(of: path) { chunk in chunk.withUnsafeBytes { hasher.update($0) } }
  return hasher.finalize()
}

private func readChunks(
  of path: String, _ take: (ArraySlice<UInt8>) -> Void
) throws(FileProblem) {
  // What is no file is not waited for.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw .last() }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    throw .unreadable("it is not a file")
  }
  var chunk = [UInt8](repeating: 0, count: max(4096, min(Int(status.st_size) + 1, 1 << 20)))
  while true {
    let count = readChunk(descriptor, &chunk)
    if count < 0 { throw .last() }
    if count == 0 { return }
    take(chunk[..<count])
  }
}

/// Size, inode and times of a file, if its last change is so long ago that another one would have left
/// another stamp.
private func stamp(of path: String) -> (size: Int, stamp: String)? {
  var status = stat()
  var now = timespec()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  clock_gettime(CLOCK_REALTIME, &now)
  func nanoseconds(_ time: timespec) -> Int64 {
    Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
  #if canImport(Darwin)
    let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
  #else
    let (modified, changed) = (status.st_mtim, status.st_ctim)
  #endif
  let stamp = "\(status.st_ino):\(status.st_size):\(nanoseconds(modified)):\(nanoseconds(changed))"
  let isSettled = isSettled(changed: nanoseconds(changed), now: nanoseconds(now))
  return (Int(status.st_size), isSettled ? stamp : "")
}

private func readChunk(_ descriptor: Int32, _ chunk: inout [UInt8]) -> Int {
  chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
}

/// Collects by `readdir`; the walk keeps its own list, so that depth costs no stack.
private func collectFiles(
  root: String, folder: String, into found: inout [String]
) throws(FileProblem) {
  var pending = [folder]
  // A symbolic link may lead back to a folder above.
  var visited: Set<String> = []
  while let current = pending.popLast() {
    let place = current.isEmpty ? root : root + "/" + current
    var status = stat()
    if stat(place, &status) == 0,
      !visited.insert("\(status.st_dev):\(status.st_ino)").inserted
    {
      continue
    }
    guard let directory = opendir(place) else {
      let problem = FileProblem.last(of: current)
      // A link to nothing is there, and what it is to lead to may be anything.
      if problem == .missing, lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFLNK {
        throw .unreadable("`\(current)` is a link to nothing")
      }
      if problem == .missing { continue }
      throw problem
    }
    defer { closedir(directory) }
    while let name = try nextName(in: directory, of: current) {
      guard name.utf8.first != UInt8(ascii: "."), name != "__pycache__" else { continue }
      let path = current.isEmpty ? name : current + "/" + name
      switch try kind(of: root + "/" + path, shownAs: path) {
      case S_IFDIR?: pending.append(path)
      case S_IFREG?: found.append(path)
      case nil:
        // A link to nothing, or a name that is not UTF-8 and cannot be looked at: what it matches is
        // missing, never fresh. What is gone since it was listed is none of both.
        let isLink = lstat(root + "/" + path, &status) == 0
        if isLink || name.unicodeScalars.contains("\u{FFFD}") { found.append(path) }
      default: break
      }
    }
  }
}

/// The next name in a folder; `nil` after the last one.
private func nextName(
  in directory: OpaquePointer, of folder: String
) throws(FileProblem) -> String? {
  errno = 0
  guard let entry = readdir(directory) else {
    if errno != 0 { throw .unreadable("`\(folder)`: " + String(cString: strerror(errno))) }
    return nil
  }
  return withUnsafePointer(to: &entry.pointee.d_name) { pointer in
    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
  }
}

/// What file an absolute path leads to: its number, or if it is not there the place where it would be.
private func identity(of path: String) -> String {
  var entry = stat()
  if stat(path, &entry) == 0 { return "\(entry.st_dev):\(entry.st_ino)" }
  let parent = ProjectPath.folder(of: path)
  guard !parent.isEmpty, parent != path else { return path }
  guard let real = realpath(parent, nil) else {
    return (try? ProjectPath.normalizeDatabase(path).get()) ?? path
  }
  defer { free(real) }
  return String(cString: real) + "/" + ProjectPath.fileName(of: path)
}
