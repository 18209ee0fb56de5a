/// What was found of one asset, or by one of its checks, in the form that CI systems ask for.
package struct Finding: Equatable, Sendable {
  package enum Level: String, Sendable, CaseIterable {
    case passed, note, warning, error
    /// It was not looked at, because something else is in the way.
    case skipped
  }

  /// The asset, or the project itself.
  package var subject: String
  /// The check that found it; `nil` for what is found of the asset as a whole.
  package var check: String?
  package var level: Level
  /// What kind of finding it is: a status, an outcome, `check`, `freshness`, `warning` or `problem`.
  package var rule: String
  /// In words, on one line.
  package var message: String
  /// Further lines, such as the end of a log.
  package var details: [String]
  /// Where it is declared.
  package var place: Place?
  package var durationMilliseconds: Int64?

  package init(
    _ subject: String, check: String? = nil, _ level: Level, rule: String, _ message: String,
    details: [String] = [], at place: Place? = nil, durationMilliseconds: Int64? = nil
  ) {
    self.subject = subject
    self.check = check
    self.level = level
    self.rule = rule
    self.message = message
    self.details = details
    self.place = place
    self.durationMilliseconds = durationMilliseconds
  }

  /// Whether it has to be shown to somebody.
  package var isNotable: Bool { level != .passed && level != .skipped }
}

/// All that a command found.
package struct FindingsReport: Equatable, Sendable {
  /// The command, such as `status`.
  package var command: String
  package var project: String
  /// What came of it all, on one line.
  package var summary: String
  package var findings: [Finding]

  package init(command: String, project: String, summary: String, findings: [Finding]) {
    self.command = command
    self.project = project
    self.summary = summary
    self.findings = findings
  }

  package func count(_ level: Finding.Level) -> Int { findings.count { $0.level == level } }
}

extension Finding {
  /// The findings for problems that keep a command from being carried out.
  package static func problems(_ diagnostics: [Diagnostic]) -> [Finding] {
    diagnostics.map { Finding($0, of: $0.place?.file ?? "project", rule: "problem") }
  }

  /// The finding for a diagnostic.
  ///
  /// - Parameters:
  ///   - diagnostic: What is the case.
  ///   - subject: The asset that it is about, or the project.
  ///   - rule: What kind of finding it is.
  ///   - place: Where it is, if the diagnostic does not say that.
  package init(
    _ diagnostic: Diagnostic, of subject: String, rule: String, otherwise place: Place? = nil
  ) {
    let facts = diagnostic.facts.map { $0.label.isEmpty ? $0.text : "\($0.label): \($0.text)" }
    self.init(
      subject, diagnostic.severity == .error ? .error : .warning, rule: rule, diagnostic.summary,
      details: facts + (diagnostic.hint.map { ["hint: \($0)"] } ?? []),
      at: diagnostic.place ?? place)
  }

  /// The finding for the result of a check.
  package init(_ result: CheckResult, of subject: String, at place: Place?) {
    let level: Level = result.passed ? .passed : result.severity == .error ? .error : .warning
    let message = result.message.map { ": \($0)" } ?? ""
    self.init(
      subject, check: result.name, level, rule: "check",
      "the check `\(result.name)` \(result.passed ? "passed" : "failed")\(message)", at: place)
  }
}

extension Asset {
  /// Where a check of the asset is declared, or else the asset.
  package func place(ofCheck name: String) -> Place {
    checks.first { $0.name == name }?.place ?? place
  }
}
