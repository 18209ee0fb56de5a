import Foundation
import Synchronization

/// A project in a folder of its own, and the built `assetctl` to run in it.
///
/// The folder is deleted with the value. What the program says is given with run names, times,
/// digests, durations and the folder's path replaced; see ``CommandResult``.
package final class TemporaryProject: Sendable {
  /// The absolute path of the folder.
  package let folder: String
  private let isKept = Mutex(false)

  /// Makes a project of files, by their paths.
  package init(_ files: [String: String] = [:]) throws {
    let path = NSTemporaryDirectory() + "assetctl-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    // The program resolves links, and its messages name the resolved path.
    folder = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    for (path, text) in files { try write(path, text) }
  }

  /// Makes a project of copies of those of the named files and folders that a folder has.
  package convenience init(copying names: [String], from source: String) throws {
    try self.init()
    for name in names where FileManager.default.fileExists(atPath: source + "/" + name) {
      try FileManager.default.copyItem(atPath: source + "/" + name, toPath: folder + "/" + name)
    }
  }

  deinit {
    if isKept.withLock({ $0 }) { return }
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Leaves the folder in place, for debugging, and says where it is.
  package func keep() {
    isKept.withLock { $0 = true }
    print("kept: \(folder)")
  }

  /// A project with the same files, records and warehouse.
  package func copy() throws -> TemporaryProject {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try TemporaryProject(copying: names, from: folder)
  }
}

// MARK: - Files

extension TemporaryProject {
  package func write(_ path: String, _ text: String) throws {
    try write(path, bytes: Array(text.utf8))
  }

  package func write(_ path: String, bytes: [UInt8]) throws {
    let url = url(path)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  package func read(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: url(path)), as: UTF8.self)
  }

  /// Replaces the only place of a text in a file.
  package func edit(_ path: String, _ old: String, to new: String) throws {
    let text = try read(path)
    guard text.components(separatedBy: old).count == 2 else {
      throw TestProblem("`\(old)` is not just once in \(path)")
    }
    try write(path, text.replacing(old, with: new))
  }

  package func remove(_ path: String) throws {
    try FileManager.default.removeItem(at: url(path))
  }

  package func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: url(path).path)
  }

  /// The paths of the files under a folder, sorted.
  package func files(under path: String) -> [String] {
    let found = FileManager.default.enumerator(atPath: url(path).path)?.allObjects ?? []
    return found.compactMap { $0 as? String }.map { path + "/" + $0 }.filter { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: url(path).path, isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  /// Makes a symbolic link.
  package func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: url(path).path, withDestinationPath: target)
  }

  /// Gives a file the present time, as `touch` does.
  package func touch(_ path: String) throws {
    try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: url(path).path)
  }

  private func url(_ path: String) -> URL {
    URL(fileURLWithPath: path.hasPrefix("/") ? path : folder + "/" + path)
  }
}

// MARK: - Programs

extension TemporaryProject {
  /// Runs assetctl in the folder to its end.
  @discardableResult
  package func assetctl(
    _ arguments: String..., environment: [String: String] = [:]
  ) async throws -> CommandResult {
    try await Turns.commands.take { try await start(arguments, environment: environment).result() }
  }

