import Foundation
import Testing

/// Each target imports only what its row allows, so that the table of targets stays true.
@Suite struct LayeringTests {
  /// What every target may use: the standard library's own modules and the C library.
  static let platform: Set<String> = ["Darwin", "Glibc", "Musl", "Synchronization"]
  static let foundation: Set<String> = ["Foundation", "FoundationEssentials"]

  static let allowed: [String: Set<String>] = [
    "AssetCore": ["Crypto", "HeapModule", "OrderedCollections"],
    "AssetSQL": ["AssetCore"],
    "AssetLoading": ["AssetCore", "AssetSQL", "Yams"] + platform,
    "AssetState": ["AssetCore", "GRDB", "Foundation"],
    "AssetWarehouse": ["AssetCore"],
    "AssetWarehouseSQLite": ["AssetCore", "AssetWarehouse", "GRDBSQLite", "Dispatch"] + platform,
    "AssetExecution":
      [
        "AssetCore", "AssetWarehouse", "CSandbox", "Dispatch", "HeapModule", "Subprocess", "System",
        "SystemPackage",
      ] + platform + foundation,
    "AssetOperations":
      [
        "AssetCore", "AssetSQL", "AssetLoading", "AssetState", "AssetWarehouse",
        "AssetWarehouseSQLite", "AssetExecution", "Logging",
      ] + platform + foundation,
    "AssetRendering": ["AssetCore"] + foundation,
    "AssetCLI":
      [
        "AssetCore", "AssetLoading", "AssetOperations", "AssetRendering", "ArgumentParser",
        "Dispatch", "Logging",
      ] + platform + foundation,
    "assetctl": ["AssetCLI", "CArguments", "Foundation"],
  ]

  /// Targets in C, each for what Swift cannot express; they know nothing of the others.
  static let inC: Set<String> = ["CArguments", "CSandbox"]

  @Test(arguments: allowed.keys.sorted())
  func `imports stay within the row`(target: String) throws {
    for file in try Self.swiftFiles(of: target) {
      for module in try Self.importedModules(in: file) {
        #expect(
          Self.allowed[target]?.contains(module) == true,
          "\(target)/\(file.lastPathComponent) imports \(module)")
      }
    }
  }

  @Test func `every target has a row`() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)

    #expect(Set(folders) == Self.inC.union(Self.allowed.keys))
  }

  @Test func `no file is longer than six hundred lines`() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
    for file in try folders.filter({ !Self.inC.contains($0) }).flatMap(Self.swiftFiles(of:)) {
      let lines = try String(contentsOf: file, encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 600, "\(file.lastPathComponent) has \(lines.count) lines")
    }
  }

  private static let sources = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources")

  private static func swiftFiles(of target: String) throws -> [URL] {
    let folder = sources.appendingPathComponent(target)
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let swift = (files?.allObjects ?? []).compactMap { $0 as? URL }
      .filter { $0.pathExtension == "swift" }
    return try #require(swift.isEmpty ? nil : swift)
  }

  private static func importedModules(in file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
        words[..<index].allSatisfy({ ["package", "public", "internal", "private"].contains($0) })
      else { return nil }
      // `import struct Module.Type` names a kind before the module.
      let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      let name = kinds.contains(words[index + 1]) ? words[index + 2] : words[index + 1]
      return name.split(separator: ".").first.map(String.init)
    }
  }
}

private func + (left: Set<String>, right: Set<String>) -> Set<String> { left.union(right) }
