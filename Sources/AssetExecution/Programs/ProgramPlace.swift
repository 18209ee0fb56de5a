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

  /// Looks at why what was found cannot be run.
  ///
  /// - Parameters:
  ///   - place: The absolute path of a program.
  ///   - path: The value of `PATH`.
  /// - Returns: What is wrong with it; `nil` if nothing speaks against it.
  static func fault(of place: String, path: String?) -> ProgramFault? {
    guard let facts = try? FileFacts(path: place) else { return nil }
    if facts.isFolder { return .isFolder }
    guard facts.isFile else { return .isNoFile }
    guard access(place, X_OK) == 0 else { return .notExecutable }
    guard let line = firstLine(of: place) else { return nil }
    guard line.hasPrefix("#!") else { return nil }
    let words = line.dropFirst(2).split(separator: " ").map(String.init)
    guard let interpreter = words.first else { return .missingInterpreter("") }
    if access(interpreter, X_OK) != 0 { return .missingInterpreter(interpreter) }
    if PathText.hasFolder(interpreter), interpreter.hasSuffix("/env"), words.count > 1,
      !words[1].hasPrefix("-"), !words[1].contains("="),
      find(words[1], in: "/", path: path) == nil
    {
      return .missingInterpreter(words[1])
    }
    return nil
  }

  /// The first line of a file, if it begins like a script.
  private static func firstLine(of place: String) -> String? {
    let descriptor = open(place, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    guard count > 2, bytes[0] == UInt8(ascii: "#"), bytes[1] == UInt8(ascii: "!") else {
      return nil
    }
    return String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}

/// Why a program that is there cannot be run.
package enum ProgramFault: Equatable, Sendable {
  case isFolder
  /// It is a pipe, a device or the like.
  case isNoFile
  case notExecutable
  /// What its first line names is not there.
  case missingInterpreter(String)

  /// What is wrong, to stand behind the program's name, and what can be done.
  func words(for program: String) -> (summary: String, hint: String) {
    switch self {
    case .isFolder: ("is a folder", "name a file in it with `run:`")
    case .isNoFile: ("is not a file", "name a program with `run:`")
    case .notExecutable:
      (
        "may not be executed",
        "allow it with `chmod +x \(program)`, or name what runs it, as in `run: bash \(program)`"
      )
    case .missingInterpreter(let name) where name.hasSuffix("\r"):
      (
        "names the interpreter `\(name.dropLast())\\r`, which is not there",
        "its lines end as on Windows; let them end in a line feed alone"
      )
    case .missingInterpreter(let name):
      (
        "names the interpreter `\(name)` in its first line, which is not there",
        "install it, or change the first line of the program"
      )
    }
  }
}
