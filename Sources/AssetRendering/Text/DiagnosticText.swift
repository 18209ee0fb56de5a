package import AssetCore

/// A problem as it is shown.
///
/// Place and summary stand on one line, then come the facts in a column, and after an empty line the
/// hint. Control characters are shown as escapes.
package func text(of diagnostic: Diagnostic, style: TextStyle = .plain) -> String {
  let word =
    switch diagnostic.severity {
    case .error: style.paint("error:", .bad)
    case .warning: style.paint("warning:", .attention)
    }
  let place = diagnostic.place.map { style.paint(printable("\($0):"), .strong) + " " } ?? ""
  var text = place + word + " " + printable(diagnostic.summary) + "\n"
  text += factsText(diagnostic.facts)
  if let hint = diagnostic.hint {
    text += "\n" + style.paint("hint:", .strong) + " \(printable(hint))\n"
  }
  return text
}

/// Problems one after the other, an empty line between them.
package func text(of diagnostics: [Diagnostic], style: TextStyle = .plain) -> String {
  diagnostics.map { text(of: $0, style: style) }.joined(separator: "\n")
}

/// Labelled values, the values in one column; a program's output, which has no label, stands below
/// the one before.
func factsText(_ facts: [Diagnostic.Fact]) -> String {
  let width = facts.map(\.label.count).max() ?? 0
  return facts.map { fact in
    let label = fact.label.isEmpty ? "" : fact.label + ":"
    let padding = String(repeating: " ", count: width + 1 - label.count)
    // What stands without a label are lines that a program printed.
    let text = fact.label.isEmpty ? outputText(fact.text) : printable(fact.text)
    return "  \(label)\(padding) \(text)\n"
  }.joined()
}

/// A line of a program's output: nothing in it steers a terminal, and it is no page of its own.
private func outputText(_ line: String) -> String {
  cut(withoutControls(line), toWidth: 500)
}
