import AssetCore
import AssetExecution
import AssetState

/// Looks at files, remembering their digests by what their folder says of them.
struct FileLooks {
  let folder: String
  private let state: StateStore
  private let known: [String: FileStamp]
  private var fresh: [String: FileStamp] = [:]
  private(set) var readCount = 0

  init(of workspace: Workspace) throws {
    folder = workspace.folder
    state = workspace.state
    known = try state.fileStamps()
  }

  /// Remembers what was read.
  ///
  /// A store that cannot be written is no reason not to answer; the next look costs as much again.
  func remember() { try? state.remember(fresh) }

  mutating func observe(_ path: String) -> Observation {
    let absolute = folder + "/" + path
    do {
      guard let facts = try FileFacts(path: absolute, shownPath: path) else { return .missing }
      guard facts.isFile || facts.isFolder else { return .replaced }
      let look = try look(at: path, facts)
      if look.isSettled, let stamp = known[path], stamp.stamp == look.stamp {
        return .present([.whole: stamp.digest])
      }
      readCount += 1
      let digest = try look.tree?.digest() ?? digestFile(absolute, shownPath: path)
      // Only what was settled before it was read, and is unchanged after, may be remembered.
      if look.isSettled, let after = try FileFacts(path: absolute, shownPath: path),
        try self.look(at: path, after).stamp == look.stamp
      {
        fresh[path] = FileStamp(stamp: look.stamp, digest: digest)
      }
      return .present([.whole: digest])
    } catch {
      return .unknown((error as? any DiagnosableError)?.diagnostics.first?.summary ?? "\(error)")
    }
  }

  private func look(
    at path: String, _ facts: FileFacts
  ) throws(RowFileError) -> (stamp: String, isSettled: Bool, tree: FileTree?) {
    guard facts.isFolder else { return (facts.stamp, facts.isSettled, nil) }
    let tree = try FileTree(folder + "/" + path, shownPath: path, root: folder)
    return (tree.stamp, tree.isSettled, tree)
  }

  /// The files of an asset, together; one that is missing makes the asset missing.
  mutating func observe(_ asset: Asset) -> Observation {
    var digests: [String: ContentDigest] = [:]
    for output in asset.outputs {
      let observation = observe(output)
      guard case .present(let content) = observation, let digest = content[.whole] else {
        return observation
      }
      digests[output] = digest
    }
    return .present([.whole: contentDigest(ofFiles: digests)])
  }

  /// The files of a set, together; those that were read before and have not changed are not read.
  mutating func observe(_ set: FileSet) -> Observation {
    do {
      guard let look = try FileSetLook(set, in: folder) else { return .missing }
      if look.isSettled, let stamp = known[set.stampKey], stamp.stamp == look.stamp {
        return .present([.whole: stamp.digest])
      }
      readCount += 1
      let last = try? state.fileList(of: set.path)
      let (digest, files) = try look.contents(knowing: last ?? FileList())
      if files != last { try? state.remember(files, of: set.path, digest) }
      if look.isSettled, try FileSetLook(set, in: folder)?.stamp == look.stamp {
        fresh[set.stampKey] = FileStamp(stamp: look.stamp, digest: digest)
      }
      return .present([.whole: digest])
    } catch {
      return .unknown((error as? any DiagnosableError)?.diagnostics.first?.summary ?? "\(error)")
    }
  }
}

extension FileSet {
  /// What its stamp is remembered by, which no path of an output is.
  fileprivate var stampKey: String { "files:" + text }
}
