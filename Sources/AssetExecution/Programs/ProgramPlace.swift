import AssetCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where programs are.
enum ProgramPlace {
  /// Finds the program that a command's first word names.
  ///
  /// - Parameters:
  ///   - word: A name, or a path.
  ///   - folder: The absolute path of the folder that relative paths start from.
  ///   - path: The value of `PATH`.
  /// - Returns: Its absolute path; `nil` if `PATH` has none that may be run.
  static func find(_ word: String, in folder: String, path: String?) -> String? {
    func absolute(_ path: String) -> String {
      PathText.isAbsolute(path) ? path : folder + "/" + path
    }
    if PathText.hasFolder(word) { return absolute(word) }
    return (path ?? "/usr/bin:/bin").split(separator: ":").map { absolute($0 + "/" + word) }
      .first { (try? FileFacts(path: $0))?.isFile == true && access($0, X_OK) == 0 }
  }
}
