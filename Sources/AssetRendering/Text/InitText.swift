import AssetCore

/// What `init` made, and what to do next.
///
/// - Parameters:
///   - project: The project's name.
///   - template: The template that it was made from.
///   - fileCount: How many files it has.
///   - folder: Its folder as it was named; `nil` for the present one.
/// - Returns: The text, each line ended.
package func initText(
  project: String, template: String, fileCount: Int, folder: String?
) -> String {
  let steps =
    (folder.map { ["cd \(shellWord($0))"] } ?? [])
    + ["assetctl materialize", "assetctl status"]
  return
    "made the project `\(project)` from the template `\(template)`: \(counted(fileCount, "file"))\n\n"
    + "next, and see README.md:\n" + steps.map { "  \($0)\n" }.joined()
}

/// A text as one word of a shell.
private func shellWord(_ text: String) -> String {
  let isPlain =
    !text.isEmpty
    && text.utf8.allSatisfy { byte in
      Array("-._/".utf8).contains(byte) || (48...57).contains(byte) || (65...90).contains(byte)
        || (97...122).contains(byte)
    }
  return isPlain ? text : "'" + printable(text).replacing("'", with: "'\\''") + "'"
}

/// The templates, a line each.
package func text(
  ofTemplates templates: [(name: String, summary: String)], style: TextStyle = .plain
) -> String {
  let width = templates.map(\.name.count).max() ?? 0
  return templates.map { template in
    style.paint(padded(template.name, to: width), .strong) + "  " + printable(template.summary)
      + "\n"
  }.joined()
}

/// The document of `init --format json`.
package func initJSON(
  project: String, template: String, folder: String, files: [String]
) -> String {
  jsonText(
    of: InitDocument(project: project, template: template, folder: folder, files: files))
}

/// The document of `init --list --format json`.
package func json(ofTemplates templates: [(name: String, summary: String)]) -> String {
  jsonText(
    of: TemplatesDocument(
      templates: templates.map { .init(template: $0.name, summary: $0.summary) }))
}

private struct InitDocument: Encodable {
  var version = 1
  var command = "init"
  var project: String
  var template: String
  var folder: String
  var files: [String]
}

private struct TemplatesDocument: Encodable {
  struct Entry: Encodable {
    var template: String
    var summary: String
  }

  var version = 1
  var command = "init"
  var templates: [Entry]
}
