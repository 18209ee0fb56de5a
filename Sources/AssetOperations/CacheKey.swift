import AssetCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The key that seals what is remembered of a project, in a file that only its user may read.
enum CacheKey {
  /// The key of a project, made on first use.
  ///
  /// A file that is damaged is replaced: then nothing that was remembered is believed.
  ///
  /// - Parameter folder: The project's folder.
  /// - Returns: The key; `nil` where none can be kept, so that nothing can be remembered.
  static func find(in folder: String) -> SealingKey? {
    let path = folder + "/.assetctl/cache.key"
    if let known = key(at: path) { return known }
    let new = SealingKey()
    let draft = path + ".\(getpid())"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return nil }
    let text = Array((new.text + "\n").utf8)
    let written = write(descriptor, text, text.count)
    close(descriptor)
    guard written == text.count, rename(draft, path) == 0 else {
      unlink(draft)
      return nil
    }
    return new
  }

  private static func key(at path: String) -> SealingKey? {
    guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path)) else { return nil }
    // A line break ends the text.
    return bytes.last == UInt8(ascii: "\n")
      ? SealingKey(text: String(decoding: bytes.dropLast(), as: UTF8.self)) : nil
  }
}
