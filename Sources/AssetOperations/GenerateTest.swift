package import AssetCore
import AssetLoading
import AssetState
import AssetWarehouse

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Workspace {
  /// Writes a unit test of an asset from rows that are published.
  ///
  /// It has a few rows of each input, such that its query still gives something for them, and passes
  /// at once. Values of sensitive columns are replaced by made-up ones.
  ///
  /// - Parameters:
  ///   - asset: The asset's name; of one with partitions the newest that has rows is tested, unless one
  ///     is named.
  ///   - rows: How many rows the test is to expect, if there are as many.
  ///   - name: The test's name; `nil` for one made of the asset's.
  /// - Throws: A ``TestError``, and all that is wrong with the tests that there are.
  /// - Returns: What was written.
  package func generateTest(
    of asset: String, rows: Int, name: String?
  ) async throws -> GeneratedTest {
    let (asset, named) = try subject(named: asset)
    guard case .query = asset.recipe else { throw TestError.notAQuery(asset.key) }
    let tests = try loadTests()
    let name = name ?? "\(asset.key) on real rows"
    if let other = tests.first(where: { $0.name == name }) {
      throw TestError.nameTaken(name, at: other.place)
    }
    let partition = try named ?? partitionToTest(of: asset)
    let generator = TestGenerator(
      try await TestBench(self, for: [asset.key]), asset, partition: partition)
    let draft = try await generator.draft(named: name, rows: rows)
    for file in try TestFile.candidates(for: draft.test, in: self) {
      guard let loaded = try? file.load(beside: tests, in: self),
        let prepared = try? generator.bench.prepare([loaded])[0]
      else { continue }
      guard try await generator.bench.failure(of: prepared) == nil else {
        throw TestError.unstable(asset.key)
      }
      try file.write(in: folder)
      return GeneratedTest(
        name: name, asset: asset.key, file: file.path,
        given: prepared.given.sorted { $0.key < $1.key }
          .map { .init(input: $0.key, rows: $0.value.rows.count) },
        expected: prepared.expected.rows.count, masked: draft.masked, unstable: draft.unstable)
    }
    preconditionFailure("a file of its own can hold any test")
  }

  /// The newest partition of an asset that has rows, or else the last one; `nil` if it has none.
  private func partitionToTest(of asset: Asset) throws -> Partition? {
    guard let scheme = asset.partitions else { return nil }
    let list = PartitionList(scheme, at: now())
    let history = try state.history()
    let filled = list.last { history[$0.key(in: asset.key)]?.last?.product.rows ?? 0 > 0 }
    guard let partition = filled ?? list.last else {
      throw list.whyEmpty ?? .noneComplete(first: "")
    }
    return partition
  }
}

/// A file with one test more than it has now.
private struct TestFile {
  var path: String
  var text: String
  /// Whether there is no such file yet.
  var isNew: Bool

  /// The asset's file with the test behind those that it has, and for the case that it is written
  /// otherwise than expected, a new one.
  static func candidates(for test: UnitTest, in workspace: Workspace) throws -> [TestFile] {
    let disk = ProjectFolder.disk(workspace.folder)
    let stem = "\(workspace.project.testsFolder)/\(test.asset)"
    var candidates: [TestFile] = []
    if let bytes = try? disk.read(stem + ".yml") {
      let text = String(decoding: bytes, as: UTF8.self)
      // Items stand where the first one does.
      let first = text.split(separator: "\n").first { $0.drop { $0 == " " }.hasPrefix("- ") }
      let margin = first?.prefix { $0 == " " }.count ?? 2
      let separator = text.hasSuffix("\n") ? "\n" : "\n\n"
      candidates.append(
        TestFile(
          path: stem + ".yml", text: text + separator + yamlText(of: test, margin: margin),
          isNew: false))
    }
    let numbered = (2...10_000).lazy.map { "\(stem)_\($0).yml" }
    if let free = ([stem + ".yml"] + numbered).first(where: { (try? disk.exists($0)) == false }) {
      candidates.append(TestFile(path: free, text: "tests:\n" + yamlText(of: test), isNew: true))
    }
    return candidates
  }

  /// The new test as it is read from the file; nothing if the other tests were not the same then.
  func load(beside tests: [UnitTest], in workspace: Workspace) throws -> UnitTest? {
    let disk = ProjectFolder.disk(workspace.folder)
    let folder = ProjectFolder(
      read: { (path) throws(FileProblem) in
        path == self.path ? Array(text.utf8) : try disk.read(path)
      },
      files: { (folder) throws(FileProblem) in
        let files = try disk.files(folder)
        return isNew ? (files + [path]).sorted() : files
      }, exists: disk.exists)
    var loader = TestLoader(folder, of: workspace.graph)
    let loaded = try loader.load(workspace.project.testsFolder)
    let new = loaded.filter { test in !tests.contains { $0.name == test.name } }
    guard new.count == 1, loaded.filter({ $0.name != new[0].name }) == tests else { return nil }
    return new[0]
  }

  func write(in folder: String) throws {
    let url = URL(fileURLWithPath: folder + "/" + path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      throw TestError.unwritable(path)
    }
  }
}
