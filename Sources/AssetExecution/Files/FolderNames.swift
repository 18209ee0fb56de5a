#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The names of what is in a folder, which are bytes and need not be text.
enum FolderNames {
  /// The folder could not be looked at, for a reason in the system's words.
  struct Unreadable: Error {
    var reason: String
  }

  /// Reads the names as they are; nothing if there is no folder.
  ///
  /// - Parameter path: The folder's path, with its end.
  /// - Throws: ``Unreadable`` for a folder that cannot be read to its end.
  /// - Returns: The names, without ends, and without `.` and `..`.
  static func read(_ path: [CChar]) throws(Unreadable) -> [[UInt8]] {
    guard let directory = opendir(path) else {
      guard isAbsence(errno) else { throw Unreadable(reason: lastSystemError()) }
      return []
    }
    defer { closedir(directory) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = readdir(directory) else {
        guard errno == 0 else { throw Unreadable(reason: lastSystemError()) }
        return names
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          UnsafeBufferPointer(start: $0, count: strlen($0)).map(UInt8.init(bitPattern:))
        }
      }
      if name != [UInt8(ascii: ".")], name != Array("..".utf8) { names.append(name) }
    }
  }

  /// Reads the names as texts.
  ///
  /// - Parameters:
  ///   - path: The folder's path.
  ///   - inner: Its place in the output, for messages.
  ///   - output: How messages call the output.
  /// - Throws: ``RowFileError/nameNotUTF8(_:in:)`` for a name that is no text, and
  ///   ``RowFileError/unreadable(file:reason:)`` for a folder that cannot be read.
  /// - Returns: The names; none if there is no folder.
  static func texts(
    in path: String, inner: String, of output: String
  ) throws(RowFileError) -> [String] {
    var texts: [String] = []
    let names: [[UInt8]]
    do throws(Unreadable) {
      names = try read(Array(path.utf8CString))
    } catch {
      let shown = inner.isEmpty ? output : output + "/" + inner
      throw .unreadable(file: shown, reason: error.reason)
    }
    for name in names {
      guard let text = String(validating: name, as: UTF8.self) else {
        throw .nameNotUTF8((inner.isEmpty ? "" : inner + "/") + escaped(name), in: output)
      }
      texts.append(text)
    }
    return texts
  }

  /// Bytes that are no text, those beyond ASCII as `\xFF`.
  static func escaped(_ bytes: [UInt8]) -> String {
    var text = ""
    for byte in bytes {
      if byte >= 0x20, byte < 0x7F {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += "\\x" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return text
  }
}
