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
  // Lines are counted by bytes; only the last one is taken apart into characters.
  var line = 1
  var lineStart = text.utf8.startIndex
  var position = text.utf8.startIndex
  var remaining = offset
  while remaining > 0, position < text.utf8.endIndex {
    let isLineEnd = text.utf8[position] == UInt8(ascii: "\n")
    text.utf8.formIndex(after: &position)
    remaining -= 1
    if isLineEnd {
      line += 1
      lineStart = position
    }
  }
  var column = 1
  var index = lineStart
  while index < position {
    let next = text.index(after: index)
    if next > position { break }
    index = next
    column += 1
  }
  return LineAndColumn(line: line, column: column)
}
