#if os(Linux)
  import CSandbox

  #if canImport(Glibc)
    import Glibc
  #else
    import Musl
  #endif

  /// A process that waits for leave to make a call.
  struct WatchedProcess {
    let pid: Int32
    /// What the call waits at, and its number there.
    let listener: Int32
    let call: UInt64

    /// A path as the process gave it, made absolute; perhaps through the folders that it has open.
    enum GivenPath {
      case path([UInt8])
      /// A device or a view of the system, some of which show each process something else.
      case special
    }

    /// Reads a path from the memory of the process; `nil` if that cannot be done.
    func path(at address: UInt64, in folder: Int32) -> GivenPath? {
      // While the call waits, the memory is that of its process, and of no later one.
      guard let bytes = text(at: address), csandbox_waits(listener, call) != 0 else { return nil }
      guard !bytes.isEmpty else { return .special }
      let own = "/proc/\(pid)/"
      guard bytes[0] == UInt8(ascii: "/") else {
        return .path(Array((own + (folder == AT_FDCWD ? "cwd/" : "fd/\(folder)/")).utf8) + bytes)
      }
      for (name, place) in [("/proc/self/", own), ("/dev/fd/", own + "fd/")]
      where bytes.starts(with: name.utf8) {
        return .path(Array(place.utf8) + bytes.dropFirst(name.utf8.count))
      }
      let isSpecial = ["/dev/", "/sys/", "/proc/thread-self/"].contains {
        bytes.starts(with: $0.utf8)
      }
      return isSpecial ? .special : .path(bytes)
    }

    /// The flags that a file is to be opened with.
    func flags(of call: csandbox_call) -> Int32? {
      guard call.flags_address != 0 else { return Int32(truncatingIfNeeded: call.flags) }
      var flags: UInt64 = 0
      let size = csandbox_read(pid, call.flags_address, &flags, UInt64(MemoryLayout<UInt64>.size))
      return size == MemoryLayout<UInt64>.size ? Int32(truncatingIfNeeded: flags) : nil
    }

    /// The bytes up to the next zero, read page by page.
    private func text(at address: UInt64) -> [UInt8]? {
      var bytes: [UInt8] = []
      let longest = 4096
      while bytes.count < longest {
        let start = bytes.count
        let room = longest - start
        let part = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
          let size = csandbox_read(
            pid, address + UInt64(start), buffer.baseAddress, UInt64(room))
          count = max(0, size)
        }
        guard !part.isEmpty else { return nil }
        if let end = part.firstIndex(of: 0) { return bytes + part[..<end] }
        bytes += part
      }
      return nil
    }
  }

  /// Where a path leads.
  struct FilePlace {
    /// The absolute path without symbolic links.
    var path: String
    var isFile: Bool
    var isFolder: Bool

    /// Follows a path; `nil` if nothing is there.
    init?(_ path: some Sequence<UInt8>, followsLink: Bool = true) {
      // Just finds the file: no right to read is needed, and no reader of a pipe is kept waiting.
      let flags = Self.placeOnly | O_CLOEXEC | (followsLink ? 0 : O_NOFOLLOW)
      let found = (path.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer { path in
        path.baseAddress.map { open($0, flags) } ?? -1
      }
      guard found >= 0 else { return nil }
      defer { close(found) }
      var status = stat()
      guard fstat(found, &status) == 0, let real = Self.target(ofLink: "/proc/self/fd/\(found)")
      else { return nil }
      self.path = real
      isFile = status.st_mode & S_IFMT == S_IFREG
      isFolder = status.st_mode & S_IFMT == S_IFDIR
    }

    /// The real path of a file that is not there yet; `nil` if its folder is not there either.
    static func ofNew(_ path: [UInt8]) -> String? {
      guard let slash = path.lastIndex(of: UInt8(ascii: "/")),
        let folder = FilePlace(path[...slash] + [UInt8(ascii: ".")])
      else { return nil }
      return (folder.path == "/" ? "" : folder.path)
        + String(decoding: path[slash...], as: UTF8.self)
    }

    /// `O_PATH`.
    private static let placeOnly: Int32 = 0o10_000_000

    private static func target(ofLink link: String) -> String? {
      let target = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
        let room = UnsafeMutableRawBufferPointer(buffer).assumingMemoryBound(to: CChar.self)
        count = room.baseAddress.map { max(0, readlink(link, $0, room.count)) } ?? 0
      }
      return target.isEmpty ? nil : String(decoding: target, as: UTF8.self)
    }
  }
#endif
