package import AssetCore
import AssetExecution

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

/// A project that was made from a template.
package struct InitReport: Equatable, Sendable {
  package var project: String
  package var template: String
  package var folder: String
  /// The paths of its files, sorted.
  package var files: [String]
}

/// Why no project was made.
package enum InitError: DiagnosableError, Equatable {
  case unknownTemplate(String, nearest: String?)
  case inProject(folder: String)
  case inTheWay(folder: String, paths: [String])
  case unwritable(path: String, reason: String)

  package var diagnostics: [Diagnostic] {
    switch self {
    case .unknownTemplate(let name, let nearest):
      let names = Template.all.map { "`\($0.name)`" }
      return [
        Diagnostic(
          "there is no template `\(name)`", facts: [.init("templates", listed(names))],
          hint: nearest.map { "did you mean `\($0)`?" } ?? "name one of them")
      ]
    case .inProject(let folder):
      return [
        Diagnostic(
          "`\(folder)` lies in a project already", hint: "name a new folder: `assetctl init shop`")
      ]
    case .inTheWay(let folder, let paths):
      let more = paths.count > 5 ? " and \(paths.count - 5) more" : ""
      return [
        Diagnostic(
          "`\(folder)` has files that the template would replace: "
            + paths.prefix(5).map { "`\($0)`" }.joined(separator: ", ") + more,
          hint: "nothing was written; name a new folder: `assetctl init shop`")
      ]
    case .unwritable(let path, let reason):
      return [
        Diagnostic(
          "`\(path)` cannot be written: \(reason)",
          hint: "check what is there, and the rights on it")
      ]
    }
  }
}

/// Files and folders that were made, so that they can be taken back.
private struct MadeFiles {
  private var files: [String] = []
  private var folders: [String] = []

  /// Writes a file that is not there yet, with the folders above it.
  mutating func write(_ text: String, to path: String, isProgram: Bool) throws(InitError) {
    try makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, isProgram ? 0o777 : 0o666)
    guard file >= 0 else { throw .unwritable(path: path, reason: lastSystemError()) }
    files.append(path)
    defer { close(file) }
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { writeBytes(file, $0.baseAddress, $0.count) }
      guard count > 0 else { throw .unwritable(path: path, reason: lastSystemError()) }
      rest = rest.dropFirst(count)
    }
  }

  private mutating func makeFolder(_ path: String) throws(InitError) {
    guard (try? FileFacts(path: path)) ?? nil == nil else { return }
    try makeFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    guard mkdir(path, 0o777) == 0 else {
      throw .unwritable(path: path, reason: lastSystemError())
    }
    folders.append(path)
  }

  func removeAll() {
    for path in files { unlink(path) }
    for path in folders.reversed() { rmdir(path) }
  }
}

/// `write`, whose name is taken where it is called.
private func writeBytes(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, bytes, count)
}

extension Template {
  /// The template of a name.
  ///
  /// - Parameter name: The name.
  /// - Throws: An ``InitError`` with the nearest name if there is none.
  /// - Returns: The template.
  package static func named(_ name: String) throws -> Template {
    if let template = all.first(where: { $0.name == name }) { return template }
    throw InitError.unknownTemplate(name, nearest: nearestName(to: name, in: all.map(\.name)))
  }

  /// Makes a project of the template: all of its files, or none.
  ///
  /// Nothing that is there is replaced.
  ///
  /// - Parameters:
  ///   - folder: The project's folder, which is made if it is not there; its name becomes that of the project.
  ///   - base: The folder that it is told from.
  /// - Throws: An ``InitError``; then nothing was written.
  /// - Returns: What was made.
  package func makeProject(in folder: String, from base: String) throws -> InitReport {
    let path = folder.hasPrefix("/") ? folder : base + "/" + folder
    let root = URL(fileURLWithPath: path).standardizedFileURL.path
    if (try? Workspace.projectFolder(from: Self.nearestFolder(to: root))) != nil {
      throw InitError.inProject(folder: folder)
    }
    let present = files.map(\.path).filter { (try? FileFacts(path: root + "/" + $0)) ?? nil != nil }
    guard present.isEmpty else { throw InitError.inTheWay(folder: folder, paths: present) }
    let project = Self.projectName(of: root)
    var made = MadeFiles()
    do {
      for file in files {
        let isSettings = file.path == "assetctl.yml"
        try made.write(
          isSettings ? Self.naming(project, in: file.text) : file.text, to: root + "/" + file.path,
          isProgram: file.isProgram)
      }
    } catch {
      made.removeAll()
      throw error
    }
    return InitReport(project: project, template: name, folder: root, files: files.map(\.path))
  }

  /// The first folder, from the given one upwards, that is there.
  private static func nearestFolder(to folder: String) -> String {
    var url = URL(fileURLWithPath: folder)
    while url.path != "/", (try? FileFacts(path: url.path)) ?? nil == nil {
      url.deleteLastPathComponent()
    }
    return url.path
  }

  /// The name of a project in a folder: its last part, with what no name may hold as `_`.
  private static func projectName(of folder: String) -> String {
    let last = folder.split(separator: "/").last ?? "project"
    let name = String(
      last.unicodeScalars.map { scalar in
        let isPlain =
          scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
        return isPlain ? Character(scalar) : "_"
      })
    return name.allSatisfy { $0 == "_" } ? "project" : name
  }

  private static func naming(_ project: String, in text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix("project:") ? "project: \(project)" : String(line)
    }.joined(separator: "\n")
  }
}
