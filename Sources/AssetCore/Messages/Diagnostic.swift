/// A problem in a form that can be shown: what is the case, where, and the way out.
///
/// The summary is one sentence without a final period; the facts are labelled values; the hint is
/// an action. How they are laid out and coloured is the renderer's business.
package struct Diagnostic: Equatable, Sendable {
  /// A labelled value that belongs to a problem, such as the path of a cycle.
  package struct Fact: Equatable, Sendable {
    package var label: String
    package var text: String

    package init(_ label: String, _ text: String) {
      self.label = label
      self.text = text
    }
  }

  package enum Severity: Sendable {
    case error, warning
  }

  package var severity: Severity
  package var summary: String
  package var place: Place?
  package var facts: [Fact]
  package var hint: String?

  package init(
    _ summary: String, severity: Severity = .error, at place: Place? = nil, facts: [Fact] = [],
    hint: String? = nil
  ) {
    self.severity = severity
    self.summary = summary
    self.place = place
    self.facts = facts
    self.hint = hint
  }
}

/// An error that a user can cause, and that therefore knows how to say what is the case.
package protocol DiagnosableError: Error, Sendable {
  /// The problems that the error stands for, sorted by place; never empty.
  var diagnostics: [Diagnostic] { get }
}

/// All the problems of one stage, for the stages that go on after the first.
package struct Problems: DiagnosableError, Equatable {
  package let diagnostics: [Diagnostic]

  /// Sorts the problems by place; those without one come first.
  package init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics.enumerated().sorted { left, right in
      let places = (left.element.place, right.element.place)
      switch places {
      case (let a?, let b?) where a != b: return a < b
      case (nil, _?): return true
      case (_?, nil): return false
      default: return left.offset < right.offset
      }
    }.map(\.element)
  }
}
