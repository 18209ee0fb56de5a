import AssetCore
import AssetLoading
import Testing

/// Files, and all that is wrong with them.
struct ProblemCase: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var files: [String: String]
  var request = LoadRequest()
  var expected: [Diagnostic]

  init(
    _ description: String, _ files: [String: String], _ request: LoadRequest = LoadRequest(),
    _ expected: Diagnostic...
  ) {
    testDescription = description
    self.files = files
    self.request = request
    self.expected = expected
  }

  func check() {
    #expect(problems(files, request) == expected)
  }
}

/// A place in a file, as `file:line:column` reads.
func at(_ file: String, _ line: Int? = nil, _ column: Int? = nil) -> Place {
  Place(file: file, line: line, column: column)
}