  /// Runs assetctl in the folder to its end.
  @discardableResult
  package func assetctl(
    _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> CommandResult {
    try await Turns.commands.take { try await start(arguments, environment: environment).result() }
  }

  /// Runs assetctl as a user who may list a folder, and look at nothing in it.
  ///
  /// To root all is permitted, so that root runs it as another user.
  package func assetctlWithoutRights(
    _ arguments: String..., to folder: String
  ) async throws -> CommandResult {
    let script = """
      import os, shutil, subprocess, sys
      folder, tool, *arguments = sys.argv[1:]
      shutil.copy(tool, "assetctl.copy")
      for root, names, files in os.walk("."):
          for name in [root] + [os.path.join(root, file) for file in files]:
              os.chmod(name, os.stat(name).st_mode | 0o666 | (0o111 if name == root else 0))
      os.chmod("assetctl.copy", 0o755)
      os.chmod(folder, 0o444)
      other = {} if os.geteuid() else {"user": 65534, "group": 65534, "extra_groups": []}
      result = subprocess.run(["./assetctl.copy"] + arguments, **other)
      os.chmod(folder, 0o755)
      sys.exit(result.returncode)
      """
    return try await startPython(script, [folder, BuiltProgram.path] + arguments).result()
  }

  /// Starts assetctl in the folder.
  package func start(
    _ arguments: [String], environment: [String: String] = [:]
  ) throws -> RunningCommand {
    let folder = folder
    return try RunningCommand(
      try BuiltProgram.path, arguments, folder: folder,
      environment: Self.environment(adding: environment),
      settle: { Replacements.apply(to: $0, folder: folder) })
  }

  /// Starts a shell in the folder, in which `$0` is assetctl.
  package func startShell(_ script: String) throws -> RunningCommand {
    let folder = folder
    return try RunningCommand(
      "/bin/sh", ["-c", script, try BuiltProgram.path], folder: folder,
      environment: Self.environment(adding: [:]),
      settle: { Replacements.apply(to: $0, folder: folder) })
  }

  /// Executes statements on the warehouse, or another SQLite file, and gives the last one's rows.
  @discardableResult
  package func sqlite(
    _ statements: String..., in database: String = ".assetctl/warehouse.sqlite"
  ) async throws -> [[JSONValue]] {
    let script = """
      import json, sqlite3, sys
      database = sqlite3.connect(sys.argv[1], timeout=30)
      for statement in sys.argv[2:]:
          rows = database.execute(statement).fetchall()
      database.commit()
      print(json.dumps(rows))
      """
    let result = try await python(script, [database] + statements)
    return try result.json.elements.map(\.elements)
  }

  /// Runs a Python program in the folder; one that fails is an error.
  package func python(_ script: String, _ arguments: [String] = []) async throws -> CommandResult {
    let result = try await startPython(script, arguments).result()
    guard result.exitCode == 0 else { throw TestProblem(result.errors) }
    return result
  }

  /// Starts a Python program in the folder.
  package func startPython(_ script: String, _ arguments: [String] = []) throws -> RunningCommand {
    let python = ProcessInfo.processInfo.environment["ASSETCTL_PYTHON"] ?? "python3"
    return try RunningCommand(
      "/usr/bin/env", [python, "-c", script] + arguments, folder: folder,
      environment: Self.environment(adding: [:]), settle: { $0 })
  }

  /// Waits until something is the case; never is an error.
  package func wait(
    for what: String, until condition: () throws -> Bool
  ) async throws {
    for _ in 0..<3000 {
      if try condition() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw TestProblem("waited in vain for: \(what)")
  }

  /// The environment of this process without what would change what assetctl says.
  private static func environment(adding more: [String: String]) -> [String: String] {
    ProcessInfo.processInfo.environment
      .filter { !$0.key.hasPrefix("ASSETCTL_") && !["NO_COLOR", "TERM"].contains($0.key) }
      .merging(more) { _, new in new }
  }
}

/// What keeps a test from being carried out.
package struct TestProblem: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}

/// Where the repository and the built program are.
package enum BuiltProgram {
  /// The absolute path of the repository's folder.
  package static let repository = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The absolute path of the built `assetctl`: what `ASSETCTL_BINARY` says, or the one that was
  /// built together with the tests.
  package static var path: String {
    get throws {
      if let path = ProcessInfo.processInfo.environment["ASSETCTL_BINARY"] { return path }
      let places = [
        Bundle.main.executableURL?.deletingLastPathComponent(), Bundle.main.bundleURL,
        Bundle.main.bundleURL.deletingLastPathComponent(),
        URL(fileURLWithPath: CommandLine.arguments.first ?? "").deletingLastPathComponent(),
        URL(fileURLWithPath: repository).appendingPathComponent(".build/debug"),
      ]
      let paths = places.compactMap { $0?.appendingPathComponent("assetctl").path }
      guard let path = paths.first(where: FileManager.default.isExecutableFile(atPath:)) else {
        throw TestProblem("assetctl is not built: \(paths)")
      }
      return path
    }
  }
}
