/// What came of a project's unit tests, or of some of them.
package struct TestReport: Equatable, Sendable {
  package var project: String
  /// In the order of their places.
  package var results: [TestResult]
  /// How many tests the project has, whether they were asked for or not.
  package var declaredCount: Int
  package var durationMilliseconds: Int64

  package init(
    project: String, results: [TestResult], declaredCount: Int, durationMilliseconds: Int64
  ) {
    self.project = project
    self.results = results
    self.declaredCount = declaredCount
    self.durationMilliseconds = durationMilliseconds
  }

  package var failedCount: Int { results.count { $0.failure != nil } }
}

/// What came of one test.
package struct TestResult: Equatable, Sendable {
  package var name: String
  package var asset: AssetKey
  package var description: String?
  package var place: Place
  /// What was not as expected; `nil` if all was.
  package var failure: TestFailure?

  package init(_ test: UnitTest, failure: TestFailure? = nil) {
    name = test.name
    asset = test.asset
    description = test.description
    place = test.place
    self.failure = failure
  }
}

/// Why a test failed.
package enum TestFailure: Equatable, Sendable {
  /// The query could not be carried out.
  case refused(Diagnostic)
  /// The result has other columns than the test expects.
  case columns(missing: [MissingColumn], unexpected: [String])
  case rows(RowDifference)

  /// The same with each value of rows shown as another one.
  package func mapping(_ replace: (Cell) -> Cell) -> TestFailure {
    if case .rows(let difference) = self { .rows(difference.mapping(replace)) } else { self }
  }

  /// An expected column that the result does not have.
  package struct MissingColumn: Equatable, Sendable {
    package var name: String
    /// The name that may be meant.
    package var nearest: String?

    package init(_ name: String, nearest: String?) {
      self.name = name
      self.nearest = nearest
    }
  }
}

/// A test that was written from real rows.
package struct GeneratedTest: Sendable {
  /// An input of the test.
  package struct Given: Sendable {
    package var input: AssetKey
    package var rows: Int

    package init(input: AssetKey, rows: Int) {
      self.input = input
      self.rows = rows
    }
  }

  package var name: String
  package var asset: AssetKey
  /// The file that it was written to, relative to the project's folder.
  package var file: String
  package var given: [Given]
  /// How many rows it expects.
  package var expected: Int
  /// Columns that hold made-up values, since the real ones are sensitive.
  package var masked: [AssetColumn]
  /// Columns of the result that differ from one time to the next, and are left out.
  package var unstable: [String]

  package init(
    name: String, asset: AssetKey, file: String, given: [Given], expected: Int,
    masked: [AssetColumn] = [], unstable: [String] = []
  ) {
    self.name = name
    self.asset = asset
    self.file = file
    self.given = given
    self.expected = expected
    self.masked = masked
    self.unstable = unstable
  }
}
