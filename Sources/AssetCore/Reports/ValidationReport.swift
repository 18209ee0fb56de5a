/// All that is wrong with a project, found without its data.
package struct ValidationReport: Equatable, Sendable {
  /// The project's name; `nil` if its file cannot be read.
  package var project: String?
  package var assetCount: Int
  /// Errors and warnings, sorted by place.
  package var problems: [Diagnostic]

  package init(project: String?, assetCount: Int, problems: [Diagnostic]) {
    self.project = project
    self.assetCount = assetCount
    self.problems = problems
  }

  package var errorCount: Int { problems.count { $0.severity == .error } }
  package var warningCount: Int { problems.count - errorCount }
}
