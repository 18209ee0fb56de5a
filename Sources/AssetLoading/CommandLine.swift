/// Splits a command into words as a shell would, but without anything else that a shell does.
///
/// Words stand apart by spaces; single quotes keep everything, double quotes everything but
/// backslashes before `"` and `\`, and a backslash keeps the next character. What only a shell can
/// do, such as pipes and variables, is refused rather than passed on as text.
enum CommandLineWords {
  enum Fault: Error, Equatable {
    case unclosedQuote
    case shellSyntax(Character)
    case empty

    var reason: String {
      switch self {
      case .unclosedQuote: "a quote is not closed"
      case .shellSyntax(let character): "`\(character)` would need a shell"
      case .empty: "it is empty"
      }
    }
  }

  static func split(_ line: String) throws(Fault) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var isEscaped = false
    for character in line {
      if isEscaped {
        // Inside double quotes a backslash stands for itself before all but these.
        if quote == "\"", character != "\"", character != "\\" { word = (word ?? "") + "\\" }
        word = (word ?? "") + String(character)
        isEscaped = false
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { word = (word ?? "") + String(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character.isWhitespace {
        if let done = word { words.append(done) }
        word = nil
      } else if "|&;<>$`".contains(character) {
        throw .shellSyntax(character)
      } else {
        word = (word ?? "") + String(character)
      }
    }
    guard quote == nil, !isEscaped else { throw .unclosedQuote }
    if let done = word { words.append(done) }
    guard !words.isEmpty else { throw .empty }
    return words
  }
}
