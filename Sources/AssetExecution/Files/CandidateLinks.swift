import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The symbolic links in a folder that is about to be published.
///
/// A program knows its output by the path of the candidate, and links by this path would lead nowhere
/// once the folder stands in its place. Those that stay within the folder are made relative; what else
/// lies where programs work is gone after the step, so that links there are refused.
struct CandidateLinks {
  let asset: AssetKey
  /// The absolute path of the candidate.
  let folder: String
  /// The output, as messages call it.
  let shownPath: String
  /// The absolute path of the folder that the program works in.
  let work: String

  /// Makes the links relative that have to be.
  ///
  /// - Throws: A ``StepError`` for a link to something that will not be there.
  func settle() throws(StepError) { try settle(folder, inner: "") }

  private func settle(_ path: String, inner: String) throws(StepError) {
    for name in try FilePublishing.allNames(in: path) {
      let entry = path + "/" + name
      let shown = inner.isEmpty ? name : inner + "/" + name
      var status = stat()
      guard lstat(entry, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: try settle(entry, inner: shown)
      case S_IFLNK: try settleLink(entry, inner: shown)
      default: break
      }
    }
  }

  private func settleLink(_ link: String, inner: String) throws(StepError) {
    let text = FilePublishing.text(ofLink: link)
    let target = PathText.normal(
      PathText.isAbsolute(text) ? text : FilePublishing.parent(of: link) + "/" + text)
    guard let place = place(of: target, in: work) else { return }
    // What is not there is not what is meant: it may be once the folder is in its place.
    if !PathText.isAbsolute(text), access(link, F_OK) != 0 { return }
    guard let goal = self.place(of: target, in: folder) else {
      throw .linkToWork(asset: asset, path: shownPath + "/" + inner, target: place)
    }
    guard PathText.isAbsolute(text) else { return }
    let ups = PathText.parts(of: inner).dropLast().map { _ in ".." }
    let relative = (ups + PathText.parts(of: goal)).joined(separator: "/")
    guard unlink(link) == 0, symlink(relative.isEmpty ? "." : relative, link) == 0 else {
      throw .unwritable(path: shownPath + "/" + inner, reason: lastSystemError())
    }
  }

  /// Where a path lies in a folder, which it may name with symbolic links or without.
  private func place(of path: String, in folder: String) -> String? {
    if let place = PathText.place(of: path, in: folder) { return place }
    guard let real = FilePublishing.realFolder(of: folder + "/.") else { return nil }
    return PathText.place(of: path, in: real)
  }
}
