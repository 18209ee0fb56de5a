import Foundation

// Writes a Swift file that holds the text files of a folder: `TemplateEmbedder FOLDER OUTPUT`.

let folder = CommandLine.arguments[1]
let output = CommandLine.arguments[2]

/// A text as a literal that means just it: no escape is read in it, since it has more number signs than any text
/// that could end it.
func literal(_ text: String) -> String {
  var signs = "#"
  while text.contains("\"\"\"" + signs) || text.contains("\\" + signs) { signs += "#" }
  return "\(signs)\"\"\"\n\(text)\n\"\"\"\(signs)"
}

var lines = ["extension Template {", "  static let embedded: [(path: String, text: String)] = ["]
let names = FileManager.default.enumerator(atPath: folder)?.allObjects ?? []
for name in names.compactMap({ $0 as? String }).sorted() {
  let path = folder + (folder.hasSuffix("/") ? "" : "/") + name
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue
  else { continue }
  let data = try Data(contentsOf: URL(fileURLWithPath: path))
  guard let text = String(validating: data, as: UTF8.self), !text.contains("\r") else {
    print(
      "error: `\(path)` is no text in UTF-8 with plain line ends; write it as such, or take it out")
    exit(1)
  }
  lines.append("(\(name.debugDescription), \(literal(text))),")
}
lines += ["  ]", "}", ""]
try lines.joined(separator: "\n").write(toFile: output, atomically: true, encoding: .utf8)
