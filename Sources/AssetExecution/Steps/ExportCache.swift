import AssetCore
import AssetWarehouse

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

    /// The beginning of the names of its exports.
    var name: String {
      let form = CanonicalForm(
        tag: "assetctl.export.1",
        fields: [.init("format", format.rawValue)] + (columns ?? ["*"]).map { .init("column", $0) })
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
      let kept = folder + "/" + name(of: form, digest)
      if FileFacts(path: kept) != nil {
        try FilePublishing.keep(kept, at: path)
        return digest
      }
    }
    try FilePublishing.makeFolder(folder)
    let fresh = folder + "/" + form.name + "new"
    FilePublishing.remove(fresh)
    let written = try await export(fresh)
    for name in FilePublishing.names(in: folder)
    where name.hasPrefix(form.name) && name != form.name + "new" {
      FilePublishing.remove(folder + "/" + name)
    }
    chmod(fresh, 0o444)
    let kept = folder + "/" + name(of: form, written)
    guard rename(fresh, kept) == 0 else {
      throw StepError.unwritable(path: kept, reason: lastSystemError())
    }
    try FilePublishing.keep(kept, at: path)
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
