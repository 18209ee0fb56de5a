/// A project to begin with, as `assetctl init` copies it.
///
/// The files are those under `templates/` of assetctl's own repository, which are built into the program.
package struct Template: Sendable {
  package struct File: Sendable, Equatable {
    /// The path in the project.
    package var path: String
    package var text: String

    /// Whether it is a program, which begins with the line that names its interpreter.
    var isProgram: Bool { text.hasPrefix("#!") }
  }

  package var name: String
  package var files: [File]

  /// What it is, in one sentence: the first of its README.
  package var summary: String {
    let readme = files.first { $0.path == "README.md" }?.text ?? ""
    let paragraphs = readme.split(separator: "\n\n").map { String($0).replacing("\n", with: " ") }
    let first = paragraphs.first { !$0.hasPrefix("#") } ?? ""
    return first.firstRange(of: ". ").map { String(first[...$0.lowerBound]) } ?? first
  }

  /// All of them; the first is the one to begin with.
  package static let all: [Template] = {
    let files = embedded.map { path, text in
      let parts = path.split(separator: "/", maxSplits: 1)
      return (name: String(parts[0]), file: File(path: String(parts.last ?? ""), text: text))
    }
    let names = ["starter", "elt", "cdc", "ml", "reverse-etl"]
    return Dictionary(grouping: files, by: \.name).map { name, files in
      Template(name: name, files: files.map(\.file))
    }.sorted { left, right in
      let places = [left, right].map { names.firstIndex(of: $0.name) ?? names.count }
      return (places[0], left.name) < (places[1], right.name)
    }
  }()
}
