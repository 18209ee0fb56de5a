import AssetCore

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
    var end = path.startIndex
    while let slash = path[end...].dropFirst().firstIndex(of: "/") {
      mkdir(String(path[..<slash]), 0o777)
      end = slash
    }
    if mkdir(path, 0o777) != 0, errno != EEXIST {
      throw .unwritable(path: path, reason: lastSystemError())
    }
  }

  /// Puts a finished file in its place, so that anyone sees the old bytes or the new ones.
  ///
  /// Across file systems, where a rename is not possible, the file is first copied beside its place.
  static func publish(_ candidate: String, at path: String) throws(StepError) {
    try makeFolder(parent(of: path))
    try sync(candidate)
    if rename(candidate, path) != 0 {
      guard errno == EXDEV else { throw .unwritable(path: path, reason: lastSystemError()) }
      let beside = path + ".assetctl-new"
      try copy(candidate, to: beside)
      try sync(beside)
      guard rename(beside, path) == 0 else {
        throw .unwritable(path: path, reason: lastSystemError())
      }
      unlink(candidate)
    }
    try sync(parent(of: path))
  }

  /// The folder that a path leads to, symbolic links followed, as far as it is there.
  static func realFolder(of path: String) -> String? {
    var folder = parent(of: path)
    while access(folder, F_OK) != 0, folder.contains("/") { folder = parent(of: folder) }
    guard let resolved = realpath(folder, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Puts a file aside that would otherwise be lost.
  static func keep(_ path: String, at kept: String) throws(StepError) {
    try makeFolder(parent(of: kept))
    try copy(path, to: kept)
  }

  /// Removes a folder with all that is in it; what cannot be removed stays.
  static func removeFolder(_ path: String) {
    for name in names(in: path) {
      let child = path + "/" + name
      if unlink(child) != 0 { removeFolder(child) }
    }
    rmdir(path)
  }

  /// The names of what is in a folder; nothing if there is none.
  static func names(in path: String) -> [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  private static func sync(_ path: String) throws(StepError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
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
