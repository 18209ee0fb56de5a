import AssetCore

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
  /// Empty when there is no such folder.
  package var files: @Sendable (_ folder: String) throws(FileProblem) -> [String]

  /// Whether there is a file of this path.
  package var exists: @Sendable (_ path: String) -> Bool

  package init(
    read: @escaping @Sendable (String) throws(FileProblem) -> [UInt8],
    files: @escaping @Sendable (String) throws(FileProblem) -> [String],
    exists: @escaping @Sendable (String) -> Bool
  ) {
    self.read = read
    self.files = files
    self.exists = exists
  }
}

/// Why a file cannot be had.
package enum FileProblem: Error, Equatable, Sendable {
  case missing
  /// In the operating system's words.
  case unreadable(String)
}

extension ProjectFolder {
  /// The folder on disk.
  ///
  /// - Parameter root: Its absolute path.
  /// - Returns: The folder; nothing is read before it is asked for.
  package static func disk(_ root: String) -> ProjectFolder {
    ProjectFolder(
      read: { (path) throws(FileProblem) in try readFile(root + "/" + path) },
      files: { (folder) throws(FileProblem) in
        var found: [String] = []
        try collectFiles(root: root, folder: folder, into: &found)
        return found.sorted()
      },
      exists: { path in
        var status = stat()
        return stat(root + "/" + path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      })
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

private func readFile(_ path: String) throws(FileProblem) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw errno == ENOENT ? .missing : .unreadable(String(cString: strerror(errno)))
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    throw .unreadable("it is not a file")
  }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: max(4096, min(Int(status.st_size) + 1, 1 << 20)))
  while true {
    let count = readChunk(descriptor, &chunk)
    if count < 0 { throw .unreadable(String(cString: strerror(errno))) }
    if count == 0 { return bytes }
    bytes += chunk[..<count]
  }
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
    var place = stat()
    if stat(current.isEmpty ? root : root + "/" + current, &place) == 0,
      !visited.insert("\(place.st_dev):\(place.st_ino)").inserted
    {
      continue
    }
    guard let directory = opendir(current.isEmpty ? root : root + "/" + current) else {
      if errno == ENOENT { continue }
      throw .unreadable("`\(current)`: \(String(cString: strerror(errno)))")
    }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.utf8.first != UInt8(ascii: "."), name != "__pycache__" else { continue }
      let path = current.isEmpty ? name : current + "/" + name
      var status = stat()
      guard stat(root + "/" + path, &status) == 0 else {
        // A name that is not UTF-8 cannot be looked at; what it matches is missing, never fresh.
        if name.unicodeScalars.contains("\u{FFFD}") { found.append(path) }
        continue
      }
      if status.st_mode & S_IFMT == S_IFDIR {
        pending.append(path)
      } else if status.st_mode & S_IFMT == S_IFREG {
        found.append(path)
      }
    }
  }
}
