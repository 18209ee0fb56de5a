package import AssetCore
import AssetExecution
import AssetLoading
import AssetWarehouse

/// Which unit tests to run.
package struct TestRequest: Sendable {
  /// The words of a selection of assets; none for all.
  package var selection: [String]
  package var excluded: [String]
  /// Patterns of tests' names; none for all.
  package var names: [String]

  package init(selection: [String] = [], excluded: [String] = [], names: [String] = []) {
    self.selection = selection
    self.excluded = excluded
    self.names = names
  }
}

extension Workspace {
  /// Runs unit tests of queries, in an empty database of the warehouse's kind.
  ///
  /// The warehouse is not opened, unless the selection asks for a status.
  ///
  /// - Parameter request: Which tests to run.
  /// - Throws: All that is wrong with the tests' files, a `SelectionError`, or a ``TestError``.
  /// - Returns: What came of each test.
  package func test(_ request: TestRequest) async throws -> TestReport {
    let started = now()
    let declared = try loadTests()
    let tests = try await choose(request, among: declared)
    let bench = try await TestBench(self, for: Set(tests.map(\.asset)))
    let prepared = try bench.prepare(tests)
    let mask = SecretMask(project.secrets)
    var results: [TestResult] = []
    for test in prepared {
      try Task.checkCancellation()
      let failure = try await bench.failure(of: test)
      results.append(TestResult(test.test, failure: failure?.mapping(mask.masked)))
    }
    return TestReport(
      project: project.name, results: results, declaredCount: declared.count,
      durationMilliseconds: now().milliseconds(since: started))
  }

  /// All tests of the project.
  func loadTests() throws -> [UnitTest] {
    var loader = TestLoader(.disk(folder), of: graph)
    return try loader.load(project.testsFolder)
  }

  private func choose(
    _ request: TestRequest, among tests: [UnitTest]
  ) async throws -> [UnitTest] {
    for name in request.names where !tests.contains(where: { matches(name, $0.name) }) {
      throw TestError.unknownTest(
        name, nearest: nearestName(to: name, in: tests.map(\.name)), file: project.testsFolder)
    }
    let keys = try await select(request.selection, excluding: request.excluded).keys
    return tests.filter { test in
      keys.contains(test.asset)
        && (request.names.isEmpty || request.names.contains { matches($0, test.name) })
    }
  }
}
