import AssetCore
import Yams

/// A piece of YAML and where it stands in its file.
///
/// Settings may stand in a comment of a program, so lines and columns are shifted by where the
/// comment begins.
struct YAMLSource {
  let file: String
  let text: String
  /// How many lines of the file come before the first line of the text.
  var lineOffset = 0
  /// How many characters of each line come before the text, such as `# `.
  var columnOffset = 0

  func place(_ mark: Mark?) -> Place {
    guard let mark else { return Place(file: file) }
    return Place(
      file: file, line: mark.line + lineOffset, column: max(1, mark.column) + columnOffset)
  }

  /// Parses the text to its one document; `nil` if it holds nothing.
  func parse() throws(LoadingProblem) -> Node? {
    do {
      return try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw problem(of: error)
    } catch {
      throw .yaml("\(error)", at: Place(file: file))
    }
  }

  private func problem(of error: YamlError) -> LoadingProblem {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return .yaml(problem, at: place(mark))
    case .duplicatedKeysInMapping(let duplicates, let context):
      let key = duplicates.first ?? ""
      return .duplicateSetting(key, at: placeOfSecond(key, after: context.mark))
    case .reader(let problem, _, _, _): return .yaml(problem, at: Place(file: file))
    default: return .yaml("\(error)", at: Place(file: file))
    }
  }

  /// The parser names the mapping alone; its second line that begins with the key is the place.
  private func placeOfSecond(_ key: String, after mark: Mark) -> Place {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let found = lines.indices.filter { index in
      guard index + 1 >= mark.line else { return false }
      let line = lines[index].drop { $0 == " " || $0 == "-" || $0 == "\"" || $0 == "'" }
      return line.hasPrefix(key)
        && line.dropFirst(key.count).first.map { ": \"'".contains($0) } == true
    }
    guard found.count > 1 else { return place(mark) }
    let column = lines[found[1]].prefix { $0 == " " || $0 == "-" }.count + 1
    return Place(
      file: file, line: found[1] + 1 + lineOffset, column: column + columnOffset)
  }
}
