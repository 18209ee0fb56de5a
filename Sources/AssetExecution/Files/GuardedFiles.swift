import AssetCore
import Synchronization

/// The published outputs of other assets, which a program is not to write.
///
/// They are looked at before and after it; of projects with very many outputs that would cost more than
/// it tells, and `status` finds what was altered.
struct GuardedFiles {
  struct Overwritten {
    var path: String
    var owner: AssetKey
  }

  /// More outputs than this are not looked at.
  private static let most = 500

  private var stamps: [String: String] = [:]
  private var owners: [String: AssetKey] = [:]
  private let publications: Int

  init(of context: StepContext, besides asset: Asset) {
    publications = context.programs.publications
    let others = context.published.assets.filter { $0.value != asset.key.asset }
    guard others.count <= Self.most else { return }
    for (path, owner) in others {
      guard let facts = try? FileFacts(path: context.folder.absolute(path)), facts.isFile else {
        continue
      }
      stamps[path] = facts.stamp
      owners[path] = owner
    }
  }

  /// What was written since, and not published by this run.
  func overwritten(since context: StepContext) -> [Overwritten] {
    guard !stamps.isEmpty else { return [] }
    let changed = stamps.sorted { $0.key < $1.key }.filter { path, stamp in
      (try? FileFacts(path: context.folder.absolute(path)))?.stamp != stamp
    }
    // What is asked for last covers all that was seen.
    let published = context.programs.published(since: publications)
    return changed.compactMap { path, _ in
      guard !published.contains(path), let owner = owners[path] else { return nil }
      return Overwritten(path: path, owner: owner)
    }
  }

  static func warning(of file: Overwritten, after asset: AssetKey) -> Diagnostic {
    Diagnostic(
      "`\(file.path)`, which `\(file.owner)` publishes, was written while the program of `\(asset)` ran",
      severity: .warning, hint: "programs are to write to their own outputs alone")
  }
}

/// The programs that run at the same time, and the outputs that were published meanwhile.
final class RunningPrograms: Sendable {
  private struct State {
    var next = 0
    /// For each program that runs, whether it has done so alone.
    var alone: [Int: Bool] = [:]
    /// The outputs that this run has published, each with how many were before it.
    var published: [String: Int] = [:]
    var publications = 0
    /// The outputs that are being published just now, each with by how many.
    var publishing: [String: Int] = [:]
  }

  private let state = Mutex(State())

  func begin() -> Int {
    state.withLock { state in
      state.next += 1
      for other in state.alone.keys { state.alone[other] = false }
      state.alone[state.next] = state.alone.isEmpty
      return state.next
    }
  }

  /// Ends a program.
  ///
  /// - Returns: Whether no other one ran meanwhile.
  func end(_ program: Int) -> Bool {
    state.withLock { $0.alone.removeValue(forKey: program) ?? false }
  }

  /// Publishes outputs, and takes note of that: while it is done and afterwards.
  func publishing(_ outputs: some Sequence<String>, _ publish: () throws -> Void) rethrows {
    let outputs = Array(outputs)
    state.withLock { state in for output in outputs { state.publishing[output, default: 0] += 1 } }
    defer {
      state.withLock { state in
        for output in outputs {
          state.publishing[output, default: 1] -= 1
          state.publications += 1
          state.published[output] = state.publications
        }
      }
    }
    try publish()
  }

  /// How many outputs this run has published.
  var publications: Int { state.withLock { $0.publications } }

  /// The outputs that this run has published since there were so many, or is about to.
  func published(since count: Int) -> Set<String> {
    state.withLock { state in
      Set(state.published.filter { $0.value > count }.keys)
        .union(state.publishing.filter { $0.value > 0 }.keys)
    }
  }
}
