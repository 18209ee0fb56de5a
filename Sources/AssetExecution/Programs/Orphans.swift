import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Processes that programs left behind, in whatever process group or session they are now.
///
/// They are told by their environment, which says for which run and asset they were started. Other
/// systems than Linux have no way to ask; there, what leaves the process group of its program is
/// not found.
package enum Orphans {
  /// How long they may take to end after they were asked to, in milliseconds.
  private static let grace = 2000

  /// Ends what is left of programs of runs whose assetctl is dead.
  ///
  /// - Parameter runs: The names of the runs.
  /// - Returns: How many processes were ended.
  @discardableResult
  package static func end(ofRuns runs: [String]) -> Int {
    guard !runs.isEmpty else { return 0 }
    let marks = runs.map { "ASSETCTL_RUN=\($0)" }
    return end { environment in marks.contains { environment.contains($0) } }
  }

  /// Ends what is left of one asset's program.
  static func end(of asset: AssetKey, run: String) {
    let marks = ["ASSETCTL_RUN=\(run)", "ASSETCTL_ASSET=\(asset.name)"]
    end { environment in marks.allSatisfy { environment.contains($0) } }
  }

  @discardableResult
  private static func end(_ isOurs: ([String]) -> Bool) -> Int {
    let found = processes(isOurs)
    for process in found { kill(process, SIGTERM) }
    // What they start meanwhile is found by looking again.
    var left = found
    var waited = 0
    while !left.isEmpty, waited < grace {
      usleep(10_000)
      waited += 10
      left = processes(isOurs)
    }
    while !left.isEmpty {
      for process in left { kill(process, SIGKILL) }
      usleep(1000)
      waited += 1
      left = waited < grace + 1000 ? processes(isOurs) : []
    }
    return found.count
  }

  /// The processes of ours whose environment is as asked for; zombies have none.
  private static func processes(_ isOurs: ([String]) -> Bool) -> [pid_t] {
    #if os(Linux)
      return FilePublishing.names(in: "/proc").compactMap { name in
        guard let process = pid_t(name), process != getpid() else { return nil }
        return isOurs(environment(of: process)) ? process : nil
      }
    #else
      return []
    #endif
  }

  private static func environment(of process: pid_t) -> [String] {
    let descriptor = open("/proc/\(process)/environ", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return bytes.split(separator: 0).compactMap { entry in
      entry.starts(with: "ASSETCTL_".utf8) ? String(decoding: entry, as: UTF8.self) : nil
    }
  }
}
