// Helpers on SQL text that need no tokens.

/// Quotes a name so that any dialect but Spark's reads it as that very name.
///
/// ```swift
/// quoteIdentifier("daily \"raw\"")  // "daily ""raw"""
/// ```
package func quoteIdentifier(_ name: String) -> String {
  var quoted = "\""
  for character in name.unicodeScalars {
    if character == "\"" { quoted.unicodeScalars.append("\"") }
    quoted.unicodeScalars.append(character)
  }
  quoted.unicodeScalars.append("\"")
  return quoted
}

/// A position in a text as people count, from 1.
package struct LineAndColumn: Equatable, Sendable {
  /// The line; `\n` and `\r\n` end one.
  package var line: Int
  /// The column in characters as they are seen, not in bytes.
  package var column: Int

  /// Makes a position of its line and its column, both counted from 1.
  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

/// Finds the line and the column of a byte of a text.
///
/// An offset inside of a character is that character's position; one beyond the end is the end's.
/// The cost is linear in the length of the text.
///
/// - Parameters:
///   - offset: The distance from the start of the text in bytes of UTF-8.
///   - text: The whole text.
/// - Returns: The position of the character to which the byte belongs.
package func lineAndColumn(ofByteOffset offset: Int, in text: String) -> LineAndColumn {
  var line = 1
  var lineStart = text.startIndex
  var position = 0
  var index = text.startIndex
  while position < offset, index < text.endIndex {
    let next = text.index(after: index)
    position += text.utf8.distance(from: index, to: next)
    if position > offset { break }
    if text[index] == "\n" || text[index] == "\r\n" {
      line += 1
      lineStart = next
    }
    index = next
  }
  return LineAndColumn(line: line, column: text.distance(from: lineStart, to: index) + 1)
}
