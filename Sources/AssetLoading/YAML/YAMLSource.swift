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
  /// How many characters of each line come before the text, such as `# `; none where it ends.
  var columnOffsets: [Int] = []

  func place(_ mark: Mark?) -> Place {
    guard let mark else { return Place(file: file) }
    return place(line: mark.line, column: mark.column)
  }

  private func place(line: Int, column: Int) -> Place {
    let offset = columnOffsets.indices.contains(line - 1) ? columnOffsets[line - 1] : 0
    return Place(file: file, line: line + lineOffset, column: max(1, column) + offset)
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
    case .composer(let context?, let problem, let mark, _):
      return unreadable("\(context.text), \(problem)", at: mark)
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(nil, let problem, let mark, _):
      return unreadable(problem, at: mark)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let key = duplicates.first ?? ""
      return .duplicateSetting(key, at: placeOfSecond(key, after: context.mark))
    case .reader(let problem, _, _, _): return .yaml(problem, at: Place(file: file))
    default: return .yaml("\(error)", at: Place(file: file))
    }
  }

  /// A mistake of the syntax; a brace of a placeholder is one inside of `[…]` and `{…}`.
  private func unreadable(_ problem: String, at mark: Mark) -> LoadingProblem {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let isPlaceholder =
      lines.indices.contains(mark.line - 1) && Placeholders.areIn(String(lines[mark.line - 1]))
    return isPlaceholder
      ? .unquotedPlaceholder(problem, at: place(mark)) : .yaml(problem, at: place(mark))
  }

  /// The parser names the first of the two; the place is that of the next one in the same mapping.
  private func placeOfSecond(_ key: String, after mark: Mark) -> Place {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map(Array.init)
    guard lines.indices.contains(mark.line - 1) else { return place(mark) }
    let isBlock = isMargin(lines[mark.line - 1].prefix(mark.column - 1))
    for line in (mark.line - 1)..<lines.count {
      // Keys of a block stand in one column; in `{…}` they follow a brace, a comma or a space.
      let columns =
        line == mark.line - 1
        ? min(mark.column, lines[line].count)..<lines[line].count
        : isBlock ? mark.column - 1..<mark.column : 0..<lines[line].count
      for column in columns where begins(lines[line].dropFirst(column), with: key) {
        let lead = lines[line].prefix(column)
        if isBlock ? isMargin(lead) : lead.last.map({ "{, ".contains($0) }) ?? true {
          return place(line: line + 1, column: column + 1)
        }
      }
    }
    return place(mark)
  }

  private func isMargin(_ lead: ArraySlice<Character>) -> Bool {
    lead.allSatisfy { $0 == " " || $0 == "-" }
  }

  /// Whether the key stands here, quoted or not, with a colon behind it.
  private func begins(_ line: ArraySlice<Character>, with key: String) -> Bool {
    let isQuote = { (character: Character) in character == "\"" || character == "'" }
    let unquoted = line.first.map(isQuote) == true ? line.dropFirst() : line
    guard unquoted.starts(with: key) else { return false }
    return unquoted.dropFirst(key.count).first { !isQuote($0) && $0 != " " } == ":"
  }
}
