import AssetCore
import AssetWarehouse

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Exported rows of tables, by the digest of their content, so that the same rows are not exported twice.
///
/// Of each input in each form the last export is kept. Programs are handed copies, so that nothing that one
/// does to its own, however it ends, is seen by another.
actor ExportCache {
  /// An input in one form.
  struct Form: Hashable {
    var asset: AssetKey
    var columns: [String]?
    var format: AssetInput.ExportFormat
    /// The rows, if not all.
    var slice: RowSlice?
    var filter: RowFilter?

    /// The beginning of the names of its exports.
    var name: String {
      let form = CanonicalForm(
        tag: "assetctl.export.1",
        fields: [.init("format", format.rawValue)] + (columns ?? ["*"]).map { .init("column", $0) }
          + (slice.map { [.init("slice", $0.condition(of: asset.name))] } ?? [])
          + (filter.map { [.init("filter", $0.sql)] } ?? []))
      return "\(asset.name).\(form.sha256.prefix(16))."
    }
  }

  /// The forms that are being exported, so that two programs do not do it at once.
  private var busy: Set<Form> = []
  private var waiting: [Form: [CheckedContinuation<Void, Never>]] = [:]

  /// Gives a file with the rows of an input.
  ///
  /// - Parameters:
  ///   - form: The input and its form.
  ///   - digest: The digest of the content that is expected; `nil` if none is known.
  ///   - folder: The absolute path of the folder of exports.
  ///   - path: The absolute path at which a program finds the rows.
  ///   - export: Writes the rows to a path, and returns the digest of what was written.
  /// - Throws: What exporting throws, or a ``StepError`` if files cannot be written.
  /// - Returns: The digest of the rows.
  func hand(
    _ form: Form, _ digest: ContentDigest?, in folder: String, at path: String,
    export: (_ path: String) async throws -> ContentDigest
  ) async throws -> ContentDigest {
    await enter(form)
    defer { leave(form) }
    if let digest {
      let kept = KeptExport(path: folder + "/" + name(of: form, digest))
      if try kept.hand(at: path) { return digest }
    }
    try FilePublishing.makeFolder(folder)
    let fresh = folder + "/" + form.name + "new"
    FilePublishing.remove(fresh)
    let written = try await export(fresh)
    for name in FilePublishing.names(in: folder)
    where name.hasPrefix(form.name) && name != form.name + "new" {
      FilePublishing.remove(folder + "/" + name)
    }
    let kept = KeptExport(path: folder + "/" + name(of: form, written))
    try kept.take(fresh)
    guard try kept.hand(at: path) else {
      throw StepError.unwritable(path: kept.path, reason: "somebody else writes to it")
    }
    return written
  }

  private func name(of form: Form, _ digest: ContentDigest) -> String {
    let form = form.name
    return form
      + CanonicalForm(tag: "assetctl.export.1", fields: [.init("digest", digest.rawValue)])
      .sha256.prefix(32)
  }

  private func enter(_ form: Form) async {
    while busy.contains(form) {
      await withCheckedContinuation { waiting[form, default: []].append($0) }
    }
    busy.insert(form)
  }

  private func leave(_ form: Form) {
    busy.remove(form)
    for continuation in waiting.removeValue(forKey: form) ?? [] { continuation.resume() }
  }
}

/// A file of rows that is kept, and beside it what its folder said of it when it was made.
///
/// Its name tells what it is to hold. A file that was touched since may hold anything, and is not
/// used again.
private struct KeptExport {
  let path: String

  /// Takes a file over that was written to another path.
  func take(_ file: String) throws(StepError) {
    chmod(file, 0o444)
    // Times move in steps; with one of long ago the very next edit is seen.
    let longAgo = [timespec](repeating: timespec(tv_sec: 1, tv_nsec: 0), count: 2)
    guard utimensat(AT_FDCWD, file, longAgo, 0) == 0, rename(file, path) == 0 else {
      throw .unwritable(path: path, reason: lastSystemError())
    }
    guard
      let stamp = (try? FileFacts(path: path))?.stamp,
      let note = try? FileDescriptor.open(
        FilePath(stampPath), .writeOnly, options: [.create, .truncate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
    else { throw .unwritable(path: stampPath, reason: lastSystemError()) }
    defer { try? note.close() }
    do {
      try note.writeAll(Array(stamp.utf8))
    } catch {
      throw .unwritable(path: stampPath, reason: lastSystemError())
    }
  }

  /// Copies the rows to where a program finds them.
  ///
  /// - Parameter copy: The absolute path of the copy.
  /// - Throws: A ``StepError`` if it cannot be written.
  /// - Returns: Whether they are what was exported.
  func hand(at copy: String) throws(StepError) -> Bool {
    guard isUntouched else { return false }
    try FilePublishing.keep(path, at: copy)
    // It may have been edited while it was copied.
    if isUntouched { return true }
    FilePublishing.remove(copy)
    return false
  }

  private var stampPath: String { path + ".stamp" }

  private var isUntouched: Bool {
    guard let stamp = (try? FileFacts(path: path))?.stamp else { return false }
    return stamp == LogFollower.tail(of: stampPath)
  }
}
